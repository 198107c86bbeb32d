"""The parts of a result as JSON: rows first; count, histogram and facets each on their own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core import findings
from desktop_app.core.errors import Cancelled, UsageError, WatchdeskError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import NO_LEVEL
from desktop_app.core.events.beside.counted import ASKED
from desktop_app.core.events.catalogue import spellings
from desktop_app.core.events.layout import FIXED, fold
from desktop_app.core.events.search import Missing
from desktop_app.core.events.terms import query
from desktop_app.core.events.terms.compiler import ALIASES, TEMPLATE
from desktop_app.core.events.terms.scope import MARKS as KEPT
from desktop_app.core.model import LEVELS, Micros
from desktop_app.core.text import ntext
from desktop_app.extensions.logs.forms import Filter, SearchForm, read_key, read_search, write_key
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.views import gaps, present, tail
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.room import blueprint, running
from desktop_app.extensions.logs.views.ticks import ticks
from desktop_app.web import context, errors, times

if TYPE_CHECKING:
    from desktop_app.core.events.answers.results import Histogram, Page

ROWS = 100
BUCKETS = 120
FACET_VALUES = 8
MORE_FACETS = 6
MARKS = 200
NAMED = 3


def asked() -> SearchForm:
    """Return the search of this request."""
    return read_search(request.args, context.zone(), context.now())


def has_years() -> bool:
    """Say whether any event is of another year than the present one, so that rows must tell theirs."""
    first = catalogue.totals(context.db()).min_time
    zone = context.zone()
    return first is not None and times.local(first, zone).year != times.local(context.now(), zone).year


def page_of(form: SearchForm) -> tuple[Page, float]:
    """Return the page of rows that this request asks for, and how many milliseconds it took."""
    began = time.perf_counter()
    events, db, search = context.desk().events, context.db(), form.search()
    limit = min(max(1, request.args.get("limit", ROWS, type=int)), 500)
    after, before = read_key(request.args.get("after")), read_key(request.args.get("before"))
    at = request.args.get("at", type=int)
    if at is not None:
        after = events.seek(db, search, max(0, at))
    found = events.page(db, search, after=after, before=before, limit=limit)
    return found, (time.perf_counter() - began) * 1000


def first_page(form: SearchForm) -> Row:
    """Return everything that the table needs to begin."""
    mark = tail.mark(context.db())  # before the page: what comes meanwhile is counted as new
    found, took = page_of(form)
    zone, now = context.zone(), context.now()
    return {
        "rows": present.shown_rows(found.rows, form.query, years=has_years()),
        "newer": write_key(found.newer_key),
        "older": write_key(found.older_key),
        "mark": mark,
        "ms": round(took),
        "partial": partial(found.missing),
        "chips": present.chips(form),
        "range": present.time_range(form, zone, now),
        "error": None,
        "unknown": "" if found.rows else unknown_fields(form),
    }


def fixed(name: str) -> bool:
    """Say whether every event has a field of this name."""
    return fold(name) in FIXED or fold(name) in ALIASES or fold(name) in {TEMPLATE, *KEPT}


def unknown_fields(form: SearchForm) -> str:
    """Say which fields of a search no event has, empty where there is none such."""
    asked_for = {name for one in (form.query, *form.terms) for name in query.parse(one).fields if not fixed(name)}
    there = spellings(context.db(), asked_for)
    unknown = sorted(name for name in asked_for if not there[fold(name)])
    if not unknown:
        return ""
    names = ", ".join(unknown)
    return context.render_text(
        ntext(
            "No event has a field of that name: %(names)s.",
            "No event has fields of these names: %(names)s.",
            num=len(unknown),
            names=names,
        )
    )


def partial(missing: Sequence[Missing]) -> list[str]:
    """Say what could not be read, the first few by name."""
    told = [" ".join(context.render_text(part) for part in one.error.parts()) for one in missing[:NAMED]]
    if len(missing) > NAMED:
        told.append(context.render_text(ntext("and 1 more", "and %(num)s more", num=len(missing) - NAMED)))
    return told


@contextmanager
def _part() -> Iterator[None]:
    """Answer a part of the search that the page runs now; it ends when the page begins another."""
    window, run = request.args.get("window", "")[:40], request.args.get("run", 0, type=int)
    with running().part(context.desk().events, window, run):
        yield


@blueprint.get("/rows")
def rows() -> ResponseReturnValue:
    """Rows of a result: the newest, those after or before a key, or those from a number on."""
    with _part():
        return jsonify(first_page(asked()))


@blueprint.get("/count")
def count() -> ResponseReturnValue:
    """How many events a search finds, and the sentence that says so."""
    form = asked()
    missing: list[Missing] = []
    with _part():
        found = context.desk().events.count(context.db(), form.search(), missing=missing)
    total = catalogue.totals(context.db()).events
    took = request.args.get("ms", 0, type=int)
    said = ntext(
        "%(found)s of 1 event · %(ms)s ms",
        "%(found)s of %(total)s events · %(ms)s ms",
        num=total,
        found=context.number(found),
        total=context.number(total),
        ms=took,
    )
    return jsonify(count=found, total=total, said=context.render_text(said), partial=partial(missing))


@blueprint.get("/position")
def position() -> ResponseReturnValue:
    """At which number of a result an event stands; null where it is not in it."""
    form = asked()
    events, db = context.desk().events, context.db()
    found = events.event(db, request.args.get("event", 0, type=int))
    if found is None or (form.end is not None and found["time"] >= form.end):
        return jsonify(position=None)
    newer = replace(form, start=max(found["time"] + 1, form.start or 0))
    # Among events of the same microsecond the table orders by id; one page covers all but absurd cases.
    ahead = events.count(db, newer.search()) if newer.end is None or newer.start < newer.end else 0  # type: ignore[operator] # start was just set
    key = events.seek(db, form.search(), ahead)
    near = events.page(db, form.search(), after=key, limit=ROWS).rows
    same = next((number for number, row in enumerate(near) if int(row["id"]) == int(found["id"])), None)
    return jsonify(position=None if same is None else ahead + same)


@blueprint.get("/histogram")
def histogram() -> ResponseReturnValue:
    """Events by time and level."""
    form = asked()
    with _part():
        found = context.desk().events.histogram(context.db(), form.search(), buckets=BUCKETS)
    return jsonify(_histogram(found))


def _histogram(found: Histogram) -> Row:
    zone, years = context.zone(), has_years()
    length = max((len(counts) for counts in found.levels.values()), default=0)
    starts = [found.start + number * found.step for number in range(length + 1)]
    labels = [present.bucket_clock(start, zone, found.step, years=years) for start in starts]
    return {
        "start": found.start,
        "step": found.step,
        "step_name": present.step_said(found.step) if length else "",
        "labels": labels[:-1],
        "ends": labels[1:],
        "ticks": [{"at": at, "label": label} for at, label in ticks(found.start, starts[-1], zone)],
        "levels": [_level(name, found.levels[name]) for name in _ordered(found.levels)],
        "marks": _marks(found.start, starts[-1]) if length else [],
        "gaps": _gaps(found.start, starts[-1]) if length else [],
        "partial": partial(found.missing),
    }


def _gaps(start: Micros, end: Micros) -> list[Row]:
    """Return when live sources were not heard."""
    return gaps.drawn(live.gaps(context.db(), start=start, end=end), start, end)


def _ordered(levels: Mapping[str, object]) -> list[str]:
    """Return the levels there are, the worst first, what has none last."""
    known = [level for level in LEVELS if level in levels]
    return [*known, *(level for level in levels if level not in LEVELS)]


def _level(level: str, counts: Sequence[int]) -> Row:
    total = context.number(sum(counts))
    return {"name": present.level_name(level), "tone": present.tone(level), "total": total, "counts": list(counts)}


def _marks(start: Micros, end: Micros) -> list[Row]:
    """Return the findings whose latest event lies in the range."""
    wanted = findings.Filter(view="all", since=start, until=end, order="last")
    found = findings.listing(context.db(), wanted, MARKS)
    return [
        {"time": row.last_seen, "url": badge["url"], "title": badge["label"]}
        for row in found
        if row.extension == "logs" and start <= row.last_seen < end
        for badge in (present.badge(row),)
    ]


@blueprint.get("/facets")
def facets() -> ResponseReturnValue:
    """The commonest values of the fields that matter; a field's own filters do not narrow its own list."""
    form = asked()
    missing: list[Missing] = []
    with _part():
        events, db = context.desk().events, context.db()
        there = [name for name, _ in events.fields(db, form.search(), missing=missing)]
        chosen = _fields_for_facets(form, there)
        free = [name for name in chosen if not form.filters(name)]
        found = dict(events.facets(db, form.search(), free, FACET_VALUES, missing=missing))
        for name in chosen:
            if name not in free:
                found |= events.facets(db, form.search(without=name), [name], FACET_VALUES, missing=missing)
    shown = [facet for name in chosen if (facet := _facet(form, name, found.get(name, [])))["values"]]
    drawn = render_template("logs/_facets.html", facets=shown)
    return jsonify(facets=shown, drawn=drawn, fields=["host", "level", "source", *there])


