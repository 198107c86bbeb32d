"""Frozen reports: files of the desk with their period, their query and their digest, never changed afterwards."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError, UsageError
from desktop_app.core.model import Micros
from desktop_app.core.text import text
from desktop_app.core.undo import Decision

DAY = 86_400_000_000
KEPT_DELETED = 30 * DAY
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen report. ``path`` is its name in the folder of reports; ``query`` what was asked for.

    ``findings`` are told, ``left_out`` more only counted. ``copy``: where a schedule put a copy.
    """

    id: int
    created: Micros
    period_from: Micros | None
    period_to: Micros | None
    query: Mapping[str, Any]
    path: str
    sha256: str
    findings: int
    left_out: int
    format: str
    language: str
    bytes: int
    schedule_id: int | None
    copy: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """What is remembered of a report beside its bytes."""

    created: Micros
    start: Micros | None
    end: Micros | None
    query: Mapping[str, Any]
    format: str
    language: str
    findings: int
    left_out: int
    schedule_id: int | None = None


_COLUMNS = ", ".join(Frozen.__dataclass_fields__)
_HERE = "FROM reports WHERE deleted IS NULL"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def freeze(desk: Desk, db: Connection, made: Path, suffix: str, label: Label) -> Frozen:
    """Keep a rendered file as a report of the desk; the file moves."""
    digest = sha256(made)
    path = desk.folder.reports / f"report-{label.created // 1_000_000}-{digest[:8]}{suffix}"
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    size = made.stat().st_size
    made.replace(path)
    with writing(db):
        # The same bytes in the same second are the same report.
        db.execute("DELETE FROM reports WHERE path = ?", (path.name,))
        number = db.execute(
            "INSERT INTO reports (created, period_from, period_to, query, path, sha256, findings, left_out, format,"
            " language, bytes, schedule_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (label.created, label.start, label.end, orjson.dumps(label.query).decode(), path.name, digest,
             label.findings, label.left_out, label.format, label.language, size, label.schedule_id),
        ).lastrowid  # fmt: skip
        audit.record(db, text("Made the report %(name)s", name=path.name), f"report:{number}")
    return report(db, int(number or 0))


def listing(db: Connection, limit: int = 100, schedule_id: int | None = None) -> list[Frozen]:
    """Return the reports that were made, newest first; of one schedule where it is named."""
    where, params = ("", []) if schedule_id is None else (" AND schedule_id = ?", [schedule_id])
    found = rows(db, f"SELECT {_COLUMNS} {_HERE}{where} ORDER BY id DESC LIMIT ?", [*params, limit])
    return [_frozen(row) for row in found]


def total(db: Connection) -> int:
    """Return how many reports there are."""
    return int(value(db, f"SELECT COUNT(*) {_HERE}"))


def report(db: Connection, report_id: int) -> Frozen:
    """Return one report; UsageError where there is none."""
    found = rows(db, f"SELECT {_COLUMNS} {_HERE} AND id = ?", [report_id])
    if not found:
        raise UsageError(text("There is no report of that number."), why=text("It may have been deleted."))
    return _frozen(found[0])


def _frozen(row: Mapping[str, Any]) -> Frozen:
    query = orjson.loads(row["query"])
    return Frozen(**{**row, "query": query if isinstance(query, dict) else {}})


def checked(desk: Desk, frozen: Frozen) -> Path:
    """Return the file of a report, which still has the bytes that were frozen; StoreError where it has not."""
    path = desk.folder.reports / frozen.path
    if not path.is_file():
        raise StoreError(
            text("The file of this report is gone: %(name)s", name=frozen.path),
            why=text("It was moved or deleted outside of Watchdesk."),
            fix=text("Put it back into the folder of reports, or make the report again."),
        )
    if sha256(path) != frozen.sha256:
        raise StoreError(
            text("The file of this report is not the one that was frozen: %(name)s", name=frozen.path),
            why=text("Its bytes have another SHA-256 than the report had when it was made."),
            fix=text("Make the report again; do not rely on the changed file."),
        )
    return path


def remember_copy(db: Connection, report_id: int, copy: Path) -> None:
    """Note where a schedule put a copy."""
    with writing(db):
        db.execute("UPDATE reports SET copy = ? WHERE id = ?", (str(copy), report_id))


# --- deleting --------------------------------------------------------------------------------------------------------


def delete(db: Connection, report_id: int, at: Micros) -> Decision:
    """Take a report off the list; its file goes 30 days later, so until then this can be undone."""
    frozen = report(db, report_id)
    with writing(db):
        before = rows(db, "SELECT * FROM reports WHERE id = ?", [report_id])
        db.execute("UPDATE reports SET deleted = ? WHERE id = ?", (at, report_id))
        said = text("Deleted the report %(name)s", name=frozen.path)
        return undo.record_rows(db, said, [("reports", before, before)], [f"report:{report_id}"])


def retire(desk: Desk, db: Connection, frozen: Frozen) -> None:
    """Remove what a schedule made and keeps no longer: the report with its file, and its copy while it is unchanged."""
    with writing(db):
        db.execute("DELETE FROM reports WHERE id = ?", (frozen.id,))
        said = text("The schedule removed the old report %(name)s", name=frozen.path)
        audit.record(db, said, f"report:{frozen.id}")
    (desk.folder.reports / frozen.path).unlink(missing_ok=True)
    copy = Path(frozen.copy) if frozen.copy else None
    if copy is not None and copy.is_file() and sha256(copy) == frozen.sha256:
        copy.unlink()


def sweep(desk: Desk, db: Connection, at: Micros) -> int:
    """Remove the files of reports that were deleted long ago; returns how many."""
    due = rows(db, "SELECT id, path FROM reports WHERE deleted < ?", [at - KEPT_DELETED])
    for row in due:
        (desk.folder.reports / row["path"]).unlink(missing_ok=True)
    if due:
        with writing(db):
            db.execute("DELETE FROM reports WHERE deleted < ?", (at - KEPT_DELETED,))
    return len(due)
