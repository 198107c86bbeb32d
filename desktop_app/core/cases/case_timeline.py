"""The course of a case: what its findings saw, what was kept of it, and what people did, in one order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros
from desktop_app.core.text import Text

Kind = Literal["first", "last", "event", "note", "task", "decision"]
MOST = 2000  # moments of one kind; a case is read by a person

_FINDINGS = "SELECT finding_id FROM case_findings WHERE case_id = ?"
# Acts on notes and tasks are told by the notes and tasks themselves.
_DECISIONS = """SELECT DISTINCT u.id, u.time, u.summary FROM undo_subjects s JOIN undo u ON u.id = s.undo_id
    WHERE u.undone IS NULL AND (s.subject = ? OR s.subject IN (
        SELECT 'finding:' || finding_id FROM case_findings WHERE case_id = ?
        UNION ALL SELECT 'case-finding:' || finding_id FROM case_findings WHERE case_id = ?))
    ORDER BY u.time DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: of a finding (``finding_id``), or of the case itself.

    ``words`` are a note, a task or a raw record; ``sentence`` says a decision. ``host`` is where a record came from.
    """

    time: Micros
    kind: Kind
    finding_id: int | None = None
    words: str = ""
    sentence: Text | None = None
    host: str | None = None


def timeline(db: Connection, case_id: int) -> list[Moment]:
    """Return the moments of a case, oldest first; undone decisions are left out."""
    moments = [*_seen(db, case_id), *_kept(db, case_id), *_written(db, case_id), *_decided(db, case_id)]
    return sorted(moments, key=lambda one: one.time)


def _seen(db: Connection, case_id: int) -> Iterator[Moment]:
    """Yield when findings began and ended."""
    found = rows(db, f"SELECT id, count, first_seen, last_seen FROM findings WHERE id IN ({_FINDINGS})", [case_id])
    for row in found:
        yield Moment(row["first_seen"], "first", row["id"])
        if row["last_seen"] > row["first_seen"]:
            yield Moment(row["last_seen"], "last", row["id"])


def _kept(db: Connection, case_id: int) -> Iterator[Moment]:
    """Yield the copies of events."""
    found = rows(
        db,
        f"SELECT finding_id, time, host, raw FROM evidence WHERE finding_id IN ({_FINDINGS}) ORDER BY time LIMIT ?",
        [case_id, MOST],
    )
    for row in found:
        yield Moment(row["time"], "event", row["finding_id"], row["raw"], host=row["host"])


def _written(db: Connection, case_id: int) -> Iterator[Moment]:
    """Yield the notes on the case and on its findings, and the tasks that were done."""
    for row in rows(db, "SELECT time, text FROM case_notes WHERE case_id = ?", [case_id]):
        yield Moment(row["time"], "note", None, row["text"])
    for row in rows(db, f"SELECT finding_id, time, text FROM notes WHERE finding_id IN ({_FINDINGS})", [case_id]):
        yield Moment(row["time"], "note", row["finding_id"], row["text"])
    for row in rows(db, "SELECT done, text FROM case_tasks WHERE case_id = ? AND done IS NOT NULL", [case_id]):
        yield Moment(row["done"], "task", None, row["text"])


def _decided(db: Connection, case_id: int) -> Iterator[Moment]:
    for row in rows(db, _DECISIONS, [f"case:{case_id}", case_id, case_id, MOST]):
        yield Moment(row["time"], "decision", sentence=Text.from_json(orjson.loads(row["summary"])))
