"""What changed since a reader last looked: one mark a reader, moved on when a new session begins.

A session is a stretch of looking without a long pause. While it lasts the mark stays where the session before it
ended, so that what is new does not vanish at the second glance.
"""

from __future__ import annotations

from typing import Literal

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.findings import FindingRow
from desktop_app.core.model import Micros
from desktop_app.core.text import text
from desktop_app.core.undo import Decision

PAUSE = 30 * 60 * 1_000_000  # after which looking again is a new session
_KEPT = 60 * 1_000_000  # a glance within a minute of the last one is not written down

Change = Literal["new", "back", "grown"]


def visit(db: Connection, reader: str, at: Micros) -> Micros:
    """Note that a reader looks now; returns since when what came is new to them. The first look finds nothing new."""
    found = rows(db, "SELECT since, last FROM looks WHERE reader = ?", [reader])
    since = found[0]["since"] if found else at
    if found and at - found[0]["last"] < _KEPT:
        return int(since)
    if found and at - found[0]["last"] > PAUSE:
        since = found[0]["last"]
    with writing(db):
        db.execute("INSERT OR REPLACE INTO looks (reader, since, last) VALUES (?, ?, ?)", (reader, since, at))
    return int(since)


def since(db: Connection, reader: str) -> Micros | None:
    """Return since when what came is new to a reader, None before their first look."""
    found = value(db, "SELECT since FROM looks WHERE reader = ?", [reader])
    return None if found is None else int(found)


def mark_seen(db: Connection, reader: str, at: Micros) -> Decision:
    """Take everything up to now as seen."""
    with writing(db):
        before = rows(db, "SELECT * FROM looks WHERE reader = ?", [reader])
        db.execute("INSERT OR REPLACE INTO looks (reader, since, last) VALUES (?, ?, ?)", (reader, at, at))
        changes: list[undo.Change] = [("looks", before, [{"reader": reader}])]
        return undo.record_rows(db, text("Marked everything as seen"), changes, [f"look:{reader}"])


def change(row: FindingRow, mark: Micros) -> Change | None:
    """Say what became of a finding since a mark: it is new, came back or grew; None where nothing did."""
    if row.created > mark:
        return "new"
    if (row.reopened or 0) > mark:
        return "back"
    return "grown" if row.grown > mark else None
