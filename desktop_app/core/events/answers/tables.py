"""Answers to questions about a whole result (``questions``): numbers by value and by time, and what a field holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.aggregates import value_of
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.beside.tally import Tally
from desktop_app.core.events.engine import Engine, Row, Statement, source
from desktop_app.core.events.layout import fold, quote
from desktop_app.core.events.terms.compiler import fixed_column
from desktop_app.core.events.terms.questions import Measure, Question
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import Micros, stamp

MOST_LINES = 5_000
MOST_LANES = 20
PERCENTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
Number = int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the values it stands for (None: the field is absent), its span's start, its numbers."""

    values: tuple[str | None, ...]
    start: Micros | None
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question. ``total`` has the same numbers over everything, ``events`` says over how many events.

    ``used`` says how many values each number rests on: what is no number, or absent, was left out of it. ``step`` is
    the length of a span in µs; ``more``: there are further groups or spans that are not in ``lines``. Of groups by time
    only the largest (MOST_LANES) are followed, and ``total`` is theirs.
    """

    question: Question
    lines: tuple[Line, ...]
    total: tuple[Number, ...]
    used: tuple[int, ...]
    events: int
    step: Micros | None
    more: bool
    missing: tuple[Missing, ...] = ()

    @property
    def whole(self) -> Line:
        """The numbers over everything, as a line that stands for no value."""
        return Line((), None, self.total)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a field holds. The times are of the first and last event that has it.

    ``distinct`` is exact; where very many values are found by reading the events it is only close.

    ``numbers`` counts the values that are numbers; ``least``, ``most``, ``mean`` and ``percentiles`` (share, value)
    are of those alone.
    """

    field: str
    events: int
    present: int
    distinct: int
    first: Micros | None
    last: Micros | None
    top: tuple[tuple[str, int], ...]
    numbers: int
    least: float | None
    most: float | None
    mean: float | None
    percentiles: tuple[tuple[float, float], ...]
    missing: tuple[Missing, ...] = ()


def table(engine: Engine, db: Connection, plan: Plan, question: Question, *, step: Micros | None) -> Table:
    """Answer a question; ``step`` is the length of a span in µs where the question asks by time."""
    keys = [f"b{n}" for n in range(len(question.by))] + (["t"] if step else [])

    def build(parts: Sequence[Part]) -> Statement:
        inner, params = source(parts, engine.path, lambda part: _read(part, question, step))
        sets = f"GROUP BY GROUPING SETS ((), ({', '.join(keys)}))" if keys else ""
        groups, more = _limited(inner, question, step=step)
        shown = ", ".join([*keys, *(f"{_sql(one, n)} AS m{n}" for n, one in enumerate(question.measures))])
        used = ", ".join(_used(one, n) for n, one in enumerate(question.measures))
        whole = f"grouping({keys[0]})" if keys else "1"
        order = ["g DESC", "t", *keys[:-1]] if step else ["g DESC", "m0 DESC NULLS LAST", *keys]
        limit = MOST_LINES if step else question.top
        statement = (f"SELECT {whole} AS g, count(*) AS n, {used}, {shown} FROM {groups} {sets} "
                     f"ORDER BY {', '.join(order)} LIMIT {limit + 2}")  # fmt: skip
        return statement, [*params, *(params if more else ())]

    return _table(engine.over(db, plan, build), question, step, tuple(plan.missing))


def table_json(found: Table) -> dict[str, Any]:
    """Return a table as programs read it; moments among the numbers are in µs UTC."""
    lines = [
        {"values": list(one.values), "start": stamp(one.start), "numbers": list(one.numbers)} for one in found.lines
    ]
    return {
        "question": found.question.words, "step_us": found.step, "lines": lines, "total": list(found.total),
        "used": list(found.used), "events": found.events, "more": found.more,
    }  # fmt: skip


def statistics_json(found: Statistics) -> dict[str, Any]:
    """Return what a field holds as programs read it; percentiles by their number in hundred."""
    return {
        "field": found.field, "events": found.events, "present": found.present, "distinct": found.distinct,
        "first": stamp(found.first), "last": stamp(found.last), "numbers": found.numbers, "least": found.least,
        "most": found.most, "mean": found.mean,
        "percentiles": {f"{100 * share:g}": value for share, value in found.percentiles},
        "top": [{"value": value, "count": count} for value, count in found.top],
    }  # fmt: skip


def _table(rows: Sequence[Row], question: Question, step: Micros | None, missing: tuple[Missing, ...]) -> Table:
    measures, by = question.measures, len(question.by)
    first = 2 + len(measures)
    lines = tuple(
        Line(tuple(row[first : first + by]), row[first + by] * step if step else None, _numbers(row, question))
        for row in rows
        if row[0] == 0
    )
    # Where nothing groups, the whole is the only line.
    whole = next((row for row in rows if row[0] == 1), None)
    total = _numbers(whole, question) if whole else (None,) * len(measures)
    used = tuple(whole[2:first]) if whole else (0,) * len(measures)
    limit = MOST_LINES if step else question.top
    lanes = len({one.values for one in lines}) if step and by else 0
    more = len(lines) > limit or lanes == min(question.top, MOST_LANES)
    return Table(question, lines[:limit], total, used, whole[1] if whole else 0, step, more, missing)


