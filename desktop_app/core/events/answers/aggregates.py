"""Counts over a search: how many, when, which fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.remembered import Counts, Remembered
from desktop_app.core.events.answers.results import NO_LEVEL, Histogram
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.layout import column_of, fold, quote
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.compiler import expression
from desktop_app.core.events.terms.scope import Part, Plan, Search
from desktop_app.core.model import Micros

_SECOND = 1_000_000
_STEPS = tuple(
    int(seconds * _SECOND)
    for seconds in (
        0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
        86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
    )
)  # fmt: skip
_LONG_AGO = 10**17  # µs before 1970; a step is numbered from the one that begins at about that time


def count(engine: Engine, db: Connection, plan: Plan, search: Search, kept: Remembered) -> int:
    """Return the number of events; whole segments are counted in the catalogue alone."""
    whole = [part for part in plan.parts if part.condition is None]
    known = sum(segment.events for part in whole for segment in part.segments)
    plan.without([segment for part in whole for segment in part.segments])

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: "count(*) AS n")
        return f"SELECT sum(n) FROM ({statement})", params

    def run(part: Plan, _places: Sequence[int]) -> list[Counts]:
        rows = engine.over(db, part, build)
        return [{"": int(rows[0][0])} if rows else {}]

    engine.set_aside(db, plan)
    return known + sum(kept.ask(search, ["count"], plan, run, {})[0].values())


def span(engine: Engine, db: Connection, plan: Plan) -> tuple[Micros, Micros] | None:
    """Return the times of the first and the last event, None where there is none."""

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: "epoch_us(time) AS t")
        return f"SELECT min(t), max(t) FROM ({statement})", params

    found = [row for row in engine.over(db, plan, build) if row[0] is not None]
    return (int(found[0][0]), int(found[0][1])) if found else None


def histogram(
    engine: Engine, db: Connection, plan: Plan, search: Search, *, buckets: int, kept: Remembered
) -> Histogram:
    """Count the events by time and level, in at most ``buckets`` round steps."""
    start, end = time_range(plan, search)
    step, first = round_step(start, end, max(1, buckets))
    size = (end - 1 - first) // step + 1 if end > start else 0

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: "epoch_us(time) AS t, level")
        # Steps are numbered from a moment that no range moves, so that what is kept stays right as the range grows.
        return f"SELECT (t - {origin}) // {step} AS n, level, count(*) FROM ({statement}) GROUP BY ALL", params

    def run(part: Plan, _places: Sequence[int]) -> list[Counts]:
        return [{(number, level or NO_LEVEL): events for number, level, events in engine.over(db, part, build)}]

    origin = -(_LONG_AGO // step) * step
    engine.set_aside(db, plan)
    levels: dict[str, list[int]] = {}
    for (number, level), events in kept.ask(search, [("histogram", step)], plan, run, {})[0].items() if size else ():
        levels.setdefault(level, [0] * size)[number - (first - origin) // step] += events
    return Histogram(first, step, levels, tuple(plan.missing))


def narrowed(found: Histogram, search: Search) -> Search | None:
    """Return the search within the steps that hold what it found; None where these are most of those drawn."""
    used = [number for counts in found.levels.values() for number, events in enumerate(counts) if events]
    size = max(map(len, found.levels.values()), default=0)
    if not used or (search.start is not None and search.end is not None) or 2 * (max(used) - min(used) + 1) > size:
        return None
    first, after = found.start + min(used) * found.step, found.start + (max(used) + 1) * found.step
    start = first if search.start is None else max(first, search.start)
    return replace(search, start=start, end=after if search.end is None else min(after, search.end))


def with_room(hits: tuple[Micros, Micros], search: Search, buckets: int) -> tuple[Micros, Micros]:
    """Return the range of a first and a last event, some seconds where they are one; ends of the search stay."""
    room = max(0, (buckets - 2) * _SECOND - (hits[1] + 1 - hits[0])) // 2
    start = hits[0] - room if search.start is None else search.start
    return start, hits[1] + 1 + room if search.end is None else search.end


def time_range(plan: Plan, search: Search) -> tuple[Micros, Micros]:
    """Return the first moment of what a plan covers and the one after its last, within the search's own times."""
    if plan.bounds is None:
        return 0, 0
    start = plan.bounds[0] if search.start is None else search.start
    end = plan.bounds[1] + 1 if search.end is None else search.end
    return start, max(start, end)


