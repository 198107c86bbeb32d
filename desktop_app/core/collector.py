"""Python's search for reference cycles, kept out of work that makes very many plain values and hardly a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_calm() -> Iterator[None]:
    """Look for cycles seldom: for long work in a process of its own."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector from searching through thousands of objects that are made at once, none of them in a cycle."""
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
