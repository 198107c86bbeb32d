"""What is unusual in a window of time: values and messages that are more, or less, frequent there than elsewhere.

The measure is the log-odds ratio, smoothed by SMOOTHING on either side, over its standard error (Monroe, Colaresi &
Quinn 2008, https://doi.org/10.1093/pan/mpn018): a single event is never unusual, a thousandfold of what was never
there before always is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.aggregates import value_of
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import Micros

SMOOTHING = 0.5
LEAST = 5  # events, on the side where there are more
CERTAIN = 4.0  # standard errors
EACH = 100  # candidates of a field
MOST = 40


@dataclass(frozen=True, slots=True)
class Oddity:
    """A value (of ``field``; empty: a message template) with how many events have it in the window and elsewhere.

    ``score`` is in standard errors: positive where it is more frequent in the window, negative where it is less.
    """

    field: str
    value: str
    here: int
    there: int
    score: float


@dataclass(frozen=True, slots=True)
class Unusual:
    """The oddities, the strongest first, out of so many events in the window and elsewhere."""

    oddities: tuple[Oddity, ...]
    here: int
    there: int


def score(here: int, there: int, all_here: int, all_there: int) -> float:
    """Return by how many standard errors a value is more frequent here (negative: less) than there."""
    a, b = here + SMOOTHING, there + SMOOTHING
    c, d = all_here - here + SMOOTHING, all_there - there + SMOOTHING
    return (math.log(a / c) - math.log(b / d)) / math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def ranked(counted: Iterable[tuple[str, str, int, int]], here: int, there: int) -> Unusual:
    """Rank values (field, value, count here, count there); those that may be chance are left out."""
    found = [
        Oddity(field, value, a, b, score(a, b, here, there))
        for field, value, a, b in counted
        if max(a, b * here / there if there else 0) >= LEAST and here and there
    ]
    sure = sorted((one for one in found if abs(one.score) >= CERTAIN), key=lambda one: (-abs(one.score), one.value))
    return Unusual(tuple(sure[:MOST]), here, there)


def values(
    engine: Engine, db: Connection, plan: Plan, fields: Sequence[str], window: tuple[Micros, Micros]
) -> tuple[list[tuple[str, str, int, int]], int, int]:
    """Return the values that may be odd with their counts in the window and elsewhere, and all events of both."""
    start, end = window
    names = [f"c{n}" for n in range(len(fields))]
    whole = (1 << len(names)) - 1

    def build(parts: Sequence[Part]) -> Statement:
        inside = f"(epoch_us(time) >= {int(start)} AND epoch_us(time) < {int(end)})"
        statement, params = source(parts, engine.path, lambda part: ", ".join(
            [f"{inside} AS w", *(f"{value_of(part, name)} AS c{n}" for n, name in enumerate(fields))]))  # fmt: skip
        sets = ", ".join(f"({name})" for name in names)
        columns = ", ".join(names)
        counted = (
            f"SELECT grouping_id({columns}) AS g, coalesce({columns}, NULL) AS v, count(*) FILTER (w) AS h, "
            f"count(*) FILTER (NOT w) AS o FROM ({statement}) GROUP BY GROUPING SETS ((), {sets})"
        )
        # The candidates: what is relatively most frequent on either side, much as the score weighs it.
        odds = f"(h + {SMOOTHING}) / (o + {SMOOTHING}) * (a.o_all + 1) / (a.h_all + 1)"
        return (
            f"WITH c AS ({counted}), a AS (SELECT h AS h_all, o AS o_all FROM c WHERE g = {whole}) "
            f"SELECT g, v, h, o FROM c, a WHERE g = {whole} OR (v IS NOT NULL AND h + o >= {LEAST}) "
            f"QUALIFY row_number() OVER (PARTITION BY g ORDER BY abs(ln({odds})) * sqrt(greatest(h, o)) DESC, v) "
            f"<= {EACH}"
        ), params

    found = engine.over(db, plan, build)
    places = {whole - (1 << len(names) - 1 - n): name for n, name in enumerate(fields)}
    counted = [(places[g], str(v), int(h), int(o)) for g, v, h, o in found if g != whole]
    total = next(((int(h), int(o)) for g, _, h, o in found if g == whole), (0, 0))
    return counted, *total