def round_step(start: Micros, end: Micros, buckets: int) -> tuple[Micros, Micros]:
    """Return the smallest round step that needs no more than ``buckets``, and where the first bucket begins."""
    for step in _STEPS:
        first = start // step * step
        if end - first <= step * buckets:
            return step, first
    step = _STEPS[-1] * ((end - start) // (_STEPS[-1] * buckets) + 1)
    while end - start // step * step > step * buckets:
        step *= 2
    return step, start // step * step


def value_of(part: Part, name: str) -> str:
    """Return the SQL that reads a field of a part's events as text; NULL where it is absent, but a level has a name."""
    columns = [expression(column) for column in part.columns[fold(name)]]
    if "level" in part.columns[fold(name)]:
        columns.append(f"'{NO_LEVEL}'")
    return f"coalesce({', '.join(columns)}, NULL)::VARCHAR" if columns else "NULL::VARCHAR"


def field_counts(engine: Engine, db: Connection, plan: Plan, search: Search, kept: Remembered) -> list[tuple[str, int]]:
    """Return the fields of the events with how many have them, commonest first; whole segments by the catalogue."""
    whole = [segment for part in plan.parts if part.condition is None for segment in part.segments]
    counts = catalogue.field_counts(db, [segment.id for segment in whole])
    plan.without(whole)

    def run(part: Plan, _places: Sequence[int]) -> list[Counts]:
        scanned: dict[str, int] = {}
        for name, found in _scanned(engine, db, part):
            scanned[name] = scanned.get(name, 0) + found
        return [scanned]

    engine.set_aside(db, plan)
    for name, found in kept.ask(search, ["fields"], plan, run, {})[0].items():
        counts[name] = counts.get(name, 0) + found
    return _merged(counts)


def _scanned(engine: Engine, db: Connection, plan: Plan) -> list[tuple[str, int]]:
    """Count the fields of the events that meet a condition, log source by log source."""
    found: list[tuple[str, int]] = []
    for part in list(plan.parts):
        for members in _alike(db, part):
            names = sorted(catalogue.field_counts(db, [one.id for one in members]))
            if names:
                found += _count_fields(engine, db, plan, part.of(members), names)
    return found


def _alike(db: Connection, part: Part) -> list[list[Segment]]:
    """Group the segments of a part that hold the same fields: one statement can then name them all."""
    groups: dict[tuple[str, ...], list[Segment]] = {}
    for segment in part.segments:
        groups.setdefault(tuple(sorted(catalogue.field_counts(db, [segment.id]))), []).append(segment)
    return list(groups.values())


def _count_fields(
    engine: Engine, db: Connection, plan: Plan, part: Part, names: Sequence[str]
) -> list[tuple[str, int]]:
    own = Plan([part], 0)

    def build(parts: Sequence[Part]) -> Statement:
        counts = ", ".join(f"count({quote(column_of(name))})" for name in names)
        return source(parts, engine.path, lambda _: counts)

    rows = engine.over(db, own, build)
    plan.missing += own.missing
    return [(name, number) for name, number in zip(names, rows[0], strict=True) if number] if rows else []


def _merged(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Join spellings that differ by case under the commonest one."""
    spelled: dict[str, tuple[str, int]] = {}
    for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        first, total = spelled.get(fold(name), (name, 0))
        spelled[fold(name)] = (first, total + number)
    return sorted(spelled.values(), key=lambda item: (-item[1], item[0]))
