from __future__ import annotations

import pytest

from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection, value
from desktop_app.core.desk import Desk
from desktop_app.web.report import case_model
from tests.web.report.conftest import writer


@pytest.fixture
def case_id(db: Connection, made: dict[str, int]) -> int:
    number, _ = cases.create(db, "Guessing at the gateway", [made["guess/OPC-GW-02"]])
    cases.note(db, number, "Called the shift lead.")
    case_tasks.add(db, number, "Change the password")
    case_tasks.tick(db, int(value(db, "SELECT MAX(id) FROM case_tasks")), done=True)
    return number


def told(desk: Desk, db: Connection, case_id: int) -> dict[str, object]:
    found = cases.case(db, case_id)
    assert found is not None
    return case_model.case(writer(desk, db), found)


def test_a_case_is_told_with_findings_tasks_and_notes(
    desk: Desk, db: Connection, case_id: int, made: dict[str, int]
) -> None:
    one = told(desk, db, case_id)
    assert (one["name"], one["word"], one["closed"]) == ("Guessing at the gateway", "Critical", "")
    assert one["findings"] == [f"WD-{made['guess/OPC-GW-02']}"]
    assert one["tasks"] == [{"done": True, "text": "Change the password"}]


def test_its_course_is_told_in_sentences(desk: Desk, db: Connection, case_id: int) -> None:
    course = told(desk, db, case_id)["course"]
    assert isinstance(course, list)
    said = [one["words"] for one in course]
    assert "WD-1 was seen first." in said
    assert "Note: Called the shift lead." in said
    assert "Done: Change the password" in said
    assert any(one.startswith("WD-1, OPC-GW-02: {") for one in said)


def test_of_a_long_course_the_newest_part_is_told(
    desk: Desk, db: Connection, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told(desk, db, case_id)["course"]
    monkeypatch.setattr(case_model, "MOST_MOMENTS", 2)
    one = told(desk, db, case_id)
    assert isinstance(whole, list)
    assert (one["course"], one["course_left_out"]) == (whole[-2:], len(whole) - 2)
