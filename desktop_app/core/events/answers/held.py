"""What a field holds where the whole of segments is asked: worked out of what is counted of its values.

Only the times of the first and the last event that has it are looked up, from the outermost segments inward.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.aggregates import value_of
from desktop_app.core.events.answers.tables import PERCENTILES, Statistics
from desktop_app.core.events.beside.packed import may_be_numbers, unpack
from desktop_app.core.events.beside.tally import Numbers, Tally
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.layout import field_of, fold
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import Micros

Quantities = npt.NDArray[np.float64]
Quantity = float | None
Shares = tuple[tuple[float, float], ...]

MOST_NUMBERS = 100_000  # distinct ones; beyond that, to read the events costs no more
_SIGNS = re.compile(r"[\s0-9.eE+_-]+")


def statistics(
    engine: Engine, db: Connection, plan: Plan, field: str, *, limit: int, tally: Tally
) -> Statistics | None:
    """Return what a field holds, whose values ``tally`` counts; None where the events are to be read for it."""
    if any(part.condition is not None for part in plan.parts):
        return None
    engine.set_aside(db, plan)
    texts, counts = _numerals(tally)
    times = _Times(engine, db, plan, field)
    first, last = times.first(), times.last()
    if plan.missing or times.broken or len(texts) > MOST_NUMBERS:
        return None
    events = sum(segment.events for segment in plan.segments)
    return Statistics(field, events, tally.events, len(tally), first, last, tuple(tally.commonest(limit)),
                      *_of_numbers(*_numbers(engine, texts, counts)))  # fmt: skip


def _numerals(tally: Tally) -> tuple[list[str], Numbers]:
    """Return the values that may be numbers, and how many events have each; texts are made of MOST_NUMBERS at most."""
    places = np.flatnonzero(may_be_numbers(tally.keys))[: MOST_NUMBERS + 1]
    others = {text: events for text, events in tally.texts.items() if _SIGNS.fullmatch(text)}
    counts = np.concatenate((tally.counts[places], np.fromiter(others.values(), np.int64, len(others))))
    return [*unpack(tally.keys[places].tolist()), *others], counts


def _numbers(engine: Engine, texts: Sequence[str], counts: Numbers) -> tuple[Quantities, Numbers]:
    """Return those that are numbers, rising, with their counts; DuckDB says which are, as where events are read."""
    plain = [one.isascii() and one.isdigit() for one in texts]  # what these are is beyond doubt, and quickly told
    numbers = np.array([float(one) if known else math.nan for one, known in zip(texts, plain, strict=True)])
    asked = np.flatnonzero(~np.array(plain, bool))
    if len(asked):
        [[found]] = engine.run(
            "SELECT list_transform(?::VARCHAR[], lambda one: TRY_CAST(one AS DOUBLE))",
            [[texts[one] for one in asked.tolist()]],
        )
        numbers[asked] = np.array(found, np.float64)  # None becomes one that is none
    known = np.flatnonzero(np.isfinite(numbers))
    order = known[np.argsort(numbers[known])]
    return numbers[order], counts[order]


def _of_numbers(numbers: Quantities, counts: Numbers) -> tuple[int, Quantity, Quantity, Quantity, Shares]:
    """Return how many events have a number, the least and the largest, their mean and the percentiles."""
    if not len(numbers):
        return 0, None, None, None, ()
    ends = np.cumsum(counts)
    shares = tuple((share, _quantile(numbers, ends, share)) for share in PERCENTILES)
    mean = math.fsum((numbers * counts).tolist()) / int(ends[-1])
    return int(ends[-1]), float(numbers[0]), float(numbers[-1]), mean, shares


def _quantile(numbers: Quantities, ends: Numbers, share: float) -> float:
    """Return what quantile_cont says where the first so many events, in the order of their numbers, end at each."""
    place = share * float(ends[-1] - 1)
    low, high = (float(numbers[np.searchsorted(ends, one, "right")]) for one in (math.floor(place), math.ceil(place)))
    part = place - math.floor(place)
    return low * (1.0 - part) + high * part


class _Times:
    """When the events are that have a field: read of single segments, once each, where the catalogue does not say."""

    def __init__(self, engine: Engine, db: Connection, plan: Plan, field: str) -> None:
        self._engine, self._db, self._plan, self._field = engine, db, plan, field
        self._parts = [part.of([one]) for part in plan.parts if part.columns[fold(field)] for one in part.segments]
        named = {field_of(column) for part in self._parts for column in part.columns[fold(field)]}
        filled = catalogue.filled(db, sorted(named))
        whole = [part.segments[0] for part in self._parts if part.segments[0].id in filled]
        self._known: dict[int, list[Micros]] = {one.id: [one.min_time, one.max_time] for one in whole}
        self.broken = False

    def first(self) -> Micros | None:
        """Return the time of the first event that has the field; None where none has, or a segment is broken."""
        return self._least(1, lambda one: one.min_time)

    def last(self) -> Micros | None:
        """Return the time of the last one."""
        found = self._least(-1, lambda one: -one.max_time)
        return None if found is None else -found

    def _least(self, sign: int, bound: Callable[[Segment], Micros]) -> Micros | None:
        met: list[Micros] = []
        for part in sorted(self._parts, key=lambda one: bound(one.segments[0])):
            if met and bound(part.segments[0]) >= min(met):
                break
            met += [sign * one for one in self._of(part)]
        return min(met, default=None)

    def _of(self, part: Part) -> list[Micros]:
        number = part.segments[0].id
        if number not in self._known:
            own = self._plan.of([part])
            rows = self._engine.over(self._db, own, self._read)
            self.broken = self.broken or bool(own.missing)
            self._known[number] = [time for row in rows for time in row if time is not None]
        return self._known[number]

    def _read(self, parts: Sequence[Part]) -> Statement:
        inner, params = source(parts, self._engine.path, lambda part: (
            f"{value_of(part, self._field)} AS v, epoch_us(time) AS t"))  # fmt: skip
        return f"SELECT min(t), max(t) FROM ({inner}) WHERE v IS NOT NULL", params
