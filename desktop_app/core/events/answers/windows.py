"""Spans of time to look through one after the other, from the newest events to the oldest or the other way.

Each holds more events than the one before: who has found enough in the first need not look at the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.events.segment import Segment
from desktop_app.core.model import Micros

FIRST_EVENTS = 20_000  # a row group: less is not read in less time
FIRST_SEGMENTS = 4  # opening one costs a millisecond
GROWTH = 4

Numbers = npt.NDArray[np.float64]


def windows(
    segments: Sequence[Segment], start: Micros | None, *, newest_first: bool
) -> Iterator[tuple[Micros, Micros]]:
    """Yield half-open spans of time that join, from the time ``start`` (within the first span; None: the end) on.

    How many events there are is estimated: as if those of a segment lay evenly in its time.
    """
    if not segments:
        return
    sign = -1 if newest_first else 1
    # Read from the newest, time runs backwards; the end of a span is no part of it.
    reaches = sorted((one.max_time + 1 if newest_first else one.min_time) * sign for one in segments)
    times, events = _behind(segments, sign)
    edge = reaches[0] if start is None else max(reaches[0], (start + newest_first) * sign)
    last = max(-one.min_time if newest_first else one.max_time + 1 for one in segments)
    wanted, most = FIRST_EVENTS, FIRST_SEGMENTS
    while edge < last:
        enough = np.interp(np.interp(edge, times, events) + wanted, events, times, right=last)
        coming = [one for one in reaches if one >= edge][most : most + 1]
        far = max(edge + 1, min(int(enough), *coming, last))
        yield (-far, -edge) if newest_first else (edge, far)
        edge, wanted, most = far, wanted * GROWTH, most * GROWTH


def _behind(segments: Sequence[Segment], sign: int) -> tuple[Numbers, Numbers]:
    """Return times in reading order and how many events are read before each of them."""
    starts = np.array([one.min_time for one in segments], np.int64)
    ends = np.array([one.max_time + 1 for one in segments], np.int64)
    density = sign * np.array([one.events for one in segments]) / (ends - starts)
    times, which = np.unique(sign * np.concatenate((starts, ends)).astype(np.float64), return_inverse=True)
    change = np.bincount(which, np.concatenate((density, -density)), len(times))
    return times, np.concatenate(([0.0], np.cumsum(np.cumsum(change)[:-1] * np.diff(times))))
