from __future__ import annotations

import sys

import numpy as np
import psutil
import pytest

from desktop_app.core import heap


@pytest.mark.skipif(sys.platform != "linux" or heap._trim() is None, reason="another allocator gives back by itself")
def test_what_lies_free_goes_back_to_the_system() -> None:
    kept = [np.ones(1_000, np.int64) for _ in range(8_000)]  # too small to be handed out apart
    last = np.ones(1_000, np.int64)  # what lies behind them keeps the end of the heap in use
    del kept
    before = psutil.Process().memory_info().rss
    heap.give_back()
    assert psutil.Process().memory_info().rss < before - 20_000_000
    assert last.sum() == 1_000


def test_only_an_allocator_that_knows_the_call_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(heap, "_trim", lambda: asked.append)
    heap.give_back()
    monkeypatch.setattr(heap, "_trim", lambda: None)
    heap.give_back()
    assert asked == [0]
