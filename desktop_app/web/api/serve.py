"""Serving the operations: checked values in, one JSON value out, errors as what, why and fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from desktop_app.core import schema_check
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.operations import Call, Operation
from desktop_app.core.text import text
from desktop_app.web import context
from desktop_app.web.api import alerts, bringing, cases, document, findings, house, retention, work

OURS: tuple[Operation, ...] = (
    *house.OPERATIONS,
    *findings.OPERATIONS,
    *cases.OPERATIONS,
    *work.OPERATIONS,
    *alerts.OPERATIONS,
    *retention.OPERATIONS,
    *bringing.OPERATIONS,
)
_NAME = re.compile(r"\{(\w+)\}")


class NotJson(UsageError):
    """The body is of another type."""

    status = 415

    def __init__(self) -> None:
        super().__init__(text("The body must be JSON, sent as application/json."))


class ReadOnly(UsageError):
    """The token may not change the desk."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            text("This token may only read."), fix=text("Make one that may change the desk: Settings, on the page API.")
        )


def operations(desk: Desk) -> tuple[Operation, ...]:
    """Return every operation of a desk: the house's own, and what its extensions add."""
    added = (one for extension in desk.extensions if extension.operations for one in extension.operations())
    return (*OURS, *added)


def blueprint(desk: Desk) -> Blueprint:
    """Return the API of a desk."""
    made = Blueprint("api", __name__, url_prefix=document.BASE)
    served = operations(desk)
    for one in served:
        path = _NAME.sub(r"<string:\1>", one.path)
        made.add_url_rule(path, one.id, _view(one), methods=[one.method], provide_automatic_options=False)
    made.add_url_rule("/openapi.json", "document", lambda: _document(served))
    return made


def _document(served: tuple[Operation, ...]) -> Response:
    return _json(document.document(served, request.host_url.rstrip("/")))


def _view(one: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**path: str) -> ResponseReturnValue:
        if one.writes and not g.get("may_write", True):
            raise ReadOnly
        given = {name: request.args.getlist(name) for name in request.args}
        values = schema_check.values(one.parameters, {**given, **{name: [value] for name, value in path.items()}})
        return _json(one.run(_call(one, values)))

    return view


def _call(one: Operation, values: Mapping[str, Any]) -> Call:
    body = schema_check.body(one.body, _sent()) if one.body is not None else {}
    return Call(context.desk(), context.db(), values, body, context.render_text, context.language())


def _sent() -> Any:
    if request.mimetype != "application/json":
        raise NotJson
    try:
        return orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError as error:
        raise UsageError(text("The body is no JSON: %(detail)s", detail=str(error)[:200])) from None


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), content_type="application/json")
