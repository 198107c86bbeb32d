"""What becomes due by itself: after a crash what it left, then suppressions and events whose days are over."""

from __future__ import annotations

from desktop_app.core import temporary, triage
from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder


def begin(folder: DataFolder, db: Connection, at: Micros) -> None:
    """Sweep away what belongs to nobody and queue what is lacking; for the holder of the lock, while nobody works."""
    from desktop_app.core.events import catalogue
    from desktop_app.core.keeping import indexing

    catalogue.sweep(folder, db)
    temporary.empty(folder, db, at)
    indexing.queue(folder, db)


def turn(folder: DataFolder, db: Connection, at: Micros) -> None:
    """Do what is due at a moment; for the process that runs the queued jobs alone."""
    triage.expire(db, at)
    if rows(db, "SELECT 1 FROM retired_segments WHERE due <= ? LIMIT 1", [at]):
        from desktop_app.core.events import retired  # it loads the event store, which most turns have no use for

        retired.purge(folder, db, at)
