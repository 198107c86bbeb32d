"""One event: as it opens below its row, and as a page of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import findings, marks
from desktop_app.core.findings import FindingRow
from desktop_app.core.model import ORDINAL_BITS, Micros, moment
from desktop_app.core.rules.explain import Event, Held, explain
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import Filter
from desktop_app.extensions.logs.service import looking
from desktop_app.extensions.logs.sources.recognise import find
from desktop_app.extensions.logs.store import taught
from desktop_app.extensions.logs.views import present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import has_years
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, evidence, notices, times
from desktop_app.web.errors import NotFound
from desktop_app.web.sentences import Sentences

AROUND = 5 * times.MINUTE
AROUND_ROWS, MOST_AROUND = 10, 200
SHORT = 80
LONGEST_TERM = 1_000  # a longer value is read, not searched for


@blueprint.get("/event/<int:event_id>")
def event(event_id: int) -> ResponseReturnValue:
    """One event on a page of its own: the address that people send each other."""
    found = _read(event_id)
    around = min(max(request.args.get("around", AROUND_ROWS, type=int), 1), MOST_AROUND)
    return render_template(
        "logs/event.html",
        event=_shown(found),
        mark=marks.of(context.db(), event_id),
        gone="file" not in found,
        tags=[name for name, _ in marks.tags(context.db())],
        longest_note=marks.LONGEST_NOTE,
        around=_neighbours(found, around),
        wider=min(around * 4, MOST_AROUND) if around < MOST_AROUND else None,
    )


def _neighbours(found: Mapping[str, Any], limit: int) -> list[Row]:
    """Return the events of all sources right before and after one, newest first, with the event itself among them."""
    near = looking.around(context.desk(), context.db(), found, limit)
    shown = present.shown_rows([*near.newer, found, *near.older], "", years=has_years())
    same = (found["host"] or "", found["source"] or "")
    return [
        {**row, "own": row["id"] == str(found["id"]), "same": (row["host"], row["source"]) == same} for row in shown
    ]


@blueprint.post("/event/<int:event_id>/mark")
def mark_event(event_id: int) -> ResponseReturnValue:
    """Pin an event, tag it, or write a note on it."""
    found, given = _read(event_id), request.form
    decision = marks.change(
        context.db(),
        found,
        pin=given["pin"] == "1" if "pin" in given else None,
        tags=marks.read_tags(given["tags"]) if "tags" in given else None,
        note=given.get("note"),
    )
    notices.decided(decision)
    return redirect(url_for("logs.event", event_id=event_id), 303)


@blueprint.get("/event/<int:event_id>/detail")
def event_detail(event_id: int) -> ResponseReturnValue:
    """The inside of an opened row."""
    return render_template("logs/detail.html", event=_shown(_read(event_id)))


def _read(event_id: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = None
    if event_id < 2**63:
        found = context.desk().events.event(context.db(), event_id)
        kept = marks.of(context.db(), event_id) if found is None else None
        found = kept.event if kept else found
    if found is None:
        raise NotFound(
            text("There is no such event."),
            why=text("The import that brought it may have been undone."),
            fix=text("Search for it, or open the finding: it keeps a copy of its evidence."),
        )
    return found


def _shown(found: Mapping[str, Any]) -> Row:
    zone, message = context.zone(), present.readable(found)
    cited = _cited(int(found["id"]))
    held = [part for row, _ in cited for part in _held(found, row.rule_id)]
    file = found.get("file") or {}
    host = found["host"]
    return {
        "id": str(found["id"]),
        "url": url_for("logs.event", event_id=int(found["id"])),
        "message": message,
        "raw": found["raw"] or "",
        "raw_differs": message != found["raw"],
        "stamp": _stamp(found["time"], zone),
        "place": " · ".join(one for one in (host, found["source"], file.get("name")) if one),
        "fields": list(_fields(found, held)),
        "findings": [{**_finding(row), "title": title, "held": _held(found, row.rule_id)} for row, title in cited],
        "facts": [(context.render_text(name), value) for name, value in _facts(found, file) if value],
        "around_url": _around(found["time"], found["id"]),
        "host_url": present.search_url(f=Filter("host", host).term) if host else None,
        "import_url": url_for("logs.sources", id=file["import_id"]) if file.get("import_id") else None,
        "zone_note": context.render_text(_zone_note(file)) if file.get("zone_assumed") else None,
        **present.level_said(found["level"]),
    }


def _stamp(time: Micros, zone: ZoneInfo) -> str:
    return f"{times.local(time, zone):%Y-%m-%d} {times.fine(time, zone)} {times.offset(time, zone)}"


def _held(found: Mapping[str, Any], rule_id: str) -> list[Held]:
    """Return why a rule holds of the event."""
    own = {name: found[name] for name in ("host", "source", "level", "message")}
    event = Event({**own, **found["fields"]}, found["raw"] or "")
    return explain(context.db(), rule_id, event, context.language())


def _fields(found: Mapping[str, Any], held: Sequence[Held]) -> Iterator[Row]:
    marks: dict[str, list[str]] = defaultdict(list)
    for one in held:
        marks[one.field].append(one.part)
    own = {name: found[name] for name in ("host", "source", "level")}
    for name, value in {**found["fields"], **own}.items():
        if value is not None and value != "":
            yield {
                "name": name,
                "value": value,
                "parts": evidence.marked(value, marks[name], shortest=1),
                "short": value[:SHORT],
                **_terms(name, value),
            }


def _terms(name: str, value: str) -> Row:
    if len(value) > LONGEST_TERM:
        return {"only": None, "hide": None}
    only, hide = Filter(name, value).term, Filter(name, value, excluded=True).term
    return {
        "only": {"term": only, "url": present.search_url(f=only)},
        "hide": {"term": hide, "url": present.search_url(f=hide)},
    }


def _facts(found: Mapping[str, Any], file: Mapping[str, Any]) -> Iterator[tuple[Text, object]]:
    yield text("Read at"), context.clock(found["ingested"]) if found["ingested"] else None
    yield text("File"), file.get("path") or file.get("name")
    yield text("In the archive"), file.get("member")
    yield text("Format"), _format_title(file.get("format"))
    ordinal = context.number(int(found["id"]) & ((1 << ORDINAL_BITS) - 1))
    yield (text("Record") if file.get("format") == "evtx" else text("Line")), ordinal
    yield text("Event id"), str(found["id"])


def _format_title(format_id: str | None) -> str | None:
    found = find(format_id or "", taught.formats(context.db()))
    return format_id if found is None else context.render_text(found.title)


def _zone_note(file: Mapping[str, Any]) -> Text:
    return text("The line names no time zone; its time was taken as %(zone)s.", zone=str(file.get("zone") or "UTC"))


def _around(time: Micros, event_id: object) -> str:
    start, end = (f"{moment(edge):%Y-%m-%dT%H:%M:%SZ}" for edge in (time - AROUND, time + AROUND))
    return present.search_url(start=start, end=end, event=str(event_id))


def _cited(event_id: int) -> list[tuple[FindingRow, str]]:
    """Return the findings that rest on the event, each with what it states."""
    db = context.db()
    said = Sentences(db, context.language())
    cited = (findings.finding(db, one) for one in sorted(set(findings.citing(db, [event_id]).values())))
    return [(one.row, said.title(one.row)) for one in cited if one is not None]


def _finding(row: FindingRow) -> Row:
    return {"name": row.name, "severity": row.severity, "url": url_for("inbox.one", finding_id=row.id)}
