from __future__ import annotations

import pytest

from desktop_app.core import moved, schedules
from desktop_app.core.cadence import Cadence
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.text import text


def on(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    monkeypatch.setattr(moved, "this_machine", lambda: machine)


def test_a_new_desk_belongs_where_it_was_made(desk: Desk, db: Connection) -> None:
    desk.prepare()
    assert moved.held(db) is None
    assert len(rows(db, "SELECT * FROM machine")) == 1
    assert moved.this_machine() == moved.this_machine()


def test_on_another_machine_it_waits_until_it_is_resumed_there(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.prepare()
    on(monkeypatch, "another")
    desk.prepare()
    first = moved.held(db)
    assert first is not None
    desk.prepare()
    assert moved.held(db) == first, "looking again changes nothing"
    moved.resume(db)
    desk.prepare()
    assert moved.held(db) is None
    assert rows(db, "SELECT 1 FROM audit WHERE action LIKE '%go on, on this machine%'")


def test_one_that_comes_home_goes_on_by_itself(desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.prepare()
    with monkeypatch.context() as away:
        on(away, "another")
        desk.prepare()
        assert moved.held(db) is not None
    desk.prepare()
    assert moved.held(db) is None


def test_schedules_wait_while_it_is_held(desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.prepare()
    schedules.add(db, "desk.backup", text("Back up"), Cadence("day", hour=3), {})
    at = desk.clock() + 3 * 86_400_000_000
    schedules.turn(db, desk.clock(), {"desk.backup"})
    on(monkeypatch, "another")
    desk.prepare()
    assert schedules.turn(db, at, {"desk.backup"}) == []
    moved.resume(db)
    assert len(schedules.turn(db, at, {"desk.backup"})) == 1
