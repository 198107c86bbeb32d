"""How events are said on a page: times of the site, names of levels, marked hits, badges of findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for

from desktop_app.core import findings
from desktop_app.core.events.terms import nodes, query
from desktop_app.core.findings import FindingRow
from desktop_app.core.model import LEVELS, Micros, moment
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import SearchForm, read_filter
from desktop_app.extensions.logs.messages import message as own_message
from desktop_app.web import context, times

Row = dict[str, Any]

# level -> colour of its mark, class of its word, the word in a row, the word in a list
_LEVELS: dict[str, tuple[str, str, Text | None, Text]] = {
    "critical": ("crit", "s-crit", text("critical"), text("Critical")),
    "error": ("err", "s-crit", text("error"), text("Error")),
    "warning": ("warn", "s-high", text("warn"), text("Warning")),
    "info": ("info", "dim", text("info"), text("Info")),
    "debug": ("dbg", "dim", text("debug"), text("Debug")),
}
_NO_LEVEL: tuple[str, str, Text | None, Text] = ("none", "dim", None, text("No level"))
_FIELDS = {"level": text("Level"), "host": text("Host"), "source": text("Source")}
LONGEST_MESSAGE = 600  # a row is one line; the rest is read in the event


def tone(level: str | None) -> str:
    """Return the name of a level's colour."""
    return _LEVELS.get(level or "", _NO_LEVEL)[0]


def level_name(level: str | None) -> str:
    """Return a level's name as lists and legends write it."""
    return context.render_text(_LEVELS.get(level or "", _NO_LEVEL)[3])


def level_said(level: str | None) -> Row:
    """Return word and classes of a level as rows write it."""
    found = _LEVELS.get(level or "", _NO_LEVEL)
    word = context.render_text(found[2]) if found[2] else ""
    return {"tone": found[0], "level_class": found[1], "level_name": word}


def field_name(field: str) -> str:
    """Return a field's name: our own columns in the reader's language, all others as they are."""
    return context.render_text(_FIELDS[field]) if field in _FIELDS else field


def value_name(field: str, value: str) -> str:
    """Return a value's name; only levels have one of their own."""
    return level_name(value) if field == "level" and value in {*LEVELS, _NO_LEVEL[0]} else value


def row_clock(time: Micros, zone: ZoneInfo, *, years: bool) -> str:
    """Return an event's time for the table: with the year where the logs reach back past this one."""
    return f"{times.local(time, zone):{'%Y-%m-%d' if years else '%m-%d'} %H:%M:%S.%f}"[:-3]


def bucket_clock(time: Micros, zone: ZoneInfo, step: Micros, *, years: bool) -> str:
    """Return the start of a bar, as exact as bars are wide."""
    shape = "%H:%M:%S" if step < times.MINUTE else "%H:%M"
    if step < times.SECOND:
        shape = "%H:%M:%S.%f"
    day = "%Y-%m-%d" if years else "%m-%d"
    shown = f"{times.local(time, zone):{day if step >= times.DAY else f'{day} {shape}'}}"
    return shown[:-3] if step < times.SECOND else shown


