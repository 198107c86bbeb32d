from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core import marks, undo
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError

EVENT: dict[str, Any] = {"id": "4294967297", "time": 5, "host": "h", "source": "s", "level": None, "message": "m",
                         "raw": "<r>", "fields": {"user": "bob"}}  # fmt: skip


def test_a_mark_keeps_a_copy_of_its_event(desk: Desk) -> None:
    with desk.connection() as db:
        marks.change(db, EVENT, pin=True, tags=["odd"], note=" look ")
        kept = marks.of(db, 4294967297)
        assert kept is not None
        assert (kept.pinned, kept.tags, kept.note) == (True, ("odd",), "look")
        assert {name: kept.event[name] for name in EVENT} == EVENT
        assert [one.event_id for one in marks.listing(db, start=5, end=6)] == [4294967297]
        assert marks.listing(db, start=6) == []


def test_every_change_can_be_undone(desk: Desk) -> None:
    with desk.connection() as db:
        marks.change(db, EVENT, pin=True)
        marks.change(db, EVENT, note="n")
        assert marks.change(db, EVENT, note="n") is None
        undo.undo(desk, db)
        kept = marks.of(db, 4294967297)
        assert kept is not None
        assert (kept.pinned, kept.note) == (True, "")
        undo.undo(desk, db)
        assert marks.of(db, 4294967297) is None


def test_a_mark_that_says_nothing_any_more_goes_and_comes_back_by_undo(desk: Desk) -> None:
    with desk.connection() as db:
        marks.change(db, EVENT, tags=["a", "b"])
        marks.change(db, EVENT, tags=[])
        assert marks.of(db, 4294967297) is None
        undo.undo(desk, db)
        assert marks.tags(db) == [("a", 1), ("b", 1)]


def test_tags_are_read_as_people_write_them() -> None:
    assert marks.read_tags(" #Odd, shift-3  odd,") == ("odd", "shift-3")
    with pytest.raises(UsageError):
        marks.read_tags(" ".join(map(str, range(30))))
    with pytest.raises(UsageError):
        marks.read_tags("x" * 61)
