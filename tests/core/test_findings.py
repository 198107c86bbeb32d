from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_app.core import findings
from desktop_app.core.database import Connection, connect, writing
from desktop_app.core.findings import Filter
from desktop_app.core.judging import claims
from desktop_app.core.model import Severity
from desktop_app.core.paths import DataFolder
from tests.core.helpers import MINUTE, add_segment, claim, evidence


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    opened = connect(folder)
    add_segment(opened, 1)
    with writing(opened):
        claims.apply(opened, claim(1, rule="a"), "logs", 0)
        claims.apply(opened, replace(claim(1, rule="b", asset="db_01"), severity=Severity.LOW), "logs", 0)
        claims.apply(opened, replace(claim(1, rule="c", first=9 * MINUTE), severity=Severity.CRITICAL), "logs", 0)
        opened.execute("UPDATE findings SET status = 'in_progress' WHERE rule_id = 'b'")
    yield opened
    opened.conn.close()


def rules(found: list[findings.FindingRow]) -> list[str]:
    return [row.rule_id for row in found]


def test_the_most_severe_comes_first(db: Connection) -> None:
    assert rules(findings.listing(db, Filter())) == ["c", "a"]


def test_the_latest_comes_first_when_asked(db: Connection) -> None:
    assert rules(findings.listing(db, Filter("all", order="last")))[0] == "c"


def test_each_view_holds_its_statuses(db: Connection) -> None:
    assert rules(findings.listing(db, Filter("confirmed"))) == ["b"]
    assert findings.counts(db) == {"triage": 2, "confirmed": 1, "suppressed": 0, "closed": 0, "case": 0, "all": 3}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter("all", text="DB_01"), ["b"]),
        (Filter("all", text="root web"), ["c", "a"]),
        (Filter("all", text="WD-1"), ["a"]),
        (Filter("all", text="%"), []),
        (Filter("all", text="a_w"), []),
        (Filter("all", severities=(5,)), ["c"]),
        (Filter("all", rule="b"), ["b"]),
        (Filter("all", asset="web01"), ["c", "a"]),
        (Filter("all", since=5 * MINUTE), ["c"]),
        (Filter("all", until=5 * MINUTE), ["a", "b"]),
    ],
)
def test_a_filter_narrows_the_list_and_the_count_alike(db: Connection, wanted: Filter, expected: list[str]) -> None:
    assert rules(findings.listing(db, wanted)) == expected
    assert findings.total(db, wanted) == len(expected)


def test_what_changed_is_counted_from_an_index(db: Connection) -> None:
    clause, params = findings._where(Filter("all", changed=5))
    plan = db.execute(f"EXPLAIN QUERY PLAN SELECT COUNT(*) FROM findings f WHERE {clause}", params).fetchall()
    assert "findings_changed" in str(plan)


def test_severities_are_counted_by_view(db: Connection) -> None:
    assert findings.severity_counts(db) == {Severity.HIGH: 1, Severity.CRITICAL: 1}


def test_a_finding_knows_its_evidence_and_its_neighbours(db: Connection) -> None:
    detail = findings.finding(db, 1)
    assert detail is not None
    assert detail.evidence == (evidence((1 << 32) + 1),)
    assert (detail.same_asset, detail.same_rule) == (1, 0)
    assert findings.finding(db, 999) is None


def test_an_event_knows_the_finding_that_cites_it(db: Connection) -> None:
    assert findings.citing(db, [(1 << 32) + 1, 5]) == {(1 << 32) + 1: 3}


def test_the_small_chart_adds_up(db: Connection) -> None:
    points = findings.spark(db, 1, buckets=10)
    assert sum(count for _, count in points) == 3
    assert findings.spark(db, 999) == []
