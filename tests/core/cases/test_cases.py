"""Findings worked as one matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.core import audit, findings, pipeline, triage, undo
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.findings import Filter
from desktop_app.core.judging import claims
from desktop_app.core.model import Severity
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.helpers import add_segment, claim


@pytest.fixture
def ids(db: Connection) -> list[int]:
    add_segment(db, 1)
    with writing(db):
        return [claims.apply(db, claim(1, rule=rule), "logs", 0) for rule in ("a", "b", "c")]


def held(db: Connection, case_id: int) -> list[int]:
    return sorted(row.id for row in findings.listing(db, Filter("all", case=case_id)))


def test_a_case_holds_the_findings_it_was_opened_with(db: Connection, ids: list[int]) -> None:
    case_id, decision = cases.create(db, "  Line 3\nthis night ", ids[:2])
    assert str(decision.summary) == "Opened the case “Line 3 this night”"
    assert held(db, case_id) == ids[:2]
    [one] = cases.listing(db)
    assert (one.name, one.findings, one.open_findings, one.severity) == ("Line 3 this night", 2, 2, Severity.HIGH)
    assert cases.of_findings(db, ids) == dict.fromkeys(ids[:2], (case_id, "Line 3 this night"))
    assert [str(act.action) for act in audit.entries(db)] == ["Opened the case “Line 3 this night”"]


def test_an_empty_case_has_no_severity_and_no_times(db: Connection) -> None:
    case_id, _ = cases.create(db, "Empty")
    one = cases.case(db, case_id)
    assert one is not None
    assert (one.findings, one.severity, one.first, one.last) == (0, None, None, None)
    assert cases.case(db, case_id + 1) is None


def test_a_finding_is_in_one_case_at_most(desk: Desk, db: Connection, ids: list[int]) -> None:
    first, _ = cases.create(db, "First", ids)
    second, _ = cases.create(db, "Second")
    moved = cases.add(db, second, ids[:1])
    assert (held(db, first), held(db, second)) == (ids[1:], ids[:1])
    undo.undo(desk, db, moved.undo_id)
    assert (held(db, first), held(db, second)) == (ids, [])


def test_the_tab_counts_findings_of_open_cases_whatever_their_status(db: Connection, ids: list[int]) -> None:
    case_id, _ = cases.create(db, "Night", ids[:2])
    triage.confirm(db, ids[:1])
    assert findings.counts(db)["case"] == 2
    assert sorted(findings.ids(db, Filter("case"), 10)) == ids[:2]
    cases.close(db, case_id)
    assert findings.counts(db)["case"] == 0
    assert cases.counts(db) == (0, 1)
    assert [one.id for one in cases.listing(db, closed=True)] == [case_id]
    assert held(db, case_id) == ids[:2]


ACTS: list[Callable[[Connection, int, list[int]], undo.Decision]] = [
    cases.add,
    lambda db, _case_id, ids: cases.take_out(db, ids[:1]),
    lambda db, case_id, _ids: cases.rename(db, case_id, "Other"),
    lambda db, case_id, _ids: cases.close(db, case_id),
    lambda db, case_id, _ids: cases.note(db, case_id, "asked the shift lead"),
    lambda db, case_id, _ids: case_tasks.add(db, case_id, "Look at the gateway"),
]


def everything(db: Connection) -> object:
    tables = ("cases", "case_findings", "case_notes", "case_tasks")
    return [rows(db, f"SELECT * FROM {one}") for one in tables], rows(db, "SELECT id, status, touched FROM findings")


@pytest.mark.parametrize("act", ACTS)
def test_every_act_on_a_case_can_be_undone(
    desk: Desk, db: Connection, ids: list[int], act: Callable[[Connection, int, list[int]], undo.Decision]
) -> None:
    case_id, _ = cases.create(db, "Night", ids[:1])
    before = everything(db)
    decision = act(db, case_id, ids)
    assert everything(db) != before
    undo.undo(desk, db, decision.undo_id)
    assert everything(db) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_case_is_not_undone_from_under_what_was_done_in_it(
    desk: Desk, db: Connection, ids: list[int], act: Callable[[Connection, int, list[int]], undo.Decision]
) -> None:
    case_id, opened = cases.create(db, "Night", ids[:1])
    later = act(db, case_id, ids)
    with pytest.raises(UsageError, match="undone yet") as told:
        undo.undo(desk, db, opened.undo_id)
    assert str(later.summary) in " ".join(str(part) for part in told.value.parts())


def test_notes_and_tasks_of_a_case_do_not_stand_in_each_others_way(desk: Desk, db: Connection) -> None:
    case_id, _ = cases.create(db, "Night")
    first = cases.note(db, case_id, "one")
    cases.note(db, case_id, "two")
    case_tasks.add(db, case_id, "three")
    undo.undo(desk, db, first.undo_id)
    assert [one.text for one in cases.notes(db, case_id)] == ["two"]


def test_undoing_a_case_leaves_its_findings_as_they_are_now(desk: Desk, db: Connection, ids: list[int]) -> None:
    _, opened = cases.create(db, "Night", ids)
    triage.confirm(db, ids[:1])
    undo.undo(desk, db, opened.undo_id)
    found = rows(db, "SELECT status, touched FROM findings ORDER BY id")
    assert [(row["status"], row["touched"]) for row in found] == [("in_progress", 1), ("new", 0), ("new", 0)]


def test_findings_of_a_case_stay_when_their_events_go(desk: Desk, db: Connection, ids: list[int]) -> None:
    case_id, _ = cases.create(db, "Night", ids[:1])
    with writing(db):
        pipeline.remove_segments(desk, db, RuleSet([]), [1])
    assert held(db, case_id) == ids[:1]
    assert findings.listing(db, Filter("all"))[0].events_removed


def test_what_cannot_be_is_refused(db: Connection, ids: list[int]) -> None:
    case_id, _ = cases.create(db, "Night")
    with pytest.raises(UsageError, match="needs a name"):
        cases.create(db, "  ")
    with pytest.raises(UsageError, match="no such finding"):
        cases.add(db, case_id, [4711])
    with pytest.raises(UsageError, match="no such case"):
        cases.note(db, case_id + 1, "x")
    with pytest.raises(UsageError, match="empty"):
        cases.note(db, case_id, " ")
    with pytest.raises(UsageError, match="in a case"):
        cases.take_out(db, ids)
    cases.close(db, case_id)
    with pytest.raises(UsageError, match="is closed"):
        cases.add(db, case_id, ids)
    cases.reopen(db, case_id)
    cases.add(db, case_id, ids)
    assert held(db, case_id) == ids
