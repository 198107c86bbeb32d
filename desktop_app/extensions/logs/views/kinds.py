"""Templates: what kinds of messages there are. Unusual: what is more or less frequent now than before."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core.events.answers.templates import Template, Templates
from desktop_app.core.events.answers.unusual import Oddity, Unusual
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import Filter, SearchForm
from desktop_app.extensions.logs.service import looking
from desktop_app.extensions.logs.service.looking import Compared
from desktop_app.extensions.logs.views import asking, present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import partial
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, times

SHOWN = 300
ORDERS: dict[looking.Order, Text] = {
    "count": text("the commonest first"), "new": text("the newest kind first"), "rare": text("the rarest first"),
}  # fmt: skip
AGAINST: dict[looking.Against, Text] = {"before": text("the same time before"), "rest": text("all other times")}


@blueprint.get("/templates")
def templates() -> ResponseReturnValue:
    """The kinds of messages of a search."""
    form, error = asking.read()
    order: looking.Order = next((one for one in looking.ORDERS if one == request.args.get("order")), "count")
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


def _templates(form: SearchForm, found: Templates, order: looking.Order) -> Row:
    ordered = looking.ordered(found, order)
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
    against: looking.Against = next((one for one in looking.AGAINST if one == request.args.get("against")), "before")
    shown = None
    if error is None:
        fixed = {one.field.lower() for one in form.filters()}
        found = looking.unusual(context.desk(), context.db(), form.search(), against, without=fixed)
        shown = found and _unusual(form, found, against)
    page = render_template(
        "logs/unusual.html",
        **asking.frame(form, "logs.unusual", error, against=against),
        against=against,
        choices=[(name, word, present.page_url("logs.unusual", form, against=name)) for name, word in AGAINST.items()],
        shown=shown,
    )
    return page, 400 if error else 200


def _unusual(form: SearchForm, compared: Compared, against: looking.Against) -> Row:
    start, end, found = compared.start, compared.end, compared.found
    inside = replace(form, start_text=present.edge(start), end_text=present.edge(end), start=start, end=end)
    said = text(
        "%(here)s events from %(start)s to %(end)s, held against %(there)s events of %(against)s.",
        here=context.number(found.here), there=context.number(found.there), against=AGAINST[against],
        start=times.stamp(start, context.zone()), end=times.stamp(end, context.zone()),
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
        "score": context.number(round(abs(one.score))),
    }


def roughly(value: float) -> str:
    """Return a reckoned number with as many digits as a person reads: it is no count."""
    if value >= 9.95:
        return context.number(round(value))
    digits = 1 if value >= 0.95 else 2
    least = 10**-digits
    return f"{max(value, least):.{digits}f}".rstrip("0").rstrip(".")


def _why(one: Oddity, found: Unusual) -> Text:
    here, there = context.number(one.here), context.number(one.there)
    usual = one.there * found.here / found.there if found.there else 0.0
    if not one.there:
        return text("%(here)s times here, never otherwise.", here=here)
    if one.score > 0:
        return text(
            "%(here)s times here; %(usual)s would be usual (%(there)s times otherwise): %(times)s times as many.",
            here=here, there=there, usual=roughly(usual), times=roughly(one.here / usual),
        )  # fmt: skip
    if not one.here:
        return text("Not once here; %(usual)s times would be usual (%(there)s times otherwise).",
                    usual=roughly(usual), there=there)  # fmt: skip
    return text("Only %(here)s times here; %(usual)s would be usual (%(there)s times otherwise).",
                here=here, usual=roughly(usual), there=there)  # fmt: skip
