"""Logs over the API: search, imports, rules. The same code as behind the pages and the commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from desktop_app.core import redaction, settings
from desktop_app.core.errors import UsageError
from desktop_app.core.events.answers.results import Missing, troubles
from desktop_app.core.events.answers.tables import statistics_json, table_json
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms import questions
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    BOOLEAN,
    LARGEST,
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    integer,
    mapping,
    maybe,
    number,
    one_of,
    record,
    string,
)
from desktop_app.core.text import text
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.forms import MAX_FILTERS, read_key, read_search, write_key
from desktop_app.extensions.logs.service import applying, looking
from desktop_app.extensions.logs.sources.recognise import FORMATS
from desktop_app.extensions.logs.store import taught
from desktop_app.extensions.logs.views.operations_live import LIVE
from desktop_app.extensions.logs.views.operations_rules import RULE_OPERATIONS
from desktop_app.web.api.shapes import COUNT, ID, QUEUED, SENTENCES
from desktop_app.web.errors import NotFound

MOST_ROWS = 500
SEARCH = (
    Parameter("q", string(), 'Words, "phrases", field:value, -not, or, wildcards, ranges, networks.'),
    Parameter("f", array(string(1), MAX_FILTERS), "More terms that all must hold."),
    Parameter("from", string(1, 60), "From this time on: 2026-01-31 14:00, 14:00, or -2h."),
    Parameter("to", string(1, 60), "Up to this time."),
)
NUMBERS = array(maybe(number()))
EVENT = record(
    id=any_string(), time=TIME, host=maybe(any_string()), source=maybe(any_string()), level=maybe(any_string()),
    message=maybe(any_string()), raw=maybe(any_string()), fields=mapping(any_string()),
)  # fmt: skip
IMPORT = record(
    id=COUNT, job=maybe(COUNT), label=any_string(), state=any_string(), created=TIME, files=COUNT, unread=COUNT,
    known=COUNT, events=COUNT, skipped=COUNT, bytes=COUNT, findings=COUNT, undo_id=maybe(COUNT),
)  # fmt: skip
FILE = record(
    id=COUNT, path=any_string(), member=any_string(), format=maybe(any_string()), encoding=maybe(any_string()),
    zone=maybe(any_string()), zone_assumed=BOOLEAN, events=COUNT, skipped=COUNT, state=any_string(), notes=SENTENCES,
    error=SENTENCES,
)  # fmt: skip


def _search(call: Call) -> Search:
    pairs = [(name, call.values[name]) for name in ("q", "from", "to") if name in call.values]
    pairs += [("f", term) for term in call.values.get("f", ())]
    zone = ZoneInfo(str(settings.get(call.db, settings.SITE_ZONE)))
    return read_search(MultiDict(pairs), zone, call.desk.clock()).search()


def event_json(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as EVENT describes it."""
    fields = {name: str(one) for name, one in found.get("fields", {}).items() if one is not None}
    own = {name: found[name] for name in ("host", "source", "level", "message", "raw")}
    return {"id": str(found["id"]), "time": stamp(found["time"]), **own, "fields": fields}


def _events(call: Call) -> object:
    limit = int(call.values.get("limit", 100))
    after, before = (read_key(call.values.get(name)) for name in ("after", "before"))
    found = call.desk.events.page(call.db, _search(call), after=after, before=before, limit=limit)
    rows = found.rows
    if call.values.get("redact"):
        rows = list(map(redaction.redactor(call.desk.events, call.db, redaction.session_key()).record, rows))
    return {
        "events": [event_json(row) for row in rows],
        "newer": write_key(found.newer_key),
        "older": write_key(found.older_key),
        "partial": [call.say(one) for one in found.troubles],
    }


def _event(call: Call) -> object:
    found = call.desk.events.event(call.db, call.values["id"])
    if found is None:
        raise NotFound(text("There is no such event."))
    return {"event": event_json(found), "file": _named(found.get("file") or {})}


def _named(file: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: file.get(name) for name in ("name", "path", "member", "format")}


def _count(call: Call) -> object:
    missing: list[Missing] = []
    number = call.desk.events.count(call.db, _search(call), missing=missing)
    return {"count": number, "partial": _partial(missing, call)}


def _partial(missing: list[Missing], call: Call) -> list[str]:
    return [call.say(one) for one in troubles(missing, len(missing))]


def _histogram(call: Call) -> object:
    found = call.desk.events.histogram(call.db, _search(call), int(call.values.get("buckets", 120)))
    return {"start": stamp(found.start), "step_us": found.step, "levels": {k: list(v) for k, v in found.levels.items()}}


def _facets(call: Call) -> object:
    limit = int(call.values.get("limit", 10))
    found = call.desk.events.facets(call.db, _search(call), call.values["field"], limit)
    return {"facets": {name: [{"value": str(one), "count": n} for one, n in held] for name, held in found.items()}}


