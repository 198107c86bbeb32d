"""What the pages share that look at a whole result: the search above them, and how numbers are said."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.tables import Number
from desktop_app.core.events.terms.questions import Kind
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import SearchForm
from desktop_app.extensions.logs.views import present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import asked, has_years, query_error
from desktop_app.web import context, times

# Page -> its name, in the order of the tabs within "Analyse".
LOOKS: tuple[tuple[str, Text], ...] = (
    ("logs.counting", text("Count by")),
    ("logs.templates", text("Templates")),
    ("logs.unusual", text("Unusual")),
)


def read() -> tuple[SearchForm, UsageError | None]:
    """Return the search of this request; one that cannot be read as far as it goes, with what is wrong with it."""
    try:
        form = asked()
        form.search()
    except UsageError as error:
        return SearchForm(request.args.get("q", "")[:4000], (), "", "", None, None), error
    return form, None


def frame(form: SearchForm, endpoint: str, error: UsageError | None = None, **kept: str) -> Row:
    """Return what the top of such a page is drawn with; ``kept`` are parameters of the page itself."""
    zone, now = context.zone(), context.now()
    first: Row = {"range": present.time_range(form, zone, now), "chips": present.chips(form, endpoint, **kept)}
    return {
        "form": form,
        "first": first | {"error": query_error(error) if error else None},
        "here": endpoint,
        "kept": kept,
        "presets": present.presets(form, endpoint, **kept),
        "zone_name": times.offset(now, zone),
        "looks": [(one, name, present.page_url(one, form)) for one, name in LOOKS],
        "back_url": present.search_url(form),
        "empty": not catalogue.totals(context.db()).events,
    }


def said(value: Number, kind: Kind) -> str:
    """Return a number as a cell shows it; a moment in the time of the site."""
    if value is None:
        return "–"  # noqa: RUF001 - the sign for nothing
    if kind == "time":
        return present.row_clock(int(value), context.zone(), years=has_years())
    if isinstance(value, int) or value.is_integer():
        return context.number(int(value))
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def within(form: SearchForm, start: int, step: int) -> SearchForm:
    """Return the same search within one span of time, as far as that lies within its own times."""
    first = max(start, form.start) if form.start is not None else start
    end = min(start + step, form.end) if form.end is not None else start + step
    return replace(form, start_text=present.edge(first), end_text=present.edge(end), start=first, end=end)
