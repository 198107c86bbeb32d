from __future__ import annotations

import threading
from typing import cast

from desktop_app.core.events.search import EventStore
from desktop_app.extensions.logs.views.running import Running


class Interrupted:
    """Remembers which threads were told to stop."""

    def __init__(self) -> None:
        self.threads: list[int | None] = []

    def interrupt(self, thread: int | None = None) -> int:
        self.threads.append(thread)
        return 1


def begun(running: Running, store: EventStore, window: str, run: int) -> tuple[threading.Thread, threading.Event]:
    """Begin a part in a thread of its own that works until the event is set."""
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with running.part(store, window, run):
            inside.set()
            leave.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    assert inside.wait(30)
    return thread, leave


def test_a_newer_search_ends_the_parts_of_the_one_before_it_and_no_others() -> None:
    told = Interrupted()
    store, running = cast("EventStore", told), Running()
    old, other = begun(running, store, "a", 1), begun(running, store, "b", 1)
    with running.part(store, "a", 2):
        assert told.threads == [old[0].ident]
    for thread, leave in (old, other):
        leave.set()
        thread.join()


def test_parts_of_one_search_leave_each_other_alone() -> None:
    told = Interrupted()
    store, running = cast("EventStore", told), Running()
    thread, leave = begun(running, store, "a", 1)
    with running.part(store, "a", 1):
        assert told.threads == []
    leave.set()
    thread.join()


def test_a_part_that_has_ended_is_not_interrupted_any_more() -> None:
    told = Interrupted()
    store, running = cast("EventStore", told), Running()
    with running.part(store, "a", 1):
        pass
    with running.part(store, "a", 2):
        assert told.threads == []


def test_without_a_window_nothing_is_kept() -> None:
    told = Interrupted()
    store, running = cast("EventStore", told), Running()
    with running.part(store, "", 1), running.part(store, "", 2):
        assert told.threads == []
