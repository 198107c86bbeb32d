"""What the Overview and the pages of jobs count: read-only questions about imports and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.errors import error_parts
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text

NAMED = 5  # unread inputs named on the Overview; the page of sources has them all


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be read, and the sentence that says why."""

    name: str
    why: Text


@dataclass(frozen=True, slots=True)
class Import:
    """The newest import: of ``files`` inputs ``read`` were read; ``unread`` names the first of the others."""

    id: int
    label: str
    created: Micros
    running: bool
    files: int
    read: int
    events: int
    skipped: int
    unread: tuple[Unread, ...]

    @property
    def missing(self) -> int:
        """How many inputs were not read."""
        return self.files - self.read


def latest_import(db: Connection) -> Import | None:
    """Return the newest import that stands, or None."""
    found = rows(
        db,
        "SELECT i.id, i.label, i.created, i.state = 'reading' AS running, COUNT(f.id) AS files,"
        " COALESCE(SUM(f.state IN ('done', 'known')), 0) AS read, COALESCE(SUM(f.events), 0) AS events,"
        " COALESCE(SUM(f.skipped), 0) AS skipped FROM imports i LEFT JOIN files f ON f.import_id = i.id"
        " WHERE i.state IN ('reading', 'done') GROUP BY i.id ORDER BY i.id DESC LIMIT 1",
    )
    if not found:
        return None
    return Import(**{**found[0], "running": bool(found[0]["running"]), "unread": _unread(db, found[0]["id"])})


def _unread(db: Connection, import_id: int) -> tuple[Unread, ...]:
    found = rows(
        db,
        "SELECT name, member, error FROM files WHERE import_id = ? AND state = 'failed' ORDER BY id LIMIT ?",
        [import_id, NAMED],
    )
    return tuple(Unread(row["name"], _why(row)) for row in found)


def _why(row: Mapping[str, Any]) -> Text:
    parts = error_parts(orjson.loads(row["error"])) if row["error"] else ()
    return parts[0] if parts else text("It could not be read.")


def is_empty(db: Connection) -> bool:
    """Say whether nothing was ever brought to this desk (or all of it was taken back)."""
    used = "SELECT EXISTS (SELECT 1 FROM imports WHERE state <> 'undone') OR EXISTS (SELECT 1 FROM findings)"
    return not value(db, used)


def oldest_untouched(db: Connection) -> int | None:
    """Return the finding that has waited longest without anyone having worked on it."""
    asked = "SELECT id FROM findings WHERE status = 'new' AND touched = 0 ORDER BY created, id LIMIT 1"
    found = value(db, asked)
    return None if found is None else int(found)


def undo_of_import(db: Connection, import_id: int) -> int | None:
    """Return the entry of the journal that takes an import back, or None where there is none."""
    found = value(
        db,
        "SELECT u.id FROM undo u JOIN undo_subjects s ON s.undo_id = u.id"
        " WHERE s.subject = ? AND u.undone IS NULL ORDER BY u.id LIMIT 1",
        [f"import:{import_id}"],
    )
    return None if found is None else int(found)
