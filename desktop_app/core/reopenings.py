"""Closed findings that new matches bring back, and how they close again when the import of these matches is undone."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.model import Micros, Status, now

CLOSED = (Status.RESOLVED, Status.ARCHIVED)
# A person has decided about the finding since, or has taken back what had been decided before.
_DECIDED_SINCE = """SELECT 1 FROM undo u JOIN undo_subjects s ON s.undo_id = u.id WHERE s.subject = ?
    AND (u.id > ? AND u.undone IS NULL OR u.id <= ? AND u.undone >= ?) LIMIT 1"""
_LIFT = "UPDATE suppressions SET lifted = ? WHERE finding_id = ? AND lifted IS NULL AND scope_id IS NOT NULL"
_IMPORTS_OF = "SELECT DISTINCT import_id FROM segments WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1"


def _imports(db: Connection, segments: Iterable[int]) -> list[int]:
    return [row["import_id"] for row in rows(db, _IMPORTS_OF, [orjson.dumps(sorted(segments)).decode()])]


def reopen(db: Connection, finding_id: int, at: Micros, *, fresh: Iterable[int], before: Iterable[int]) -> bool:
    """Bring a finding back that was resolved or archived, marked so; one that is open stays as it is (False).

    ``fresh`` are the segments of the new matches, ``before`` those that had contributed until then; inside
    ``writing()``.
    """
    status = value(db, "SELECT status FROM findings WHERE id = ?", [finding_id])
    if status not in CLOSED:
        return False
    db.execute(
        "INSERT INTO reopenings (finding_id, import_id, imports, status, verdict, read, reopened, undo_id, at)"
        " SELECT id, ?, ?, status, verdict, read, reopened, (SELECT COALESCE(MAX(id), 0) FROM undo), ?"
        " FROM findings WHERE id = ?",
        (_imports(db, fresh)[-1], orjson.dumps(_imports(db, before)).decode(), now(), finding_id),
    )
    db.execute(
        "UPDATE findings SET status = 'new', verdict = NULL, read = 0, reopened = ? WHERE id = ?", (at, finding_id)
    )
    return True


def take_back(db: Connection, import_id: int) -> None:
    """Close the findings again that an import had reopened, once its events are gone; inside ``writing()``.

    Where a person has decided since, that decision stands. Where another import has brought matches since, the finding
    stays open, and closes when that one is undone too.
    """
    for row in rows(db, "SELECT * FROM reopenings WHERE import_id = ? ORDER BY id DESC", [import_id]):
        finding_id = row["finding_id"]
        if value(db, _DECIDED_SINCE, [f"finding:{finding_id}", row["undo_id"], row["undo_id"], row["at"]]):
            continue
        contributing = rows(db, "SELECT segment_id FROM contributions WHERE finding_id = ?", [finding_id])
        others = {*_imports(db, [one["segment_id"] for one in contributing])}
        others -= {import_id, *orjson.loads(row["imports"])}
        if others:
            db.execute("UPDATE reopenings SET import_id = ? WHERE id = ?", (min(others), row["id"]))
            continue
        # A scope may have hidden it as soon as it came back.
        db.execute(_LIFT, (now(), finding_id))
        db.execute(
            "UPDATE findings SET status = ?, verdict = ?, read = max(read, ?), reopened = ? WHERE id = ?",
            (row["status"], row["verdict"], row["read"], row["reopened"], finding_id),
        )
    db.execute("DELETE FROM reopenings WHERE import_id = ?", (import_id,))
