from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.core import findings, triage, undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.judging import claims
from desktop_app.core.model import Verdict, now
from desktop_app.core.text import text
from tests.core.helpers import add_segment, claim

DAY = 86_400_000_000


@pytest.fixture
def ids(db: Connection) -> list[int]:
    add_segment(db, 1)
    add_segment(db, 2)
    with writing(db):
        return [claims.apply(db, claim(1, rule=rule), "logs", 0) for rule in ("a", "b", "c")]


def state(db: Connection, finding_id: int) -> tuple[str, str | None]:
    found = findings.finding(db, finding_id)
    assert found is not None
    return found.row.status.value, found.row.verdict.value if found.row.verdict else None


def test_confirming_says_true_positive_and_in_progress(db: Connection, ids: list[int]) -> None:
    triage.confirm(db, ids[:1])
    assert state(db, ids[0]) == ("in_progress", "true_positive")
    assert state(db, ids[1]) == ("new", None)


DECISIONS: list[Callable[[Connection, list[int]], undo.Decision]] = [
    triage.confirm,
    triage.resolve,
    triage.archive,
    lambda db, ids: triage.resolve(db, ids, Verdict.FALSE_POSITIVE),
    lambda db, ids: triage.suppress(db, ids, "known scanner", None),
    lambda db, ids: triage.note(db, ids[0], "asked the shift lead"),
    lambda db, ids: triage.step(db, ids[0], 1, done=True),
]


@pytest.mark.parametrize("decide", DECISIONS)
def test_every_decision_can_be_undone(
    desk: Desk, db: Connection, ids: list[int], decide: Callable[[Connection, list[int]], undo.Decision]
) -> None:
    before = [findings.finding(db, one) for one in ids]
    decision = decide(db, ids)
    assert [findings.finding(db, one) for one in ids] != before
    undo.undo(desk, db, decision.undo_id)
    assert [findings.finding(db, one) for one in ids] == before


def test_decisions_are_undone_from_the_newest_back(desk: Desk, db: Connection, ids: list[int]) -> None:
    triage.confirm(db, ids)
    triage.suppress(db, ids, "noise", None)
    undo.undo(desk, db)
    assert state(db, ids[0]) == ("in_progress", "true_positive")
    undo.undo(desk, db)
    assert state(db, ids[0]) == ("new", None)
    with pytest.raises(UsageError, match="nothing to undo"):
        undo.undo(desk, db)


def test_a_decision_others_build_on_names_the_later_one(desk: Desk, db: Connection, ids: list[int]) -> None:
    first = triage.confirm(db, ids[:2])
    triage.resolve(db, ids[1:])
    with pytest.raises(UsageError, match="Resolved 2 findings"):
        undo.undo(desk, db, first.undo_id)
    assert state(db, ids[0]) == ("in_progress", "true_positive")


def test_undoing_a_decision_does_not_turn_back_what_was_counted_since(
    desk: Desk, db: Connection, ids: list[int]
) -> None:
    decision = triage.confirm(db, ids[:1])
    with writing(db):
        claims.apply(db, claim(2, rule="a", count=9), "logs", 0)
    undo.undo(desk, db, decision.undo_id)
    found = findings.finding(db, ids[0])
    assert found is not None
    assert (found.row.status.value, found.row.count) == ("new", 12)


def test_a_suppression_tells_its_reason_and_its_end(db: Connection, ids: list[int]) -> None:
    ends = now() + DAY
    triage.suppress(db, ids[:1], "  known scanner ", ends)
    found = findings.finding(db, ids[0])
    assert found is not None
    assert found.suppression is not None
    assert (found.suppression.reason, found.suppression.expires) == ("known scanner", ends)


def test_an_expired_suppression_lets_its_finding_return(db: Connection, ids: list[int]) -> None:
    ends = now() + DAY
    triage.suppress(db, ids[:1], "for today", ends)
    triage.suppress(db, ids[1:2], "for ever", None)
    assert triage.expire(db, ends - 1) == 0
    assert triage.expire(db, ends) == 1
    assert [state(db, one)[0] for one in ids] == ["new", "suppressed", "new"]
    assert triage.expire(db, ends) == 0


