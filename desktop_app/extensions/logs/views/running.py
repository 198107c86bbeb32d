"""A new search ends what is left of the one before it, in the same window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.core.events.search import EventStore


class Running:
    """Which thread answers which part of which search; ``window`` is a page's own random name, ``run`` counts up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: dict[int, tuple[str, int]] = {}

    @contextmanager
    def part(self, store: EventStore, window: str, run: int) -> Iterator[None]:
        """Answer a part of a search; parts of earlier searches of the window get ``Cancelled`` where they are."""
        if not window:
            yield
            return
        mine = threading.get_ident()
        with self._lock:
            for thread, (other, earlier) in self._threads.items():
                if other == window and earlier < run:
                    store.interrupt(thread)
            self._threads[mine] = (window, run)
        try:
            yield
        finally:
            with self._lock:
                self._threads.pop(mine, None)
