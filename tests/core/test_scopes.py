"""What a suppression hides as it arrives, and what it must never hide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop_app.core import findings, scopes, suppression, triage
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import claims
from desktop_app.core.model import Claim, Contribution, now
from desktop_app.core.scopes import Same, Scope
from tests.core.helpers import add_segment, claim, evidence
from tests.core.landing import ROOT, Scene, rules, sign_in

SCANNER = Scope("r1", None, (("source.ip", "10.0.0.5"),))


def from_address(segment: int, *addresses: str, **changes: Any) -> Claim:
    """Return a claim whose events, one each, came from these addresses."""
    base = segment << 32
    copies = tuple(replace(evidence(base + n), fields={"source.ip": one}) for n, one in enumerate(addresses, 1))
    part = Contribution(segment, len(copies), 0, 0, ((0, len(copies)),))
    return replace(claim(segment), **{"contributions": (part,), "evidence": copies, **changes})


@pytest.fixture(autouse=True)
def segments(db: Connection) -> None:
    for number in range(1, 5):
        add_segment(db, number)


def arrive(db: Connection, made: Claim, at: int | None = None) -> str:
    """Bring a claim in and return the status of its finding."""
    with writing(db):
        finding_id = claims.apply(db, made, "logs", now() if at is None else at)
    return str(rows(db, "SELECT status FROM findings WHERE id = ?", [finding_id])[0]["status"])


def test_what_lies_inside_arrives_suppressed_and_is_counted(db: Connection) -> None:
    suppression.save(db, SCANNER, "our scanner", None)
    assert arrive(db, from_address(1, "10.0.0.5", "10.0.0.5")) == "suppressed"
    [one] = suppression.listing(db, now())
    assert (one.findings, one.events) == (1, 2)
    assert not findings.listing(db, findings.Filter("suppressed"))[0].touched


@pytest.mark.parametrize(
    "made",
    [
        from_address(1, "10.0.0.5", "10.0.0.66"),
        from_address(1, "10.0.0.66"),
        from_address(1, "10.0.0.5", rule_id="other"),
        from_address(1, ""),
    ],
)
def test_what_lies_outside_or_only_partly_inside_is_shown(db: Connection, made: Claim) -> None:
    suppression.save(db, SCANNER, "our scanner", None)
    assert arrive(db, made) == "new"


def test_of_more_events_than_copies_only_what_is_known_of_all_counts(db: Connection) -> None:
    suppression.save(db, SCANNER, "our scanner", None)
    part = (Contribution(1, 500, 0, 0),)
    assert arrive(db, from_address(1, "10.0.0.5", contributions=part)) == "new"
    known = from_address(1, "10.0.0.5", contributions=part, same={"source.ip": "10.0.0.5"}, asset="web02")
    assert arrive(db, known) == "suppressed"


def test_a_hidden_finding_returns_as_soon_as_a_match_lies_outside(db: Connection) -> None:
    suppression.save(db, SCANNER, "our scanner", None)
    arrive(db, from_address(1, "10.0.0.5"))
    assert arrive(db, from_address(2, "10.0.0.5")) == "suppressed"
    assert arrive(db, from_address(3, "10.0.0.66"), at=77) == "new"
    [row] = findings.listing(db, findings.Filter())
    assert (row.count, row.reopened, row.read) == (3, 77, False)
    assert arrive(db, from_address(4, "10.0.0.5")) == "new"


def test_a_match_inside_of_another_suppression_stays_hidden(db: Connection) -> None:
    suppression.save(db, SCANNER, "our scanner", None)
    suppression.save(db, Scope(None, "WEB01", (("source.ip", "10.0.0.6"),)), "its twin", None)
    arrive(db, from_address(1, "10.0.0.5"))
    assert arrive(db, from_address(2, "10.0.0.6")) == "suppressed"


def test_what_a_person_hid_by_its_number_stays_hidden(db: Connection) -> None:
    arrive(db, from_address(1, "10.0.0.5"))
    triage.suppress(db, [1], "known", None)
    assert arrive(db, from_address(2, "10.0.0.66")) == "suppressed"


def test_new_matches_of_a_closed_finding_do_not_reopen_it_when_they_lie_inside(db: Connection) -> None:
    arrive(db, from_address(1, "10.0.0.5"))
    triage.resolve(db, [1])
    suppression.save(db, SCANNER, "our scanner", None)
    assert arrive(db, from_address(2, "10.0.0.5")) == "suppressed"
    triage.resolve(db, [1])
    assert arrive(db, from_address(3, "10.0.0.66")) == "new"


def test_a_suppression_that_has_run_out_hides_no_more(db: Connection) -> None:
    ends = now() + 1_000_000
    suppression.save(db, SCANNER, "for a moment", ends)
    assert arrive(db, from_address(1, "10.0.0.5"), at=ends - 1) == "suppressed"
    assert arrive(db, from_address(1, "10.0.0.5", asset="web02"), at=ends) == "new"
    triage.expire(db, ends)
    assert len(findings.listing(db, findings.Filter())) == 2


def test_a_correlation_is_known_by_its_group_and_by_its_copies_where_they_are_all(db: Connection) -> None:
    grouped = from_address(1, "10.0.0.5", "10.0.0.5", correlated=True, group=(("user.name", "root"),))
    assert scopes.of_claim(grouped, 2) == Same("web01", {"source.ip": "10.0.0.5", "user.name": "root"})
    assert scopes.of_claim(grouped, 3) == Same(None, {"user.name": "root"})


def test_what_a_finding_has_in_common_only_becomes_less(db: Connection) -> None:
    arrive(db, from_address(1, "10.0.0.5"))
    assert scopes.of_finding(db, 1) == Same("web01", {"source.ip": "10.0.0.5"})
    arrive(db, from_address(2, "10.0.0.66"))
    arrive(db, from_address(3, "10.0.0.5"))
    assert scopes.of_finding(db, 1) == Same("web01", {})


def test_of_a_finding_that_is_not_there_nothing_is_known(db: Connection) -> None:
    assert scopes.of_finding(db, 4711) == Same(None, {})
    assert not Scope(asset="web01").holds("r1", scopes.of_finding(db, 4711))


def test_the_pipeline_looks_at_every_event_not_only_at_those_it_keeps(desk: Desk, db: Connection) -> None:
    scene = Scene(desk, db, rules(ROOT))
    scope = Scope("root", None, (("source.ip", "10.0.0.5"),))
    suppression.save(db, scope, "our scanner", None)
    scene.land([sign_in(second, ip="10.0.0.5", user="root") for second in range(50)])
    assert scene.row("root").status.value == "suppressed"
    # The one from elsewhere lies in the middle, where no copy is kept.
    scene.land([sign_in(100 + n, ip="10.0.0.66" if n == 25 else "10.0.0.5", user="root") for n in range(50)], name="2")
    assert (scene.row("root").status.value, scene.row("root").count) == ("new", 100)
