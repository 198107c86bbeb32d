"""Segments that retention took out of sight: whose they were, and when their files are deleted for good."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events import catalogue
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder


def add(db: Connection, ids: Sequence[int], undo_id: int, due: Micros) -> None:
    """Note that hidden segments go at a moment, unless a decision of the journal is undone; inside ``writing()``."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO retired_segments (segment_id, undo_id, due) VALUES (?, ?, ?)",
        [(one, undo_id, due) for one in ids],
    )


def of(db: Connection, undo_id: int) -> list[int]:
    """Return what a decision took away and is still there."""
    query = "SELECT segment_id FROM retired_segments WHERE undo_id = ? ORDER BY segment_id"
    return [row["segment_id"] for row in rows(db, query, [undo_id])]


def forget(db: Connection, ids: Sequence[int]) -> None:
    """Note that segments stay; inside ``writing()``."""
    listed = orjson.dumps(list(ids)).decode()
    db.execute("DELETE FROM retired_segments WHERE segment_id IN (SELECT value FROM json_each(?))", (listed,))


def purge(folder: DataFolder, db: Connection, at: Micros | None) -> int:
    """Delete what is due at a moment (everything where None); return how many segments.

    The decisions that took it away are no longer the newest ones that an undo would take back.
    """
    query = "SELECT segment_id, undo_id FROM retired_segments WHERE ? IS NULL OR due <= ?"
    if not rows(db, f"{query} LIMIT 1", [at, at]):
        return 0
    with writing(db):
        due = rows(db, query, [at, at])
        paths = catalogue.remove(db, [row["segment_id"] for row in due])
        entries = sorted({(row["undo_id"],) for row in due})
        db.conn.executemany("UPDATE undo SET kind = 'auto.retention' WHERE id = ? AND undone IS NULL", entries)
    catalogue.discard(folder, db, paths)
    return len(due)
