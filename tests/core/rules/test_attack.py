from __future__ import annotations

import pytest

from desktop_app.core.rules import attack
from desktop_app.core.rules.attack import Tagged, matrix, places, technique
from desktop_app.core.rules.attack_table import FORMER, LETTERS


def test_every_technique_has_a_name_and_a_tactic() -> None:
    found = attack.techniques()
    assert len([one for one in found if "." not in one]) > 200
    assert all(one.name and one.tactics for one in found.values())
    assert list(LETTERS.values()) == list(attack.TACTICS)


def test_former_numbers_lead_to_present_ones() -> None:
    assert all(one in attack.techniques() for one in FORMER.values())
    assert not FORMER.keys() & attack.techniques().keys()
    found = technique("t1562.001")
    assert found is not None
    assert found.name == "Disable or Modify Tools"


def test_a_sub_technique_that_is_not_known_is_called_by_the_one_above() -> None:
    found = technique("T1059.999")
    assert found is not None
    assert found.id == "T1059"
    assert technique("T9999") is None


@pytest.mark.parametrize(
    ("tags", "cells"),
    [
        (["attack.execution", "attack.t1059.001"], {("execution", "T1059")}),
        (["attack.persistence", "attack.t1053.005"], {("persistence", "T1053")}),
        (["attack.t1053"], {("execution", "T1053"), ("persistence", "T1053"), ("privilege-escalation", "T1053")}),
        (["attack.defense-evasion", "attack.t1562.001"], {("defense-impairment", "T1685")}),
        (["attack.defense_evasion", "attack.t1027"], {("stealth", "T1027")}),
        (["attack.impact", "attack.t9999"], {("impact", "T9999")}),
        (["attack.execution", "car.2016", "attack.g0016"], set()),
    ],
)
def test_a_rule_stands_where_its_tactics_and_techniques_meet(tags: list[str], cells: set[tuple[str, str]]) -> None:
    assert places(tags) == cells


@pytest.mark.parametrize(
    ("tag", "wanted", "held"),
    [
        ("attack.t1059.001", "attack.t1059", True),
        ("attack.t1059", "attack.t1059.001", False),
        ("attack.t1059", "attack.t105", False),
        ("attack.t1562.001", "attack.t1685", True),
        ("attack.t1562.001", "attack.t1562", True),
        ("cve.2021.44228", "cve.2021", True),
    ],
)
def test_a_tag_holds_what_stands_below_it_and_its_former_numbers(tag: str, wanted: str, *, held: bool) -> None:
    assert attack.holds(tag, wanted) is held


def test_the_matrix_counts_rules_and_findings_of_each_cell() -> None:
    tags = ("attack.execution", "attack.t1059.001")
    columns = matrix([Tagged(tags, runs=True, findings=3, severity=4), Tagged(tags, runs=True), Tagged(tags, False)])
    first = columns["execution"][0]
    assert (first.technique.id, first.rules, first.off, first.fired, first.findings) == ("T1059", 2, 1, 1, 3)
    assert (first.severity, first.level, first.below) == (4, 2, {"T1059.001": 3})


def test_gaps_come_last_and_a_technique_nobody_knows_is_shown_by_its_number() -> None:
    columns = matrix([Tagged(("attack.impact", "attack.t9999"), runs=True)])
    assert next(one.technique.id for one in columns["impact"]) == "T9999"
    assert all(one.level == 0 for one in columns["impact"][1:])
