from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_app.core import findings, suppression, triage
from desktop_app.core.database import Connection, connect, writing
from desktop_app.core.judging import claims
from desktop_app.core.model import Contribution
from desktop_app.core.paths import DataFolder
from desktop_app.core.scopes import Scope
from tests.core.helpers import MINUTE, add_segment, claim, evidence


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    opened = connect(folder)
    add_segment(opened, 1)
    add_segment(opened, 2)
    yield opened
    opened.conn.close()


def apply(db: Connection, one: claims.Claim, at: int = 0) -> findings.FindingRow:
    with writing(db):
        finding_id = claims.apply(db, one, "logs", at)
    found = findings.finding(db, finding_id)
    assert found is not None
    return found.row


def test_the_same_rule_on_the_same_asset_is_one_finding(db: Connection) -> None:
    first = apply(db, claim(1, count=3))
    second = apply(db, claim(2, count=4, first=5 * MINUTE))
    assert second.id == first.id
    assert (second.count, second.first_seen, second.last_seen) == (7, 0, 6 * MINUTE)


def test_an_asset_is_known_whatever_the_case_of_its_name(db: Connection) -> None:
    assert apply(db, claim(1, asset="WEB01")).id == apply(db, claim(2, asset="web01")).id


def test_other_assets_other_rules_and_other_groups_are_other_findings(db: Connection) -> None:
    grouped = replace(claim(1), group=(("source.ip", "10.0.0.1"),))
    ids = {apply(db, one).id for one in (claim(1), claim(1, rule="r2"), claim(1, asset="db01"), grouped)}
    assert len(ids) == 4


def test_claiming_the_same_again_changes_nothing(db: Connection) -> None:
    assert apply(db, claim(1)) == apply(db, claim(1))


def test_a_correlations_claim_takes_back_what_its_silent_segments_had_brought(db: Connection) -> None:
    apply(db, claim(1, count=3, correlated=True))
    assert apply(db, claim(2, count=4, correlated=True)).count == 7
    assert apply(db, replace(claim(2, count=4, correlated=True), silent=frozenset({1}))).count == 4


def test_a_correlation_is_about_its_group_whatever_the_asset(db: Connection) -> None:
    first = apply(db, claim(1, asset="web01", correlated=True))
    assert apply(db, claim(2, asset="web02", correlated=True)).id == first.id


def test_a_new_match_reopens_a_closed_finding_and_says_so(db: Connection) -> None:
    closed = apply(db, claim(1))
    db.execute("UPDATE findings SET status = 'resolved', verdict = 'benign' WHERE id = ?", (closed.id,))
    again = apply(db, claim(2), at=99)
    assert (again.status, again.verdict, again.reopened) == ("new", None, 99)


def test_what_was_known_does_not_reopen_a_closed_finding(db: Connection) -> None:
    closed = apply(db, claim(1))
    db.execute("UPDATE findings SET status = 'archived' WHERE id = ?", (closed.id,))
    assert apply(db, claim(1)).status == "archived"


def test_a_suppressed_finding_goes_on_counting_in_silence(db: Connection) -> None:
    hidden = apply(db, claim(1, count=3))
    db.execute("UPDATE findings SET status = 'suppressed' WHERE id = ?", (hidden.id,))
    again = apply(db, claim(2, count=4))
    assert (again.status, again.count) == ("suppressed", 7)


def test_a_finding_goes_with_its_last_contribution(db: Connection) -> None:
    row = apply(db, claim(1))
    with writing(db):
        db.execute("DELETE FROM contributions")
        claims.settle(db, [row.id])
    assert findings.finding(db, row.id) is None


def test_a_finding_that_a_person_touched_stays_and_is_marked(db: Connection) -> None:
    row = apply(db, claim(1))
    with writing(db):
        db.execute("UPDATE findings SET touched = 1")
        db.execute("DELETE FROM contributions")
        claims.settle(db, [row.id])
    kept = findings.finding(db, row.id)
    assert kept is not None
    assert kept.row.events_removed


def test_evidence_keeps_both_ends_of_a_long_story(db: Connection) -> None:
    copies = tuple(evidence((1 << 32) + number, number) for number in range(100))
    row = apply(db, replace(claim(1), evidence=copies))
    kept = [one.time for one in findings.evidence_of(db, row.id)]
    assert kept == [*range(10), *range(90, 100)]


def test_older_files_do_not_change_what_the_texts_quote(db: Connection) -> None:
    apply(db, replace(claim(1, first=10 * MINUTE), values={"user.name": "new"}))
    row = apply(db, replace(claim(2, first=0), values={"user.name": "old"}))
    assert row.values == {"user.name": "new"}


def test_a_fingerprint_never_holds_a_time_or_a_count() -> None:
    later = replace(claim(1), contributions=(Contribution(9, 900, 5, 6),))
    assert claims.fingerprint(later) == claims.fingerprint(claim(1))


def test_the_findings_of_segments_are_known(db: Connection) -> None:
    row = apply(db, claim(1))
    other = apply(db, claim(2, rule="r2"))
    assert claims.touching(db, [1]) == [row.id]
    assert sorted(claims.touching(db, [1, 2])) == [row.id, other.id]


def test_a_finding_that_counts_more_is_marked_and_one_that_was_closed_comes_back(db: Connection) -> None:
    with writing(db):
        made = claims.apply(db, claim(1), "logs", 10)
    triage.resolve(db, [made])
    with writing(db):
        claims.grew(db, made, 20, fresh=[2], before=[1])
    [row] = findings.listing(db, findings.Filter())
    assert (row.grown, row.reopened) == (20, 20)


def test_one_that_comes_back_inside_of_a_suppression_is_hidden(db: Connection) -> None:
    with writing(db):
        made = claims.apply(db, claim(1), "logs", 10)
    triage.resolve(db, [made])
    suppression.save(db, Scope("r1", "web01"), "known", None)
    with writing(db):
        claims.grew(db, made, 20, fresh=[2], before=[1])
    assert findings.counts(db)["suppressed"] == 1
