"""The charts of a report as plain geometry; the template draws them as SVG, without script and without inline style."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core.model import Micros
from desktop_app.core.reports import Span, Tally
from desktop_app.web.context import SEVERITIES
from desktop_app.web.spark import Spark
from desktop_app.web.times import local

WIDTH, HEIGHT = 700.0, 170.0
LEFT, RIGHT, TOP, BASE = 34.0, 696.0, 8.0, 146.0
MOST_TICKS = 8
BAR_GAP = 0.22  # of a bar's place
WIDEST = 46.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A round top of an axis of counts, and the lines drawn on it."""

    top: int
    marks: tuple[int, ...]


def scale(most: int) -> Scale:
    """Return the smallest round scale of whole numbers that holds a count."""
    for power in range(10):
        for step in (1, 2, 5):
            unit = step * 10**power
            if unit * 4 >= most:
                top = max(1, -(-most // unit)) * unit
                return Scale(top, tuple(range(0, top + 1, unit)))
    return Scale(most, (0, most))


def days(spans: Sequence[Span], zone: ZoneInfo) -> dict[str, Any] | None:
    """Return findings a day as stacked bars, the most severe at the bottom; None where there is nothing to draw."""
    if not any(one.total for one in spans):
        return None
    axis = scale(max(one.total for one in spans))
    place = (RIGHT - LEFT) / len(spans)
    width = min(place * (1 - BAR_GAP), WIDEST)
    bars: list[dict[str, Any]] = []
    for index, one in enumerate(spans):
        bars += _stack(one, LEFT + (index + 0.5) * place - width / 2, width, axis.top)
    each = -(-len(spans) // MOST_TICKS)
    ticks = [
        {"x": round(LEFT + (index + 0.5) * place, 1), "words": _day(one.start, zone) if index % each == 0 else ""}
        for index, one in enumerate(spans)
    ]
    lines = [{"y": _height(mark, axis.top), "words": f"{mark:,}"} for mark in axis.marks]
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "base": BASE,
            "bars": bars, "ticks": ticks, "lines": lines}  # fmt: skip


def _day(start: Micros, zone: ZoneInfo) -> str:
    shown: dt.datetime = local(start, zone)
    return f"{shown:%m-%d}"


def _height(count: int, top: int) -> float:
    return round(BASE - (BASE - TOP) * count / top, 1)


def _stack(span: Span, x: float, width: float, top: int) -> list[dict[str, Any]]:
    bars, below = [], 0
    for severity, count in span.counts.items():
        if count:
            low, high = _height(below, top), _height(below + count, top)
            bars.append({"class": SEVERITIES[severity][0], "x": round(x, 1), "y": high, "width": round(width, 1),
                         "height": round(max(low - high, 0.8), 1)})  # fmt: skip
            below += count
    return bars


def ranking(tallies: Sequence[Tally], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return horizontal bars: a name, its count, and how long its bar is of 100."""
    most = max((one.count for one in tallies), default=1)
    return [
        {"name": names.get(one.name, one.name), "count": one.count, "class": SEVERITIES[one.severity][0],
         "length": round(max(100 * one.count / most, 1), 1)}
        for one in tallies
    ]  # fmt: skip


def small(chart: Spark | None) -> list[dict[str, float]]:
    """Return the bars of a finding's own small chart."""
    bars = chart.bars if chart else ()
    return [{"x": one.x, "y": one.y, "width": one.width, "height": one.height} for one in bars]
