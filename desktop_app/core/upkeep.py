"""What becomes due by itself while a desk is open: suppressions that end, and events whose days are over."""

from __future__ import annotations

from desktop_app.core import triage
from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder


def turn(folder: DataFolder, db: Connection, at: Micros) -> None:
    """Do what is due at a moment; for the process that runs the queued jobs alone."""
    triage.expire(db, at)
    if rows(db, "SELECT 1 FROM retired_segments WHERE due <= ? LIMIT 1", [at]):
        from desktop_app.core.events import retired  # it loads the event store, which most turns have no use for

        retired.purge(folder, db, at)
