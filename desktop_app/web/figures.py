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
    asked = "SELECT id FROM findings WHERE status = 'new' AND touched = 0 ORDER BY created, last_seen, id LIMIT 1"
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


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read. ``sha256`` is of its unpacked bytes; ``zone_assumed``: its lines carried no zone."""

    name: str
    sha256: str | None
    events: int
    skipped: int
    zone: str | None
    zone_assumed: bool


def inputs(db: Connection, limit: int = 1000) -> list[Input]:
    """Return the files that standing imports read, newest first."""
    found = rows(
        db,
        "SELECT f.name, f.sha256, f.events, f.skipped, f.zone, f.zone_assumed FROM files f"
        " JOIN imports i ON i.id = f.import_id WHERE i.state IN ('reading', 'done') AND f.state = 'done'"
        " ORDER BY f.id DESC LIMIT ?",
        [limit],
    )
    return [Input(**{**row, "zone_assumed": bool(row["zone_assumed"])}) for row in found]


def rules(db: Connection) -> tuple[int, int]:
    """Return how many rules are on, and how many the engine can't use."""
    usable = "COALESCE(SUM(enabled = 1 AND state = 'ready'), 0) AS usable"
    other = "COALESCE(SUM(state <> 'ready'), 0) AS other"
    found = rows(db, f"SELECT {usable}, {other} FROM rules")[0]
    return found["usable"], found["other"]


@dataclass(frozen=True, slots=True)
class Report:
    """A frozen report. ``path`` is its name in the folder of reports."""

    id: int
    created: Micros
    period_from: Micros | None
    period_to: Micros | None
    path: str
    sha256: str
    findings: int


def reports(db: Connection, limit: int = 100) -> list[Report]:
    """Return the reports that were made, newest first."""
    columns = ", ".join(Report.__dataclass_fields__)
    return [Report(**row) for row in rows(db, f"SELECT {columns} FROM reports ORDER BY id DESC LIMIT ?", [limit])]
