"""What the event store answers with. Nothing here needs DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.core.errors import StoreError
from desktop_app.core.events.segment import Segment
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text

Key = tuple[Micros, int]  # time in µs UTC, event id
Record = dict[str, Any]  # rows.py says what is in it
Facets = dict[str, list[tuple[str, int]]]

NO_LEVEL = "none"


@dataclass(frozen=True, slots=True)
class Missing:
    """A segment that should have been searched and could not be read."""

    segment: Segment
    error: StoreError


def troubles(missing: Sequence[Missing], segments: int) -> list[Text]:
    """Return the sentences for a partial answer; none for a whole one."""
    if not missing:
        return []
    read = text(
        "%(read)s of %(total)s parts of the stored events were searched.", read=segments - len(missing), total=segments
    )
    return [read, *(one.error.what for one in missing)]


@dataclass(frozen=True, slots=True)
class Page:
    """Events newest first. ``newer_key`` goes to ``before``, ``older_key`` to ``after``; None where nothing is left.

    ``complete`` is False when segments could not be read: ``missing`` names them, ``segments`` is out of how many.
    """

    rows: list[Record]
    newer_key: Key | None
    older_key: Key | None
    complete: bool
    missing: tuple[Missing, ...] = ()
    segments: int = 0

    @property
    def troubles(self) -> list[Text]:
        """What to tell beside the rows when segments are missing: how many were read, then each that was not."""
        return troubles(self.missing, self.segments)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Events over time by level: ``levels[level][n]`` lie in ``start + n * step`` and the ``step`` µs from there.

    Events without a level count under "none". ``missing`` names segments that could not be read.
    """

    start: Micros
    step: Micros
    levels: Mapping[str, list[int]]
    missing: tuple[Missing, ...] = ()
