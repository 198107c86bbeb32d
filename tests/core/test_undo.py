from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension
from desktop_app.core.text import text


def test_a_decision_is_in_the_journal_and_in_the_trail(db: Connection) -> None:
    with writing(db):
        decision = undo.record(db, undo.ROWS, text("Did it"), before=[], after=[], subjects=["finding:1"])
    assert undo.latest(db) == undo.entries(db)[0]
    assert undo.entries(db)[0].id == decision.undo_id
    assert [(str(one.action), one.subject) for one in audit.entries(db)] == [("Did it", "finding:1")]


def test_an_undone_decision_stays_in_the_journal_and_both_are_in_the_trail(desk: Desk, db: Connection) -> None:
    with writing(db):
        undo.record(db, undo.ROWS, text("Did it"), before=[], after=[], subjects=["x"])
    assert str(undo.undo(desk, db)) == "Did it"
    assert undo.latest(db) is None
    assert undo.entries(db)[0].undone is not None
    assert [str(one.action) for one in audit.entries(db)] == ["Undone: Did it", "Did it"]


def test_a_decision_knows_what_it_was_about(db: Connection) -> None:
    with writing(db):
        told = ["finding:7", "finding:3", "case:1", "setting:language"]
        decision = undo.record(db, undo.ROWS, text("Did it"), before=[], after=[], subjects=told)
    assert sorted(undo.concerned(db, decision.undo_id, "finding")) == [3, 7]
    assert undo.concerned(db, decision.undo_id, "setting") == []


def test_added_rows_go_and_changed_rows_come_back(desk: Desk, db: Connection) -> None:
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('old', '1', 0)")
    before = rows(db, "SELECT * FROM settings")
    with writing(db):
        db.execute("UPDATE settings SET value = '2'")
        db.execute("INSERT INTO settings VALUES ('new', '1', 0)")
        after = rows(db, "SELECT * FROM settings")
        undo.record_rows(db, text("Changed"), [("settings", before, after)], ["settings"])
    undo.undo(desk, db)
    assert rows(db, "SELECT * FROM settings") == before


def test_a_kind_of_decision_brings_its_own_way_back(desk: Desk, db: Connection) -> None:
    seen = []

    def revert(_desk: Desk, _db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
        seen.append(before["what"])
        return ()

    desk = replace(desk, extensions=(Extension(id="x", title=text("X"), version="1", ways_back={"test.kind": revert}),))
    with writing(db):
        undo.record(db, "test.kind", text("x"), before={"what": 5}, after={}, subjects=["x"])
    undo.undo(desk, db)
    assert seen == [5]


def test_a_way_back_that_fails_leaves_the_decision_standing(desk: Desk, db: Connection) -> None:
    def revert(_desk: Desk, inside: Connection, _before: Mapping[str, Any]) -> Sequence[str]:
        inside.execute("INSERT INTO settings VALUES ('half', '1', 0)")
        raise UsageError(text("Not now."))

    desk = replace(
        desk, extensions=(Extension(id="x", title=text("X"), version="1", ways_back={"test.fails": revert}),)
    )
    with writing(db):
        decision = undo.record(db, "test.fails", text("x"), before={}, after={}, subjects=["x"])
    with pytest.raises(UsageError):
        undo.undo(desk, db)
    latest = undo.latest(db)
    assert latest is not None
    assert latest.id == decision.undo_id
    assert rows(db, "SELECT * FROM settings") == []


def test_decisions_about_some_kinds_of_things_are_told_with_what_stands_in_their_way(desk: Desk) -> None:
    with desk.connection() as db:
        with writing(db):
            first = undo.record_rows(db, text("One"), [], ["pipeline:a"])
            undo.record_rows(db, text("Other"), [], ["rule:a"])
            second = undo.record_rows(db, text("Two"), [], ["pipeline:a", "placeholder:b"])
        found = undo.about(db, ("pipeline", "placeholder"), 5)
    assert [(one.entry.id, one.later and one.later.id) for one in found] == [
        (second.undo_id, None),
        (first.undo_id, second.undo_id),
    ]
