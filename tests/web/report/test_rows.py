from __future__ import annotations

from desktop_app.core.database import Connection, value
from desktop_app.core.desk import Desk
from desktop_app.web.report.rows import exact, rows
from tests.web.report.conftest import gathered, writer


def test_findings_come_one_by_one_with_their_words(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    first, *others = rows(writer(desk, db), gathered(desk, db))
    assert (first.title, len(others)) == ("38 failed sign-ins, then a success", 4)
    assert first.fingerprint == value(db, "SELECT fingerprint FROM findings WHERE id = ?", [first.found.row.id])


def test_a_finding_without_a_rule_is_called_by_its_id(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    db.execute("DELETE FROM rules WHERE id = 'guess'")
    assert next(rows(writer(desk, db), gathered(desk, db))).title == "guess"


def test_times_are_exact() -> None:
    assert exact(1) == "1970-01-01T00:00:00.000001Z"
