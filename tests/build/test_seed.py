from __future__ import annotations

from pathlib import Path

import pytest

from build.seed import incidents, seed
from desktop_app.core.database import rows, value


def test_incidents_make_exactly_the_findings_that_are_asked_for() -> None:
    for wanted in (0, 1, 5, 6, 7, 100):
        assert sum(one.findings for one in incidents(wanted)) == wanted


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeded") / "desk"


def test_a_seeded_desk_holds_events_and_findings_of_many_rules(folder: Path) -> None:
    desk = seed(folder, events=3_000, findings=120, decided=0.25)
    assert sorted(one.name for one in folder.parent.iterdir()) == ["desk"]
    with desk.connection() as db:
        assert value(db, "SELECT COUNT(*) FROM findings") == 120
        assert 2_700 < value(db, "SELECT SUM(events) FROM segments") <= 3_300
        assert value(db, "SELECT COUNT(DISTINCT rule_id) FROM findings") >= 10
        assert value(db, "SELECT COUNT(DISTINCT asset_id) FROM findings") > 30
        found = rows(db, "SELECT status, COUNT(*) AS n FROM findings GROUP BY status ORDER BY status")
    assert {row["status"]: row["n"] for row in found} == {
        "in_progress": 10, "new": 90, "resolved": 10, "suppressed": 10,
    }  # fmt: skip
