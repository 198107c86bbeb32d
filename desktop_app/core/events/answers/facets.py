"""Which values are the commonest: those of whole segments are counted beside them (``counted``), others by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.aggregates import value_of
from desktop_app.core.events.answers.remembered import LARGEST, Remembered
from desktop_app.core.events.answers.results import NO_LEVEL, Facets
from desktop_app.core.events.beside import counted
from desktop_app.core.events.beside.tally import Tally, added
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.layout import fold
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.compiler import expression
from desktop_app.core.events.terms.scope import Part, Plan, Search

_AT_ONCE = 30  # fields; DuckDB numbers the grouping sets in the bits of one integer


def facets(
    engine: Engine, db: Connection, plan: Plan, search: Search, fields: Sequence[str], *, kept: Remembered, limit: int
) -> Facets:
    """Return for each field its commonest values with their counts."""
    names = list(dict.fromkeys(fields))
    found = tallies(engine, db, plan, search, names, kept=kept)
    return {name: one.commonest(limit) for name, one in zip(names, found, strict=True)}


def tallies(
    engine: Engine, db: Connection, plan: Plan, search: Search, names: Sequence[str], *, kept: Remembered
) -> list[Tally]:
    """Return for each field how many events have each of its values; segments that were counted before are not again.

    The names are distinct. A tally of more than LARGEST values may be cut where not all was counted beside segments.
    """

    def run(part: Plan, places: Sequence[int]) -> list[Tally]:
        made: list[Tally] = []
        for first in range(0, len(places), _AT_ONCE):
            made += _counted(engine, db, part, [names[one] for one in places[first : first + _AT_ONCE]])
        return made

    engine.set_aside(db, plan)
    return kept.ask(search, [("values", fold(name)) for name in names], plan, run, Tally())


def _counted(engine: Engine, db: Connection, plan: Plan, names: Sequence[str]) -> list[Tally]:
    """Count the values of fields: all of them, or so many that the answer is cut."""
    beside, left = _beside(engine, plan, names)
    others = plan.of(part for part in plan.parts if part.condition is not None)
    met = _together(engine, db, others, names) if others.parts else [{} for _ in names]
    plan.missing += others.missing
    made = []
    for name, known, rest, more in zip(names, beside, left, met, strict=True):
        own = _column_counts(engine, db, plan.of(plan.only(rest)), name, plan)
        if max(len(own), len(more)) <= LARGEST:
            made.append(added([*known, Tally.of(own), Tally.of(more)]))
            continue
        # Which of all values are the commonest says no sum of some of them.
        alone = not known and not (own and more)
        made.append(Tally.of((own or more) if alone else _together(engine, db, plan, [name])[0], cut=True))
    return made


def _beside(engine: Engine, plan: Plan, names: Sequence[str]) -> tuple[list[list[Tally]], list[list[Segment]]]:
    """Return for each field what is counted beside whole segments, and of which of them that says nothing."""
    known: list[list[Tally]] = [[] for _ in names]
    left: list[list[Segment]] = [[] for _ in names]
    for part in plan.parts:
        if part.condition is not None:
            continue
        for segment in part.segments:
            held = counted.read(Path(engine.path(segment)), segment.sha256) or {}
            for place, name in enumerate(names):
                tally = _of(held, segment, part.columns[fold(name)])
                if tally is None:
                    left[place].append(segment)
                else:
                    known[place].append(tally)
    return known, left


def _of(held: dict[str, Tally], segment: Segment, columns: Sequence[str]) -> Tally | None:
    """Return how often the values of a field stand in a segment, None where that is not known."""
    if not columns:
        return Tally()
    found = held.get(columns[0])
    if found is None:
        return None
    absent = segment.events - found.events
    if absent and len(columns) > 1:  # in these the next column counts, and which they are is not known
        return None
    return added([found, Tally.of({NO_LEVEL: absent})]) if absent and "level" in columns else found


def _column_counts(engine: Engine, db: Connection, plan: Plan, name: str, asked: Plan) -> dict[str, int]:
    """Count the values of one field over whole segments: DuckDB counts the codes of a column that it reads as it is."""
    holding = plan.of(part for part in plan.parts if part.columns[fold(name)])
    level = any("level" in part.columns[fold(name)] for part in holding.parts)

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda part: f"{_as_it_is(part, name)} AS c")
        counted = f"SELECT c, count(*) AS n FROM ({statement}) GROUP BY c"
        return f"SELECT c::VARCHAR, n FROM ({counted}) ORDER BY n DESC, c LIMIT {LARGEST + 2}", params

    rows = engine.over(db, holding, build)
    asked.missing += holding.missing
    asked.without(one.segment for one in holding.missing)
    counts: dict[str | None, int] = dict(rows)
    absent = counts.pop(None, 0)
    if level and absent:
        counts[NO_LEVEL] = counts.get(NO_LEVEL, 0) + absent
    return {value: events for value, events in counts.items() if value is not None}


def _as_it_is(part: Part, name: str) -> str:
    columns = [expression(column) for column in part.columns[fold(name)]]
    return columns[0] if len(columns) == 1 else f"coalesce({', '.join(columns)})"


def _together(engine: Engine, db: Connection, plan: Plan, names: Sequence[str]) -> list[dict[str, int]]:
    """Count the values of all fields in one pass, so that a condition is looked at once."""

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda part: ", ".join(
            f"{value_of(part, name)} AS c{n}" for n, name in enumerate(names)))  # fmt: skip
        return _grouped(statement, len(names)), params

    counted: list[dict[str, int]] = [{} for _ in names]
    for number, value, events in engine.over(db, plan, build):
        counted[number][value] = events
    return counted


def _grouped(statement: str, fields: int) -> str:
    columns = [f"c{n}" for n in range(fields)]
    # grouping_id has a zero bit for the column that a set groups by; the first column is the highest bit.
    number = " ".join(f"WHEN {(1 << fields) - 1 - (1 << fields - 1 - n)} THEN {n}" for n in range(fields))
    sets = ", ".join(f"({column})" for column in columns)
    return (
        f"SELECT CASE g {number} END, v, n FROM ("
        f"SELECT grouping_id({', '.join(columns)}) AS g, coalesce({', '.join(columns)}, NULL) AS v, count(*) AS n "
        f"FROM ({statement}) GROUP BY GROUPING SETS ({sets})) WHERE v IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY g ORDER BY n DESC, v) <= {LARGEST + 1}"
    )
