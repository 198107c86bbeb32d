"""What people concluded about the findings of each rule."""

from __future__ import annotations

import pytest

from desktop_app.core import triage, verdicts
from desktop_app.core.database import Connection, writing
from desktop_app.core.judging import claims
from desktop_app.core.model import Verdict
from tests.core.helpers import add_segment, claim


@pytest.fixture
def judged(db: Connection) -> Connection:
    """Rule a: two false alarms, one real, one that waits. Rule b: one hidden. Rule c: one real."""
    add_segment(db, 1)
    with writing(db):
        for rule, asset in (("a", "1"), ("a", "2"), ("a", "3"), ("a", "4"), ("b", "1"), ("c", "1")):
            claims.apply(db, claim(1, rule=rule, asset=asset), "logs", 0)
    triage.resolve(db, [1, 2], Verdict.FALSE_POSITIVE)
    triage.confirm(db, [3, 6])
    triage.suppress(db, [5], "known", None)
    return db


def test_a_rule_tells_how_its_findings_were_judged(judged: Connection) -> None:
    found = verdicts.of_rule(judged, "a")
    assert (found.findings, found.decided, found.false_positive, found.true_positive) == (4, 3, 2, 1)
    assert (found.waiting, found.events, found.noise) == (1, 12, 2)
    assert found.share == pytest.approx(2 / 3)


def test_a_rule_without_findings_tells_of_none(judged: Connection) -> None:
    found = verdicts.of_rule(judged, "nothing")
    assert (found.rule_id, found.findings, found.decided, found.share, found.last) == ("nothing", 0, 0, 0, None)


def test_the_noisiest_rule_comes_first(judged: Connection) -> None:
    assert [one.rule_id for one in verdicts.by_noise(judged)] == ["a", "b", "c"]
