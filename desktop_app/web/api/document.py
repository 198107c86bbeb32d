"""The OpenAPI document, made from the operations: it cannot say what the server does not do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop_app.core.operations import Operation, Parameter, Schema, any_string, record
from desktop_app.core.version import VERSION

BASE = "/api/v1"
BEARER = "token"
ERROR: Schema = record(error=record(("why", "fix"), what=any_string(), why=any_string(), fix=any_string()))
# Status -> when it comes. All have the body of ERROR.
REFUSALS = {
    400: "A value of the address or the body is wrong.",
    401: "No token, one that was revoked, or the desk is locked by its passphrase.",
    403: "The token may only read, or the request came from a page of another site.",
    404: "What the address names is not there.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    500: "An unforeseen fault; a note was written beside the log.",
    503: "The database or the event store cannot answer now.",
}


def document(operations: Iterable[Operation], address: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of some operations, as served at an address such as ``http://127.0.0.1:1``."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Watchdesk",
            "version": VERSION,
            "description": "What the pages of this desk show and do, for programs of the person who runs it.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": address + BASE}],
        "security": [{BEARER: []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                BEARER: {"type": "http", "scheme": "bearer", "description": "Made in Settings, on the page API."}
            },
            "schemas": {"Error": ERROR},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    refused = {
        str(status): {"description": when, "content": _json({"$ref": "#/components/schemas/Error"})}
        for status, when in REFUSALS.items()
    }
    made: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "tags": [one.tag],
        "responses": {"200": {"description": "Done.", "content": _json(one.answer)}, **refused},
    }
    if one.parameters:
        made["parameters"] = [_parameter(one, parameter) for parameter in one.parameters]
    if one.body is not None:
        made["requestBody"] = {"required": True, "content": _json(one.body)}
    return made


def _parameter(operation: Operation, one: Parameter) -> dict[str, Any]:
    in_path = f"{{{one.name}}}" in operation.path
    made: dict[str, Any] = {
        "name": one.name,
        "in": "path" if in_path else "query",
        "required": in_path or one.required,
        "schema": one.schema,
    }
    if one.description:
        made["description"] = one.description
    if one.schema["type"] == "array":
        made |= {"style": "form", "explode": True}
    return made


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
