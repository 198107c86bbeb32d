"""The desk itself over the API: what it is, its Overview, settings, saved views."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core import findings, keys, saved_views, settings
from desktop_app.core.cases import cases
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    any_string,
    array,
    mapping,
    maybe,
    one_of,
    record,
    string,
)
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.web import health, trend
from desktop_app.web.api import shapes
from desktop_app.web.api.shapes import COUNT, DECISION
from desktop_app.web.settings import save, stored_form

SOURCE = record(
    name=any_string(), files=COUNT, events=COUNT, last=maybe(TIME), trouble=maybe(any_string()), silent=BOOLEAN
)
SETTING = record(
    key=any_string(), kind=any_string(), label=any_string(), help=any_string(), value=any_string(),
    choices=array(any_string()),
)  # fmt: skip
VIEW = record(id=COUNT, name=any_string(), url=any_string(), created=TIME)


def _desk(call: Call) -> object:
    totals = catalogue.totals(call.db)
    return {
        "version": VERSION,
        "extensions": [
            {"id": one.id, "version": one.version, "state": "enabled"} for one in call.desk.extensions if not one.own
        ],
        "events": totals.events,
        "bytes": totals.bytes,
        "first": stamp(totals.min_time),
        "last": stamp(totals.max_time),
    }


def _overview(call: Call) -> object:
    zone = ZoneInfo(str(settings.get(call.db, settings.SITE_ZONE)))
    stand = health.sources(call.db)
    course = trend.trend(call.db, zone, call.desk.clock())
    waiting = findings.severity_counts(call.db)
    return {
        "waiting": {str(int(severity)): number for severity, number in waiting.items()},
        "views": dict(findings.counts(call.db)),
        "open_cases": cases.counts(call.db)[0],
        "sources_read": stand.read,
        "sources": [_source(one, call) for one in stand.all],
        "days": [
            {"date": day.date.isoformat(), "findings": {str(part.severity): part.count for part in day.parts}}
            for day in (course.days if course else ())
        ],
    }


def _source(one: health.Source, call: Call) -> dict[str, Any]:
    return {
        "name": one.name, "files": one.files, "events": one.events, "last": stamp(one.last),
        "trouble": None if one.trouble is None else call.say(one.trouble), "silent": one.silent,
    }  # fmt: skip


def _settings(call: Call) -> object:
    declared = call.desk.settings
    values = stored_form(settings.current(call.db, declared))
    return {
        "settings": [
            {
                "key": one.key, "kind": one.kind, "label": call.say(one.label), "help": call.say(one.help),
                "value": values[one.key], "choices": [name for name, _ in one.choices],
            }
            for one in declared
        ]
    }  # fmt: skip


def _change(call: Call) -> object:
    declared = call.desk.settings
    sent = dict(call.body["values"])
    unknown = sorted(set(sent) - {one.key for one in declared})
    if unknown:
        raise UsageError(text("There is no setting %(key)s.", key=unknown[0][:80]))
    standing = stored_form(settings.current(call.db, declared))
    wrong = settings.problems(declared, sent) or keys.clashes(declared, standing | sent, sent)
    if wrong:
        key, problem = next(iter(wrong.items()))
        raise UsageError(text("The setting %(key)s was not saved: %(problem)s", key=key, problem=problem))
    return shapes.decision(save(call.db, declared, sent), call)


def _views(call: Call) -> object:
    return {
        "views": [
            {"id": one.id, "name": one.name, "url": one.url, "created": stamp(one.created)}
            for one in saved_views.listing(call.db)
        ]
    }


OPERATIONS = (
    Operation(
        "getDesk", "GET", "/desk", "What this desk is and holds.",
        record(
            version=any_string(), events=COUNT, bytes=COUNT, first=maybe(TIME), last=maybe(TIME),
            extensions=array(record(id=any_string(), version=any_string(), state=one_of("enabled"))),
        ),
        _desk,
    ),
    Operation(
        "getOverview", "GET", "/overview", "What needs a person now, and how the sources stand.",
        record(
            waiting=mapping(COUNT), views=mapping(COUNT), open_cases=COUNT, sources_read=COUNT, sources=array(SOURCE),
            days=array(record(date=any_string(), findings=mapping(COUNT))),
        ),
        _overview,
    ),
    Operation("listSettings", "GET", "/settings", "Every setting.", record(settings=array(SETTING)), _settings),
    Operation(
        "changeSettings", "PATCH", "/settings", "Change settings; all of them, or none where one is wrong.", DECISION,
        _change, body=record(values=mapping(string())),
    ),
    Operation("listViews", "GET", "/views", "The saved views.", record(views=array(VIEW)), _views),
)  # fmt: skip
