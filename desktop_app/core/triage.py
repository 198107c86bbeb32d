"""What a person decides about findings: status, verdict, note, suppression. Each decision can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, Status, Verdict, now
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision

# The columns that a person decides; counts and times belong to the pipeline and are never turned back.
_DECIDED = "id, status, verdict, read, touched"
LONGEST_NOTE = 10_000
# Lists of ids go in as JSON: a person may select more findings than SQLite takes parameters.
_LISTED = "(SELECT value FROM json_each(?))"


def _json(ids: Sequence[int]) -> str:
    return orjson.dumps(ids).decode()


def _rows(db: Connection, ids: Sequence[int], columns: str = _DECIDED) -> list[dict[str, Any]]:
    return rows(db, f"SELECT {columns} FROM findings WHERE id IN {_LISTED} ORDER BY id", [_json(ids)])


def decided(db: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return what a person decides of findings, as rows for the journal."""
    return _rows(db, ids)


def touch(db: Connection, ids: Sequence[int]) -> undo.Change:
    """Mark findings as worked on, so that they stay when their events go; inside ``writing()``.

    Returns the change for the journal; what else is decided about them stays out of it.
    """
    before = _rows(db, ids, "id, touched")
    db.execute(f"UPDATE findings SET touched = 1 WHERE id IN {_LISTED}", (_json(ids),))
    return ("findings", before, before)


def _subjects(ids: Sequence[int]) -> list[str]:
    return [f"finding:{one}" for one in ids]


def _set(db: Connection, ids: Sequence[int], summary: Text, **columns: str | None) -> Decision:
    """Write status and verdict of findings, and lift suppressions that no longer apply; inside ``writing()``."""
    before = _rows(db, ids)
    if not before:
        raise UsageError(
            text("There is no such finding."), why=text("It may have gone with an import that was undone.")
        )
    names = ", ".join(f"{name} = ?" for name in columns)
    known = [row["id"] for row in before]
    db.execute(
        f"UPDATE findings SET {names}, touched = 1, read = 1, changed = ? WHERE id IN {_LISTED}",
        (*columns.values(), now(), _json(known)),
    )
    changes: list[undo.Change] = [("findings", before, _rows(db, known))]
    if columns.get("status") != Status.SUPPRESSED:
        changes.append(_lift(db, known))
    return undo.record_rows(db, summary, changes, _subjects(known))


def _lift(db: Connection, ids: Sequence[int]) -> undo.Change:
    where = f"WHERE finding_id IN {_LISTED} AND lifted IS NULL"
    before = rows(db, f"SELECT * FROM suppressions {where}", [_json(ids)])
    db.execute(f"UPDATE suppressions SET lifted = ? {where}", (now(), _json(ids)))
    return ("suppressions", before, before)


def confirm(db: Connection, ids: Sequence[int]) -> Decision:
    """Take findings on: in progress, true positive."""
    summary = ntext("Confirmed 1 finding", "Confirmed %(num)s findings", num=len(ids))
    with writing(db):
        return _set(db, ids, summary, status=Status.IN_PROGRESS, verdict=Verdict.TRUE_POSITIVE)


def resolve(db: Connection, ids: Sequence[int], verdict: Verdict | None = None) -> Decision:
    """Close findings as dealt with; a verdict given here is kept with them."""
    summary = ntext("Resolved 1 finding", "Resolved %(num)s findings", num=len(ids))
    with writing(db):
        if verdict is None:
            return _set(db, ids, summary, status=Status.RESOLVED)
        return _set(db, ids, summary, status=Status.RESOLVED, verdict=verdict)


def over(db: Connection, ids: Sequence[int], summary: Text) -> None:
    """Close new findings whose cause has ended by itself; inside ``writing()``.

    It is nobody's decision, so there is none to take back; the trail tells it.
    """
    db.execute(
        f"UPDATE findings SET status = ?, changed = ? WHERE status = ? AND id IN {_LISTED}",
        (Status.RESOLVED, now(), Status.NEW, _json(ids)),
    )
    audit.record(db, summary, f"finding:{ids[0]}")


def archive(db: Connection, ids: Sequence[int]) -> Decision:
    """Put findings away without a statement."""
    summary = ntext("Archived 1 finding", "Archived %(num)s findings", num=len(ids))
    with writing(db):
        return _set(db, ids, summary, status=Status.ARCHIVED)


def reopen(db: Connection, ids: Sequence[int]) -> Decision:
    """Bring findings back to the inbox."""
    summary = ntext("Reopened 1 finding", "Reopened %(num)s findings", num=len(ids))
    with writing(db):
        return _set(db, ids, summary, status=Status.NEW, verdict=None)


