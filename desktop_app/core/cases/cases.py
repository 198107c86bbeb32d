"""Cases: findings worked as one matter, with a name, notes and tasks. Every act on a case can be undone.

A finding belongs to one case at most; adding it to another moves it. A case never changes what is decided about its
findings. ``findings.Filter(view="all", case=ID)`` is the way to its findings, for lists and reports alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import triage, undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, Severity, now
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision

LONGEST_NAME = 200
_LISTED = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Case:
    """One case with what its line in the list says.

    ``closed`` None while it is open; ``open_findings`` are neither closed nor suppressed; ``severity`` is the highest
    of its findings, None without any; ``first`` and ``last`` are the ends of what its findings saw.
    """

    id: int
    name: str
    created: Micros
    closed: Micros | None
    findings: int
    open_findings: int
    severity: Severity | None
    first: Micros | None
    last: Micros | None
    tasks: int
    tasks_done: int


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A person's note on a case."""

    id: int
    time: Micros
    text: str


_CASES = """SELECT c.id, c.name, c.created, c.closed, COUNT(f.id) AS findings,
    COALESCE(SUM(f.status IN ('new', 'in_progress')), 0) AS open_findings, MAX(f.severity) AS severity,
    MIN(f.first_seen) AS first, MAX(f.last_seen) AS last,
    (SELECT COUNT(*) FROM case_tasks t WHERE t.case_id = c.id) AS tasks,
    (SELECT COUNT(*) FROM case_tasks t WHERE t.case_id = c.id AND t.done IS NOT NULL) AS tasks_done
    FROM cases c LEFT JOIN case_findings cf ON cf.case_id = c.id LEFT JOIN findings f ON f.id = cf.finding_id"""


def _case(row: Mapping[str, Any]) -> Case:
    return Case(**{**row, "severity": Severity(row["severity"]) if row["severity"] else None})


def listing(db: Connection, *, closed: bool = False) -> list[Case]:
    """Return the open cases, or the closed ones; the newest first."""
    state = "NOT NULL" if closed else "NULL"
    return [_case(row) for row in rows(db, f"{_CASES} WHERE c.closed IS {state} GROUP BY c.id ORDER BY c.id DESC")]


def counts(db: Connection) -> tuple[int, int]:
    """Return how many cases are open and how many are closed."""
    found = rows(db, "SELECT COUNT(*) AS n, COUNT(closed) AS closed FROM cases")[0]
    return found["n"] - found["closed"], found["closed"]


def case(db: Connection, case_id: int) -> Case | None:
    """Return one case, or None."""
    found = rows(db, f"{_CASES} WHERE c.id = ? GROUP BY c.id", [case_id])
    return _case(found[0]) if found else None


