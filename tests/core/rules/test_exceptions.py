from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.model import EventBatch, LogSource, now
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import cache, catalogue, exceptions
from desktop_app.core.rules.exceptions import Wanted
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.core.sigma import building

AT = 1_000_000
LINUX = LogSource("linux", "", "auth")


@pytest.fixture
def known(db: Connection, tmp_path: Path) -> Connection:
    """A desk with one rule (user.name is x) and a correlation over it."""
    catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1), b=correlation_of(2, "rule_1")))
    return db


def batch(*events: dict[str, str]) -> EventBatch:
    return building.batch(LINUX, [{"user.name": "x", **one} for one in events])


def matched(db: Connection, made: EventBatch) -> list[int]:
    found = catalogue.load(db, cache.folder_of(db)).examine(made)
    return next((one.rows.tolist() for one in found if one.rule_id == id_of(1)), [])


def wanted(*fields: tuple[str, tuple[str, ...]], reason: str = "Known scanner", expires: int | None = None) -> Wanted:
    return Wanted(fields, reason, expires)


def test_events_that_an_exception_names_are_passed_over_and_the_rule_stays_as_it_is(known: Connection) -> None:
    before = catalogue.rule(known, id_of(1))
    exceptions.add(known, id_of(1), wanted(("source.ip|cidr", ("10.0.0.0/8",)), ("host.name", ("a", "b"))), AT)
    made = batch(
        {"source.ip": "10.1.1.1", "host.name": "a"},
        {"source.ip": "10.1.1.1", "host.name": "c"},
        {"source.ip": "11.1.1.1", "host.name": "a"},
        {"host.name": "a"},
    )
    assert matched(known, made) == [1, 2, 3]
    after = catalogue.rule(known, id_of(1))
    assert before is not None
    assert after is not None
    assert (before.body, before.version) == (after.body, after.version)


def test_any_of_several_exceptions_is_enough(known: Connection) -> None:
    exceptions.add(known, id_of(1), wanted(("a", ("1",))), AT)
    exceptions.add(known, id_of(1), wanted(("b", ("2",))), AT)
    assert matched(known, batch({"a": "1"}, {"b": "2"}, {"a": "2", "b": "1"})) == [2]


def test_an_exception_that_ended_or_was_lifted_or_undone_no_longer_holds(known: Connection, folder: DataFolder) -> None:
    exceptions.add(known, id_of(1), wanted(("a", ("1",)), expires=AT + 5), AT)
    assert exceptions.every(known, AT) != []
    assert exceptions.every(known, AT + 5) == []
    exceptions.add(known, id_of(1), wanted(("b", ("1",))), AT)
    held = exceptions.every(known, now())
    exceptions.end(known, held[0].id)
    assert exceptions.every(known, now()) == []
    undo.undo(Desk(folder, ()), known)
    assert [one.id for one in exceptions.every(known, now())] == [held[0].id]
    undo.undo(Desk(folder, ()), known)
    assert exceptions.every(known, now()) == []


def test_an_exception_is_kept_as_a_sigma_filter_with_who_and_why(known: Connection) -> None:
    decision = exceptions.add(known, id_of(1), wanted(("a|endswith", ("1", "2")), reason='Because: "quoted"'), AT)
    found = exceptions.of_rule(known, id_of(1))[0]
    assert found.fields == (("a|endswith", ("1", "2")),)
    assert found.reason == 'Because: "quoted"'
    assert f"rules:\n  - {id_of(1)}" in found.body
    assert "condition: not selection" in found.body
    assert "Because" in str(decision.summary)


@pytest.mark.parametrize(
    ("fields", "reason", "said"),
    [
        ((), "why", "needs a field and a value"),
        ((("a", ()),), "why", "needs a field and a value"),
        ((("a", ("1",)),), "  ", "needs a reason"),
        ((("a b", ("1",)),), "why", "no name of a field"),
        ((("a|exec", ("1",)),), "why", "no name of a field"),
        ((("a|cidr", ("nonsense",)),), "why", "cannot be used"),
        ((("a", ("1" * 1001,)),), "why", "too long"),
    ],
)
def test_what_makes_no_sense_is_refused(
    known: Connection, fields: tuple[tuple[str, tuple[str, ...]], ...], reason: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        exceptions.add(known, id_of(1), Wanted(fields, reason), AT)


def test_an_end_in_the_past_a_correlation_and_a_rule_that_is_not_there_are_refused(known: Connection) -> None:
    for rule_id, expires, said in ((id_of(1), AT, "past"), (id_of(2), None, "correlation"), ("x", None, "no such")):
        with pytest.raises(UsageError, match=said):
            exceptions.add(known, rule_id, wanted(("a", ("1",)), expires=expires), AT)
    with pytest.raises(UsageError, match="no such exception"):
        exceptions.end(known, 77)


def test_a_rule_has_so_many_exceptions_and_no_more(known: Connection) -> None:
    for number in range(exceptions.MOST):
        exceptions.add(known, id_of(1), wanted(("a", (str(number),))), AT)
    with pytest.raises(UsageError, match="50 exceptions"):
        exceptions.add(known, id_of(1), wanted(("a", ("x",))), AT)
