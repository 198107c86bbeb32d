"""The small chart of a finding: how its matches lie in time. Pure geometry; the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.model import Micros

WIDTH, HEIGHT, BASE = 640, 64, 55.5
GAP = 0.3  # of a bar's slot
TALLEST = 47.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the view box. ``last`` marks the newest match."""

    x: float
    y: float
    width: float
    height: float
    last: bool


@dataclass(frozen=True, slots=True)
class Spark:
    """The chart: its bars, the time at both ends, and the start and count of the fullest bar."""

    bars: tuple[Bar, ...]
    start: Micros
    end: Micros
    peak: Micros
    most: int


def spark(points: Sequence[tuple[Micros, int]], end: Micros) -> Spark | None:
    """Return the chart of (start, count) buckets of equal width, or None where there is nothing to see.

    Everything in one moment is no course of time, so it is not drawn.
    """
    filled = [index for index, (_, count) in enumerate(points) if count]
    if len(filled) < 2:
        return None
    most = max(count for _, count in points)
    slot = WIDTH / len(points)
    bars = tuple(_bar(index, points[index][1] / most, slot, last=index == filled[-1]) for index in filled)
    peak = next(start for start, count in points if count == most)
    return Spark(bars, points[0][0], end, peak, most)


def _bar(index: int, share: float, slot: float, *, last: bool) -> Bar:
    height = round(max(1.0, TALLEST * share), 1)
    return Bar(
        x=round(index * slot + slot * GAP / 2, 1),
        y=round(BASE - height, 1),
        width=round(slot * (1 - GAP), 1),
        height=height,
        last=last,
    )
