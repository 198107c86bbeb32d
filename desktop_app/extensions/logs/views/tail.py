"""Where a live tail stands: a mark is how far the store had come, and what has come since can be asked for."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.segment import Segment


def mark(db: Connection) -> str:
    """Return how far the store has come: its newest segment and how many events it holds."""
    return f"{catalogue.newest(db)}.{catalogue.totals(db).events}"


def since(db: Connection, segment_id: int, events: int) -> list[Segment]:
    """Return the segments that brought events since a mark.

    Segments that were only put together are new too, but bring nothing: together with what is new they hold more
    events than the store has gained, and they are the large ones.
    """
    gained = catalogue.totals(db).events - events
    return _smallest(catalogue.after(db, segment_id), gained)


def _smallest(found: Sequence[Segment], most: int) -> list[Segment]:
    kept = sorted(found, key=lambda one: one.events)
    while kept and sum(one.events for one in kept) > most:
        kept.pop()
    return kept
