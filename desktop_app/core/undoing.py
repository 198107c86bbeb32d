"""Undo as a person asks for it: at once where that is quick, as a job where it takes long, so that pages stay quick."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from desktop_app.core import jobs, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.extension import SlowWayBack
from desktop_app.core.rules import decided
from desktop_app.core.text import Text, text

AT_ONCE = 20_000  # events that are taken away while the person waits


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is taken back, and the job that does it; None where it is done. ``then``: jobs that follow from it."""

    summary: Text
    job_id: int | None = None
    then: tuple[int, ...] = ()

    def told(self) -> Text:
        """Say it to the person."""
        if self.job_id is None:
            return text("Undone: %(summary)s", summary=self.summary)
        return text("Being undone: %(summary)s. The page Jobs shows how far it is.", summary=self.summary)


def take_back(desk: Desk, db: Connection, undo_id: int | None = None) -> Undoing:
    """Take a decision back, the newest one without an id. UsageError where that can't be done."""
    row = undo.standing(db, undo_id)
    slow = _slow(desk, row["kind"])
    if slow is None or slow.size(db, orjson.loads(row["before"])) <= AT_ONCE:
        return _at_once(desk, db, row["id"])
    summary = Text.from_json(orjson.loads(row["summary"]))
    with writing(db):
        return Undoing(summary, _running(db, slow, row["id"]) or _queue(db, slow, row["id"], summary))


def _at_once(desk: Desk, db: Connection, undo_id: int) -> Undoing:
    concerned = decided.of_decision(db, undo_id, undone=True)
    summary = undo.undo(desk, db, undo_id)
    listening = [one.rules_put_back for one in desk.extensions if concerned and one.rules_put_back is not None]
    then = [job_id for tell in listening if (job_id := tell(db, concerned)) is not None]
    return Undoing(summary, then=tuple(then))


def _slow(desk: Desk, kind: str) -> SlowWayBack | None:
    return next((one.slow_ways_back[kind] for one in desk.extensions if kind in one.slow_ways_back), None)


def _running(db: Connection, slow: SlowWayBack, undo_id: int) -> int | None:
    found = rows(
        db,
        "SELECT id FROM jobs WHERE kind = ? AND state IN ('queued', 'running')"
        " AND json_extract(params, '$.undo_id') = ?",
        [slow.job, undo_id],
    )
    return found[0]["id"] if found else None


def _queue(db: Connection, slow: SlowWayBack, undo_id: int, summary: Text) -> int:
    return jobs.enqueue(db, slow.job, text("Undo: %(summary)s", summary=summary), {"undo_id": undo_id})
