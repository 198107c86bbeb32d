"""Findings a day, by severity, as stacked bars: which days, how many, and the geometry that the template draws."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.model import Micros
from desktop_app.web import times

DAYS = 30
WIDTH, HEIGHT = 720, 96  # units of the view box
TOP = 6.0
SLOT = WIDTH / DAYS
GAP = 0.28  # of a day's slot


@dataclass(frozen=True, slots=True)
class Part:
    """The findings of one severity on one day: their number, and where their piece of the bar stands."""

    severity: int
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the site. ``slot`` is where its place begins, ``x`` and ``width`` are those of its bar."""

    date: dt.date
    slot: float
    x: float
    width: float
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """How many findings were first seen on it."""
        return sum(one.count for one in self.parts)


@dataclass(frozen=True, slots=True)
class Trend:
    """The last days that there is something to see of. ``totals``: severity and number, from the highest down."""

    days: tuple[Day, ...]
    totals: tuple[tuple[int, int], ...]
    most: int
    recent: bool

    @property
    def period(self) -> str:
        """The days as an address names them."""
        return f"{self.days[0].date}..{self.days[-1].date}"


def trend(db: Connection, zone: ZoneInfo, present: Micros) -> Trend | None:
    """Return the findings of the last 30 days by the day on which they were first seen; None where there are none.

    Where these days are empty (logs of the past were brought in), the 30 days up to the newest finding are taken.
    """
    newest = value(db, "SELECT MAX(first_seen) FROM findings WHERE first_seen <= ?", [present])
    if newest is None:
        return None
    today = times.local(present, zone).date()
    recent = times.local(newest, zone).date() > today - dt.timedelta(days=DAYS)
    last = today if recent else times.local(newest, zone).date()
    dates = [last - dt.timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    edges = [times.midnight(one, zone) for one in (*dates, last + dt.timedelta(days=1))]
    return _drawn(dates, _counted(db, edges), recent=recent)


# Counted in the database by quarters of an hour: zones move a midnight by no less, so each quarter lies in one day.
_QUARTER = 15 * 60 * 1_000_000
_COUNTED = """SELECT first_seen / ?1 AS quarter, severity, COUNT(*) AS n FROM findings
    WHERE first_seen >= ?2 AND first_seen < ?3 GROUP BY 1, 2"""


def _counted(db: Connection, edges: Sequence[Micros]) -> list[Counter[int]]:
    counted: list[Counter[int]] = [Counter() for _ in edges[1:]]
    for row in rows(db, _COUNTED, [_QUARTER, edges[0], edges[-1]]):
        counted[bisect_right(edges, row["quarter"] * _QUARTER) - 1][row["severity"]] += row["n"]
    return counted


def _drawn(dates: Sequence[dt.date], counted: Sequence[Counter[int]], *, recent: bool) -> Trend:
    most = max(sum(one.values()) for one in counted)
    totals = sum(counted, Counter())
    days = tuple(_day(number, date, one, most) for number, (date, one) in enumerate(zip(dates, counted, strict=True)))
    return Trend(days, tuple(sorted(totals.items(), reverse=True)), most, recent)


def _day(number: int, date: dt.date, counted: Counter[int], most: int) -> Day:
    slot, parts, base = number * SLOT, list[Part](), float(HEIGHT)
    for severity in sorted(counted, reverse=True):
        height = round((HEIGHT - TOP) * counted[severity] / most, 2)
        base -= height
        parts.append(Part(severity, counted[severity], round(base, 2), height))
    return Day(date, round(slot, 2), round(slot + SLOT * GAP / 2, 2), round(SLOT * (1 - GAP), 2), tuple(parts))