def _numbers(row: Row, question: Question) -> tuple[Number, ...]:
    found = row[-len(question.measures) :]
    return tuple(
        int(value) if value is not None and (one.kind != "number" or float(value).is_integer()) else value
        for one, value in zip(question.measures, found, strict=True)
    )


def _read(part: Part, question: Question, step: Micros | None) -> str:
    columns = [f"{value_of(part, name)} AS b{n}" for n, name in enumerate(question.by)]
    if step:
        columns.append(f"epoch_us(time) // {int(step)} AS t")
    columns += [f"{_value(part, one)} AS v{n}" for n, one in enumerate(question.measures)]
    return ", ".join(columns)


def _value(part: Part, measure: Measure) -> str:
    if measure.kind == "time" and measure.function != "count":
        return f"epoch_us({quote(fixed_column(measure.field or 'time') or 'time')})"
    if not measure.field:
        return "NULL"
    return _number(value_of(part, measure.field)) if measure.kind == "number" else value_of(part, measure.field)


def _number(value: str) -> str:
    # "nan" and "inf" are numbers to DuckDB; in a log they are words.
    return f"(CASE WHEN isfinite(TRY_CAST({value} AS DOUBLE)) THEN TRY_CAST({value} AS DOUBLE) END)"


_FUNCTIONS = {"sum": "sum", "min": "min", "max": "max", "avg": "avg", "first": "min", "last": "max"}


def _sql(measure: Measure, n: int) -> str:
    if measure.function == "count":
        return f"count(v{n})" if measure.field else "count(*)"
    if measure.function == "distinct":
        return f"count(DISTINCT v{n})"
    if (share := measure.percentile) is not None:
        return f"quantile_cont(v{n}::DOUBLE, {share})"
    return f"{_FUNCTIONS[measure.function]}(v{n})"


def _used(measure: Measure, n: int) -> str:
    return f"count(v{n})" if measure.field or measure.function != "count" else "count(*)"


def _limited(inner: str, question: Question, *, step: Micros | None) -> tuple[str, bool]:
    """Return what to group; by time only the largest groups, whose statement then stands twice."""
    if not (step and question.by):
        return f"({inner})", False
    keys = [f"b{n}" for n in range(len(question.by))]
    most = min(question.top, MOST_LANES)
    largest = f"SELECT {', '.join(keys)} FROM ({inner}) GROUP BY ALL ORDER BY {_sql(question.measures[0], 0)} DESC"
    joined = " AND ".join(f"e.{key} IS NOT DISTINCT FROM w.{key}" for key in keys)
    return f"(SELECT e.* FROM ({inner}) e SEMI JOIN ({largest} NULLS LAST LIMIT {most}) w ON {joined})", True


def statistics(
    engine: Engine, db: Connection, plan: Plan, field: str, *, limit: int, tally: Tally | None
) -> Statistics:
    """Return what a field holds among the events of a search; ``tally`` has all of its values if that is known."""

    def read(parts: Sequence[Part]) -> Statement:
        return source(parts, engine.path, lambda part: f"{_held(part, field)} AS v, epoch_us(time) AS t")

    def whole(parts: Sequence[Part]) -> Statement:
        inner, params = read(parts)
        number = _number("v")
        shares = ", ".join(map(str, PERCENTILES))
        return (
            "SELECT count(*), count(v), approx_count_distinct(v), min(t) FILTER (v IS NOT NULL), "
            "max(t) FILTER (v IS NOT NULL), count(n), min(n), max(n), avg(n), quantile_cont(n, "
            f"[{shares}]) FROM (SELECT v, t, {number} AS n FROM ({inner}))"
        ), params

    def common(parts: Sequence[Part]) -> Statement:
        inner, params = read(parts)
        return (f"SELECT v, count(*) AS n FROM ({inner}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ?",
                [*params, limit])  # fmt: skip

    top = tally.commonest(limit) if tally else [(str(value), int(n)) for value, n in engine.over(db, plan, common)]
    rows = engine.over(db, plan, whole)
    found = rows[0] if rows else (0, 0, 0, None, None, 0, None, None, None, None)
    events, present, distinct, first, last, numbers, least, most, mean, shares = found
    percentiles = tuple(zip(PERCENTILES, shares, strict=True)) if numbers else ()
    # The estimate may exceed what there is; a list that is complete is exact.
    known = len(tally) if tally else len(top) if len(top) < limit else None
    distinct = min(max(distinct, len(top)), present) if known is None else known
    return Statistics(field, events, present, distinct, first, last, tuple(top), numbers, least, most, mean,
                      percentiles, tuple(plan.missing))  # fmt: skip


def _held(part: Part, field: str) -> str:
    # A level that is not there is no value here, though lists name it.
    return "nullif(level, '')" if fold(field) == "level" else value_of(part, field)
