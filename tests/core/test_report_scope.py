from __future__ import annotations

import pytest

from desktop_app.core import triage
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.judging import claims
from desktop_app.core.model import Verdict
from desktop_app.core.report_scope import FROM, UNDECIDED, Scope
from tests.core.helpers import MINUTE, add_segment, claim


@pytest.fixture
def made(db: Connection) -> list[int]:
    """Three findings, a, b and c, of minutes 1, 5 and 9, each on an asset of its own."""
    add_segment(db, 1)
    with writing(db):
        return [
            claims.apply(db, claim(1, rule=name, asset=name.upper(), first=minute * MINUTE), "logs", 0)
            for name, minute in (("a", 1), ("b", 5), ("c", 9))
        ]


def held(db: Connection, scope: Scope) -> list[str]:
    where, params = scope.where()
    return [row["rule_id"] for row in rows(db, f"SELECT f.rule_id {FROM} WHERE {where} ORDER BY 1", params)]


def test_nothing_chosen_is_everything(db: Connection, made: list[int]) -> None:
    assert held(db, Scope()) == ["a", "b", "c"]


def test_a_period_holds_what_it_touches(db: Connection, made: list[int]) -> None:
    assert held(db, Scope(start=2 * MINUTE, end=9 * MINUTE)) == ["a", "b"]
    assert held(db, Scope(start=2 * MINUTE + 1, end=9 * MINUTE + 1)) == ["b", "c"]


def test_severities_statuses_verdicts_and_assets_choose(db: Connection, made: list[int]) -> None:
    triage.confirm(db, [made[0]])
    triage.resolve(db, [made[1]], Verdict.BENIGN)
    assert held(db, Scope(severities=(5,))) == []
    assert held(db, Scope(severities=(4, 5))) == ["a", "b", "c"]
    assert held(db, Scope(statuses=("in_progress", "resolved"))) == ["a", "b"]
    assert held(db, Scope(verdicts=("benign",))) == ["b"]
    assert held(db, Scope(verdicts=(UNDECIDED, "benign"))) == ["b", "c"]
    assert held(db, Scope(assets=("C", "nothing"))) == ["c"]


def test_a_case_chooses_its_findings(db: Connection, made: list[int]) -> None:
    number, _ = cases.create(db, "One matter", [made[0], made[2]])
    assert held(db, Scope(cases=(number,))) == ["a", "c"]
    assert held(db, Scope(cases=(number + 1,))) == []


def test_the_period_before_is_as_long() -> None:
    assert Scope(start=100, end=130).period_before(0) == (70, 100)
    assert Scope(start=100).period_before(150) == (50, 100)
    assert Scope(end=130).period_before(150) is None
