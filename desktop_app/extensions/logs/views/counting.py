"""Count by: numbers about a whole result by value and by time, and what one field holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError
from desktop_app.core.events.answers.tables import Line, Statistics, Table
from desktop_app.core.events.terms import query, questions
from desktop_app.core.events.terms.questions import Question
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import Filter, SearchForm
from desktop_app.extensions.logs.views import asking, present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import has_years, partial
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context

LANES = 12
VALUES = 50
DEFAULT = "count by level, time"
SPANS = ("1s", "10s", "1m", "5m", "15m", "1h", "6h", "1d", "1w")
NAMES: dict[str, Text] = {
    "count": text("Count"), "distinct": text("Distinct values"), "sum": text("Sum"), "min": text("Smallest"),
    "max": text("Largest"), "avg": text("Average"), "median": text("Median"), "p95": text("95th percentile"),
    "p99": text("99th percentile"), "first": text("First event"), "last": text("Last event"),
}  # fmt: skip


def _question() -> tuple[str, Question | None, UsageError | None]:
    """Return the question of this address: as it is written, as it is meant, or what is wrong with it."""
    words = request.args.get("agg", "").strip()[:2000] or _composed() or DEFAULT
    try:
        question = questions.parse(words)
    except UsageError as error:
        return words, None, error
    return question.words, question, None


def _composed() -> str:
    """Return the words for what was chosen in the form, empty where nothing was."""
    chosen = {name: request.args.get(name, "").strip()[:200] for name in ("fn", "field", "by", "by2", "every")}
    if not chosen["fn"]:
        return ""
    field = f" {query.quoted(chosen['field'])}" if chosen["field"] and chosen["fn"] not in {"first", "last"} else ""
    by = ", ".join(query.quoted(chosen[name]) for name in ("by", "by2") if chosen[name])
    time = {"": "", "auto": ", time" if by else " by time"}.get(chosen["every"], f" every {chosen['every']}")
    return f"{chosen['fn']}{field}{f' by {by}' if by else ''}{time}"


@blueprint.get("/counting")
def counting() -> ResponseReturnValue:
    """Numbers about a whole result."""
    form, error = asking.read()
    words, question, wrong = _question()
    made = None
    if question is not None and error is None:
        made = context.desk().events.table(context.db(), form.search(), question)
    page = render_template(
        "logs/counting.html",
        **asking.frame(form, "logs.counting", error, agg=words),
        question=_chosen(question or Question()),
        words=words,
        wrong=wrong,
        functions=[(name, context.render_text(NAMES[name])) for name in NAMES],
        spans=tuple(dict.fromkeys((*SPANS, *filter(_is_length, [_chosen(question or Question())["every"]])))),
        table=made and _table(form, made),
        lanes=_lanes(form, made) if made and made.step else [],
    )
    return page, 400 if error or wrong else 200


def _is_length(every: str) -> bool:
    return every not in {"", "auto"}


def _chosen(question: Question) -> Row:
    """Return what the form shows as chosen; a question of several measures by its first."""
    first, by = question.measures[0], (*question.by, "", "")
    every = "" if question.every is None else "auto" if question.every == 0 else question.words.split(" every ")[-1]
    return {"fn": first.function, "field": first.field, "by": by[0], "by2": by[1], "every": every.split(" ")[0]}


def _table(form: SearchForm, made: Table) -> Row:
    measures = made.question.measures
    most = max((float(line.numbers[0] or 0) for line in made.lines), default=0.0)
    share = measures[0].kind != "time" and most > 0 and all(float(one.numbers[0] or 0) >= 0 for one in made.lines)
    return {
        "heads": [present.field_name(name) for name in made.question.by],
        "fields": made.question.by,
        "time": made.step is not None,
        "step": present.step_said(made.step) if made.step else "",
        "measures": [_measure_name(one.function, one.field) for one in measures],
        "lines": [_line(form, made, line, most if share else 0.0) for line in made.lines],
        "total": [asking.said(value, one.kind) for value, one in zip(made.total, measures, strict=True)],
        "left_out": [_left_out(made, number) for number, one in enumerate(measures) if one.kind == "number"],
        "events": context.number(made.events),
        "more": made.more,
        "partial": partial(made.missing),
    }


def _measure_name(function: str, field: str) -> str:
    name = context.render_text(NAMES[function]) if function in NAMES else function
    return f"{name} · {field}" if field else name


def _left_out(made: Table, number: int) -> str:
    used, field = made.used[number], made.question.measures[number].field
    return context.render_text(
        text(
            "%(field)s is a number in %(used)s of %(events)s events; the others are left out.",
            field=field, used=context.number(used), events=context.number(made.events),
        )
    )  # fmt: skip


def _line(form: SearchForm, made: Table, line: Line, most: float) -> Row:
    numbers = zip(line.numbers, made.question.measures, strict=True)
    narrowed = _narrowed(form, made, line)
    return {
        "cells": [_cell(form, name, value) for name, value in zip(made.question.by, line.values, strict=True)],
        "clock": _clock(made, line),
        "clock_url": _span_url(form, made, line),
        "numbers": [asking.said(value, one.kind) for value, one in numbers],
        "url": narrowed,
        "share": round(100 * float(line.numbers[0] or 0) / most, 1) if most else None,
    }


def _clock(made: Table, line: Line) -> str:
    if made.step is None or line.start is None:
        return ""
    return present.bucket_clock(line.start, context.zone(), made.step, years=has_years())


def _cell(form: SearchForm, name: str, value: str | None) -> Row:
    shown = present.value_name(name, value) if value is not None else ""
    return {
        "field": name,
        "value": shown[:300],
        "absent": value is None,
        "only": present.search_url(form, f=[*form.terms, _term(name, value)]),
        "hide": present.search_url(form, f=[*form.terms, _term(name, value, excluded=True)]),
    }


def _term(name: str, value: str | None, *, excluded: bool = False) -> str:
    # Without a value the group is of the events that lack the field.
    return Filter(name, value, excluded=excluded if value is not None else not excluded).term


def _span_url(form: SearchForm, made: Table, line: Line) -> str:
    if made.step is None or line.start is None:
        return ""
    return present.search_url(asking.within(form, line.start, made.step))


def _narrowed(form: SearchForm, made: Table, line: Line) -> str:
    """Return the search for the events of one line."""
    inside = form if made.step is None or line.start is None else asking.within(form, line.start, made.step)
    terms = [_term(name, value) for name, value in zip(made.question.by, line.values, strict=True)]
    return present.search_url(inside, f=[*form.terms, *terms])


def _lanes(form: SearchForm, made: Table) -> list[Row]:
    """Return the course of each of the largest groups, on one axis and one scale."""
    groups: dict[tuple[str | None, ...], list[Line]] = {}
    for line in made.lines:
        groups.setdefault(line.values, []).append(line)
    sizes = {values: sum(float(one.numbers[0] or 0) for one in lines) for values, lines in groups.items()}
    starts = [line.start for line in made.lines if line.start is not None]
    first, spans = min(starts, default=0), 1
    if made.step and starts:
        spans = (max(starts) - first) // made.step + 1
    most = max((abs(float(line.numbers[0] or 0)) for line in made.lines), default=0.0) or 1.0
    ordered = sorted(groups, key=lambda values: -sizes[values])[:LANES]
    return [_lane(form, made, values, groups[values], (first, spans, most)) for values in ordered]


def _lane(
    form: SearchForm, made: Table, values: Sequence[str | None], lines: Sequence[Line], scale: tuple[int, int, float]
) -> Row:
    named = [present.value_name(name, value) if value is not None else "–"  # noqa: RUF001 - the sign for nothing
             for name, value in zip(made.question.by, values, strict=True)]  # fmt: skip
    kind = made.question.measures[0].kind
    total = sum(float(one.numbers[0] or 0) for one in lines)
    label = " · ".join(named)[:120] or _measure_name(made.question.measures[0].function, "")
    return {"label": label, "total": asking.said(total, kind) if kind == "count" else "",
            "bars": list(_bars(form, made, lines, scale))}  # fmt: skip


def _bars(form: SearchForm, made: Table, lines: Sequence[Line], scale: tuple[int, int, float]) -> Iterator[Row]:
    first, spans, most = scale
    width = 1000 / spans
    for line in lines:
        number = line.numbers[0]
        if made.step is None or line.start is None or not number:
            continue
        height = max(1.0, 30 * abs(float(number)) / most)
        yield {
            "x": round((line.start - first) // made.step * width, 2), "y": round(32 - height, 2),
            "width": round(max(width * 0.85, 0.8), 2), "height": round(height, 2),
            "title": f"{_clock(made, line)}: {asking.said(number, made.question.measures[0].kind)}",
            "url": _narrowed(form, made, line),
        }  # fmt: skip


@blueprint.get("/field")
def field() -> ResponseReturnValue:
    """What one field holds among the events of a search."""
    form, error = asking.read()
    name = request.args.get("name", "").strip()[:200] or "host"
    shown = None
    if error is None:
        events, db, search = context.desk().events, context.db(), form.search()
        found = events.statistics(db, search, name, limit=VALUES)
        course = events.table(db, search, Question((questions.Measure("count", name),), every=0))
        shown = _statistics(form, found) | {"lanes": _lanes(form, course)}
    page = render_template(
        "logs/field.html",
        **asking.frame(form, "logs.field", error, name=name),
        name=name,
        title=present.field_name(name),
        shown=shown,
        count_url=present.page_url("logs.counting", form, agg=Question(by=(name,)).words),
    )
    return page, 400 if error else 200


def _statistics(form: SearchForm, found: Statistics) -> Row:
    listed = sum(count for _, count in found.top)
    most = found.top[0][1] if found.top else 1
    return {
        "facts": [(context.render_text(name), value) for name, value in _facts(found)],
        "numbers": [(context.render_text(name), value) for name, value in _numbers(found)],
        "values": [{**_cell(form, found.field, value), "count": context.number(count),
                    "share": round(100 * count / most, 1),
                    "percent": f"{100 * count / max(found.present, 1):.1f} %"} for value, count in found.top],
        "others": context.number(found.present - listed) if found.present > listed else "",
        "present": found.present,
        "partial": partial(found.missing),
    }  # fmt: skip


def _facts(found: Statistics) -> Iterator[tuple[Text, str]]:
    share = f"{100 * found.present / found.events:.1f}" if found.events else "0"
    yield text("Present in"), context.render_text(
        text("%(present)s of %(events)s events (%(share)s %%)", present=context.number(found.present),
             events=context.number(found.events), share=share)
    )  # fmt: skip
    exact = found.distinct <= len(found.top)
    number = context.number(found.distinct)
    yield text("Distinct values"), number if exact else context.render_text(text("about %(number)s", number=number))
    yield text("First event"), asking.said(found.first, "time")
    yield text("Last event"), asking.said(found.last, "time")


def _numbers(found: Statistics) -> Iterator[tuple[Text, str]]:
    if 2 * found.numbers <= found.present:  # a host that is called 4 is no quantity
        return
    yield text("Values that are numbers"), context.number(found.numbers)
    yield text("Smallest"), asking.said(found.least, "number")
    for share, value in found.percentiles:
        yield text("%(share)s %% lie below", share=f"{100 * share:g}"), asking.said(value, "number")
    yield text("Largest"), asking.said(found.most, "number")
    yield text("Average"), asking.said(found.mean, "number")
