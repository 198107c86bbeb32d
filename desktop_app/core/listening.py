"""What listens for as long as a desk is open: a process an extension, kept alive by whoever holds the folder's lock.

The process dies with its parent; what it had not committed then is as if it never was. One that ends without being
asked is begun again, more and more seldom. A lock of its own sees to it that two never listen for one folder: the
desk that was killed a moment ago may still be ending.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_app.core import moved
from desktop_app.core.crashes import write_note
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension
from desktop_app.core.jobs import die_with_parent
from desktop_app.core.locks import lock
from desktop_app.core.paths import DataFolder
from desktop_app.core.printing import Printer

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
FAREWELL_SECONDS = 10.0
AGAIN_AFTER = (1.0, 5.0, 15.0, 60.0)  # seconds until a process that ended is begun again


@dataclass(slots=True)
class _Ear:
    """The process of one extension: ``ended`` times it ended unasked, begun again not before ``not_before``."""

    process: Any = None
    stop: Any = None
    ended: int = 0
    not_before: float = 0.0


class Listening:
    """Keeps the listeners of all extensions running where there is something to listen for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="listening", daemon=True)
        self._ears = {one.id: _Ear() for one in desk.extensions if one.listener is not None}
        self._spawn = multiprocessing.get_context("spawn")

    def start(self) -> None:
        """Begin; nothing runs as long as nothing is configured."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the listeners to store what they have heard and to end."""
        self._stop.set()
        self._thread.join()
        for ear in self._ears.values():
            self._end(ear)

    def _loop(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self._turn()
            except (sqlite3.OperationalError, OSError):
                log.warning("The listeners could not be looked after; trying again", exc_info=True)

    def _turn(self) -> None:
        with self._desk.connection() as db:
            held = moved.held(db) is not None
            for extension in self._desk.extensions:
                if extension.listener is None:
                    continue
                ear, wanted = self._ears[extension.id], not held and extension.listener.wanted(db)
                if ear.process is not None and not ear.process.is_alive():
                    self._gone(ear)
                if wanted and ear.process is None and time.monotonic() >= ear.not_before:
                    self._begin(extension, ear)
                elif not wanted and ear.process is not None:
                    self._end(ear)

    def _begin(self, extension: Extension, ear: _Ear) -> None:
        desk = self._desk
        ear.stop = self._spawn.Event()
        ear.process = self._spawn.Process(
            target=_listen, args=(desk.folder, desk.load, desk.printer, extension.id, ear.stop), daemon=True
        )
        ear.process.start()

    def _gone(self, ear: _Ear) -> None:
        ear.process.join()
        ear.process = None
        ear.not_before = time.monotonic() + AGAIN_AFTER[min(ear.ended, len(AGAIN_AFTER) - 1)]
        ear.ended += 1

    def _end(self, ear: _Ear) -> None:
        if ear.process is None:
            return
        ear.stop.set()
        ear.process.join(FAREWELL_SECONDS)
        if ear.process.is_alive():
            ear.process.kill()
            ear.process.join()
        ear.process = None
        ear.ended = 0


def _listen(
    folder: DataFolder, load: Callable[[], tuple[Extension, ...]], printer: Printer, extension_id: str, stop: Any
) -> None:
    threading.Thread(target=die_with_parent, daemon=True).start()
    desk = Desk(folder, load(), load=load, printer=printer)
    listener = desk.extension(extension_id).listener
    with (folder.root / f"listening-{extension_id}.lock").open("a+b") as held:
        while not lock(held):
            if stop.wait(LOOK_SECONDS):
                return
        try:
            if listener is not None:
                listener.run(desk, _waiting(stop))
        except Exception as error:
            write_note(folder, error)
            raise


def _waiting(stop: Any) -> Callable[[float], bool]:
    """Return what waits for the end: asked for by the desk, or by the system, which asks every process of a service.

    An interrupt from the keyboard is the desk's to answer.
    """
    asked = False

    def end(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True  # setting the event here could wait for ourselves

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    return lambda seconds: bool(stop.wait(seconds)) or asked