def step_said(step: Micros) -> str:
    """Say how much time a bar stands for."""
    for unit, name in _UNITS:
        if step >= unit and step % unit == 0:
            return context.render_text(Text(name.id, {"num": step // unit}))
    return context.render_text(text("%(num)s ms", num=max(1, step // 1000)))


_UNITS = (
    (times.DAY, text("%(num)s d", num=1)),
    (times.HOUR, text("%(num)s h", num=1)),
    (times.MINUTE, text("%(num)s min", num=1)),
    (times.SECOND, text("%(num)s s", num=1)),
)


def marked_words(asked: str) -> list[str]:
    """Return what a query looks for, as texts to mark: words, phrases and values, nothing that is left out."""
    found: set[str] = set()
    for node in _wanted(query.parse(asked).root):
        pieces = re.split(r"[*?]+", node.text) if node.wild else [node.text]
        found |= {piece.lower() for piece in pieces if piece.strip()}
    return sorted(found, key=lambda word: (-len(word), word))


def _wanted(node: nodes.Node) -> Iterator[nodes.Word | nodes.Value]:
    if isinstance(node, nodes.Word | nodes.Value):
        yield node
    elif isinstance(node, nodes.And | nodes.Or):
        for one in node.nodes:
            yield from _wanted(one)


def marker(asked: str) -> re.Pattern[str] | None:
    """Return the pattern of everything to mark, or None."""
    words = marked_words(asked)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None


def parts(message: str, marks: re.Pattern[str] | None) -> list[tuple[str, bool]]:
    """Cut a message into pieces that are hits and pieces that are not."""
    shown = message[:LONGEST_MESSAGE].replace("\n", " ").replace("\r", "")
    if marks is None:
        return [(shown, False)]
    pieces, at = [], 0
    for hit in marks.finditer(shown):
        pieces += [(shown[at : hit.start()], False), (hit.group(), True)]
        at = hit.end()
    return [piece for piece in [*pieces, (shown[at:], False)] if piece[0]]


def readable(event: Mapping[str, Any]) -> str:
    """Return an event's one line: in the reader's language where we have a message of our own, else as stored."""
    stored = str(event.get("message") or event.get("raw") or "")
    language = context.language()
    fields = event.get("fields") or {}
    if language == "en" or "EventID" not in fields:
        return stored
    said = own_message(fields.get("Channel"), fields.get("Provider_Name"), fields["EventID"], fields, language)
    return said or stored


def finding_badges(event_ids: Sequence[int]) -> dict[int, Row]:
    """Return the badge of each event that a finding cites, by event id."""
    cited = findings.citing(context.db(), event_ids) if event_ids else {}
    rows = {one: found.row for one in set(cited.values()) if (found := findings.finding(context.db(), one))}
    return {event: badge(rows[finding]) for event, finding in cited.items() if finding in rows}


def badge(row: FindingRow) -> Row:
    """Return name, severity and address of a finding."""
    return {
        "name": row.name,
        "severity": context.SEVERITIES[row.severity][0],
        "label": f"{row.name} · {context.severity(row.severity)}",
        "url": url_for("inbox.one", finding_id=row.id),
    }


def shown_rows(found: Iterable[Mapping[str, Any]], asked: str, *, years: bool) -> list[Row]:
    """Return rows of the event store as the table draws them."""
    events, marks, zone = list(found), marker(asked), context.zone()
    badges = finding_badges([int(event["id"]) for event in events])
    return [
        {
            "id": str(event["id"]),
            "time": event["time"],
            "clock": row_clock(event["time"], zone, years=years),
            "host": event["host"] or "",
            "source": event["source"] or "",
            "parts": parts(readable(event), marks),
            "finding": badges.get(int(event["id"])),
            **level_said(event["level"]),
        }
        for event in events
    ]


def search_url(form: SearchForm | None = None, **changed: str | Sequence[str] | None) -> str:
    """Return the address of a search, with parameters changed (None takes one away; ``start`` is ``from``)."""
    return page_url("logs.search", form, **changed)


def page_url(endpoint: str, form: SearchForm | None = None, **changed: str | Sequence[str] | None) -> str:
    """Return the address of a page about a search, with parameters changed as ``search_url`` does."""
    new = {_PARAMETERS.get(name, name): value for name, value in changed.items()}
    pairs = [(name, value) for name, value in (form.arguments() if form else ()) if name not in new]
    for name, value in new.items():
        pairs += [(name, one) for one in ([value] if isinstance(value, str) else value or ())]
    return url_for(endpoint) + (f"?{urlencode(pairs)}" if pairs else "")


_PARAMETERS = {"start": "from", "end": "to"}


def chips(form: SearchForm, endpoint: str = "logs.search", **kept: str) -> list[Row]:
    """Return the filters as the page shows them, each with the same page without it; ``kept`` stays in its address."""
    return [_chip(form, term, endpoint, kept) for term in form.terms]


def _chip(form: SearchForm, term: str, endpoint: str, more: Mapping[str, str]) -> Row:
    one = read_filter(term)
    others = [kept for kept in form.terms if kept != term]
    address = page_url(endpoint, form, f=others or None, **more)
    row: Row = {"term": term, "url": address, "field": "", "value": term}
    if one is not None:
        name = context.render_text(text("not %(field)s", field=one.field)) if one.excluded else one.field
        value = context.render_text(text("any value")) if one.value is None else one.value
        row |= {"field": name, "value": value[:80]}
    row["remove"] = context.render_text(text("Remove the filter %(filter)s", filter=f"{row['field']} {row['value']}"))
    return row


def time_range(form: SearchForm, zone: ZoneInfo, now: Micros) -> Row:
    """Return the range's name and what its two fields hold."""
    named = dict(PRESETS).get(form.start_text) if not form.end_text else None
    return {
        "name": context.render_text(named or _range_text(form, zone, now)),
        "from": _edge(form.start_text, form.start, zone),
        "to": _edge(form.end_text, form.end, zone),
    }


PRESETS = (
    ("", text("All times")),
    ("-1h", text("Last hour")),
    ("-24h", text("Last 24 hours")),
    ("-7d", text("Last 7 days")),
)


def presets(form: SearchForm, endpoint: str = "logs.search", **kept: str) -> list[tuple[str, Row]]:
    """Return the ranges of time that are offered: how each is written, its name and its address."""
    return [
        (start, {"label": context.render_text(name), "url": page_url(endpoint, form, start=start, end=None, **kept)})
        for start, name in PRESETS
    ]


def edge(time: Micros) -> str:
    """Return a moment as an address says it, exact to the microsecond."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S.%f}Z"


def _edge(written: str, resolved: Micros | None, zone: ZoneInfo) -> str:
    return written if resolved is None or written.startswith("-") else times.stamp(resolved, zone)


def _range_text(form: SearchForm, zone: ZoneInfo, now: Micros) -> Text:
    if form.start is None or form.end is None:
        edge = times.stamp(form.start if form.start is not None else form.end or 0, zone)
        return text("Since %(start)s", start=edge) if form.end is None else text("Until %(end)s", end=edge)
    start, end, today = (times.local(one, zone) for one in (form.start, form.end, now))
    day = "%m-%d" if start.year == end.year == today.year else "%Y-%m-%d"
    if start.date() != end.date():
        return _span(f"{start:{day} %H:%M}", f"{end:{day} %H:%M}")
    exact = any(one.second for one in (start, end))
    first, last = (f"{one:%H:%M:%S}" if exact else f"{one:%H:%M}" for one in (start, end))
    if start.date() == today.date():
        return text("Today %(range)s", range=_span(first, last))
    return _span(f"{start:{day}} {first}", last)


def _span(start: str, end: str) -> Text:
    return text("%(start)s – %(end)s", start=start, end=end)  # noqa: RUF001 - the sign for a range of times
