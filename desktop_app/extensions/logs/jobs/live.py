"""The listener of the logs extension: all live sources in one process, for as long as a desk is open."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError, WatchdeskError, unexpected
from desktop_app.core.model import Micros
from desktop_app.extensions.logs.jobs import dropped, followed
from desktop_app.extensions.logs.jobs.compacting import Beside
from desktop_app.extensions.logs.jobs.landing import Landed, Landing, Whose
from desktop_app.extensions.logs.jobs.pulse import Pulse
from desktop_app.extensions.logs.sources.drop_folder import DropFolder
from desktop_app.extensions.logs.sources.feed import FLUSH_EVENTS, Feed, Portion
from desktop_app.extensions.logs.sources.feeds import make
from desktop_app.extensions.logs.sources.follow import Follow
from desktop_app.extensions.logs.store import live, taught
from desktop_app.extensions.logs.store.live import LiveSource

TURN_SECONDS = 0.1
FLUSH_SECONDS = 1.0
LOOK_SECONDS = 1.0  # at what a person has decided
HEARTBEAT_SECONDS = 5.0
COMPLAINT_SECONDS = 300.0  # for so long after its last try it is told what a sender does wrong
AGAIN_SECONDS = 10.0  # until a source that could not listen tries again

# Why a source is not heard: gaps are drawn only where what came meanwhile is gone.
PAUSED, CLOSED, CRASHED, FAILED = "paused", "closed", "crashed", "failed"


def run(desk: Desk, wait: Callable[[float], bool]) -> None:
    """Listen until ``wait`` says that it is time to end; then store what was heard."""
    with desk.connection() as db:
        listener = _Listener(desk, db)
        try:
            while not wait(TURN_SECONDS):
                listener.turn()
        finally:
            listener.end()


class _Listener:
    """All sources of a desk."""

    def __init__(self, desk: Desk, db: Connection) -> None:
        self._desk = desk
        self._db = db
        self._landing = Landing(desk, db)
        self._compactor = Beside(desk)
        self._compactor.start()
        self._running: dict[int, Running] = {}
        self._looked = self._beat = 0.0

    def turn(self) -> None:
        """Do what is due. While another process writes for long, it is done in the next turn."""
        try:
            self._turn()
        except sqlite3.OperationalError:
            if self._db.conn.in_transaction:
                self._db.conn.rollback()

    def _turn(self) -> None:
        moment = time.monotonic()
        if moment - self._looked >= LOOK_SECONDS:
            self._looked = moment
            self._look()
        for one in self._running.values():
            one.turn(moment)
        if moment - self._beat >= HEARTBEAT_SECONDS:
            self._beat = moment
            self._heartbeat()
            self._compactor.turn()

    def _look(self) -> None:
        """Follow what a person has decided: begin, end, begin anew with other words."""
        wanted = {one.id: one for one in live.sources(self._db)}
        for number, one in list(self._running.items()):
            now = wanted.get(number)
            if now is None or now.paused or one.differs(now):
                one.end(PAUSED if now is None or now.paused else CLOSED)
                del self._running[number]
        for number, source in wanted.items():
            if source.paused:
                self._keep_paused(source)
            elif number not in self._running:
                self._running[number] = Running(self._desk, self._db, self._landing, source)
                self._running[number].begin()
        if self._running:
            self._landing.prepare()

    def _keep_paused(self, source: LiveSource) -> None:
        if source.state != "paused":
            with writing(self._db):
                live.tell(self._db, source.id, {"state": "paused", "address": "", "error": None, "rate": 0.0})
                if not make(self._desk.folder, source.kind, source.config, {}).gapless:
                    live.open_gap(self._db, source.id, source.name, self._desk.clock(), PAUSED)

    def _heartbeat(self) -> None:
        told = {number: one.heartbeat() for number, one in self._running.items()}
        with writing(self._db):
            for number, columns in told.items():
                live.tell(self._db, number, columns)
        for one in self._running.values():
            one.watch()

    def end(self) -> None:
        """Store what was heard and say that nobody listens."""
        for one in self._running.values():
            one.end(CLOSED)
        self._compactor.end()


class Running:
    """One source that is listened to. What was taken from it and not stored yet stays in hand until it is."""

    def __init__(self, desk: Desk, db: Connection, landing: Landing, source: LiveSource) -> None:
        self._desk = desk
        self._db = db
        self._landing = landing
        self._source = source
        self._whose = Whose(source.id, source.name, str(source.config.get("zone") or ""))
        self._feed: Feed | None = None
        self._held: Portion | None = None
        self._flushed = 0.0
        self._not_before = 0.0
        self._problem: WatchdeskError | None = None
        self._complaint: WatchdeskError | None = None
        self._complained = 0.0
        self.pulse = Pulse(source.pause, source.arrived, desk.clock())

    def differs(self, source: LiveSource) -> bool:
        """Say whether a person has changed it since."""
        return (source.name, source.config) != (self._source.name, self._source.config)

    def begin(self) -> None:
        """Begin to listen; what kept it from that is told."""
        feed = make(self._desk.folder, self._source.kind, self._source.config, live.cursor(self._db, self._source.id))
        if isinstance(feed, Follow):
            feed.imported = partial(followed.imported, self._db)
            feed.taught = partial(taught.formats, self._db)
        try:
            feed.start()
        except Exception as error:  # noqa: BLE001 - the boundary of a source: what goes wrong with one is told there
            feed.problem = self._told(error)
        self._feed = feed
        if feed.problem is not None:
            self._fail(feed.problem)
            return
        self._not_before, self._problem = 0.0, None
        at = self._desk.clock()
        with writing(self._db):
            self._close_gap(at, gapless=feed.gapless)
            live.tell(self._db, self._source.id, {"state": "listening", "address": feed.address, "error": None,
                                                  "began": at, "heartbeat": at})  # fmt: skip
        self.pulse.begin(at)

    def _close_gap(self, at: Micros, *, gapless: bool) -> None:
        """What was not heard until now is over; the time since the last heartbeat of one that crashed was a gap too."""
        source = live.source(self._db, self._source.id)
        if source.state == "listening" and source.heartbeat is not None and not gapless:
            live.open_gap(self._db, source.id, source.name, source.heartbeat, CRASHED)
        live.close_gap(self._db, source.id, at)

    def turn(self, moment: float) -> None:
        """Store what is due, and try again to listen where that failed."""
        if self._feed is None or self._feed.problem is not None:
            if moment >= self._not_before:
                self._again()
            return
        due = moment - self._flushed >= FLUSH_SECONDS or self._feed.waiting() >= FLUSH_EVENTS
        if due and moment >= self._not_before:
            self._flushed = moment
            self._flush()
            if isinstance(self._feed, DropFolder):
                self._import(self._feed)
        if self._feed.problem is not None:
            self._fail(self._feed.problem)

    def _again(self) -> None:
        if self._feed is not None:
            self._feed.stop()
            self._drain()
        self.begin()

    def _import(self, folder: DropFolder) -> None:
        try:
            events = dropped.look(self._db, self._source, folder)
        except (WatchdeskError, OSError) as error:
            folder.problem = self._told(error)
            return
        if events:
            at = self._desk.clock()
            self.pulse.heard(at, at, events, None)

    def _flush(self) -> None:
        """Store what has come; one that has much to say leaves the others their turn."""
        end = time.monotonic() + FLUSH_SECONDS
        while self._feed is not None and time.monotonic() < end:
            try:
                self._held = self._held or self._feed.take(FLUSH_EVENTS)
            except Exception as error:  # noqa: BLE001 - the boundary of a source: what goes wrong with one is told there
                self._feed.problem = self._told(error)
                return
            if self._held is None or not self._store(self._held):
                return
            size, self._held = len(self._held.raw), None
            if size < FLUSH_EVENTS and not self._feed.gapless:
                return  # what comes meanwhile waits for the next flush: many small segments help nobody

    def _store(self, portion: Portion) -> bool:
        """Bring a portion in; where the store refuses, it stays in hand and senders wait."""
        at = self._desk.clock()
        told: dict[str, Any] = {"heartbeat": at, "error": self._of_senders(portion)}
        if portion.raw:
            told |= {"arrived": portion.last, "silent": None}
        try:
            landed = self._landing.land(self._whose, portion, told)
        except StoreError as error:
            self._tell_error(error)
            self._not_before = time.monotonic() + FLUSH_SECONDS
            return False
        self._problem = None
        if portion.raw:
            self._heard(portion, landed)
        return True

    def _of_senders(self, portion: Portion) -> str | None:
        """Return what a sender does wrong, for as long as it keeps trying: others are heard meanwhile."""
        if portion.complaint is not None:
            self._complaint, self._complained = portion.complaint, time.monotonic()
        return None if self._complaint is None else _json(self._complaint)

    def _heard(self, portion: Portion, landed: Landed) -> None:
        back = self.pulse.heard(portion.first, portion.last, landed.events, landed.newest)
        if back is not None:
            self._landing.note(self._whose, *self.pulse.back(back))
            self._landing.heard_again(self._whose)

    def watch(self) -> None:
        """Notice that the source has fallen silent."""
        if self._feed is None or self._feed.problem is not None:
            return
        said = self.pulse.silent(self._source.config.get("silent"), self._desk.clock())
        if said is not None:
            self._landing.note(self._whose, *said)
            with writing(self._db):
                live.tell(self._db, self._source.id, {"silent": self.pulse.silent_since})

    def heartbeat(self) -> Mapping[str, Any]:
        """Return how it fares."""
        if self._feed is None or self._feed.problem is not None:
            return {"rate": 0.0}
        at = self._desk.clock()
        told = {"heartbeat": at, **self.pulse.told(at)}
        if self._complaint is not None and time.monotonic() - self._complained > COMPLAINT_SECONDS:
            self._complaint = None
            return told if self._problem is not None else {**told, "error": None}
        return told

    def _fail(self, problem: WatchdeskError) -> None:
        self._not_before = time.monotonic() + AGAIN_SECONDS
        at = self._desk.clock()
        with writing(self._db):
            live.tell(self._db, self._source.id, {"state": "failed", "address": "", "error": _json(problem)})
            live.count(self._db, self._source.id, errors=1)
            if self._feed is not None and not self._feed.gapless:
                live.open_gap(self._db, self._source.id, self._source.name, at, FAILED)

    def _tell_error(self, problem: WatchdeskError) -> None:
        if self._problem is None:
            self._problem = problem
            with writing(self._db):
                live.tell(self._db, self._source.id, {"error": _json(problem)})
                live.count(self._db, self._source.id, errors=1)

    def _told(self, error: Exception) -> WatchdeskError:
        told = unexpected(error)
        if told is not error and not isinstance(error, OSError):
            write_note(self._desk.folder, error)
        return told

    def end(self, reason: str) -> None:
        """Stop listening, store what was heard, and say so."""
        if self._feed is None:
            return
        failed, gapless = self._feed.problem is not None, self._feed.gapless
        self._feed.stop()
        self._drain()
        state = PAUSED if reason == PAUSED else "stopped"
        with writing(self._db):
            live.tell(self._db, self._source.id, {"state": state, "address": "", "rate": 0.0,
                                                  **({} if failed else {"error": None})})  # fmt: skip
            if not gapless:
                live.open_gap(self._db, self._source.id, self._source.name, self._desk.clock(), reason)

    def _drain(self) -> None:
        """Store what was heard and cannot be heard again."""
        while self._feed is not None and not self._feed.gapless and (self._held is not None or self._feed.waiting()):
            held = self._held
            self._flush()
            if held is not None and self._held is held:
                return  # the store refuses: what is in hand is lost with this process


def _json(problem: WatchdeskError) -> str:
    return orjson.dumps(problem.to_json()).decode()
