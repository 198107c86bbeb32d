"""The work of an open desk besides its pages: jobs and messages. It waits for the folder's lock, and it can rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.web.hall import StillBusy

LOCK_POLL_SECONDS = 1.0


class Worker(Protocol):
    """Something that works from ``start`` to ``stop``."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


class Work:
    """Makes the workers and lets them work; where a command without a desk has the lock, as soon as that has ended."""

    def __init__(self, folder: DataFolder, makers: Sequence[Callable[[], Worker]]) -> None:
        self._folder = folder
        self._makers = makers
        self._done = threading.Event()
        self._turn = threading.Lock()
        self._lock: FolderLock | None = None
        self._working: list[Worker] = []
        self._thread = threading.Thread(target=self._begin, name="jobs-lock", daemon=True)

    def start(self) -> None:
        """Begin as soon as the lock is to be had."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._done.set()
        self._thread.join()
        with self._turn:
            self._halt()
            if self._lock is not None:
                self._lock.release()

    def _begin(self) -> None:
        lock = FolderLock.take(self._folder)
        while lock is None and not self._done.wait(LOCK_POLL_SECONDS):
            lock = FolderLock.take(self._folder)
        with self._turn:
            self._lock = lock
            if lock is not None and not self._done.is_set():
                self._go()

    def _go(self) -> None:
        for make in self._makers:
            worker = make()
            worker.start()
            self._working.append(worker)

    def _halt(self) -> None:
        while self._working:
            self._working.pop().stop()

    @contextmanager
    def rest(self) -> Iterator[None]:
        """Stop working while the block lasts; the lock stays ours. Raises StillBusy where another process has it."""
        with self._turn:
            if self._lock is None:
                raise StillBusy(
                    text("A command works on this desk."), fix=text("Wait until it has ended. Nothing was changed.")
                )
            self._halt()
            try:
                yield
            finally:
                self._go()
