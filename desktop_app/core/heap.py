"""Memory that is free within the process goes back to the system, where the allocator would keep it."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable


@functools.cache
def _trim() -> Callable[[int], int] | None:
    # glibc keeps what lies below anything still in use; others, and other systems, give back by themselves.
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    found: Callable[[int], int] | None = getattr(library, "malloc_trim", None)
    return found


def give_back() -> None:
    """Return free memory to the system; some milliseconds, so it is for after large work only."""
    trim = _trim()
    if trim is not None:
        trim(0)
