"""Templates: what kinds of messages there are. Unusual: what is more or less frequent now than before."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.events.templates import Template, Templates
from desktop_app.core.events.unusual import Oddity, Unusual
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import Filter, SearchForm
from desktop_app.extensions.logs.views import asking, present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import USEFUL, partial
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, times

SHOWN = 300
FIELDS = 24
ORDERS = {"count": text("the commonest first"), "new": text("the newest kind first"), "rare": text("the rarest first")}
AGAINST = {"before": text("the same time before"), "rest": text("all other times")}


@blueprint.get("/templates")
def templates() -> ResponseReturnValue:
    """The kinds of messages of a search."""
    form, error = asking.read()
    order = request.args.get("order", "")
    order = order if order in ORDERS else "count"
    shown = None
    if error is None:
        shown = _templates(form, context.desk().events.templates(context.db(), form.search()), order)
    page = render_template(
        "logs/templates.html",
        **asking.frame(form, "logs.templates", error, order=order),
        orders=[(name, word, present.page_url("logs.templates", form, order=name)) for name, word in ORDERS.items()],
        order=order,
        shown=shown,
    )
    return page, 400 if error else 200


def _templates(form: SearchForm, found: Templates, order: str) -> Row:
    keys = {"count": lambda one: -one.count, "new": lambda one: -one.since, "rare": lambda one: one.count}
    ordered = sorted(found.found, key=keys[order])
    most = max((one.count for one in found.found), default=1)
    return {
        "kinds": context.number(len(ordered)),
        "lines": [_template(form, one, most) for one in ordered[:SHOWN]],
        "hidden": context.number(len(ordered) - SHOWN) if len(ordered) > SHOWN else "",
        "others": context.number(found.others) if found.others else "",
        "unmined": context.number(found.unmined) if found.unmined else "",
        "partial": partial(found.missing),
    }


def _template(form: SearchForm, one: Template, most: int) -> Row:
    return {
        **_kind(form, one.text),
        "count": context.number(one.count),
        "share": round(100 * one.count / most, 1),
        "first": asking.said(one.first, "time"),
        "last": asking.said(one.last, "time"),
        "since": asking.said(one.since, "time"),
        # What began within the range that is looked at, though there are events from before it.
        "new": form.start is not None and one.since >= form.start,
    }


def _kind(form: SearchForm, template: str) -> Row:
    """Return a template in pieces, what varies apart, with the searches for and without its events."""
    return {
        "pieces": template.split("<*>"),
        "value": template[:80],
        "only": present.search_url(form, f=[*form.terms, Filter("template", template).term]),
        "hide": present.search_url(form, f=[*form.terms, Filter("template", template, excluded=True).term]),
    }


@blueprint.get("/unusual")
def unusual() -> ResponseReturnValue:
    """What is more or less frequent in a window than at other times."""
    form, error = asking.read()
    against = request.args.get("against", "")
    against = against if against in AGAINST else "before"
    window = _window(form) if error is None else None
    shown = None
    if window is not None:
        shown = _unusual(form, window, _found(form, window, against), against)
    page = render_template(
        "logs/unusual.html",
        **asking.frame(form, "logs.unusual", error, against=against),
        against=against,
        choices=[(name, word, present.page_url("logs.unusual", form, against=name)) for name, word in AGAINST.items()],
        shown=shown,
    )
    return page, 400 if error else 200


def _window(form: SearchForm) -> tuple[Micros, Micros] | None:
    """Return the window that is looked at: the one chosen, else the last day of what is stored."""
    totals = catalogue.totals(context.db())
    if totals.min_time is None or totals.max_time is None:
        return None
    end = totals.max_time + 1 if form.end is None else form.end
    start = max(totals.min_time, end - times.DAY) if form.start is None else form.start
    return (start, end) if start < end else None


def _found(form: SearchForm, window: tuple[Micros, Micros], against: str) -> Unusual:
    start, end = window
    before = (start - (end - start), end) if against == "before" else (None, None)
    search: Search = replace(form.search(), start=before[0], end=before[1])
    events, db = context.desk().events, context.db()
    there = [name for name, _ in events.fields(db, replace(search, start=start, end=end))]
    # What the search already fixes is no news.
    fixed = {one.field.lower() for one in form.filters()}
    first = [name for name in USEFUL if name in there]
    names = dict.fromkeys(["level", "host", "source", *first, *there])
    return events.unusual(db, search, window, [one for one in names if one.lower() not in fixed][:FIELDS])


def _unusual(form: SearchForm, window: tuple[Micros, Micros], found: Unusual, against: str) -> Row:
    inside = replace(
        form, start_text=present.edge(window[0]), end_text=present.edge(window[1]), start=window[0], end=window[1]
    )
    said = text(
        "%(here)s events from %(start)s to %(end)s, held against %(there)s events of %(against)s.",
        here=context.number(found.here), there=context.number(found.there), against=AGAINST[against],
        start=times.stamp(window[0], context.zone()), end=times.stamp(window[1], context.zone()),
    )  # fmt: skip
    return {
        "said": context.render_text(said),
        "nothing": not found.there or not found.here,
        "lines": [_oddity(inside, one, found) for one in found.oddities],
    }


def _oddity(form: SearchForm, one: Oddity, found: Unusual) -> Row:
    own = Filter(one.field, one.value)
    named = _kind(form, one.value) if not one.field else {
        "pieces": [present.value_name(one.field, one.value)[:200]], "value": one.value[:80],
        "only": present.search_url(form, f=[*form.terms, own.term]),
        "hide": present.search_url(form, f=[*form.terms, replace(own, excluded=True).term]),
    }  # fmt: skip
    return {
        **named,
        "field": present.field_name(one.field) if one.field else context.render_text(text("Message")),
        "said": context.render_text(_why(one, found)),
        "more": one.score > 0,
        "score": f"{abs(one.score):.0f}",
    }


def _why(one: Oddity, found: Unusual) -> Text:
    here, there = context.number(one.here), context.number(one.there)
    usual = one.there * found.here / found.there if found.there else 0.0
    if not one.there:
        return text("%(here)s times here, never otherwise.", here=here)
    if one.score > 0:
        return text(
            "%(here)s times here; %(usual)s would be usual (%(there)s times otherwise): %(times)s times as many.",
            here=here, there=there, usual=asking.said(usual, "number"), times=asking.said(one.here / usual, "number"),
        )  # fmt: skip
    if not one.here:
        return text("Not once here; %(usual)s times would be usual (%(there)s times otherwise).",
                    usual=asking.said(usual, "number"), there=there)  # fmt: skip
    return text("Only %(here)s times here; %(usual)s would be usual (%(there)s times otherwise).",
                here=here, usual=asking.said(usual, "number"), there=there)  # fmt: skip
