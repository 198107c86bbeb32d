"""Local times into UTC, with the gaps and folds of daylight saving time.

A time in a gap is taken as if the clocks had not been changed yet. An hour that happens twice is told apart by the
order of the lines: once the local time falls back within that hour, the second one has begun.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times, moment
from desktop_app.extensions.logs.model import Reading

FOLDS = "folds"  # in the reading's state; it holds for one zone only
_QUARTER = 900 * 1_000_000  # no zone changes its clocks within a quarter of an hour
_DAY = 96 * _QUARTER
_STEP_BACK = 20 * 60 * 1_000_000  # lines a little out of order are no change of clocks; the smallest change is 30 min


def to_utc(local: Times, ordinal: npt.NDArray[np.int64], reading: Reading) -> Times:
    """Turn local times of ``reading.zone`` (in the order of the file) into UTC."""
    quarters, which = np.unique(local // _QUARTER, return_inverse=True)
    earlier, later = (_offsets(quarters, reading.zone, fold) for fold in (0, 1))
    result: Times = local - earlier[which]
    twice = (earlier > later)[which]
    if twice.any():
        second = np.flatnonzero(twice)[_second_pass(local[twice], ordinal[twice], reading)]
        result[second] = local[second] - later[which][second]
    return result


def _offsets(quarters: Times, zone: dt.tzinfo, fold: int) -> Times:
    """Return the zone's distance from UTC at the beginning of each quarter of an hour, in microseconds."""
    found = np.empty(len(quarters), np.int64)
    for at, quarter in enumerate(quarters.tolist()):
        try:
            local = moment(quarter * _QUARTER).replace(tzinfo=zone, fold=fold)
            offset = local.utcoffset() or dt.timedelta(0)
        except OverflowError:  # before year 1 or after year 9999
            offset = dt.timedelta(0)
        found[at] = offset // dt.timedelta(microseconds=1)
    return found


def _second_pass(local: Times, ordinal: npt.NDArray[np.int64], reading: Reading) -> npt.NDArray[np.bool_]:
    """Say which of the times that happen twice are the second time.

    ``state[FOLDS]`` holds for each day: the latest time seen, the line it was seen up to, and the line from which on
    it is the second hour (0: not yet).
    """
    folds: dict[str, list[int]] = reading.state.setdefault(FOLDS, {})
    second = np.zeros(len(local), bool)
    days = local // _DAY
    for day in np.unique(days).tolist():
        rows = days == day
        begins = _fall_back(local[rows], ordinal[rows], folds.setdefault(str(day), [0, 0, 0]))
        second[rows] = (ordinal[rows] >= begins) & (begins > 0)
    return second


def _fall_back(local: Times, ordinal: npt.NDArray[np.int64], seen: list[int]) -> int:
    """Return the line from which on the hour runs for the second time, 0 while it does not."""
    new = ordinal > seen[1]
    if not seen[2] and new.any():
        times, numbers = local[new], ordinal[new]
        highest = np.maximum.accumulate(np.concatenate(([seen[0]], times)))[:-1]
        back = np.flatnonzero(times < highest - _STEP_BACK)
        seen[0] = max(seen[0], int(times.max()))
        seen[1] = int(numbers[-1])
        seen[2] = int(numbers[back[0]]) if len(back) else 0
    return seen[2]
