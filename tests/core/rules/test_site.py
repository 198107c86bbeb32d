"""Values and pipelines of a site: in force at once, journaled, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, site
from desktop_app.core.rules.packs import PackUnreadable
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.core.sigma.building import AUTH, batch, rows_of

WAITING = yaml_of(1).replace("user.name", "user.name|expand").replace(": x", ": '%admins%'")
RENAME = "name: Ours\ntransformations: [{type: field_name_mapping, mapping: {user.name: account}}]\n"
FAILING = "transformations: [{type: rule_failure, message: no}]\n"


def fired(db: Connection, folder: DataFolder, field: str, value: str) -> bool:
    return rows_of(catalogue.load(db, folder), batch(AUTH, [{field: value}])) != {}


def state(db: Connection) -> str:
    row = catalogue.rule(db, id_of(1))
    assert row is not None
    return row.state


def bring(db: Connection, tmp_path: Path, body: str) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=body))


def test_a_rule_that_waits_is_ready_as_soon_as_it_has_its_values_and_waits_again_when_that_is_undone(
    folder: DataFolder, db: Connection, tmp_path: Path
) -> None:
    bring(db, tmp_path, WAITING)
    assert site.placeholders(db) == [site.Placeholder("admins", (), 1)]
    assert state(db) == "unsupported"
    decision = site.set_values(db, "%admins%", ["root", " root ", "", "adm*"])
    assert decision is not None
    assert site.placeholders(db) == [site.Placeholder("admins", ("root", "adm*"), 1)]
    assert state(db) == "ready"
    assert fired(db, folder, "user.name", "admin7")
    undo.undo(Desk(folder, ()), db, decision.undo_id)
    assert state(db) == "unsupported"
    assert site.placeholders(db) == [site.Placeholder("admins", (), 1)]


def test_other_values_are_in_force_at_once_and_none_take_them_away(
    folder: DataFolder, db: Connection, tmp_path: Path
) -> None:
    bring(db, tmp_path, WAITING)
    site.set_values(db, "admins", ["a"])
    assert site.set_values(db, "admins", ["a"]) is None
    site.set_values(db, "admins", ["b"])
    assert [fired(db, folder, "user.name", one) for one in "ab"] == [False, True]
    site.set_values(db, "admins", [])
    assert state(db) == "unsupported"


def test_rules_that_come_later_find_the_values(folder: DataFolder, db: Connection, tmp_path: Path) -> None:
    site.set_values(db, "admins", ["a"])
    bring(db, tmp_path, WAITING)
    assert fired(db, folder, "user.name", "a")


@pytest.mark.parametrize("name", ["", "two words", "%", "x" * 101])
def test_a_placeholder_is_one_word(db: Connection, name: str) -> None:
    with pytest.raises(UsageError):
        site.set_values(db, name, ["a"])


def test_values_without_end_are_refused(db: Connection) -> None:
    with pytest.raises(UsageError):
        site.set_values(db, "a", [str(number) for number in range(site.MOST_VALUES + 1)])


def test_a_pipeline_is_brought_in_switched_and_removed_each_with_a_way_back(
    folder: DataFolder, db: Connection, tmp_path: Path
) -> None:
    bring(db, tmp_path, yaml_of(1))
    (tmp_path / "ours.yml").write_text(RENAME, encoding="utf-8")
    row, decision = site.import_pipeline(db, tmp_path / "ours.yml")
    assert decision is not None
    assert (row.name, row.about.title, row.about.items) == ("ours", "Ours", 1)
    assert [(one.name, one.enabled) for one in site.pipelines(db)] == [("ours", True)]
    assert [fired(db, folder, name, "x") for name in ("account", "user.name")] == [True, False]
    assert site.switch_pipeline(db, "ours", on=True) is None
    off = site.switch_pipeline(db, "ours", on=False)
    assert off is not None
    assert [fired(db, folder, name, "x") for name in ("account", "user.name")] == [False, True]
    desk = Desk(folder, ())
    undo.undo(desk, db, off.undo_id)
    removed = site.remove_pipeline(db, "ours")
    assert site.pipelines(db) == []
    undo.undo(desk, db, removed.undo_id)
    assert fired(db, folder, "account", "x")
    undo.undo(desk, db, decision.undo_id)
    assert site.pipelines(db) == []
    assert fired(db, folder, "user.name", "x")


def test_a_rule_that_a_pipeline_leaves_out_comes_back_with_it_gone(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, yaml_of(1))
    (tmp_path / "no.yml").write_text(FAILING, encoding="utf-8")
    site.import_pipeline(db, tmp_path / "no.yml")
    assert state(db) == "unsupported"
    site.remove_pipeline(db, "no")
    assert state(db) == "ready"


def test_the_rules_of_watchdesk_are_not_touched(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, yaml_of(1))
    db.execute("UPDATE rules SET pack = 'watchdesk'")
    (tmp_path / "no.yml").write_text(FAILING, encoding="utf-8")
    site.import_pipeline(db, tmp_path / "no.yml")
    assert state(db) == "ready"
    assert rows(db, "SELECT site FROM rules") == [{"site": ""}]


@pytest.mark.parametrize("body", ["- a list", "transformations: 1", "x" * 2_000_000])
def test_a_file_that_is_no_pipeline_is_refused_and_nothing_changes(db: Connection, tmp_path: Path, body: str) -> None:
    (tmp_path / "bad.yml").write_text(body, encoding="utf-8")
    with pytest.raises(PackUnreadable):
        site.import_pipeline(db, tmp_path / "bad.yml")
    assert site.pipelines(db) == []


def test_what_is_no_file_or_no_pipeline_of_the_desk_is_told(db: Connection, tmp_path: Path) -> None:
    with pytest.raises(PackUnreadable):
        site.import_pipeline(db, tmp_path)
    with pytest.raises(PackUnreadable):
        site.import_pipeline(db, tmp_path / "absent.yml")
    with pytest.raises(UsageError):
        site.switch_pipeline(db, "absent", on=True)


def test_a_rule_that_waits_is_named_with_the_placeholder(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, WAITING)
    assert [one.users for one in site.placeholders(db)] == [((id_of(1), "Rule 1"),)]


def test_who_changes_the_site_is_told_how_far_it_is(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, yaml_of(1))
    (tmp_path / "ours.yml").write_text(RENAME, encoding="utf-8")
    told: list[tuple[int, int]] = []
    site.import_pipeline(db, tmp_path / "ours.yml", lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_what_was_decided_on_a_site_that_changed_meanwhile_is_not_done(db: Connection, tmp_path: Path) -> None:
    bring(db, tmp_path, yaml_of(1))
    (tmp_path / "ours.yml").write_text(RENAME, encoding="utf-8")

    def meddle(_done: int, _total: int) -> None:
        site.set_values(db, "admins", ["a"])

    with pytest.raises(UsageError, match="changed meanwhile"):
        site.import_pipeline(db, tmp_path / "ours.yml", meddle)
    assert site.pipelines(db) == []