def checked_reason(reason: str, expires: Micros | None) -> str:
    """Return the reason of a suppression without what surrounds it; refuse none, and an end that has passed."""
    if not reason.strip():
        raise UsageError(
            text("A suppression needs a reason."),
            why=text("Whoever reads this desk later must be able to tell why it was hidden."),
            fix=text("Say in a few words why this is expected here."),
        )
    checked_end(expires)
    return reason.strip()


def checked_end(expires: Micros | None) -> None:
    """Refuse an end of a suppression that has passed."""
    if expires is not None and expires <= now():
        raise UsageError(text("The end of a suppression must lie in the future."), fix=text("Choose a later date."))


def suppress(db: Connection, ids: Sequence[int], reason: str, expires: Micros | None) -> Decision:
    """Hide findings until a date (None: until lifted); matches go on being counted."""
    told = checked_reason(reason, expires)
    summary = ntext("Suppressed 1 finding", "Suppressed %(num)s findings", num=len(ids))
    with writing(db):
        known = [row["id"] for row in _rows(db, ids)]
        lifted = _lift(db, known)  # the newer decision stands alone: its end, not the older one's, brings them back
        added = [_add_suppression(db, one, told, expires) for one in known]
        before = _rows(db, known)
        decision_rows: list[undo.Change] = [("suppressions", [], [{"id": one} for one in added])]
        db.execute(
            f"UPDATE findings SET status = 'suppressed', touched = 1, read = 1, changed = ? WHERE id IN {_LISTED}",
            (now(), _json(known)),
        )
        return undo.record_rows(db, summary, [*decision_rows, lifted, ("findings", before, before)], _subjects(known))


def _add_suppression(db: Connection, finding_id: int, reason: str, expires: Micros | None) -> int:
    cursor = db.execute(
        "INSERT INTO suppressions (finding_id, reason, created, expires) VALUES (?, ?, ?, ?)",
        (finding_id, reason, now(), expires),
    )
    return int(cursor.lastrowid or 0)


def note(db: Connection, finding_id: int, words: str) -> Decision:
    """Add a note to a finding."""
    if not words.strip():
        raise UsageError(text("The note is empty."), fix=text("Write what you found or did."))
    with writing(db):
        cursor = db.execute(
            "INSERT INTO notes (finding_id, time, text) VALUES (?, ?, ?)",
            (finding_id, now(), words.strip()[:LONGEST_NOTE]),
        )
        changes: list[undo.Change] = [("notes", [], [{"id": cursor.lastrowid}]), touch(db, [finding_id])]
        return undo.record_rows(db, text("Added a note"), changes, [f"note:{cursor.lastrowid}"])


def step(db: Connection, finding_id: int, number: int, *, done: bool) -> Decision:
    """Tick a step of *what to do*, or take the tick away."""
    key = (finding_id, number)
    with writing(db):
        before = rows(db, "SELECT * FROM finding_steps WHERE finding_id = ? AND step = ?", key)
        db.execute("INSERT OR REPLACE INTO finding_steps (finding_id, step, done) VALUES (?, ?, ?)", (*key, int(done)))
        changed: undo.Change = ("finding_steps", before, [{"finding_id": finding_id, "step": number}])
        summary = text("Marked a step as done") if done else text("Marked a step as open")
        return undo.record_rows(db, summary, [changed, touch(db, [finding_id])], [f"step:{finding_id}:{number}"])


def mark_read(db: Connection, finding_id: int) -> None:
    """Remember that a person has opened the finding; no decision, so nothing to undo."""
    if rows(db, "SELECT 1 FROM findings WHERE id = ? AND read = 0", [finding_id]):
        with writing(db):
            db.execute("UPDATE findings SET read = 1 WHERE id = ?", (finding_id,))


def expire(db: Connection, at: Micros) -> int:
    """Let findings return whose suppression has ended; returns how many did."""
    due = "SELECT finding_id FROM suppressions WHERE lifted IS NULL AND expires IS NOT NULL AND expires <= ?"
    if not rows(db, due, [at]):
        return 0
    with writing(db):
        ids = [row["finding_id"] for row in rows(db, due, [at])]
        db.execute(
            "UPDATE findings SET status = 'new', read = 0, reopened = ?"
            f" WHERE status = 'suppressed' AND id IN {_LISTED}",
            (at, _json(ids)),
        )
        db.execute("UPDATE suppressions SET lifted = ? WHERE lifted IS NULL AND expires <= ?", (at, at))
    return len(ids)
