from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import audit, undo
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.rules import catalogue, changes
from tests.core.rules.writing import folder_with, id_of, yaml_of


def state(db: Connection) -> list[dict[str, object]]:
    return rows(db, "SELECT id, pack, path, version, body, enabled, state FROM rules ORDER BY id")


def test_switching_rules_is_undone_and_told(tmp_path: Path, desk: Desk, db: Connection) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2)))
    before = state(db)
    decision = catalogue.disable(db, [id_of(1), id_of(2)])
    assert decision is not None
    assert str(audit.entries(db)[0].action) == "2 rules switched off"
    undo.undo(desk, db, decision.undo_id)
    assert state(db) == before


def test_switching_what_is_so_already_is_no_decision(tmp_path: Path, db: Connection) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    assert catalogue.enable(db, [id_of(1)]) is None
    decision = catalogue.disable(db, [id_of(1), "no such rule"])
    assert str(decision.summary if decision else None) == "1 rule switched off"


def test_the_first_import_of_a_pack_is_undone_whole(tmp_path: Path, desk: Desk, db: Connection) -> None:
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b="title: ["))
    assert len(state(db)) == 2
    undo.undo(desk, db, result.undo_id)
    assert state(db) == []
    assert catalogue.packs(db) == []


def test_a_later_import_is_undone_with_texts_and_switches(tmp_path: Path, desk: Desk, db: Connection) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2))
    catalogue.import_rules(db, pack)
    catalogue.disable(db, [id_of(2)])
    before, packs = state(db), rows(db, "SELECT name, sha256 FROM rule_packs")
    (pack / "b.yml").unlink()
    result = catalogue.import_rules(db, folder_with(pack, a=yaml_of(1, value="z"), c=yaml_of(3)))
    assert state(db) != before
    undo.undo(desk, db, result.undo_id)
    assert state(db) == before
    assert rows(db, "SELECT name, sha256 FROM rule_packs") == packs


def test_a_rule_that_was_taken_from_another_pack_goes_back_to_it(tmp_path: Path, desk: Desk, db: Connection) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "one", a=yaml_of(1)))
    before = state(db)
    result = catalogue.import_rules(db, folder_with(tmp_path / "two", a=yaml_of(1, value="z")))
    undo.undo(desk, db, result.undo_id)
    assert state(db) == before


def test_an_import_that_changes_nothing_leaves_no_decision(tmp_path: Path, db: Connection) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1))
    catalogue.import_rules(db, pack)
    assert catalogue.import_rules(db, pack).undo_id == 0


def test_an_import_cannot_be_undone_under_a_later_switch(tmp_path: Path, desk: Desk, db: Connection) -> None:
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    catalogue.disable(db, [id_of(1)])
    with pytest.raises(UsageError, match="1 rule switched off"):
        undo.undo(desk, db, result.undo_id)


def test_what_an_undo_puts_back_counts_as_changed(tmp_path: Path, desk: Desk, db: Connection) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1, value="z")))
    applied = rows(db, "SELECT max(changed) AS at FROM rules")[0]["at"]
    undo.undo(desk, db, result.undo_id)
    assert rows(db, "SELECT changed FROM rules")[0]["changed"] > applied


def test_the_last_versions_of_a_pack_are_kept_and_can_be_had_again(tmp_path: Path, db: Connection) -> None:
    pack = tmp_path / "mine"
    catalogue.import_rules(db, folder_with(pack, a=yaml_of(1, value="0")))
    first = state(db)
    for number in range(1, 5):
        catalogue.import_rules(db, folder_with(pack, a=yaml_of(1, value=str(number))))
    kept = changes.versions(db)
    assert [one.present for one in kept] == [True, False, False, False, False]
    name, files = changes.files_of(db, kept[-1].id)
    result = catalogue.bring_in_files(db, name, pack, files)
    assert (result.pack, len(result.changed)) == ("mine", 1)
    assert state(db) == first
    catalogue.import_rules(db, folder_with(pack, a=yaml_of(1, value="new")))
    assert len(changes.versions(db)) == changes.KEPT


def test_a_version_that_went_is_told(db: Connection) -> None:
    with pytest.raises(UsageError, match="not kept"):
        changes.files_of(db, 7)
