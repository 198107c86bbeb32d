from __future__ import annotations

import hashlib
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from desktop_app.core import reports, triage
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from desktop_app.core.model import Severity, Verdict, now
from desktop_app.core.report_scope import Scope
from tests.core.events.made import SECOND, START
from tests.core.helpers import MINUTE, add_segment, claim
from tests.core.landing import ROOT, Scene, failures, rules

NOW = START + 3600 * SECOND
UTC = ZoneInfo("UTC")
DAY = 86_400 * SECOND


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW)


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    made = Scene(desk, db, rules(ROOT))
    made.land(failures(0, 10, 20))
    return made


def found(db: Connection, *wanted: tuple[str, Severity, int]) -> list[int]:
    """Add findings of these rules, severities and first minutes (each lasts a minute)."""
    with writing(db):
        return [
            claims.apply(db, replace(claim(1, rule=rule, first=minute * MINUTE), severity=severity), "logs", 0)
            for rule, severity, minute in wanted
        ]


def gathered(scene: Scene, scope: Scope | None = None, most: int = 500) -> reports.ReportData:
    return reports.gather(scene.desk, scene.db, scope or Scope(), UTC, most)


def told(scene: Scene, data: reports.ReportData) -> list[str]:
    return [one.row.rule_id for one in reports.told(scene.db, data.ids)]


def test_the_most_severe_is_told_first_and_then_the_latest(scene: Scene) -> None:
    found(scene.db, ("low", Severity.LOW, 9), ("old", Severity.HIGH, 1), ("new", Severity.HIGH, 5))
    data = gathered(scene)
    assert told(scene, data) == ["new", "old", "low"]
    assert list(data.by_severity) == [5, 4, 3, 2, 1]
    assert list(data.by_severity.values()) == [0, 2, 0, 1, 0]
    assert (data.created, data.left_out, data.total) == (NOW, 0, 3)


def test_a_period_chooses_findings_and_counts_its_own_events(scene: Scene) -> None:
    found(scene.db, ("early", Severity.LOW, 1), ("late", Severity.LOW, 9))
    data = gathered(scene, Scope(start=5 * MINUTE))
    assert (told(scene, data), data.end) == (["late"], NOW)
    assert gathered(scene, Scope(start=START + 5 * SECOND, end=START + 20 * SECOND)).events == 1
    assert gathered(scene).events == 3


def test_the_period_before_is_counted_for_comparison(scene: Scene) -> None:
    found(scene.db, ("before", Severity.HIGH, 12), ("in", Severity.LOW, 25), ("in too", Severity.LOW, 28))
    data = gathered(scene, Scope(start=20 * MINUTE, end=30 * MINUTE))
    assert data.before is not None
    assert (sum(data.before.values()), data.before[Severity.HIGH], data.total) == (1, 1, 2)
    assert gathered(scene).before is None


def test_what_is_past_the_limit_is_counted(scene: Scene) -> None:
    found(scene.db, *((f"high{number}", Severity.HIGH, number) for number in range(3)), ("low", Severity.LOW, 1))
    data = gathered(scene, most=2)
    assert (told(scene, data), data.left_out, data.total) == (["high2", "high1"], 2, 4)


def test_findings_are_counted_by_the_day_they_were_last_seen(scene: Scene) -> None:
    day = START // DAY * DAY
    with writing(scene.db):
        for rule, severity, shift in (("a", 5, 0), ("b", 3, 0), ("c", 3, 2)):
            made = replace(claim(1, rule=rule, first=day - 2 * DAY + shift * DAY), severity=Severity(severity))
            claims.apply(scene.db, made, "logs", 0)
    data = gathered(scene, Scope(start=day - 2 * DAY, end=day + DAY))
    assert [(one.start, one.total) for one in data.spans] == [(day - 2 * DAY, 2), (day - DAY, 0), (day, 1)]
    assert data.spans[0].counts[Severity.CRITICAL] == 1
    assert data.span_days == 1


