from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_app.core import findings, reopenings, triage, undo
from desktop_app.core.database import Connection, connect, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from desktop_app.core.model import Verdict
from desktop_app.core.paths import DataFolder
from tests.core.helpers import MINUTE, add_segment, claim


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    """Three imports of one segment each, with the same numbers."""
    opened = connect(folder)
    for number in (1, 2, 3):
        add_segment(opened, number)
    yield opened
    opened.conn.close()


def bring(db: Connection, number: int) -> findings.FindingRow:
    with writing(db):
        finding_id = claims.apply(db, claim(number, first=number * MINUTE), "logs", at=number)
    return state(db, finding_id)


def state(db: Connection, finding_id: int) -> findings.FindingRow:
    found = findings.finding(db, finding_id)
    assert found is not None
    return found.row


def take_back(db: Connection, number: int) -> findings.FindingRow:
    with writing(db):
        db.execute("DELETE FROM contributions WHERE segment_id = ?", (number,))
        claims.settle(db, [1])
        reopenings.take_back(db, number)
    return state(db, 1)


def closed(db: Connection) -> undo.Decision:
    bring(db, 1)
    return triage.resolve(db, [1], Verdict.BENIGN)


def test_a_finding_that_an_import_reopened_is_closed_again_as_it_was(db: Connection) -> None:
    closed(db)
    before = state(db, 1)
    reopened = bring(db, 2)
    assert (reopened.status, reopened.verdict, reopened.reopened) == ("new", None, 2)
    assert replace(take_back(db, 2), grown=before.grown) == before
    assert (before.status, before.verdict) == ("resolved", "benign")


def test_what_a_person_decided_in_between_stands(db: Connection) -> None:
    closed(db)
    bring(db, 2)
    triage.confirm(db, [1])
    kept = take_back(db, 2)
    assert (kept.status, kept.verdict) == ("in_progress", "true_positive")


def test_a_decision_in_between_that_was_undone_counts_for_nothing(db: Connection, folder: DataFolder) -> None:
    closed(db)
    bring(db, 2)
    triage.confirm(db, [1])
    undo.undo(Desk(folder, ()), db)
    assert take_back(db, 2).status == "resolved"


def test_what_closed_it_was_undone_in_between_so_it_stays_open(db: Connection, folder: DataFolder) -> None:
    decision = closed(db)
    bring(db, 2)
    undo.undo(Desk(folder, ()), db, decision.undo_id)
    assert take_back(db, 2).status == "new"


def test_it_stays_open_while_another_import_has_brought_matches_since(db: Connection) -> None:
    closed(db)
    bring(db, 2)
    bring(db, 3)
    assert take_back(db, 2).status == "new"
    assert take_back(db, 3).status == "resolved"


def test_undoing_the_later_import_alone_leaves_it_open(db: Connection) -> None:
    closed(db)
    bring(db, 2)
    bring(db, 3)
    assert take_back(db, 3).status == "new"
    assert take_back(db, 2).status == "resolved"


def test_a_finding_that_was_reopened_twice_closes_once_for_each(db: Connection) -> None:
    closed(db)
    bring(db, 2)
    triage.archive(db, [1])
    bring(db, 3)
    assert take_back(db, 3).status == "archived"
    assert take_back(db, 2).status == "archived"
    assert rows(db, "SELECT 1 FROM reopenings") == []


def test_one_that_a_suppression_of_its_rule_hid_at_once_closes_too(db: Connection) -> None:
    closed(db)
    db.execute("INSERT INTO suppression_scopes (rule_id, reason, created) VALUES ('r1', 'a test', 0)")
    assert bring(db, 2).status == "suppressed"
    assert take_back(db, 2).status == "resolved"
    assert rows(db, "SELECT 1 FROM suppressions WHERE lifted IS NULL") == []


def test_open_findings_are_left_alone(db: Connection) -> None:
    bring(db, 1)
    bring(db, 2)
    assert rows(db, "SELECT 1 FROM reopenings") == []
    assert take_back(db, 2).status == "new"
