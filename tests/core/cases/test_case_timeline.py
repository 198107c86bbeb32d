"""The course of a case in one order of time."""

from __future__ import annotations

import pytest

from desktop_app.core import triage, undo
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.cases.case_timeline import Moment, timeline
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from tests.core.helpers import MINUTE, add_segment, claim


@pytest.fixture
def finding(db: Connection) -> int:
    add_segment(db, 1)
    with writing(db):
        claims.apply(db, claim(1, rule="other", first=5 * MINUTE), "logs", 0)
        return claims.apply(db, claim(1, first=MINUTE), "logs", 0)


def test_it_merges_what_was_seen_kept_written_and_decided(db: Connection, finding: int) -> None:
    case_id, _ = cases.create(db, "Night", [finding])
    triage.note(db, finding, "of the finding")
    cases.note(db, case_id, "of the case")
    case_tasks.add(db, case_id, "Look at web01")
    case_tasks.tick(db, case_tasks.listing(db, case_id)[0].id, done=True)
    triage.confirm(db, [finding])
    told = timeline(db, case_id)
    assert told[:3] == [
        Moment(MINUTE, "first", finding),
        Moment(MINUTE, "event", finding, f"line {(1 << 32) + 1}", host="web01"),
        Moment(2 * MINUTE, "last", finding),
    ]
    assert [(one.kind, one.words or str(one.sentence)) for one in told[3:]] == [
        ("decision", "Opened the case “Night”"),
        ("note", "of the finding"),
        ("note", "of the case"),
        ("task", "Look at web01"),
        ("decision", "Confirmed 1 finding"),
    ]


def test_an_undone_decision_is_left_out(desk: Desk, db: Connection, finding: int) -> None:
    case_id, _ = cases.create(db, "Night", [finding])
    triage.confirm(db, [finding])
    undo.undo(desk, db)
    assert [str(one.sentence) for one in timeline(db, case_id) if one.sentence] == ["Opened the case “Night”"]


def test_a_case_without_findings_tells_only_of_itself(db: Connection, finding: int) -> None:
    case_id, _ = cases.create(db, "Night")
    triage.confirm(db, [finding])
    assert [one.kind for one in timeline(db, case_id)] == ["decision"]
