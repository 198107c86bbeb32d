"""What an open desk does beside its window: messages, the tray's menu, starting at sign-in as the settings say."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_app.core import outbox, passphrase, settings
from desktop_app.core.desk import Desk
from desktop_app.core.settings import Setting
from desktop_app.core.text import Text, text
from desktop_app.shell import autostart
from desktop_app.shell.autostart import Autostart

LOOK_SECONDS = 2.0
PAUSE = 3600 * 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the tray's menu. ``shown`` is asked each time the menu opens."""

    title: Text
    act: Callable[[], None]
    shown: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Acts:
    """What the menu reaches for outside of this module."""

    show: Callable[[], None]
    lock: Callable[[], None]
    end: Callable[[], None]


def menu(desk: Desk, acts: Acts) -> tuple[Entry, ...]:
    """Return the entries of the tray's menu."""

    def lockable() -> bool:
        with desk.connection() as db:
            return passphrase.is_set(db)

    def paused() -> bool:
        with desk.connection() as db:
            return outbox.paused_until(db) > desk.clock()

    def pause(length: int) -> None:
        with desk.connection() as db:
            outbox.pause(db, desk.clock() + length if length else 0)

    return (
        Entry(text("Open Watchdesk"), acts.show),
        Entry(text("Lock"), acts.lock, lockable),
        Entry(text("Pause notifications for an hour"), lambda: pause(PAUSE), lambda: not paused()),
        Entry(text("Resume notifications"), lambda: pause(0), paused),
        Entry(text("Quit Watchdesk"), acts.end),
    )


def is_on(desk: Desk, setting: Setting) -> bool:
    """Return a setting of this desk; off where it cannot be read now."""
    try:
        with desk.connection() as db:
            return bool(settings.get(db, setting))
    except (sqlite3.Error, OSError):
        return False


class Keeper:
    """Makes starting at sign-in what the setting says, as soon as it is saved or taken back."""

    def __init__(self, desk: Desk, way: Autostart, command: Sequence[str]) -> None:
        self._desk = desk
        self._way = way
        self._command = command
        self._was = False  # another desk of this account may have switched it on: only what we saw on is switched off
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was switched stays."""
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        """Look once."""
        wanted = is_on(self._desk, settings.START_AT_SIGN_IN)
        if wanted != self._was:
            autostart.settle(self._way, self._command, wanted=wanted)
            self._was = wanted

    def _loop(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_SECONDS):
            self.look()