def _fields(call: Call) -> object:
    found = call.desk.events.fields(call.db, _search(call))
    return {"fields": [{"name": name, "count": number} for name, number in found]}


def _aggregate(call: Call) -> object:
    found = call.desk.events.table(call.db, _search(call), questions.parse(call.values["agg"]))
    return table_json(found) | {"partial": _partial(list(found.missing), call)}


def _statistics(call: Call) -> object:
    limit = int(call.values.get("limit", 10))
    found = call.desk.events.statistics(call.db, _search(call), call.values["name"], limit=limit)
    return statistics_json(found) | {"partial": _partial(list(found.missing), call)}


def _templates(call: Call) -> object:
    found = call.desk.events.templates(call.db, _search(call))
    made = looking.templates_json(found, call.values.get("order", "count"))
    made["templates"] = made["templates"][: int(call.values.get("limit", 100))]
    return made | {"partial": _partial(list(found.missing), call)}


def _unusual(call: Call) -> object:
    against = call.values.get("against", "before")
    return looking.unusual_json(looking.unusual(call.desk, call.db, _search(call), against))


def _around(call: Call) -> object:
    limit, event_id = int(call.values.get("limit", 10)), call.values["id"]
    if call.desk.events.event(call.db, event_id) is None:
        raise NotFound(text("There is no such event."))
    near = looking.around_id(call.desk, call.db, event_id, limit, _search(call))
    return {"newer": [event_json(one) for one in near.newer], "event": event_json(near.event),
            "older": [event_json(one) for one in near.older]}  # fmt: skip


def _imports(call: Call) -> object:
    return {"imports": [_import(one) for one in service.import_rows(call.db)]}


def _import(one: store.ImportRow) -> dict[str, Any]:
    return {
        "id": one.id, "job": one.job_id, "label": one.label, "state": one.state, "created": stamp(one.created),
        "files": one.files, "unread": one.unread, "known": one.known, "events": one.events, "skipped": one.skipped,
        "bytes": one.bytes, "findings": one.findings, "undo_id": one.undo_id,
    }  # fmt: skip


def _one_import(call: Call) -> object:
    try:
        row, files = service.import_detail(call.db, call.values["id"])
    except UsageError as error:
        raise NotFound(error.what) from error
    return {"import": _import(row), "files": [_file(one, call) for one in files]}


def _file(one: store.FileRow, call: Call) -> dict[str, Any]:
    return {
        "id": one.id, "path": one.path, "member": one.member, "format": one.format, "encoding": one.encoding,
        "zone": one.zone, "zone_assumed": one.zone_assumed, "events": one.events, "skipped": one.skipped,
        "state": one.state, "notes": [call.say(part) for part in one.notes],
        "error": [call.say(part) for part in one.error],
    }  # fmt: skip


def _start(call: Call) -> object:
    body = call.body
    job = service.start_import(
        call.db, body["paths"], format_id=body.get("format"), zone=body.get("zone"), detect=body.get("detect", True)
    )
    return {"job": job}


def _formats(call: Call) -> object:
    known = [(one, False) for one in taught.formats(call.db)] + [(one, True) for one in FORMATS]
    return {"formats": [{"id": one.id, "title": call.say(one.title), "ours": ours} for one, ours in known]}


def _format(call: Call) -> object:
    wanted = call.values["id"]
    found = next((one for one in taught.definitions(call.db) if one.format_id == wanted), None)
    if found is None:
        raise NotFound(text("There is no taught format %(name)s.", name=wanted))
    return {"file": found.written()}


