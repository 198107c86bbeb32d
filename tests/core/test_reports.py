from __future__ import annotations

import hashlib
from dataclasses import replace

import orjson
import pytest

from desktop_app.core import claims, reports
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.findings import Filter
from desktop_app.core.model import Severity
from desktop_app.core.text import text
from tests.core.events.made import SECOND, START
from tests.core.helpers import MINUTE, claim
from tests.core.landing import ROOT, Scene, failures, rules

ALL = [Filter("all")]
NOW = START + 3600 * SECOND


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW)


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    made = Scene(desk, db, rules(ROOT))
    made.land(failures(0, 10, 20))
    return made


def found(db: Connection, *wanted: tuple[str, Severity, int]) -> None:
    """Add findings of these rules, severities and first minutes (each lasts a minute)."""
    with writing(db):
        for rule, severity, minute in wanted:
            claims.apply(db, replace(claim(1, rule=rule, first=minute * MINUTE), severity=severity), "logs", 0)


def told(data: reports.ReportData) -> list[str]:
    return [one.row.rule_id for one in data.details]


def test_the_most_severe_is_told_first_and_then_the_latest(scene: Scene) -> None:
    found(scene.db, ("low", Severity.LOW, 9), ("old", Severity.HIGH, 1), ("new", Severity.HIGH, 5))
    data = reports.gather(scene.desk, scene.db, ALL)
    assert told(data) == ["new", "old", "low"]
    assert list(data.by_severity) == [5, 4, 3, 2, 1]
    assert list(data.by_severity.values()) == [0, 2, 0, 1, 0]
    assert (data.created, data.left_out) == (NOW, 0)


def test_a_period_chooses_findings_and_counts_its_own_events(scene: Scene) -> None:
    found(scene.db, ("early", Severity.LOW, 1), ("late", Severity.LOW, 9))
    data = reports.gather(scene.desk, scene.db, [Filter("all", since=5 * MINUTE)])
    assert (told(data), data.start, data.end) == (["late"], 5 * MINUTE, None)
    within = [Filter("all", since=START + 5 * SECOND, until=START + 20 * SECOND)]
    assert reports.gather(scene.desk, scene.db, within).events == 1
    assert reports.gather(scene.desk, scene.db, ALL).events == 3


def test_several_views_are_told_together_and_severities_choose(scene: Scene) -> None:
    found(scene.db, ("a", Severity.LOW, 1), ("b", Severity.HIGH, 1), ("c", Severity.HIGH, 1))
    scene.db.execute("UPDATE findings SET status = 'in_progress' WHERE rule_id IN ('a', 'b')")
    both = reports.gather(scene.desk, scene.db, [Filter("triage"), Filter("confirmed")])
    assert sorted(told(both)) == ["a", "b", "c"]
    high = [Filter("triage", severities=(4,)), Filter("confirmed", severities=(4,))]
    data = reports.gather(scene.desk, scene.db, high)
    assert (sorted(told(data)), data.by_severity[Severity.HIGH], data.by_severity[Severity.LOW]) == (["b", "c"], 2, 0)


def test_what_is_past_the_limit_is_counted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_FINDINGS", 2)
    found(scene.db, *((f"high{number}", Severity.HIGH, number) for number in range(3)), ("low", Severity.LOW, 1))
    data = reports.gather(scene.desk, scene.db, ALL)
    assert (told(data), data.left_out) == (["high2", "high1"], 2)
    assert (data.by_severity[Severity.HIGH], data.by_severity[Severity.LOW]) == (3, 1)


def test_what_standing_imports_could_not_read_is_named_with_its_reason(scene: Scene) -> None:
    problem = SourceUnreadable(text("Cannot read it."), fix=text("Try again.")).to_json()
    sql = "INSERT INTO files (import_id, path, name, state, error) VALUES (?, ?, ?, ?, ?)"
    with writing(scene.db):
        scene.db.execute("INSERT INTO imports (id, label, state, created) VALUES (9, 'gone', 'undone', 0)")
        for import_id, name, state in ((1, "whole.log", "failed"), (1, "torn.log", "done"), (9, "gone.log", "failed")):
            scene.db.execute(sql, (import_id, name, name, state, orjson.dumps(problem).decode()))
    unseen = reports.gather(scene.desk, scene.db, ALL).unseen
    assert [(one.name, [str(part) for part in one.problem]) for one in unseen] == [
        ("torn.log", ["Cannot read it.", "Try again."]),
        ("whole.log", ["Cannot read it.", "Try again."]),
    ]


def test_a_frozen_report_is_a_file_with_its_period_query_and_digest(scene: Scene) -> None:
    found(scene.db, ("a", Severity.HIGH, 1))
    wanted = Filter("all", severities=(4, 5), since=0, until=9 * MINUTE)
    data = reports.gather(scene.desk, scene.db, [wanted])
    path = reports.freeze(scene.desk, scene.db, data, b"<html>", ".html")
    assert path.read_bytes() == b"<html>"
    assert path.parent == scene.desk.folder.reports
    [row] = rows(scene.db, "SELECT * FROM reports")
    assert orjson.loads(row.pop("query"))[0]["severities"] == [4, 5]
    assert row == {
        "id": 1, "created": NOW, "period_from": 0, "period_to": 9 * MINUTE, "path": path.name,
        "sha256": hashlib.sha256(b"<html>").hexdigest(), "findings": 1,
    }  # fmt: skip


def test_two_reports_of_one_moment_do_not_overwrite_each_other(scene: Scene) -> None:
    data = reports.gather(scene.desk, scene.db, ALL)
    paths = {reports.freeze(scene.desk, scene.db, data, content, ".html") for content in (b"en", b"zh")}
    assert {one.read_bytes() for one in paths} == {b"en", b"zh"}
