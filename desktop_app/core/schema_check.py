"""Checking a value of JSON against the schemas that ``operations`` makes; one sentence for the first thing wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, micros
from desktop_app.core.operations import Parameter, Schema
from desktop_app.core.text import Text, text

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})\Z", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def problem(schema: Schema, value: Any, name: str) -> Text | None:
    """Return what is wrong with a value, None when nothing is."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = next((one for one in kinds if _is(one, value)), None)
    if kind is None:
        return text("%(name)s must be of the type %(kind)s.", name=name, kind=" / ".join(kinds))
    if "enum" in schema and value is not None and value not in schema["enum"]:
        return text("%(name)s must be one of: %(values)s", name=name, values=", ".join(schema["enum"]))
    checks: Mapping[str, Callable[[Schema, Any, str], Text | None]]
    checks = {"string": _string, "integer": _integer, "array": _array, "object": _object}
    return checks[kind](schema, value, name) if kind in checks else None


def _is(kind: str, value: Any) -> bool:
    # True is a number to Python, and none to JSON.
    return isinstance(value, _KINDS[kind]) and isinstance(value, bool) == (kind == "boolean")


def _string(schema: Schema, value: str, name: str) -> Text | None:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return text(
            "%(name)s must have %(least)s to %(most)s characters.",
            name=name, least=schema.get("minLength", 0), most=schema.get("maxLength", 0),
        )  # fmt: skip
    if schema.get("format") == "date-time" and time_of(value) is None:
        return text("%(name)s must be a time such as 2026-01-31T14:00:00Z.", name=name)
    return None


def _integer(schema: Schema, value: int, name: str) -> Text | None:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    if least <= value <= most:
        return None
    return text("%(name)s must lie between %(least)s and %(most)s.", name=name, least=least, most=most)


def _array(schema: Schema, value: Sequence[Any], name: str) -> Text | None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return text("%(name)s holds too few or too many values.", name=name)
    found = (problem(schema["items"], one, f"{name}[{place}]") for place, one in enumerate(value))
    return next((one for one in found if one is not None), None)


def _object(schema: Schema, value: Mapping[str, Any], name: str) -> Text | None:
    known: Mapping[str, Schema] = schema.get("properties", {})
    others: Any = schema.get("additionalProperties")
    for missing in schema.get("required", ()):
        if missing not in value:
            return text("%(name)s lacks the property %(property)s.", name=name, property=missing)
    for key, one in value.items():
        if key not in known and not isinstance(others, dict):
            return text("%(name)s has no property %(property)s.", name=name, property=str(key)[:80])
        found = problem(known.get(key, others), one, f"{name}.{key}"[:200])
        if found is not None:
            return found
    return None


def time_of(written: str) -> Micros | None:
    """Read a date and time with its offset; None for what is none, or lies outside the calendar."""
    if not _TIME.match(written):
        return None
    try:
        return micros(dt.datetime.fromisoformat(written.upper()))
    except (ValueError, OverflowError):
        return None


def values(parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the typed values of an address. Raises UsageError for unknown, missing and wrong ones."""
    known = {one.name: one for one in parameters}
    strange = next((name for name in given if name not in known), None)
    if strange is not None:
        raise _wrong(text("There is no parameter %(name)s.", name=strange[:80]))
    found = {}
    for name, one in known.items():
        if name in given:
            found[name] = _value(one, given[name])
        elif one.required:
            raise _wrong(text("The parameter %(name)s is missing.", name=name))
    return found


def _value(parameter: Parameter, given: Sequence[str]) -> Any:
    schema = parameter.schema
    if schema["type"] != "array" and len(given) > 1:
        raise _wrong(text("The parameter %(name)s stands more than once.", name=parameter.name))
    typed: Any = (
        [_typed(schema["items"], one) for one in given] if schema["type"] == "array" else _typed(schema, given[0])
    )
    wrong = problem(schema, typed, parameter.name)
    if wrong is not None:
        raise _wrong(wrong)
    return typed


def _typed(schema: Schema, written: str) -> Any:
    """Return a text of the address as its schema's type; what does not fit stays a text, and is refused for it."""
    if schema["type"] == "integer" and _INTEGER.match(written):
        return int(written)
    if schema["type"] == "boolean" and written in {"true", "false"}:
        return written == "true"
    return written


def body(schema: Schema, given: Any) -> dict[str, Any]:
    """Return a body that fits. Raises UsageError for one that does not."""
    wrong = problem(schema, given, "body")
    if wrong is not None:
        raise _wrong(wrong)
    return dict(given)


def _wrong(what: Text) -> UsageError:
    return UsageError(what, fix=text("The document at /api/v1/openapi.json says what this address takes."))
