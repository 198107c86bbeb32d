from __future__ import annotations

import gc

import pytest

from desktop_app.core.collector import collector_calm, collector_paused


def test_the_collector_is_paused_only_for_a_while() -> None:
    with pytest.raises(KeyError), collector_paused():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_the_collector_looks_seldom_only_for_a_while() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collector_calm():
        assert gc.get_threshold() > before
        raise KeyError
    assert gc.get_threshold() == before
