"""Taking away what has had its time: out of sight at once, deleted some days later, and until then with a way back.

An open finding stays with the copies of what it rests on; so does a pinned, tagged or annotated event. Portions are
committed one by one: cut off anywhere, what went has a way back and the next run goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import audit, jobs, undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue, retired
from desktop_app.core.events.segment import Segment, portions
from desktop_app.core.jobs import JobContext
from desktop_app.core.keeping import retention
from desktop_app.core.keeping.retention import DAY, Limits, Outlook
from desktop_app.core.model import Micros
from desktop_app.core.pipeline import restore_segments, retire_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import Text, ntext, text

JOB, BACK_JOB, SCHEDULE = "desk.retention", "desk.retention_back", "desk.retention"
KIND = "retention"
UNASKED_KIND = f"{undo.UNASKED}{KIND}"  # by schedule, or deleted for good: never the newest decision
PORTION = 100_000  # events that go in one transaction
TITLE = text("Retention of events")


def start(db: Connection, limits: Limits, at: Micros) -> int:
    """Queue a run by hand for what a preview showed and return the job."""
    with writing(db):
        return jobs.enqueue(db, JOB, TITLE, {"limits": limits.to_json(), "at": at})


def run(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take away what is beyond the limits given, else those of the settings."""
    limits = Limits.from_json(params["limits"]) if "limits" in params else retention.limits(context.db)
    seen = retention.outlook(context.db, limits, int(params.get("at", context.now())))
    if not seen.segments:
        context.log("info", text("Nothing is beyond the limits."))
        return {"events": 0, "segments": 0, "bytes": 0, "findings": 0}
    run = _Run(context, seen, asked="schedule" not in params)
    run.go()
    context.log("info", told(seen))
    return {"events": run.events, "segments": run.segments, "bytes": run.bytes, "findings": seen.gone}


def told(seen: Outlook) -> Text:
    """Say what a run takes away."""
    return ntext(
        "Retention: %(num)s event beyond the limits",
        "Retention: %(shown)s events beyond the limits",
        num=seen.events,
        shown=f"{seen.events:,}",
    )


class _Run:
    """One run over what an outlook named."""

    def __init__(self, context: JobContext, seen: Outlook, *, asked: bool) -> None:
        self._context = context
        self._seen = seen
        self._asked = asked
        self._undo_id: int | None = None
        self._ruleset = load(context.db, context.desk.folder)
        self.events = self.segments = self.bytes = 0

    def go(self) -> None:
        """Take portion after portion away; a stop is heeded between two."""
        for portion in portions(self._seen.segments, PORTION):
            self._take(portion)
            self._context.progress(self.events, self._seen.events, text("Taking events away"))

    def _take(self, portion: Sequence[Segment]) -> None:
        db, grace = self._context.db, self._seen.limits.grace
        paths: Sequence[str] = ()
        with writing(db):
            # What an import, an undo or a compaction changed meanwhile is looked at by the next run.
            held = [one for one in portion if catalogue.is_live(db, one.id)]
            ids = [one.id for one in held]
            retire_segments(self._context.desk, db, self._ruleset, ids)
            if grace:
                retired.add(db, ids, self._journalled(db), self._context.now() + grace * DAY)
            else:
                self._audited(db)
                paths = catalogue.remove(db, ids)
        catalogue.discard(self._context.desk.folder, db, paths)
        self.events += sum(one.events for one in held)
        self.bytes += sum(one.bytes for one in held)
        self.segments += len(held)

    def _journalled(self, db: Connection) -> int:
        if self._undo_id is None:
            kind = KIND if self._asked else UNASKED_KIND
            # Runs do not build on one another: each can be brought back alone.
            made = undo.record(db, kind, told(self._seen), before={"events": self._seen.events}, after={},
                               subjects=[f"retention:job {self._context.job_id}"])  # fmt: skip
            self._undo_id = made.undo_id
            # The way back finds what went by the entry's own number.
            before = orjson.dumps({"events": self._seen.events, "entry": made.undo_id}).decode()
            db.execute("UPDATE undo SET before = ? WHERE id = ?", (before, made.undo_id))
        return self._undo_id

    def _audited(self, db: Connection) -> None:
        if not self.segments:
            audit.record(db, text("Deleted for good: %(what)s", what=told(self._seen)), "retention")


# --- the way back ----------------------------------------------------------------------------------------------------


def size(db: Connection, before: Mapping[str, Any]) -> int:
    """Return how many events would come back."""
    ids = retired.of(db, int(before["entry"]))
    return sum(one.events for one in catalogue.by_ids(db, ids))


def revert(desk: Desk, db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
    """Bring back what one run took away; inside ``writing()``. UsageError where it is deleted for good."""
    entry = int(before["entry"])
    ids = retired.of(db, entry)
    if not ids and not before.get("returned"):
        raise UsageError(
            text("These events can't be brought back."),
            why=text("The days in which that could be undone are over, and their files are deleted."),
            fix=text("Restore a backup, or undo the import and read the files again."),
        )
    return _bring_back(desk, db, load(db, desk.folder), ids)


def _bring_back(desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int]) -> Sequence[str]:
    retired.forget(db, ids)
    return restore_segments(desk, db, ruleset, [], ids)


def run_back(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring back what a run took away, in portions, as a job; nothing to do where that was done before."""
    db, undo_id = context.db, int(params["undo_id"])
    with writing(db):
        before = orjson.loads(undo.standing(db, undo_id)["before"])
    held = catalogue.by_ids(db, retired.of(db, int(before["entry"])))
    ruleset = load(db, context.desk.folder)
    total, done = sum(one.events for one in held), 0
    for portion in portions(held, PORTION):
        with writing(db):
            _bring_back(context.desk, db, ruleset, [one.id for one in portion])
            returned = orjson.dumps({**before, "returned": True}).decode()
            db.execute("UPDATE undo SET before = ? WHERE id = ?", (returned, undo_id))
        done += sum(one.events for one in portion)
        context.progress(done, total, text("Bringing events back"))
    summary = undo.undo(context.desk, db, undo_id)
    return {"undone": summary.to_json(), "events": done}


# --- what waits for its deletion -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one run took away and is not deleted yet."""

    undo_id: int
    time: Micros
    due: Micros
    events: int
    bytes: int


def waiting(db: Connection) -> list[Waiting]:
    """Return what can still be brought back, the newest run first."""
    found = rows(
        db,
        "SELECT r.undo_id, u.time, max(r.due) AS due, sum(s.events) AS events, sum(s.bytes) AS bytes"
        " FROM retired_segments r JOIN segments s ON s.id = r.segment_id JOIN undo u ON u.id = r.undo_id"
        " GROUP BY r.undo_id ORDER BY r.undo_id DESC",
    )
    return [Waiting(**row) for row in found]


def delete_now(desk: Desk, db: Connection) -> int:
    """Delete for good what waits, before its days are over; return how many events. Audited, and never undone."""
    events = int(value(db, "SELECT coalesce(sum(s.events), 0) FROM retired_segments r JOIN segments s"
                           " ON s.id = r.segment_id") or 0)  # fmt: skip
    if events:
        with writing(db):
            audit.record(db, ntext("Deleted for good what retention had taken away: %(num)s event",
                                   "Deleted for good what retention had taken away: %(shown)s events",
                                   num=events, shown=f"{events:,}"), "retention")  # fmt: skip
        retired.purge(desk.folder, db, None)
    return events