OPERATIONS = (
    *LIVE,
    Operation(
        "searchEvents", "GET", "/logs/events", "Events of a search, the newest first.",
        record(events=array(EVENT), newer=maybe(any_string()), older=maybe(any_string()), partial=SENTENCES), _events,
        (
            *SEARCH,
            Parameter("after", string(1, 60), "The key older of an earlier answer: what comes after it."),
            Parameter("before", string(1, 60), "The key newer of an earlier answer: what comes before it."),
            Parameter("limit", integer(1, MOST_ROWS), "How many at most; 100 where it is not said."),
            Parameter("redact", BOOLEAN, "Names, hosts, addresses, paths as pseudonyms, the same until the desk ends."),
        ),
    ),
    Operation(
        "getEvent", "GET", "/logs/events/{id}", "One event with all its fields.",
        record(event=EVENT, file=mapping(maybe(any_string()))), _event,
        (Parameter("id", integer(0, 2**63 - 1), "The id of the event."),),
    ),
    Operation(
        "countEvents", "GET", "/logs/count", "How many events a search finds.", record(count=COUNT, partial=SENTENCES),
        _count, SEARCH,
    ),
    Operation(
        "countByTime", "GET", "/logs/histogram", "The events of a search by time and level.",
        record(start=TIME, step_us=integer(0, LARGEST), levels=mapping(array(COUNT))), _histogram,
        (*SEARCH, Parameter("buckets", integer(1, 1000), "How many steps at most.")),
    ),
    Operation(
        "countByValue", "GET", "/logs/facets", "The commonest values of fields.",
        record(facets=mapping(array(record(value=any_string(), count=COUNT)))), _facets,
        (
            *SEARCH,
            Parameter("field", array(string(1, 200), 20, 1), "The fields.", required=True),
            Parameter("limit", integer(1, 100), "How many values of each."),
        ),
    ),
    Operation(
        "listFields", "GET", "/logs/fields", "The fields that the events of a search have.",
        record(fields=array(record(name=any_string(), count=COUNT))), _fields, SEARCH,
    ),
    Operation(
        "aggregate", "GET", "/logs/aggregate", "Numbers about the events of a search, by value and by time.",
        record(
            question=any_string(), step_us=maybe(COUNT), total=NUMBERS, used=array(COUNT), events=COUNT, more=BOOLEAN,
            lines=array(record(values=array(maybe(any_string())), start=maybe(TIME), numbers=NUMBERS)),
            partial=SENTENCES,
        ),
        _aggregate,
        (*SEARCH, Parameter("agg", string(1, 1000), "The question: count, p95 bytes by host every 5m.", required=True)),
    ),
    Operation(
        "getField", "GET", "/logs/field", "What one field holds among the events of a search.",
        record(
            field=any_string(), events=COUNT, present=COUNT, distinct=COUNT, first=maybe(TIME), last=maybe(TIME),
            numbers=COUNT, least=maybe(number()), most=maybe(number()), mean=maybe(number()), partial=SENTENCES,
            percentiles=mapping(number()), top=array(record(value=any_string(), count=COUNT)),
        ),
        _statistics,
        (*SEARCH, Parameter("name", string(1, 200), "The field.", required=True),
         Parameter("limit", integer(1, 100), "How many of its values.")),
    ),
    Operation(
        "listTemplates", "GET", "/logs/templates", "The kinds of messages of a search.",
        record(
            templates=array(record(template=any_string(), count=COUNT, first=TIME, last=TIME, since=TIME,
                                   example=any_string())),
            others=COUNT, unmined=COUNT, partial=SENTENCES,
        ),
        _templates,
        (*SEARCH, Parameter("order", one_of(*looking.ORDERS), "The commonest, the newest or the rarest first."),
         Parameter("limit", integer(1, 1000), "How many at most; 100 where it is not said.")),
    ),
    Operation(
        "listUnusual", "GET", "/logs/unusual",
        "What is more or less frequent in the time of a search than before it, or than at all other times.",
        record(
            start=maybe(TIME), end=maybe(TIME), here=COUNT, there=COUNT,
            unusual=array(record(field=any_string(), value=any_string(), here=COUNT, there=COUNT, score=number())),
        ),
        _unusual, (*SEARCH, Parameter("against", one_of(*looking.AGAINST), "What the time is held against.")),
    ),
    Operation(
        "getAround", "GET", "/logs/events/{id}/around", "What stands right before and after an event.",
        record(newer=array(EVENT), event=EVENT, older=array(EVENT)), _around,
        (Parameter("id", integer(0, 2**63 - 1), "The id of the event."), *SEARCH,
         Parameter("limit", integer(1, 200), "How many on either side; 10 where it is not said.")),
    ),
    Operation("listImports", "GET", "/logs/imports", "What was read.", record(imports=array(IMPORT)), _imports),
    Operation(
        "getImport", "GET", "/logs/imports/{id}", "One import with its files.",
        record(**{"import": IMPORT, "files": array(FILE)}), _one_import, (ID,),
    ),
    Operation(
        "startImport", "POST", "/logs/imports", "Read files, folders and archives of this machine.", QUEUED, _start,
        body=record(
            ("format", "zone", "detect"), paths=array(string(1), 1000, 1),
            format=maybe(one_of(*(one.id for one in FORMATS))), zone=maybe(string(1, 100)), detect=BOOLEAN,
        ),
    ),
    Operation(
        "logFormats", "GET", "/logs/formats", "The log formats: those of this site, then ours.",
        record(formats=array(record(id=any_string(), title=any_string(), ours=BOOLEAN))), _formats,
    ),
    Operation(
        "logFormat", "GET", "/logs/formats/{id}", "A format of this site, as the file that is shared.",
        record(file=any_string()), _format,
        (Parameter("id", string(1, 60), "The id of the format, as the list of formats tells it."),),
    ),
    Operation(
        "lookHere", "POST", "/logs/look", "Read the logs of this computer.", QUEUED,
        lambda call: {"job": service.look_here(call.db)},
    ),
    Operation(
        "detect", "POST", "/logs/detect", "Apply the rules to what is stored.", QUEUED,
        lambda call: {"job": applying.start_detect(call.db)},
    ),
    *RULE_OPERATIONS,
)  # fmt: skip
