"""What changed since a reader last looked."""

from __future__ import annotations

import pytest

from desktop_app.core import findings, looks, triage, undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.findings import Filter
from desktop_app.core.judging import claims
from desktop_app.core.looks import PAUSE
from tests.core.helpers import add_segment, claim

MORNING = 1_000_000_000_000
SECOND = 1_000_000


def test_the_first_look_finds_nothing_new(db: Connection) -> None:
    assert looks.since(db, "me") is None
    assert looks.visit(db, "me", MORNING) == MORNING
    assert looks.since(db, "me") == MORNING


def test_the_mark_stays_while_a_session_lasts_and_moves_when_the_next_begins(db: Connection) -> None:
    looks.visit(db, "me", MORNING)
    for minute in (20, 40, 60):
        assert looks.visit(db, "me", MORNING + minute * 60 * SECOND) == MORNING
    ended = MORNING + 60 * 60 * SECOND
    assert looks.visit(db, "me", ended + PAUSE + 1) == ended
    assert looks.visit(db, "me", ended + PAUSE + SECOND) == ended


def test_each_reader_has_a_mark_of_their_own(db: Connection) -> None:
    looks.visit(db, "me", MORNING)
    assert looks.visit(db, "you", MORNING + PAUSE) == MORNING + PAUSE
    assert looks.since(db, "me") == MORNING


def test_everything_can_be_marked_as_seen_and_that_undone(desk: Desk, db: Connection) -> None:
    looks.visit(db, "me", MORNING)
    looks.mark_seen(db, "me", MORNING + 5)
    assert looks.since(db, "me") == MORNING + 5
    undo.undo(desk, db)
    assert looks.since(db, "me") == MORNING


@pytest.fixture
def changed(db: Connection) -> dict[str, findings.FindingRow]:
    """Findings that were there at 10 and what became of them at 20, by their rule."""
    add_segment(db, 1)
    add_segment(db, 2)
    with writing(db):
        for rule in ("same", "grows", "returns"):
            claims.apply(db, claim(1, rule=rule), "logs", 10)
    triage.resolve(db, [3])
    with writing(db):
        claims.apply(db, claim(1, rule="same"), "logs", 20)
        for rule in ("grows", "returns", "comes"):
            claims.apply(db, claim(2, rule=rule), "logs", 20)
    return {row.rule_id: row for row in findings.listing(db, Filter("all"))}


def test_what_is_new_came_back_or_grew_is_told_apart(changed: dict[str, findings.FindingRow]) -> None:
    assert {rule: looks.change(row, 10) for rule, row in changed.items()} == {
        "same": None, "grows": "grown", "returns": "back", "comes": "new",
    }  # fmt: skip
    assert {looks.change(row, 20) for row in changed.values()} == {None}


def test_the_list_is_filtered_by_the_mark(db: Connection, changed: dict[str, findings.FindingRow]) -> None:
    found = findings.listing(db, Filter("all", changed=10))
    assert {row.rule_id for row in found} == {"grows", "returns", "comes"}
    assert findings.total(db, Filter("all", changed=20)) == 0
