from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from desktop_app.core import audit
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.text import text


def test_acts_are_told_newest_first_with_who_and_on_what(db: Connection) -> None:
    with writing(db):
        audit.record(db, text("First %(n)s", n=1), "a")
        audit.record(db, text("Second"), "b")
    told = audit.entries(db)
    assert [(str(one.action), one.subject) for one in told] == [("Second", "b"), ("First 1", "a")]
    assert told[0].actor == audit.actor()


def test_the_account_has_a_name_even_where_the_system_knows_none() -> None:
    assert audit.actor()


@pytest.fixture
def three(db: Connection) -> Connection:
    """A desk on which three things were done."""
    with writing(db):
        for number, subject in enumerate(("case:1", "finding:1", "finding:2"), 1):
            audit.record(db, text("Act %(n)s", n=number), subject)
    return db


def told(db: Connection, **wanted: object) -> list[str]:
    return [str(one.action) for one in audit.entries(db, 10, audit.Wanted(**wanted))]  # type: ignore[arg-type]


def test_acts_are_chosen_by_account_kind_time_and_place(three: Connection) -> None:
    assert told(three, kind="finding") == ["Act 3", "Act 2"]
    assert told(three, actor=audit.actor(), before=2) == ["Act 1"]
    assert told(three, actor="somebody else") == []
    times = [one.time for one in reversed(audit.entries(three))]
    assert told(three, since=times[0], until=times[2] + 1) == ["Act 3", "Act 2", "Act 1"]
    assert told(three, until=times[0]) == []
    assert audit.actors(three) == [audit.actor()]
    assert audit.kinds(three) == ["case", "finding"]


def test_a_trail_that_nobody_touched_is_intact(three: Connection) -> None:
    found = audit.check(three)
    assert (found.acts, found.broken, found.guarded, found.intact) == (3, None, True, True)
    assert found.head == three.execute("SELECT hash FROM audit WHERE id = 3").fetchone()[0]


def test_an_empty_trail_is_intact(db: Connection) -> None:
    assert audit.check(db).intact


# What somebody could do who opens the file with a tool of their own.
EDITS = {
    "an act is rewritten": (2, ["UPDATE audit SET actor = 'nobody' WHERE id = 2"]),
    "an act is taken out": (3, ["DELETE FROM audit WHERE id = 2"]),
    "the first act is taken out": (2, ["DELETE FROM audit WHERE id = 1"]),
    "the newest acts are taken out": (2, ["DELETE FROM audit WHERE id > 1"]),
    "an act is put before the first": (
        -5,
        ["INSERT INTO audit (id, time, actor, action, subject) VALUES (-5, 0, 'a', '{}', 's')"],
    ),
    "a digest is rewritten with its act": (
        3,
        [f"UPDATE audit SET actor = 'nobody', hash = '{'0' * 64}' WHERE id = 3", "DELETE FROM audit WHERE id = 9"],
    ),
    "an act is put in": (4, ["INSERT INTO audit (time, actor, action, subject) VALUES (0, 'a', '{}', 's')"]),
}


def act(db: Connection, times: int) -> None:
    with writing(db):
        for number in range(times):
            audit.record(db, text("Act %(n)s", n=number), "case:9")


@pytest.fixture
def followed(three: Connection, monkeypatch: pytest.MonkeyPatch) -> audit.Followed:
    """What a check of the three acts remembers."""
    monkeypatch.setattr(audit, "_WORTH", 1)
    found = audit.Followed()
    assert audit.check(three, found).intact
    return found


def test_a_later_check_follows_only_the_acts_that_came_since(
    three: Connection, followed: audit.Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(three, 2)
    linked: list[str] = []
    reckon = audit.digest
    monkeypatch.setattr(audit, "digest", lambda before, told: linked.append(before) or reckon(before, told))
    assert audit.check(three, followed) == audit.Trail(5, None, True, audit.check(three).head)
    assert len(linked) == 2 + 5


def test_an_act_that_came_since_and_was_edited_shows(three: Connection, followed: audit.Followed) -> None:
    act(three, 2)
    three.execute("DROP TRIGGER audit_fixed")
    three.execute("UPDATE audit SET subject = 'case:8' WHERE id = 5")
    assert audit.check(three, followed).broken == 5


def test_what_an_edit_broke_is_never_remembered_as_sound(three: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_WORTH", 1)
    three.execute("DROP TRIGGER audit_fixed")
    three.execute("UPDATE audit SET actor = 'nobody' WHERE id = 2")
    found = audit.Followed()
    assert [audit.check(three, found).broken for _ in range(2)] == [2, 2]


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_past_the_triggers_shows_and_where(
    three: Connection, followed: audit.Followed, edit: str, *, first: bool
) -> None:
    broken, statements = EDITS[edit]
    guards = three.execute("SELECT sql, name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for _, name in guards:
        three.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        three.execute(statement)
    for sql, _ in guards:
        three.execute(sql)
    found = audit.check(three, followed if first else None)
    assert (found.broken, found.guarded, found.intact) == (broken, True, False)


def test_a_trail_without_its_guards_is_not_called_intact(three: Connection) -> None:
    three.execute("DROP TRIGGER audit_kept")
    found = audit.check(three)
    assert (found.broken, found.guarded, found.intact) == (None, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, time, actor, action, subject) VALUES (2, 0, 'a', '{}', 's')",
    ],
)
def test_the_database_refuses_edits(three: Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="not edited"):
        three.execute(statement)
    assert audit.check(three).intact


def test_a_copy_of_the_database_keeps_the_trail_and_its_guards(desk: Desk, three: Connection) -> None:
    with closing(sqlite3.connect(desk.folder.backups / "copy.db")) as copy:
        three.conn.backup(copy)
        kept = Database(copy)
        assert audit.check(kept) == audit.check(three)
        with pytest.raises(sqlite3.IntegrityError, match="not edited"):
            kept.execute("DELETE FROM audit")
