"""Sigma filters that come with packs: cases of our own, on events."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, exceptions, own
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.core.rules.trial import trial
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.core.sigma.building import AUTH, batch, rows_of

EVENTS = [{"user.name": "x", "host.name": "gate"}, {"user.name": "x", "host.name": "dc-1"}, {"user.name": "x"}]
ID = str(uuid.UUID(int=90))


def filter_of(rules: str, condition: str = "not selection", *, service: str = "auth", more: str = "") -> str:
    return (
        f"title: Our controllers\nid: {ID}\nlogsource: {{product: linux, service: {service}}}\nfilter:\n"
        f"  rules: {rules}\n  selection:\n    host.name|startswith: dc-\n{more}  condition: {condition}\n"
    )


def bring(db: Connection, tmp_path: Path, **files: str) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", **files))


def fired(db: Connection, folder: DataFolder, number: int = 1) -> list[int]:
    return rows_of(catalogue.load(db, folder), batch(AUTH, EVENTS)).get(id_of(number), [])


def state(db: Connection) -> tuple[str, str]:
    [found] = [one for one in catalogue.coverage(db) if one["id"] == ID]
    return found["state"], str(found["reason"] or "")


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (filter_of(f"[{id_of(1)}]"), [0, 2]),
        (filter_of("[rule_1]"), [0, 2]),
        (filter_of("rule_1"), [0, 2]),
        (filter_of("any"), [0, 2]),
        (filter_of("[]"), [0, 2]),
        (filter_of("any", "selection"), [1]),
        (filter_of("[rule_2]"), [0, 1, 2]),
        (filter_of("any", service="syslog"), [0, 1, 2]),
        (filter_of("any", "not 1 of selection*", more="  selection_gate:\n    host.name: gate\n"), [2]),
        (filter_of("any", "not (selection and other)", more="  other:\n    user.name: y\n"), [0, 1, 2]),
    ],
)
def test_a_rule_holds_where_its_filter_does_too(
    folder: DataFolder, db: Connection, tmp_path: Path, made: str, rows: list[int]
) -> None:
    bring(db, tmp_path, a=yaml_of(1), f=made)
    assert fired(db, folder) == rows


def test_filters_reach_rules_of_other_packs_and_add_up(folder: DataFolder, db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, a=yaml_of(1))
    other = filter_of("any").replace(ID, str(uuid.UUID(int=91))).replace("dc-", "gate")
    catalogue.import_rules(db, folder_with(tmp_path / "filters", f=filter_of("any"), g=other))
    assert fired(db, folder) == [2]


def test_a_filter_is_switched_off_and_its_import_undone(folder: DataFolder, db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, a=yaml_of(1))
    done = catalogue.import_rules(db, folder_with(tmp_path / "filters", f=filter_of("any")))
    assert (done.unsupported, done.broken) == ((), ())
    off = catalogue.disable(db, [ID])
    assert off is not None
    assert fired(db, folder) == [0, 1, 2]
    assert state(db)[0] == "disabled"
    undo.undo(Desk(folder, ()), db, off.undo_id)
    assert fired(db, folder) == [0, 2]
    undo.undo(Desk(folder, ()), db, done.undo_id)
    assert fired(db, folder) == [0, 1, 2]


def test_a_filter_says_how_many_rules_it_narrows_or_that_none_is_here(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, a=yaml_of(1), f=filter_of("any"))
    assert state(db) == ("quiet", "A filter: it narrows 1 rule.")
    bring(db, tmp_path, f=filter_of("[rule_1]"))
    assert state(db) == ("blocked", "No rule that this filter is for is here.")


def test_what_a_correlation_counts_is_narrowed(folder: DataFolder, db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, a=yaml_of(1), b=correlation_of(2, "rule_1"), f=filter_of("any"))
    ruleset = catalogue.load(db, folder)
    assert ruleset.problems == {}
    assert fired(db, folder) == [0, 2]


def test_a_filter_with_a_mistake_is_broken_and_the_rest_of_the_pack_works(
    folder: DataFolder, db: Connection, tmp_path: Path
) -> None:
    bring(db, tmp_path, a=yaml_of(1), f=filter_of("any", "not absent"))
    assert state(db)[0] == "broken"
    assert fired(db, folder) == [0, 1, 2]


def test_a_filter_is_checked_in_words_but_has_no_trial_and_no_exceptions(
    desk: Desk, db: Connection, tmp_path: Path
) -> None:
    bring(db, tmp_path, f=filter_of("any"))
    checked = own.check(db, filter_of("any"), ID)
    assert checked.usable
    assert checked.problems == ()
    assert "fire only where not (host.name begins with “dc-”)" in checked.words("en")
    assert checked.rule is not None
    with pytest.raises(UsageError, match="finds nothing by itself"):
        trial(desk, db, checked.rule, lambda _done, _total: None)
    with pytest.raises(UsageError, match="no exceptions"):
        exceptions.add(db, ID, Wanted((("a", ("b",)),), "x"), 0)
