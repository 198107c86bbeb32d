"""Keeping the segments of live sources few: when enough small ones of a size have come together, they become one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from desktop_app.core.compacting import compact
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.events import catalogue
from desktop_app.extensions.logs.store import live

TOGETHER = 16  # of about a size; so an event is written again a few times at most
LARGE = 50_000  # events; a segment of so many is left as it is
KEPT_SECONDS = 60.0  # a search may still be reading what was put together


class Compactor:
    """Puts segments together, one group a turn, so that what arrives never waits for long."""

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


def groups(db: Connection) -> list[Sequence[int]]:
    """Return which segments are worth putting together: enough of about one size, of one import and log source."""
    found: list[Sequence[int]] = []
    for ids in live.small_segments(db, LARGE):
        tiers: dict[int, list[int]] = {}
        for one in catalogue.by_ids(db, ids):
            tiers.setdefault(max(0, (one.events.bit_length() - 1) // 4), []).append(one.id)
        found += [held[: TOGETHER * 4] for _, held in sorted(tiers.items()) if len(held) >= TOGETHER]
    return found
