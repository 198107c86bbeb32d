"""Round moments of the site's day, month or year, to stand below a chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import takewhile
from zoneinfo import ZoneInfo

from desktop_app.core.model import Micros, micros
from desktop_app.web import times

Tick = tuple[float, str]  # place along the chart, 0 to 1; label

MOST = 9
_STEPS = (
    *(times.SECOND * one for one in (1, 2, 5, 10, 15, 30)),
    *(times.MINUTE * one for one in (1, 2, 5, 10, 15, 30)),
    *(times.HOUR * one for one in (1, 2, 3, 6, 12)),
    *(times.DAY * one for one in (1, 2, 7, 14)),
)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_MONTH = 30 * times.DAY


def ticks(start: Micros, end: Micros, zone: ZoneInfo) -> list[Tick]:
    """Return at most MOST ticks of the half-open span of time, in order."""
    length = end - start
    if length <= 0:
        return []
    step = next((one for one in _STEPS if length / one <= MOST), None)
    if step is None:
        months = next((one for one in _MONTHS if length / (one * _MONTH) <= MOST), _MONTHS[-1])
        moments, shape = _by_months(start, months, zone), "%Y" if months % 12 == 0 else "%Y-%m"
    else:
        moments, shape = _by_length(start, step, zone), _shape(step, length)
    inside = takewhile(lambda moment: moment <= end, moments)
    return [(round((one - start) / length, 4), f"{times.local(one, zone):{shape}}") for one in inside]


def _by_length(start: Micros, step: Micros, zone: ZoneInfo) -> Iterator[Micros]:
    # Round in the time of the site: an hour or a day of UTC may be none there.
    shift = (times.local(start, zone).utcoffset() or dt.timedelta()) // dt.timedelta(microseconds=1)
    moment = -(-(start + shift) // step) * step - shift
    while True:
        yield moment
        moment += step


def _by_months(start: Micros, step: int, zone: ZoneInfo) -> Iterator[Micros]:
    first = times.local(start, zone)
    # Counted from the year 0, so that decades begin with a round year.
    months = -(-(first.year * 12 + first.month - 1) // step) * step
    while months // 12 <= dt.MAXYEAR:
        moment = micros(dt.datetime(months // 12, months % 12 + 1, 1, tzinfo=zone))
        if moment >= start:
            yield moment
        months += step


def _shape(step: Micros, length: Micros) -> str:
    if step >= times.DAY:
        return "%m-%d"
    clock = "%H:%M" if step >= times.MINUTE else "%H:%M:%S"
    return f"%m-%d {clock}" if length > times.DAY else clock
