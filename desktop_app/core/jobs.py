"""Long work: queued in the database, run in worker processes by whoever holds the folder's lock.

A worker is spawned (never forked), watches for the end of its parent and dies with it. Progress, cancel and result go
through the jobs table, so any process of the folder can show and stop a job. A job whose worker is gone is
*interrupted*: it can be resumed, or rolled back by undoing what it had committed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

import orjson

from desktop_app.core.collector import collector_calm
from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import Cancelled, UsageError, error_parts, unexpected
from desktop_app.core.extension import Extension, JobKind
from desktop_app.core.keeping import upkeep
from desktop_app.core.locks import FolderLock
from desktop_app.core.model import Micros, now
from desktop_app.core.paths import DataFolder
from desktop_app.core.printing import Printer
from desktop_app.core.text import Text, text

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
EXPIRY_SECONDS = 60
SCHEDULE_SECONDS = 5
HEARTBEAT_SECONDS = 0.5
AT_ONCE = 2  # imports are bound by the processor; more workers than cores only take memory
UNFINISHED = ("queued", "running")
_WAITING = "SELECT id FROM jobs WHERE state = 'queued' AND (? IS NULL OR id = ?)"


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the jobs table. progress and total are in the job's own unit; total 0 means not known yet."""

    id: int
    kind: str
    title: Text
    params: Mapping[str, Any]
    state: str
    created: Micros
    started: Micros | None
    finished: Micros | None
    progress: int
    total: int
    message: Text | None
    cancel: bool
    result: Mapping[str, Any] | None
    error: tuple[Text, ...]

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in UNFINISHED

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return min(100, self.progress * 100 // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a job's log."""

    time: Micros
    severity: str
    message: Text


def _job(row: Mapping[str, Any]) -> Job:
    error = orjson.loads(row["error"]) if row["error"] else {}
    return Job(
        id=row["id"],
        kind=row["kind"],
        title=Text.from_json(orjson.loads(row["title"])),
        params=orjson.loads(row["params"]),
        state=row["state"],
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
        progress=row["progress"],
        total=row["total"],
        message=Text.from_json(orjson.loads(row["message"])) if row["message"] else None,
        cancel=bool(row["cancel"]),
        result=orjson.loads(row["result"]) if row["result"] else None,
        error=error_parts(error),
    )


def enqueue(db: Connection, kind: str, title: Text, params: Mapping[str, Any]) -> int:
    """Queue a job and return its id; inside ``writing()``."""
    cursor = db.execute(
        "INSERT INTO jobs (kind, title, params, state, created) VALUES (?, ?, ?, 'queued', ?)",
        (kind, orjson.dumps(title.to_json()).decode(), orjson.dumps(params).decode(), now()),
    )
    return int(cursor.lastrowid or 0)


def job(db: Connection, job_id: int) -> Job:
    """Return one job; UsageError where there is none."""
    found = rows(db, "SELECT * FROM jobs WHERE id = ?", [job_id])
    if not found:
        raise UsageError(text("There is no job %(number)s.", number=job_id))
    return _job(found[0])


def listing(db: Connection, limit: int = 50) -> list[Job]:
    """Return the newest jobs first."""
    return [_job(row) for row in rows(db, "SELECT * FROM jobs ORDER BY id DESC LIMIT ?", [limit])]


def active(db: Connection) -> list[Job]:
    """Return the jobs that wait or run, oldest first."""
    return [_job(row) for row in rows(db, "SELECT * FROM jobs WHERE state IN ('queued','running') ORDER BY id")]


def log_lines(db: Connection, job_id: int) -> list[LogLine]:
    """Return the log of a job, oldest first."""
    found = rows(db, "SELECT time, severity, message FROM job_log WHERE job_id = ? ORDER BY id", [job_id])
    return [LogLine(row["time"], row["severity"], Text.from_json(orjson.loads(row["message"]))) for row in found]


def cancel(db: Connection, job_id: int) -> None:
    """Ask a job to stop; one that has not begun ends at once."""
    with writing(db):
        db.execute("UPDATE jobs SET cancel = 1 WHERE id = ? AND state IN ('queued','running')", (job_id,))
        db.execute(
            "UPDATE jobs SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'", (now(), job_id)
        )


def resume(db: Connection, job_id: int) -> None:
    """Queue an interrupted, cancelled or failed job again; what it had committed is not done twice."""
    with writing(db):
        changed = db.execute(
            "UPDATE jobs SET state = 'queued', cancel = 0, error = NULL, finished = NULL"
            " WHERE id = ? AND state IN ('interrupted','cancelled','failed')",
            (job_id,),
        )
        if changed.rowcount == 0:
            raise UsageError(text("This job can't be resumed."), why=text("It runs, waits or has ended well."))


# --- inside a worker -------------------------------------------------------------------------------------------------


class JobContext:
    """What running work has at hand: the desk, a connection of its own, progress, log and cancel."""

    def __init__(self, desk: Desk, db: Connection, job_id: int) -> None:
        self.desk = desk
        self.db = db
        self.job_id = job_id
        self._reported = 0.0

    def now(self) -> Micros:
        """Return the desk's clock."""
        return self.desk.clock()

    def progress(self, done: int, total: int, message: Text | None = None) -> None:
        """Report how far the work is (any unit) and notice a cancel; cheap enough to call for every batch."""
        moment = time.monotonic()
        if moment - self._reported < HEARTBEAT_SECONDS and done < total:
            return
        self._reported = moment
        stored = orjson.dumps(message.to_json()).decode() if message else None
        # Progress is news, not truth: while another process writes for long, the work goes on without telling.
        with suppress(sqlite3.OperationalError), writing(self.db):
            self.db.execute(
                "UPDATE jobs SET progress = ?, total = ?, message = ? WHERE id = ?",
                (done, total, stored, self.job_id),
            )
        self.check()

    def check(self) -> None:
        """Raise Cancelled when a person asked the job to stop."""
        if rows(self.db, "SELECT 1 FROM jobs WHERE id = ? AND cancel = 1", [self.job_id]):
            raise Cancelled

    def log(self, severity: str, message: Text) -> None:
        """Add a line (``info``, ``warning`` or ``error``) to the job's log."""
        with writing(self.db):
            self.db.execute(
                "INSERT INTO job_log (job_id, time, severity, message) VALUES (?, ?, ?, ?)",
                (self.job_id, now(), severity, orjson.dumps(message.to_json()).decode()),
            )


def kinds(extensions: tuple[Extension, ...]) -> dict[str, JobKind]:
    """Return every kind of job by its id."""
    return {kind.id: kind for extension in extensions for kind in extension.jobs}


def run_here(desk: Desk, job_id: int) -> None:
    """Run one claimed job in this process and write how it ended; nothing is raised."""
    with collector_calm(), desk.connection() as db:
        ended: tuple[str, object, object]
        try:
            found = job(db, job_id)
            result = kinds(desk.extensions)[found.kind].run(JobContext(desk, db, job_id), found.params)
            ended = ("done", result, None)
        except Cancelled:
            ended = ("cancelled", None, None)
        except Exception as error:  # noqa: BLE001 - the boundary of a job: whatever happened is told where jobs are shown
            failure = unexpected(error)
            if failure is not error:
                write_note(desk.folder, error)
            ended = ("failed", None, failure.to_json())
        _finish(db, job_id, *ended)


def _finish(db: Connection, job_id: int, state: str, result: object, error: object) -> None:
    with writing(db):
        db.execute(
            "UPDATE jobs SET state = ?, finished = ?, result = ?, error = ?,"
            " progress = CASE WHEN ? = 'done' THEN total ELSE progress END WHERE id = ?",
            (state, now(), orjson.dumps(result).decode() if result is not None else None,
             orjson.dumps(error).decode() if error is not None else None, state, job_id),
        )  # fmt: skip


def die_with_parent() -> None:
    """End this worker when its parent is gone, however it went; what was not committed is as if it never was."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(3)


def _work(folder: DataFolder, load: Callable[[], tuple[Extension, ...]], printer: Printer, job_id: int) -> None:
    threading.Thread(target=die_with_parent, daemon=True).start()
    run_here(Desk(folder, load(), load=load, printer=printer), job_id)


# --- the process that holds the lock ---------------------------------------------------------------------------------


class Runner:
    """Runs queued jobs in workers, for the process that holds the folder's lock.

    ``only``: the one job that a command without a desk runs; others wait for their own command or for a desk.
    """

    def __init__(self, desk: Desk, only: int | None = None) -> None:
        self._desk = desk
        self._only = only
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._workers: dict[int, Any] = {}
        self._spawn = multiprocessing.get_context("spawn")

    def start(self) -> None:
        """Recover what a crash left, then run queued jobs until ``stop``."""
        self.recover()
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the workers at once; their jobs are shown as interrupted and can be resumed."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        for worker in self._workers.values():
            worker.terminate()
        for worker in self._workers.values():
            worker.join(5)
        self._workers.clear()
        self.recover()

    def recover(self) -> None:
        """Mark jobs whose worker is gone, and sweep away event files that were never committed."""
        recover(self._desk)

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                with self._desk.connection() as db:
                    self._turns(db)
            except sqlite3.OperationalError:
                # Another process writes for long, or the stick was pulled out: our turn comes again, connected anew.
                log.warning("The database was busy; trying again", exc_info=True)
                self._stop.wait(POLL_SECONDS)

    def _turns(self, db: Connection) -> None:
        from desktop_app.core import schedules  # it queues jobs, so it stands above this module

        last_expiry = last_schedules = 0.0
        while not self._stop.wait(POLL_SECONDS):
            self._turn(db)
            if time.monotonic() - last_expiry > EXPIRY_SECONDS:
                upkeep.turn(self._desk.folder, db, self._desk.clock())
                last_expiry = time.monotonic()
            if self._only is None and time.monotonic() - last_schedules > SCHEDULE_SECONDS:
                schedules.turn(db, self._desk.clock(), kinds(self._desk.extensions))
                last_schedules = time.monotonic()

    def _turn(self, db: Connection) -> None:
        self._reap(db)
        while len(self._workers) < AT_ONCE and self._begin_next(db):
            pass

    def _begin_next(self, db: Connection) -> bool:
        if not rows(db, f"{_WAITING} LIMIT 1", [self._only, self._only]):
            return False
        with writing(db):
            found = rows(db, f"{_WAITING} ORDER BY id LIMIT 1", [self._only, self._only])
            if not found:
                return False
            job_id = found[0]["id"]
            db.execute("UPDATE jobs SET state = 'running', started = ? WHERE id = ?", (now(), job_id))
        desk = self._desk
        worker = self._spawn.Process(target=_work, args=(desk.folder, desk.load, desk.printer, job_id), daemon=True)
        try:
            worker.start()
        except OSError as error:  # no memory or no process to be had
            _finish(db, job_id, "failed", None, unexpected(error).to_json())
            return True
        self._workers[job_id] = worker
        return True

    def _reap(self, db: Connection) -> None:
        """Notice workers that ended; one that died without a word leaves its job interrupted."""
        for job_id, worker in list(self._workers.items()):
            if not worker.is_alive():
                worker.join()
                with writing(db):
                    db.execute(
                        "UPDATE jobs SET state = 'interrupted', finished = ? WHERE id = ? AND state = 'running'",
                        (now(), job_id),
                    )
                del self._workers[job_id]


def recover(desk: Desk) -> None:
    """Put right what a crash left; only for the holder of the lock, while no worker runs."""
    with desk.connection() as db:
        going_on = orjson.dumps([one.id for one in kinds(desk.extensions).values() if one.resumes]).decode()
        with writing(db):
            db.execute(
                "UPDATE jobs SET state = 'queued' WHERE state = 'running' AND kind IN (SELECT value FROM json_each(?))",
                (going_on,),
            )
            db.execute("UPDATE jobs SET state = 'interrupted', finished = ? WHERE state = 'running'", (now(),))
        upkeep.begin(desk.folder, db, desk.clock())


def recover_if_nobody_works(desk: Desk) -> None:
    """Put right what a crash left, unless a desk or a command is at work on the folder."""
    lock = FolderLock.take(desk.folder)
    if lock is not None:
        recover(desk)
        lock.release()


def run_to_end(desk: Desk, job_id: int) -> Job:
    """Wait until a job has ended: with a desk running, that one does it; without one, this process takes the lock."""
    with ExitStack() as stack:
        db = stack.enter_context(desk.connection())
        working = False
        while (found := job(db, job_id)).active:
            # Whoever holds the lock now may end before our job has begun, so it is asked for again and again.
            if not working and (lock := FolderLock.take(desk.folder)):
                stack.callback(lock.release)
                runner = Runner(desk, job_id)
                runner.start()
                stack.callback(runner.stop)
                working = True
            time.sleep(POLL_SECONDS / 2)
        return found
