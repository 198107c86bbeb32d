"""The timeline: findings, notes, kept events and the events of many sources on one axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.cases import cases
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, ntext, text
from desktop_app.extensions.logs.forms import Filter, SearchForm
from desktop_app.extensions.logs.service import timeline as service
from desktop_app.extensions.logs.service.timeline import Bin, Course, Moment
from desktop_app.extensions.logs.views import asking, present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import has_years, partial
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.extensions.logs.views.ticks import ticks
from desktop_app.web import context
from desktop_app.web.errors import NotFound
from desktop_app.web.sentences import Sentences

WIDE = 1000  # units of the drawing
LEAST = 4  # units; what is shorter could not be seen
HIGH = 8  # of a row of a lane
LISTED = 300
LONGEST = 300  # characters of a record in the list
NAMES: dict[service.Lane, Text] = {
    "finding": text("Findings"), "kept": text("Kept events"), "written": text("Notes and decisions"),
}  # fmt: skip
ICONS: dict[service.Lane, str] = {"finding": "findings", "kept": "star", "written": "note"}


@blueprint.get("/timeline")
def timeline() -> ResponseReturnValue:
    """The course of a search, or of a case."""
    form, error = asking.read()
    case_id = request.args.get("case", type=int)
    case = cases.case(context.db(), case_id) if case_id is not None else None
    if case_id is not None and case is None:
        raise NotFound(text("There is no such case."))
    kept = {"case": str(case.id)} if case else {}
    shown = None
    if error is None:
        shown = _shown(form, service.course(context.desk(), context.db(), form.search(), case_id), kept)
    page = render_template(
        "logs/timeline.html", **asking.frame(form, "logs.timeline", error, **kept), case=case, shown=shown
    )
    return page, 400 if error else 200


def _shown(form: SearchForm, found: Course, kept: dict[str, str]) -> Row:
    sentences = Sentences(context.db(), context.language())
    titles = {id(one): sentences.title(one.finding) for one in found.moments if one.finding is not None}
    lanes = [_lane(form, found, lane, titles, kept) for lane in service.LANES]
    length, years = found.end - found.start, has_years()
    quarter = length // 4
    return {
        "start": found.start, "end": found.end,
        "lanes": [one for one in lanes if one["marks"]],
        "sources": _sources(form, found, years=years) if found.events else [],
        "more": bool(found.events and found.events.more),
        "partial": partial(found.events.missing) if found.events else [],
        "ticks": ticks(found.start, found.end, context.zone()),
        "said": _said(found, years=years),
        "outside": found.outside,
        "whole_url": present.page_url("logs.timeline", form, start=None, end=None, **kept),
        "zoom_in": _span_url(form, found.start + quarter, found.end - quarter, kept),
        "zoom_out": _span_url(form, found.start - length // 2, found.end + length // 2, kept),
        "earlier": _span_url(form, found.start - length // 2, found.end - length // 2, kept),
        "later": _span_url(form, found.start + length // 2, found.end + length // 2, kept),
        "lines": [_line(one, titles, years=years) for one in found.moments[:LISTED]],
        "hidden": max(0, len(found.moments) - LISTED),
    }  # fmt: skip


def _said(found: Course, *, years: bool) -> str:
    events = int((found.events and found.events.total[0]) or 0)
    start, end = (present.row_clock(at, context.zone(), years=years)[:-4] for at in (found.start, found.end))
    shown = context.number(events)
    if found.events and found.events.more:
        said = text(
            "%(shown)s events of the largest sources from %(start)s to %(end)s", shown=shown, start=start, end=end
        )
    else:
        said = ntext("%(num)s event from %(start)s to %(end)s", "%(shown)s events from %(start)s to %(end)s",
                     num=events, shown=shown, start=start, end=end)  # fmt: skip
    return context.render_text(said)


def _span_url(form: SearchForm, start: Micros, end: Micros, kept: dict[str, str]) -> str:
    first, last = max(0, start), max(service.LEAST, end)
    return present.page_url("logs.timeline", form, start=present.edge(first), end=present.edge(last), **kept)


def _lane(form: SearchForm, found: Course, lane: service.Lane, titles: dict[int, str], kept: dict[str, str]) -> Row:
    drawn = service.bins(found, lane)
    rows = service.stacked(drawn)
    marks = [_mark(form, one, titles, kept) | {"y": 4 + HIGH * row} for one, row in zip(drawn, rows, strict=True)]
    count = sum(one.lane == lane for one in found.moments)
    return {"kind": lane, "label": context.render_text(NAMES[lane]), "marks": marks, "total": context.number(count),
            "height": 8 + HIGH * (1 + max(rows, default=0))}  # fmt: skip


def _mark(form: SearchForm, one: Bin, titles: dict[int, str], kept: dict[str, str]) -> Row:
    width = max(LEAST, (one.end - one.start) * WIDE)
    x = min(one.start * WIDE, WIDE - LEAST)
    severity = max((part.finding.severity for part in one.moments if part.finding is not None), default=None)
    if len(one.moments) == 1:
        title, url = _words(one.moments[0], titles), _address(one.moments[0])
    else:
        title = context.render_text(
            ntext("%(num)s moment: show them apart", "%(num)s moments: show them apart", num=len(one.moments))
        )
        first, last = one.moments[0].time, one.moments[-1].time
        margin = max((last - first) // 4, service.LEAST)
        url = _span_url(form, first - margin, last + margin, kept)
    return {"x": round(x, 1), "width": round(min(width, WIDE - x), 1), "title": title[:LONGEST], "url": url,
            "tone": context.SEVERITIES[severity][0] if severity else "", "many": len(one.moments) > 1}  # fmt: skip


def _words(one: Moment, titles: dict[int, str]) -> str:
    if one.finding is not None:
        return f"{one.finding.name} · {titles[id(one)]}"
    return context.render_text(one.sentence) if one.sentence is not None else " ".join(one.words.split())


def _address(one: Moment) -> str:
    if one.event_id is not None:
        return url_for("logs.event", event_id=one.event_id)
    return url_for("inbox.one", finding_id=one.finding_id) if one.finding_id is not None else ""


def _line(one: Moment, titles: dict[int, str], *, years: bool) -> Row:
    zone = context.zone()
    return {
        "kind": one.lane, "icon": ICONS[one.lane], "name": context.render_text(NAMES[one.lane]),
        "clock": present.row_clock(one.time, zone, years=years),
        "until": present.row_clock(one.end, zone, years=years) if one.end > one.time else "",
        "words": (titles[id(one)] if one.finding is not None else _words(one, titles))[:LONGEST],
        "label": one.finding.name if one.finding is not None else "",
        "severity": one.finding.severity if one.finding is not None else None,
        "url": _address(one), "mono": one.lane == "kept",
    }  # fmt: skip


def _sources(form: SearchForm, found: Course, *, years: bool) -> list[Row]:
    """Return the events of each source as bars, all on one scale."""
    table = found.events
    if table is None:
        return []
    groups: dict[str | None, list[tuple[Micros, int]]] = {}
    for line in table.lines:
        if line.start is not None:
            groups.setdefault(line.values[0], []).append((line.start, int(line.numbers[0] or 0)))
    peak = max((count for held in groups.values() for _, count in held), default=1)
    ordered = sorted(groups, key=lambda name: -sum(count for _, count in groups[name]))
    zone, step = context.zone(), table.step or 1
    labels = {line.start: present.bucket_clock(line.start, zone, step, years=years)
              for line in table.lines if line.start is not None}  # fmt: skip
    return [
        {
            "label": name or context.render_text(text("without a source")),
            "total": context.number(sum(count for _, count in groups[name])),
            "url": present.search_url(_within(form, found.start, found.end),
                                      f=[*form.terms, Filter("source", name).term if name else "-source:*"]),
            "bars": list(_bars(found, step, groups[name], peak, labels)),
        }
        for name in ordered
    ]  # fmt: skip


def _within(form: SearchForm, start: Micros, end: Micros) -> SearchForm:
    return replace(form, start_text=present.edge(start), end_text=present.edge(end), start=start, end=end)


def _bars(
    found: Course, step: Micros, held: Sequence[tuple[Micros, int]], peak: int, labels: Mapping[Micros, str]
) -> Iterator[Row]:
    length = found.end - found.start
    for start, count in held:
        x = max(0.0, (start - found.start) / length * WIDE)
        end = min(float(WIDE), (start + step - found.start) / length * WIDE)
        height = max(1.5, 26 * count / peak)
        yield {"x": round(x, 2), "width": round(max(1.0, (end - x) * 0.86), 2), "y": round(28 - height, 2),
               "height": round(height, 2), "title": f"{labels[start]}: {context.number(count)}"}  # fmt: skip