def test_a_long_time_is_drawn_in_wider_bars(scene: Scene) -> None:
    found(scene.db, ("old", Severity.LOW, 1))
    data = gathered(scene)
    assert data.span_days > 1
    assert 2 <= len(data.spans) <= reports.MOST_BARS
    assert sum(one.total for one in data.spans) == 1


def test_what_goes_on_after_the_period_counts_on_its_last_day(scene: Scene) -> None:
    found(scene.db, ("a", Severity.LOW, 9))
    data = gathered(scene, Scope(start=0, end=9 * MINUTE + 1))
    assert [one.total for one in data.spans] == [1]


def test_rules_and_assets_are_ranked(scene: Scene) -> None:
    found(scene.db, ("a", Severity.LOW, 1), ("b", Severity.HIGH, 1))
    with writing(scene.db):
        claims.apply(scene.db, claim(1, rule="a", asset="web02"), "logs", 0)
    data = gathered(scene)
    assert [(one.name, one.count, one.severity) for one in data.rules] == [("a", 2, 4), ("b", 1, 4)]
    assert [(one.name, one.count) for one in data.assets] == [("web01", 2), ("web02", 1)]


def test_decisions_are_counted_and_told(scene: Scene) -> None:
    first, second = found(scene.db, ("a", Severity.LOW, 1), ("b", Severity.HIGH, 1))
    triage.confirm(scene.db, [first])
    triage.resolve(scene.db, [second], Verdict.BENIGN)
    triage.reopen(scene.db, [second])
    data = gathered(scene)
    assert (data.by_status, data.by_verdict) == ({"in_progress": 1, "new": 1}, {"true_positive": 1, "none": 1})
    said = [str(words) for _, words in reports.decisions(scene.db, second)]
    assert said == ["Resolved 1 finding", "Reopened 1 finding"]


def test_what_was_done_is_told_for_the_period(scene: Scene) -> None:
    scene.desk = replace(scene.desk, clock=now)
    [made] = found(scene.db, ("a", Severity.LOW, 1))
    triage.note(scene.db, made, "hm")
    data = gathered(scene)
    assert str(data.acts[-1].action) == "Added a note"
    assert gathered(scene, Scope(end=5)).acts == ()


def test_only_the_newest_acts_are_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.desk = replace(scene.desk, clock=now)
    monkeypatch.setattr(reports, "MOST_ACTS", 1)
    [made] = found(scene.db, ("a", Severity.LOW, 1))
    triage.confirm(scene.db, [made])
    triage.note(scene.db, made, "hm")
    data = gathered(scene)
    assert [str(one.action) for one in data.acts] == ["Added a note"]
    assert data.acts_left_out >= 1


def test_cases_of_the_findings_are_named(scene: Scene) -> None:
    first, second = found(scene.db, ("a", Severity.LOW, 1), ("b", Severity.HIGH, 1))
    number, _ = cases.create(scene.db, "One", [first])
    assert reports.cases_touched(scene.db, Scope()) == [number]
    assert reports.cases_touched(scene.db, Scope(severities=(4,))) == []
    assert second


def test_the_digest_is_that_of_the_canonical_lines(db: Connection, desk: Desk) -> None:
    add_segment(db, 1)
    ids = tuple(found(db, ("a", Severity.LOW, 1), ("b", Severity.HIGH, 2)))
    [kept] = rows(db, "SELECT fingerprint FROM findings WHERE id = ?", [ids[0]])
    lines = list(reports.canonical(db, ids))
    assert lines[0] == f"{ids[0]}\t{kept['fingerprint']}\t2\tnew\t\t3\t{MINUTE}\t{2 * MINUTE}\t00\n"
    assert reports.digest(db, ids) == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert reports.digest(db, ids[::-1]) != reports.digest(db, ids)


def test_a_finding_that_went_meanwhile_is_left_out(db: Connection) -> None:
    assert list(reports.told(db, (99,))) == []
    assert list(reports.canonical(db, (99,))) == []
