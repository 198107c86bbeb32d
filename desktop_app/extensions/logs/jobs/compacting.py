"""Keeping the segments of live sources few: when enough small ones of a size have come together, they become one.

The listener does that by itself, a group at a time, while nothing else is at work; a person may also have all of it
done at once, as a job that can be stopped and goes on where it was: each group is one transaction.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.events import catalogue
from desktop_app.core.events.segment import portions
from desktop_app.core.jobs import JobContext
from desktop_app.core.keeping.compacting import compact
from desktop_app.core.text import text
from desktop_app.extensions.logs.store import live

TOGETHER = 16  # of about a size; so an event is written again a few times at most
LARGE = 50_000  # events; a segment of so many is left as it is
FAREWELL_SECONDS = 5.0
KEPT_SECONDS = 60.0  # a search may still be reading what was put together


class Compactor:
    """Puts segments together, one group a turn."""

    def __init__(self, desk: Desk, db: Connection) -> None:
        self._desk = desk
        self._db = db
        self._old: list[tuple[float, list[str]]] = []

    def turn(self) -> bool:
        """Put one group together where there is one; say whether there was."""
        self._discard(time.monotonic() - KEPT_SECONDS)
        for ids in groups(self._db):
            try:
                gone = compact(self._desk, self._db, ids)
            except (StoreError, sqlite3.OperationalError):
                return False  # the disk is full, or somebody writes for long: they stay as they are
            if gone is not None:
                self._old.append((time.monotonic(), gone))
                return True
        return False

    def end(self) -> None:
        """Delete what was put together."""
        self._discard(time.monotonic())

    def _discard(self, before: float) -> None:
        due = [path for at, paths in self._old if at <= before for path in paths]
        if due:
            self._old = [one for one in self._old if one[0] > before]
            catalogue.discard(self._desk.folder, self._db, due)


class Beside(threading.Thread):
    """A compactor with a connection of its own: reading and writing a group takes seconds, and nothing waits for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(name="compacting", daemon=True)
        self._desk = desk
        self._due, self._over = threading.Event(), threading.Event()

    def run(self) -> None:
        """Do a turn each time that one is due, until ``end``."""
        with self._desk.connection() as db:
            compactor = Compactor(self._desk, db)
            while self._due.wait() and not self._over.is_set():
                self._due.clear()
                try:
                    compactor.turn()
                except Exception as error:  # noqa: BLE001 - the boundary of a thread: what arrives is stored all the same
                    write_note(self._desk.folder, error)
            compactor.end()

    def turn(self) -> None:
        """Say that a turn is due."""
        self._due.set()

    def end(self) -> None:
        """Let it come to its end; what it is still writing after a while is as if it never was."""
        self._over.set()
        self._due.set()
        self.join(FAREWELL_SECONDS)


def groups(db: Connection) -> list[Sequence[int]]:
    """Return which segments are worth putting together: enough of about one size, of one import and log source."""
    found: list[Sequence[int]] = []
    for ids in live.small_segments(db, LARGE):
        tiers: dict[int, list[int]] = {}
        for one in catalogue.by_ids(db, ids):
            tiers.setdefault(max(0, (one.events.bit_length() - 1) // 4), []).append(one.id)
        found += [held[: TOGETHER * 4] for _, held in sorted(tiers.items()) if len(held) >= TOGETHER]
    return found


def run(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put all small segments together; a stop is heeded between two groups."""
    del params
    wanted = heaps(context.db)
    total, done, made, old = sum(map(len, wanted)), 0, 0, list[str]()
    for ids in wanted:
        gone = compact(context.desk, context.db, ids, context.job_id)
        if gone is None:
            context.log("info", text("Some files are left as they are: another job is at work, or they have changed."))
        else:
            old += gone
            made += 1
        done += len(ids)
        context.progress(done, total, text("Putting event files together"))
    _wait(context, bool(old))
    catalogue.discard(context.desk.folder, context.db, old)
    return {"before": total, "segments": made, "files": len(old)}


def heaps(db: Connection) -> list[list[int]]:
    """Return all that may become one each: small segments of one import, file and log source, up to LARGE events."""
    found = []
    for ids in live.small_segments(db, LARGE):
        found += [[one.id for one in heap] for heap in portions(catalogue.by_ids(db, ids), LARGE) if len(heap) > 1]
    return found


def _wait(context: JobContext, needed: bool) -> None:  # noqa: FBT001 - one caller, which says what it means
    """Let searches that began before come to their end; one that is cut off here leaves the files to the next start."""
    end = time.monotonic() + KEPT_SECONDS
    while needed and time.monotonic() < end:
        context.check()
        time.sleep(min(1.0, KEPT_SECONDS))
