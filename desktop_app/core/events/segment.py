"""A segment before and after the catalogue knows it. Nothing here needs DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import LogSource, Micros

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A written file that no catalogue knows yet.

    ``path`` is relative to the segments folder; ``rows`` are indices into the batch, in the order of the file; times in
    microseconds UTC; ``fields`` holds the number of values of each field; ``left_out`` counts the fields beyond
    MAX_FIELDS, whose values remain in ``raw`` alone.
    """

    path: str
    log_source: LogSource
    rows: Rows
    events: int
    bytes: int
    sha256: str
    min_time: Micros
    max_time: Micros
    min_id: int
    max_id: int
    fields: Mapping[str, int]
    zone_assumed: bool
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of the event store. ``path`` is relative to the segments folder; times are inclusive, in µs UTC."""

    id: int
    path: str
    file_id: int
    import_id: int
    log_source: LogSource
    min_time: Micros
    max_time: Micros
    min_id: int
    max_id: int
    events: int
    bytes: int
    sha256: str
    zone_assumed: bool


def portions(segments: Iterable[Segment], most: int) -> Iterator[list[Segment]]:
    """Yield segments in portions of at most so many events, or of one segment."""
    portion: list[Segment] = []
    for one in segments:
        if portion and sum(other.events for other in portion) + one.events > most:
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def beside(segment: Path) -> Path:
    """Return where the bit set of a segment's file lies (``grams``)."""
    return segment.with_name(segment.name + ".grams")


def counts_of(segment: Path) -> Path:
    """Return where the counts of a segment's values lie (``counted``)."""
    return segment.with_name(segment.name + ".counts")


def companions(segment: Path) -> tuple[Path, Path]:
    """Return the files that lie beside a segment's file: they come and go with it."""
    return beside(segment), counts_of(segment)
