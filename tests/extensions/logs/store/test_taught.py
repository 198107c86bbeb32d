"""What a desk keeps of taught formats: put, replaced, forgotten, and each of it undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.core import undoing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.sources.taught.definition import Definition
from desktop_app.extensions.logs.store import taught

ONE = Definition("boiler", "Boiler control", "%{@timestamp} <%{host.name}> %{message}")


def test_a_format_is_kept_replaced_and_forgotten_with_a_way_back(desk: Desk) -> None:
    with desk.connection() as db:
        made = taught.keep(db, ONE)
        assert taught.keep(db, ONE) is None
        changed = taught.keep(db, replace(ONE, title="Boilers"))
        removed = taught.remove(db, "boiler")
        assert made
        assert changed
        assert taught.definitions(db) == []
        for decision, left in ((removed, ["Boilers"]), (changed, ["Boiler control"]), (made, [])):
            undoing.take_back(desk, db, decision.undo_id)
            assert [one.title for one in taught.definitions(db)] == left
            assert [str(one.title) for one in taught.formats(db)] == left


def test_there_is_room_for_a_limited_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taught, "MOST", 1)
    with desk.connection() as db:
        taught.keep(db, ONE)
        with pytest.raises(UsageError, match="at most 1"):
            taught.keep(db, replace(ONE, id="other"))


def test_one_that_is_not_there_is_told(desk: Desk) -> None:
    with desk.connection() as db, pytest.raises(UsageError, match="no taught format"):
        taught.remove(db, "nothing")
