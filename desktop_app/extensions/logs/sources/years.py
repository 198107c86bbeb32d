"""The year that RFC 3164 and others leave out.

Within a file a year turns where December is followed by January. The beginning is placed so that nothing lies in the
future of the file's modification time. Which line belongs to which year is kept in ``reading.state``, so that the same
lines get the same years when they come back from the store in pieces.
"""

from __future__ import annotations

import calendar
import datetime as dt

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times, micros, moment
from desktop_app.core.text import ntext
from desktop_app.extensions.logs.model import Reading

_DAY = 86_400_000_000
_FELL_BACK = -60 * _DAY  # lines are never that late: a new year has begun, perhaps after a long silence
_FAR_AHEAD = 360 * _DAY  # a late line of the last days of December among those of January
_START_2000 = micros(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
_MOST_TURNS = 1_000  # a file that jumps more often between December and January has no order to learn from


def with_years(column: Times, ordinal: npt.NDArray[np.int64], reading: Reading) -> Times:
    """Move times of the (leap) year 2000 into their own years."""
    inside = column - _START_2000
    turns: list[list[int]] = reading.state.setdefault("years", [])
    _learn(inside, ordinal, turns, reading)
    starts = np.array([turn[0] for turn in turns], np.int64)
    years = np.array([turn[1] for turn in turns], np.int64)
    chosen = years[np.maximum(np.searchsorted(starts, ordinal, side="right") - 1, 0)]
    return _not_in_future(inside, chosen, reading)


def _learn(inside: Times, ordinal: npt.NDArray[np.int64], turns: list[list[int]], reading: Reading) -> None:
    """Note where the year turns among the lines that were not seen before."""
    new = ordinal > int(reading.state.get("years_to", 0))
    if not new.any():
        return
    column, numbers = inside[new], ordinal[new]
    steps = np.diff(column, prepend=int(reading.state.get("years_last", column[0])))
    at = np.flatnonzero((steps < _FELL_BACK) | (steps > _FAR_AHEAD))[: max(0, _MOST_TURNS - len(turns))]
    later = np.cumsum(np.where(steps[at] < 0, 1, -1))
    if turns:
        base = turns[-1][1]
    else:
        base = _first_year(column, np.searchsorted(at, np.arange(len(column)), side="right"), later, reading.reference)
        turns.append([int(numbers[0]), base])
    turns += [[int(number), base + int(by)] for number, by in zip(numbers[at], later, strict=True)]
    reading.state["years_to"] = int(numbers[-1])
    reading.state["years_last"] = int(column[-1])


def _first_year(column: Times, passed: npt.NDArray[np.int64], later: npt.NDArray[np.int64], reference: int) -> int:
    """Return the latest year to begin with that leaves no line of the batch in the future."""
    by_turns = np.concatenate(([0], later))
    year = moment(reference).year
    latest = [(int(by_turns[turns]), int(column[passed == turns].max())) for turns in np.unique(passed)]
    while year > 1 and any(_in_year(np.array([at]), year + by)[0] > reference + _DAY for by, at in latest):
        year -= 1
    return year


def _in_year(inside: Times, year: int) -> Times:
    """29 February of a year that has none is read as 1 March."""
    start = micros(dt.datetime(min(max(year, 1), 9999), 1, 1, tzinfo=dt.UTC))
    if calendar.isleap(year):
        return inside + start
    return np.where(inside >= 60 * _DAY, inside - _DAY, inside) + start


def _not_in_future(inside: Times, years: npt.NDArray[np.int64], reading: Reading) -> Times:
    result = np.empty(len(inside), np.int64)
    for year in np.unique(years):
        rows = years == year
        result[rows] = _in_year(inside[rows], int(year))
    ahead = np.flatnonzero(result > reading.reference + _DAY)
    for at in ahead:
        year = int(years[at])
        while result[at] > reading.reference + _DAY and year > 1:
            year -= 1
            result[at] = _in_year(inside[at : at + 1], year)[0]
    if len(ahead):
        reading.note(
            ntext(
                "The year of %(num)s line is uncertain: the file says none.",
                "The year of %(num)s lines is uncertain: the file says none.",
                num=len(ahead),
            )
        )
    return result
