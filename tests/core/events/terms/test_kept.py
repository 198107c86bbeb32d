from __future__ import annotations

from typing import Any

from desktop_app.core import marks
from desktop_app.core.events.terms import kept
from tests.core.events.made import Store

EVENT: dict[str, Any] = {"id": "4294967297", "time": 5, "host": "h", "source": "s", "level": None, "message": "m",
                         "raw": "r", "fields": {}}  # fmt: skip


def test_events_are_found_by_tag_and_pin(store: Store) -> None:
    marks.change(store.db, EVENT, tags=["odd"])
    marks.change(store.db, {**EVENT, "id": "9"}, pin=True)
    assert kept.tagged(store.db, "ODD") == [4294967297]
    assert kept.tagged(store.db, "*") == [4294967297]
    assert kept.tagged(store.db, "other") == []
    assert kept.pinned(store.db) == [9]