def test_reopening_lifts_a_suppression(db: Connection, ids: list[int]) -> None:
    triage.suppress(db, ids[:1], "noise", now() + DAY)
    triage.reopen(db, ids[:1])
    assert triage.expire(db, now() + 2 * DAY) == 0
    assert state(db, ids[0]) == ("new", None)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_suppression_without_a_reason_is_refused(db: Connection, ids: list[int], reason: str) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        triage.suppress(db, ids, reason, None)


def test_a_suppression_that_has_ended_already_is_refused(db: Connection, ids: list[int]) -> None:
    with pytest.raises(UsageError, match="future"):
        triage.suppress(db, ids, "late", now() - 1)


def test_a_decision_about_nothing_is_refused(db: Connection) -> None:
    with pytest.raises(UsageError, match="no such finding"):
        triage.confirm(db, [4711])
    with pytest.raises(UsageError, match="empty"):
        triage.note(db, 1, " ")


def test_opening_a_finding_marks_it_read_without_touching_it(db: Connection, ids: list[int]) -> None:
    triage.mark_read(db, ids[0])
    found = findings.finding(db, ids[0])
    assert found is not None
    assert (found.row.read, found.row.touched) == (True, False)


def test_a_newer_suppression_takes_the_place_of_the_older_one(desk: Desk, db: Connection, ids: list[int]) -> None:
    triage.suppress(db, ids[:1], "for today", now() + DAY)
    triage.suppress(db, ids[:1], "for ever", None)
    assert triage.expire(db, now() + 2 * DAY) == 0
    undo.undo(desk, db)
    assert triage.expire(db, now() + 2 * DAY) == 1


def test_undoing_a_decision_leaves_a_noted_finding_touched(desk: Desk, db: Connection, ids: list[int]) -> None:
    decision = triage.confirm(db, ids[:1])
    triage.note(db, ids[0], "asked the shift lead")
    undo.undo(desk, db, decision.undo_id)
    found = findings.finding(db, ids[0])
    assert found is not None
    assert found.row.touched


def test_undoing_a_note_leaves_what_was_decided_since(desk: Desk, db: Connection, ids: list[int]) -> None:
    decision = triage.note(db, ids[0], "asked the shift lead")
    triage.confirm(db, ids[:1])
    undo.undo(desk, db, decision.undo_id)
    assert state(db, ids[0]) == ("in_progress", "true_positive")
    found = findings.finding(db, ids[0])
    assert found is not None
    assert found.row.touched


def test_a_decision_about_more_findings_than_sqlite_takes_parameters_is_made(desk: Desk, db: Connection) -> None:
    add_segment(db, 1)
    with writing(db):
        made = claims.apply(db, claim(1, rule="a"), "logs", 0)
    many = [made, *range(100_000, 140_000)]
    triage.suppress(db, many, "noise", None)
    triage.confirm(db, many)
    assert state(db, made) == ("in_progress", "true_positive")


def test_any_number_of_suppressions_ends_at_once(db: Connection, ids: list[int]) -> None:
    with writing(db):
        db.execute(
            "INSERT INTO suppressions (finding_id, reason, created, expires)"
            " WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 100000)"
            " SELECT ?, 'x', 0, 5 FROM n",
            (ids[0],),
        )
        db.execute("UPDATE findings SET status = 'suppressed' WHERE id = ?", (ids[0],))
    triage.expire(db, 9)
    assert state(db, ids[0]) == ("new", None)
    assert findings.citing(db, list(range(100_000))) == {}


def test_what_is_over_by_itself_is_closed_where_nobody_works_on_it(db: Connection, ids: list[int]) -> None:
    decision = triage.confirm(db, ids[1:2])
    with writing(db):
        triage.over(db, ids[:2], text("It is over"))
    assert [state(db, one)[0] for one in ids] == ["resolved", "in_progress", "new"]
    newest = undo.latest(db)
    assert newest is not None
    assert newest.id == decision.undo_id, "it is nobody's decision"