def _fields_for_facets(form: SearchForm, there: Sequence[str]) -> list[str]:
    filtered = [one.field for one in form.filters() if one.field in there]
    useful = [name for name in ASKED if name in there]
    chosen = ["level", "host", "source", *filtered, *useful[:MORE_FACETS]]
    return list(dict.fromkeys(chosen))


def _facet(form: SearchForm, field: str, counted: Sequence[tuple[str, int]]) -> Row:
    """Return a facet with its values; what is filtered for stays in the list though no event has it any more."""
    filters = form.filters(field)
    wanted = {one.value for one in filters if not one.excluded}
    excluded = {one.value for one in filters if one.excluded}
    values = {value: count for value, count in counted if value}
    values |= {value: 0 for value in {*wanted, *excluded} if value and value not in values}
    if field == "level":
        values = {level: values[level] for level in (*LEVELS, NO_LEVEL) if level in values}
    included = field == "level" and not wanted
    return {
        "field": field,
        "name": present.field_name(field),
        "url": present.page_url("logs.field", form, name=field),
        "values": [
            {
                "value": value,
                "name": present.value_name(field, value),
                "count": context.number(count),
                "term": Filter(field, value).term,
                "not_term": Filter(field, value, excluded=True).term,
                "state": "not" if value in excluded else "on" if included or value in wanted else "off",
            }
            for value, count in values.items()
        ],
    }


def query_error(error: WatchdeskError) -> Row:
    """Return what the search field says of a query that cannot be read."""
    named = {"what": error.what, "why": error.why, "fix": error.fix}
    shown = {name: context.render_text(part) for name, part in named.items() if part is not None}
    return {**shown, "said": " ".join(shown.values()), "position": getattr(error, "position", None)}


@blueprint.errorhandler(UsageError)
def usage(error: UsageError) -> ResponseReturnValue:
    """Answer a query that cannot be read where it was asked; other wrong requests as everywhere."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=query_error(error)), errors.status_of(error)
    return errors.answer(error, errors.status_of(error))


@blueprint.errorhandler(Cancelled)
def cancelled(_error: Cancelled) -> ResponseReturnValue:
    """Answer a part of a search that a newer one ended; nobody reads it."""
    return "", 409
