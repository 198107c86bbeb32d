"""Retention over the API: what is beyond the limits, and letting it go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop_app.core import schema_check
from desktop_app.core.cli_retention import outlook_json
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.keeping import ages, retention, retiring
from desktop_app.core.keeping.retention import MEGABYTE, Limits
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    Parameter,
    Schema,
    any_string,
    array,
    integer,
    mapping,
    one_of,
    record,
    string,
)
from desktop_app.core.text import text
from desktop_app.web.api.shapes import COUNT, QUEUED

# The limits that may stand in for those of the settings, this once.
_INSTEAD: Mapping[str, tuple[Schema, str]] = {
    "since": (one_of("event", "read"), "What age counts from."),
    "days": (integer(0, ages.LONGEST), "Keep events for so many days; 0 for ever."),
    "megabytes": (integer(0, 100_000_000), "Keep at most so many megabytes; 0 sets no limit."),
    "sources": (string(0, 2_000), "Days for single sources, as in the settings: Firewall = 30, web = 365."),
    "grace": (integer(0, 365), "Days until what went is deleted; 0 deletes at once and for good."),
}
_LIMITS = record(days=COUNT, bytes=COUNT, sources=mapping(COUNT), since=one_of("event", "read"), grace=COUNT)
_SOURCE = record(source=any_string(), events=COUNT, bytes=COUNT, first=TIME, last=TIME, stays=COUNT)
_OUTLOOK = record(
    at=TIME, limits=_LIMITS, events=COUNT, bytes=COUNT, segments=COUNT, sources=array(_SOURCE), findings=COUNT,
    findings_open=COUNT, findings_gone=COUNT, marked=COUNT, deleted=TIME, undo=BOOLEAN, waiting=COUNT,
)  # fmt: skip


def _limits(db: Connection, given: Mapping[str, Any]) -> Limits:
    """Return the limits of the settings with those that were given in their place."""
    named = {name: given[name] for name in ("days", "since", "grace") if given.get(name) is not None}
    if given.get("megabytes") is not None:
        named["bytes"] = given["megabytes"] * MEGABYTE
    if given.get("sources") is not None:
        try:
            named["sources"] = ages.read(given["sources"])
        except ValueError as error:
            raise UsageError(text("Write a name and days, as Firewall = 30: %(part)s", part=str(error))) from None
    return replace(retention.limits(db), **named)


def _preview(call: Call) -> object:
    at = call.desk.clock()
    limits = _limits(call.db, call.values)
    seen = retention.outlook(call.db, limits, at)
    waiting = retiring.waiting(call.db)
    return outlook_json(seen) | {
        "at": stamp(at),
        "limits": limits.to_json() | {"sources": dict(limits.sources)},
        "waiting": sum(one.events for one in waiting),
    }


def _apply(call: Call) -> object:
    now = call.desk.clock()
    shown = schema_check.time_of(call.body["at"]) if "at" in call.body else None
    at = now if shown is None else min(shown, now)  # a moment to come would take what a preview did not show
    return {"job": retiring.start(call.db, _limits(call.db, call.body), at)}


OPERATIONS = (
    Operation(
        "previewRetention", "GET", "/retention",
        "What is beyond the limits of retention, source by source; limits that are given stand in for the settings.",
        _OUTLOOK, _preview, [Parameter(name, schema, said) for name, (schema, said) in _INSTEAD.items()],
    ),
    Operation(
        "applyRetention", "POST", "/retention",
        "Let go what a preview with the same limits showed; with its moment in at, exactly that.", QUEUED, _apply,
        body=record(("at", *_INSTEAD), at=TIME, **{name: schema for name, (schema, _) in _INSTEAD.items()}),
    ),
)  # fmt: skip