def of_findings(db: Connection, finding_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return number and name of the case that each of these findings is in; those in none are left out."""
    found = rows(
        db,
        "SELECT cf.finding_id, c.id, c.name FROM case_findings cf JOIN cases c ON c.id = cf.case_id"
        f" WHERE cf.finding_id IN {_LISTED}",
        [orjson.dumps(finding_ids).decode()],
    )
    return {row["finding_id"]: (row["id"], row["name"]) for row in found}


def notes(db: Connection, case_id: int) -> list[CaseNote]:
    """Return the notes of a case, oldest first."""
    found = rows(db, "SELECT id, time, text FROM case_notes WHERE case_id = ? ORDER BY time, id", [case_id])
    return [CaseNote(**row) for row in found]


def create(db: Connection, name: str, finding_ids: Sequence[int] = ()) -> tuple[int, Decision]:
    """Open a case with these findings in it; returns its number and the decision."""
    wanted = _checked_name(name)
    summary = text("Opened the case “%(name)s”", name=wanted)
    with writing(db):
        added = db.execute("INSERT INTO cases (name, created) VALUES (?, ?)", (wanted, now()))
        case_id = int(added.lastrowid or 0)
        changes = _put_in(db, case_id, finding_ids) if finding_ids else []
        changes.append(("cases", [], [{"id": case_id}]))
        return case_id, undo.record_rows(db, summary, changes, [_subject(case_id), *_memberships(finding_ids)])


def add(db: Connection, case_id: int, finding_ids: Sequence[int]) -> Decision:
    """Put findings into a case; from another case they move."""
    with writing(db):
        row = _open(db, case_id)
        summary = ntext(
            "Added 1 finding to the case “%(name)s”", "Added %(num)s findings to the case “%(name)s”",
            num=len(finding_ids), name=row["name"],
        )  # fmt: skip
        return record_in(db, case_id, summary, _put_in(db, case_id, finding_ids), _memberships(finding_ids))


def take_out(db: Connection, finding_ids: Sequence[int]) -> Decision:
    """Take findings out of the cases they are in."""
    summary = ntext("Took 1 finding out of its case", "Took %(num)s findings out of their cases", num=len(finding_ids))
    listed = orjson.dumps(finding_ids).decode()
    with writing(db):
        before = rows(db, f"SELECT * FROM case_findings WHERE finding_id IN {_LISTED}", [listed])
        if not before:
            raise UsageError(text("None of these findings is in a case."))
        db.execute(f"DELETE FROM case_findings WHERE finding_id IN {_LISTED}", (listed,))
        decision = undo.record_rows(db, summary, [("case_findings", before, [])], _memberships(finding_ids))
        for case_id in {row["case_id"] for row in before}:
            _build_on(db, case_id, _memberships(finding_ids))
        return decision


def rename(db: Connection, case_id: int, name: str) -> Decision:
    """Give a case another name."""
    wanted = _checked_name(name)
    return _change(db, case_id, text("Renamed the case to “%(name)s”", name=wanted), name=wanted)


def close(db: Connection, case_id: int) -> Decision:
    """Close a case; its findings stay as they are."""
    return _change(db, case_id, text("Closed the case “%(name)s”", name=_existing(db, case_id)["name"]), closed=now())


def reopen(db: Connection, case_id: int) -> Decision:
    """Open a closed case again."""
    name = _existing(db, case_id)["name"]
    return _change(db, case_id, text("Opened the case “%(name)s” again", name=name), closed=None)


def note(db: Connection, case_id: int, words: str) -> Decision:
    """Add a note to a case."""
    if not words.strip():
        raise UsageError(text("The note is empty."), fix=text("Write what you found or did."))
    with writing(db):
        name = _existing(db, case_id)["name"]
        added = db.execute(
            "INSERT INTO case_notes (case_id, time, text) VALUES (?, ?, ?)",
            (case_id, now(), words.strip()[: triage.LONGEST_NOTE]),
        ).lastrowid
        changes: list[undo.Change] = [("case_notes", [], [{"id": added}])]
        return record_in(
            db, case_id, text("Added a note to the case “%(name)s”", name=name), changes, [f"case-note:{added}"]
        )


def record_in(
    db: Connection, case_id: int, summary: Text, changes: Sequence[undo.Change], subjects: Sequence[str]
) -> Decision:
    """Journal an act inside a case: acts on different things do not stand in each other's way; inside ``writing()``.

    The decision that opened the case is told of them, because it cannot be undone from under them.
    """
    decision = undo.record_rows(db, summary, changes, subjects)
    _build_on(db, case_id, subjects)
    return decision


def _build_on(db: Connection, case_id: int, subjects: Sequence[str]) -> None:
    opened = value(db, "SELECT MIN(undo_id) FROM undo_subjects WHERE subject = ?", [_subject(case_id)])
    if opened is not None:
        undo.build_on(db, opened, subjects)


def _change(db: Connection, case_id: int, summary: Text, **columns: str | int | None) -> Decision:
    with writing(db):
        before = [_existing(db, case_id)]
        names = ", ".join(f"{name} = ?" for name in columns)
        db.execute(f"UPDATE cases SET {names} WHERE id = ?", (*columns.values(), case_id))
        return undo.record_rows(db, summary, [("cases", before, before)], [_subject(case_id)])


def _put_in(db: Connection, case_id: int, finding_ids: Sequence[int]) -> list[undo.Change]:
    listed = orjson.dumps(finding_ids).decode()
    known = [row["id"] for row in rows(db, f"SELECT id FROM findings WHERE id IN {_LISTED}", [listed])]
    if not known:
        raise UsageError(
            text("There is no such finding."), why=text("It may have gone with an import that was undone.")
        )
    before = rows(db, f"SELECT * FROM case_findings WHERE finding_id IN {_LISTED}", [listed])
    at = now()
    db.conn.executemany(
        "INSERT OR REPLACE INTO case_findings (finding_id, case_id, added) VALUES (?, ?, ?)",
        [(one, case_id, at) for one in known],
    )
    return [("case_findings", before, [{"finding_id": one} for one in known]), triage.touch(db, known)]


def _existing(db: Connection, case_id: int) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM cases WHERE id = ?", [case_id])
    if not found:
        raise UsageError(text("There is no such case."), why=text("The decision that opened it may have been undone."))
    return found[0]


def _open(db: Connection, case_id: int) -> dict[str, Any]:
    row = _existing(db, case_id)
    if row["closed"] is not None:
        raise UsageError(
            text("The case “%(name)s” is closed.", name=row["name"]), fix=text("Open it again, or choose another.")
        )
    return row


def _checked_name(name: str) -> str:
    if not name.strip():
        raise UsageError(text("A case needs a name."), fix=text("Say in a few words what it is about."))
    return " ".join(name.split())[:LONGEST_NAME]


def _subject(case_id: int) -> str:
    return f"case:{case_id}"


def _memberships(finding_ids: Sequence[int]) -> list[str]:
    return [f"case-finding:{one}" for one in finding_ids]
