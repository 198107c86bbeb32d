"""Work that recurs: a kind of job, its parameters and a cadence in the time of the site, kept in the database.

Whoever runs the queued jobs (one process a folder, by its lock) takes a turn every few seconds. A run that was missed
because the desk was closed is caught up once, for the newest time that was missed. A run that fails is tried again,
more and more seldom, until it works or its next time comes. A clock that was put back repeats nothing of the last
hours; the time zone of the site may change at any time.

A job gets its parameters with ``schedule`` (the id) and ``due`` (the time it stands for, µs UTC), so that what it looks
back on does not depend on when it really runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from desktop_app.core import jobs, moved, settings, undo
from desktop_app.core.cadence import Cadence, last_until, next_after
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError, error_parts
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

MINUTE = 60_000_000
FORGIVEN = 3 * 60 * MINUTE  # a clock put back by less than this repeats no run
RETRY_AFTER = (5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 360 * MINUTE)
LONGEST_LISTING = 500

# What a person decides; when it runs next and how the last run went is no part of an undo.
_DECIDED = "id, key, kind, title, params, cadence, enabled, created"
_STANDING = """SELECT s.*, j.state AS job_state, j.error AS job_error, j.finished AS job_finished
    FROM schedules s LEFT JOIN jobs j ON j.id = s.job_id"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule and how its last run went.

    ``key`` is its fixed name where the program itself keeps it. ``next_run`` is None until it was first looked at;
    ``slot`` is the time that the last run stood for; ``retry`` when a failed run is tried again.
    """

    id: int
    key: str | None
    kind: str
    title: Text
    params: Mapping[str, Any]
    cadence: Cadence
    enabled: bool
    created: Micros
    next_run: Micros | None
    slot: Micros | None
    job_id: int | None
    retry: Micros | None
    failures: int
    job_state: str | None
    job_finished: Micros | None
    problem: tuple[Text, ...]

    @property
    def running(self) -> bool:
        """Whether its last run still waits or runs."""
        return self.job_state in jobs.UNFINISHED

    @property
    def failing(self) -> bool:
        """Whether its last run did not end well."""
        return self.job_state in {"failed", "interrupted"}


def listing(db: Connection, kind: str | None = None) -> list[Schedule]:
    """Return the schedules of a kind of job, or all, in the order they were made."""
    where, params = ("", []) if kind is None else (" WHERE s.kind = ?", [kind])
    return [_schedule(row) for row in rows(db, f"{_STANDING}{where} ORDER BY s.id LIMIT {LONGEST_LISTING}", params)]


def schedule(db: Connection, schedule_id: int) -> Schedule:
    """Return one schedule; UsageError where there is none."""
    found = rows(db, f"{_STANDING} WHERE s.id = ?", [schedule_id])
    if not found:
        raise UsageError(text("There is no schedule of that number."), why=text("It may have been removed."))
    return _schedule(found[0])


def keyed(db: Connection, key: str) -> Schedule | None:
    """Return the schedule that the program keeps under a name, or None."""
    found = rows(db, f"{_STANDING} WHERE s.key = ?", [key])
    return _schedule(found[0]) if found else None


def _schedule(row: Mapping[str, Any]) -> Schedule:
    error = orjson.loads(row["job_error"]) if row["job_error"] else {}
    plain = ("id", "key", "kind", "created", "next_run", "slot", "job_id", "retry", "failures", "job_state")
    return Schedule(
        **{name: row[name] for name in plain},
        title=Text.from_json(orjson.loads(row["title"])),
        params=orjson.loads(row["params"]),
        cadence=Cadence.from_json(orjson.loads(row["cadence"])),
        enabled=bool(row["enabled"]),
        job_finished=row["job_finished"],
        problem=error_parts(error),
    )


# --- decisions -------------------------------------------------------------------------------------------------------


def add(
    db: Connection, kind: str, title: Text, cadence: Cadence, params: Mapping[str, Any], *, key: str | None = None
) -> Decision:
    """Make a schedule. Its first run is the first time after the next turn, never at once."""
    with writing(db):
        cursor = db.execute(
            "INSERT INTO schedules (key, kind, title, params, cadence, created) VALUES (?, ?, ?, ?, ?, ?)",
            (key, kind, _json(title.to_json()), _json(params), _json(cadence.to_json()), now()),
        )
        made = int(cursor.lastrowid or 0)
        change: undo.Change = ("schedules", [], [{"id": made}])
        return undo.record_rows(db, text("Scheduled: %(title)s", title=title), [change], _subjects(made, key))


def change(
    db: Connection,
    schedule_id: int,
    *,
    title: Text | None = None,
    cadence: Cadence | None = None,
    params: Mapping[str, Any] | None = None,
    enabled: bool | None = None,
) -> Decision:
    """Change what is given of a schedule; its next run is reckoned anew."""
    standing = schedule(db, schedule_id)
    title = title or standing.title
    said = {
        True: text("Switched on: %(title)s", title=title),
        False: text("Switched off: %(title)s", title=title),
        None: text("Changed the schedule: %(title)s", title=title),
    }
    with writing(db):
        before = _rows(db, schedule_id)
        db.execute(
            "UPDATE schedules SET title = ?, cadence = ?, params = ?, enabled = ?, next_run = NULL, retry = NULL"
            " WHERE id = ?",
            (_json(title.to_json()), _json((cadence or standing.cadence).to_json()),
             _json(standing.params if params is None else params),
             int(standing.enabled if enabled is None else enabled), schedule_id),
        )  # fmt: skip
        changes: list[undo.Change] = [("schedules", before, _rows(db, schedule_id))]
        return undo.record_rows(db, said[enabled], changes, _subjects(schedule_id, standing.key))


def remove(db: Connection, schedule_id: int) -> Decision:
    """Remove a schedule; what its runs made stays."""
    standing = schedule(db, schedule_id)
    with writing(db):
        change: undo.Change = ("schedules", _rows(db, schedule_id), [])
        db.execute("DELETE FROM schedules WHERE id = ?", (schedule_id,))
        said = text("Removed the schedule: %(title)s", title=standing.title)
        return undo.record_rows(db, said, [change], _subjects(schedule_id, standing.key))


def run_now(db: Connection, schedule_id: int, at: Micros) -> int:
    """Queue a run besides the schedule and return its job."""
    standing = schedule(db, schedule_id)
    with writing(db):
        return _enqueue(db, standing, at)


def _rows(db: Connection, schedule_id: int) -> list[dict[str, Any]]:
    return rows(db, f"SELECT {_DECIDED} FROM schedules WHERE id = ?", [schedule_id])


def _subjects(schedule_id: int, key: str | None) -> list[str]:
    """Name what later decisions build on: a key belongs to one schedule after the other."""
    return [f"schedule:{key or schedule_id}"]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


# --- turns -----------------------------------------------------------------------------------------------------------


def turn(db: Connection, at: Micros, kinds: Collection[str]) -> list[int]:
    """Queue what is due at a moment and return the jobs; for the process that runs the queued jobs alone.

    Kinds of jobs that nobody can run (their extension is gone) wait.
    """
    standing = [one for one in listing(db) if one.enabled and one.kind in kinds]
    if not standing or moved.held(db):
        return []
    zone = ZoneInfo(str(settings.get(db, settings.SITE_ZONE)))
    return [job for one in standing if (job := _take(db, one, at, zone)) is not None]


def _take(db: Connection, one: Schedule, at: Micros, zone: ZoneInfo) -> int | None:
    """Look after one schedule: run it, try it again, or see that its next run is right."""
    if one.running:
        return None  # what has become due meanwhile waits for its end
    if one.next_run is not None and one.next_run <= at:
        return _run(db, one, last_until(one.cadence, at, zone), at, zone)
    if one.retry is not None and one.retry <= at and one.slot is not None:
        return _run(db, one, one.slot, at, zone)
    expected = _expected(one, at, zone)
    failed_anew = one.failing and one.retry is None and one.job_finished is not None
    recovered = one.job_state == "done" and one.failures > 0
    if expected != one.next_run or failed_anew or recovered:
        _note(db, one, expected, failed_anew=failed_anew, recovered=recovered)
    return None


def _expected(one: Schedule, at: Micros, zone: ZoneInfo) -> Micros:
    """Return the next time: after now, and not again what ran already on a clock that was put back a little."""
    done = one.slot if one.slot is not None and one.slot <= at + FORGIVEN else at
    return next_after(one.cadence, max(at, done), zone)


def _run(db: Connection, one: Schedule, slot: Micros, at: Micros, zone: ZoneInfo) -> int:
    with writing(db):
        job_id = _enqueue(db, one, slot)
        db.execute(
            "UPDATE schedules SET slot = ?, job_id = ?, retry = NULL, next_run = ? WHERE id = ?",
            (slot, job_id, next_after(one.cadence, max(at, slot), zone), one.id),
        )
    return job_id


def _enqueue(db: Connection, one: Schedule, slot: Micros) -> int:
    return jobs.enqueue(db, one.kind, one.title, {**one.params, "schedule": one.id, "due": slot})


def _note(db: Connection, one: Schedule, expected: Micros, *, failed_anew: bool, recovered: bool) -> None:
    failures = 0 if recovered else one.failures + failed_anew
    retry = one.retry
    if failed_anew:
        # Interrupted means that the desk was closed in the middle: nothing is wrong, so it goes on at once.
        wait = 0 if one.job_state == "interrupted" else RETRY_AFTER[min(failures, len(RETRY_AFTER)) - 1]
        retry = (one.job_finished or 0) + wait
    with writing(db):
        db.execute(
            "UPDATE schedules SET next_run = ?, failures = ?, retry = ? WHERE id = ?",
            (expected, failures, retry, one.id),
        )
