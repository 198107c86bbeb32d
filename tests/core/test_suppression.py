"""Suppressions as a person writes and keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop_app.core import audit, suppression, triage, undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.judging import claims
from desktop_app.core.model import now
from desktop_app.core.scopes import Same, Scope
from desktop_app.core.suppression import DAY
from tests.core.helpers import MINUTE, add_segment, claim

ROOT = Scope("a", None, (("user.name", "root"),))


@pytest.fixture
def ids(db: Connection) -> list[int]:
    """Findings of the rules a, a and b on two hosts, one event each, all by root."""
    add_segment(db, 1)
    with writing(db):
        return [
            claims.apply(db, claim(1, rule=rule, asset=asset, count=1, first=place * MINUTE), "logs", 0)
            for place, (rule, asset) in enumerate((("a", "web01"), ("a", "db01"), ("b", "web01")))
        ]


def statuses(db: Connection) -> list[str]:
    return [row["status"] for row in rows(db, "SELECT status FROM findings ORDER BY id")]


@pytest.mark.parametrize(
    ("scope", "hidden"),
    [
        (ROOT, [2, 1]),
        (Scope("a"), [2, 1]),
        (Scope(None, "WEB01"), [3, 1]),
        (Scope("a", "web01", (("user.name", "root"),)), [1]),
        (Scope("a", None, (("user.name", "ROOT"),)), []),
        (Scope("a", None, (("user.id", "0"),)), []),
        (Scope(), []),
    ],
)
def test_a_preview_tells_what_would_be_hidden_the_latest_first(
    db: Connection, ids: list[int], scope: Scope, hidden: list[int]
) -> None:
    told = suppression.preview(db, scope, 10 * MINUTE, 30)
    assert (list(told.now), list(told.recent), told.events) == (hidden, hidden, len(hidden))


def test_a_preview_counts_decided_findings_too_but_only_of_its_days(db: Connection, ids: list[int]) -> None:
    triage.resolve(db, ids[:1])
    told = suppression.preview(db, ROOT, DAY + MINUTE + MINUTE // 2, 1)
    assert (told.now, told.recent, told.events) == ((2,), (2,), 0)


def test_saving_hides_what_waits_and_nothing_else(db: Connection, ids: list[int]) -> None:
    triage.confirm(db, ids[:1])
    decision = suppression.save(db, ROOT, " our own tool ", None)
    assert statuses(db) == ["in_progress", "suppressed", "new"]
    assert str(decision.summary) == "Wrote a suppression that hides 1 finding"
    [one] = suppression.listing(db, now())
    assert (one.scope, one.reason, one.findings, one.ended) == (ROOT, "our own tool", 1, None)
    assert audit.entries(db)[0].action == decision.summary


ACTS: list[Callable[[Connection], undo.Decision]] = [
    lambda db: suppression.save(db, Scope("b"), "noise", now() + DAY),
    lambda db: suppression.lift(db, 1),
    lambda db: suppression.extend(db, 1, now() + 9 * DAY),
    lambda db: suppression.extend_one(db, 3, now() + 9 * DAY),
]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_can_be_undone(
    desk: Desk, db: Connection, ids: list[int], act: Callable[[Connection], undo.Decision]
) -> None:
    suppression.save(db, ROOT, "our own tool", now() + DAY)
    triage.suppress(db, [ids[2]], "known", now() + DAY)
    if act is ACTS[0]:
        triage.reopen(db, [ids[2]])

    def all_of_it() -> object:
        return [rows(db, f"SELECT * FROM {name}") for name in ("suppressions", "suppression_scopes")], statuses(db)

    before = all_of_it()
    decision = act(db)
    assert all_of_it() != before
    undo.undo(desk, db, decision.undo_id)
    assert all_of_it() == before


def test_what_arrived_hidden_comes_back_when_the_suppression_is_undone(
    desk: Desk, db: Connection, ids: list[int]
) -> None:
    suppression.save(db, ROOT, "our own tool", None)
    with writing(db):
        claims.apply(db, claim(1, rule="a", asset="gw", count=1), "logs", now())
    assert statuses(db) == ["suppressed", "suppressed", "new", "suppressed"]
    undo.undo(desk, db)
    assert statuses(db) == ["new"] * 4


def test_lifting_brings_back_what_it_hid_but_not_what_else_hides(db: Connection, ids: list[int]) -> None:
    suppression.save(db, ROOT, "our own tool", None)
    triage.resolve(db, ids[:1])
    suppression.lift(db, 1)
    assert statuses(db) == ["resolved", "new", "new"]
    assert suppression.listing(db, now()) == []
    [one] = suppression.listing(db, now(), ended=True)
    assert one.ended is not None
    with pytest.raises(UsageError, match="no such suppression"):
        suppression.lift(db, 1)


def test_an_extended_suppression_keeps_its_findings_longer(db: Connection, ids: list[int]) -> None:
    ends = now() + DAY
    suppression.save(db, ROOT, "our own tool", ends)
    suppression.extend(db, 1, ends + DAY)
    assert triage.expire(db, ends) == 0
    assert triage.expire(db, ends + DAY) == 2
    assert [one.id for one in suppression.listing(db, ends + DAY, ended=True) if one.scope] == [1]


def test_those_of_single_findings_are_listed_too(db: Connection, ids: list[int]) -> None:
    triage.suppress(db, [ids[2]], "known", None)
    [one] = suppression.listing(db, now())
    assert (one.scope, one.finding_id, one.findings, one.events) == (None, ids[2], 1, 1)


def test_what_cannot_be_is_refused(db: Connection, ids: list[int]) -> None:
    with pytest.raises(UsageError, match="must name something"):
        suppression.save(db, Scope(), "all of it", None)
    with pytest.raises(UsageError, match="needs a reason"):
        suppression.save(db, ROOT, " ", None)
    with pytest.raises(UsageError, match="future"):
        suppression.save(db, ROOT, "late", now() - 1)
    with pytest.raises(UsageError, match="no such suppression"):
        suppression.extend(db, 1, None)
    with pytest.raises(UsageError, match="no such suppression"):
        suppression.extend_one(db, 1, None)
    assert statuses(db) == ["new"] * 3


def test_it_is_not_undone_from_under_a_later_decision(desk: Desk, db: Connection, ids: list[int]) -> None:
    written = suppression.save(db, ROOT, "our own tool", None)
    triage.confirm(db, ids[:1])
    with pytest.raises(UsageError, match="Confirmed 1 finding"):
        undo.undo(desk, db, written.undo_id)


def test_the_fields_that_a_finding_is_about_are_offered_first() -> None:
    same = Same("gw", {"EventID": "4625", "IpAddress": "10.0.0.1", "LogonType": "3", "Channel": "Security"})
    assert [name for name, _ in suppression.offered(same, ["LogonType", "gone"])] == [
        "LogonType", "IpAddress", "Channel", "EventID",
    ]  # fmt: skip


def test_a_correlation_is_previewed_by_what_is_known_of_it(db: Connection, ids: list[int]) -> None:
    with writing(db):
        made = replace(claim(1, rule="c", count=500, correlated=True), group=(("source.ip", "10.0.0.5"),))
        number = claims.apply(db, made, "logs", 0)
    assert suppression.preview(db, Scope("c", None, (("source.ip", "10.0.0.5"),)), MINUTE, 1).now == (number,)
    assert suppression.preview(db, Scope("c", "web01"), MINUTE, 1).now == ()
