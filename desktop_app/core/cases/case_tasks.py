"""The tasks of a case: a list in an order, each ticked or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.core import undo
from desktop_app.core.cases.cases import record_in
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

LONGEST_TASK = 500


@dataclass(frozen=True, slots=True)
class Task:
    """One task; ``done`` is when it was ticked, None while it is open."""

    id: int
    case_id: int
    text: str
    created: Micros
    done: Micros | None


def listing(db: Connection, case_id: int) -> list[Task]:
    """Return the tasks of a case in their order."""
    found = rows(
        db,
        'SELECT id, case_id, "text", created, done FROM case_tasks WHERE case_id = ? ORDER BY position, id',
        [case_id],
    )
    return [Task(**row) for row in found]


def add(db: Connection, case_id: int, words: str) -> Decision:
    """Add a task at the end."""
    told = " ".join(words.split())[:LONGEST_TASK]
    if not told:
        raise UsageError(text("The task is empty."), fix=text("Write what is to be done."))
    with writing(db):
        if not rows(db, "SELECT 1 FROM cases WHERE id = ?", [case_id]):
            raise UsageError(text("There is no such case."))
        added = db.execute(
            'INSERT INTO case_tasks (case_id, position, "text", created) VALUES (?,'
            " (SELECT COALESCE(MAX(position), 0) + 1 FROM case_tasks WHERE case_id = ?), ?, ?)",
            (case_id, case_id, told, now()),
        ).lastrowid
        summary = text("Added the task “%(task)s”", task=told)
        return record_in(db, case_id, summary, [("case_tasks", [], [{"id": added}])], [_subject(added)])


def tick(db: Connection, task_id: int, *, done: bool) -> Decision:
    """Tick a task, or take the tick away."""
    with writing(db):
        row = _existing(db, task_id)
        db.execute("UPDATE case_tasks SET done = ? WHERE id = ?", (now() if done else None, task_id))
        summary = text("Done: %(task)s", task=row["text"]) if done else text("Open again: %(task)s", task=row["text"])
        return _recorded(db, row, summary, [row])


def move(db: Connection, task_id: int, step: int) -> Decision:
    """Move a task one place down (``step`` 1) or up (-1); at the end of the list it is refused."""
    with writing(db):
        row = _existing(db, task_id)
        way, order = (">", "ASC") if step > 0 else ("<", "DESC")
        found = rows(
            db,
            f"SELECT * FROM case_tasks WHERE case_id = ? AND position {way} ? ORDER BY position {order} LIMIT 1",
            [row["case_id"], row["position"]],
        )
        if not found:
            raise UsageError(text("The task stands at the end of the list."))
        for one, place in ((row, found[0]["position"]), (found[0], row["position"])):
            db.execute("UPDATE case_tasks SET position = ? WHERE id = ?", (place, one["id"]))
        return _recorded(db, row, text("Moved the task “%(task)s”", task=row["text"]), [row, found[0]])


def remove(db: Connection, task_id: int) -> Decision:
    """Take a task off the list."""
    with writing(db):
        row = _existing(db, task_id)
        db.execute("DELETE FROM case_tasks WHERE id = ?", (task_id,))
        return _recorded(db, row, text("Removed the task “%(task)s”", task=row["text"]), [row])


def _recorded(db: Connection, row: Mapping[str, Any], summary: Text, before: list[dict[str, Any]]) -> Decision:
    changes: list[undo.Change] = [("case_tasks", before, before)]
    return record_in(db, row["case_id"], summary, changes, [_subject(one["id"]) for one in before])


def _existing(db: Connection, task_id: int) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM case_tasks WHERE id = ?", [task_id])
    if not found:
        raise UsageError(text("There is no such task."), why=text("It may have been removed."))
    return found[0]


def _subject(task_id: int | None) -> str:
    return f"case-task:{task_id}"
