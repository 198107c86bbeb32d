from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.rules import catalogue, decided
from tests.core.rules.writing import folder_with, id_of, yaml_of


def test_rules_that_came_had_no_text_before(tmp_path: Path, db: Connection) -> None:
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b="title: ["))
    assert decided.of_decision(db, result.undo_id) == {id_of(1): ""}  # what is broken finds nothing


def test_a_changed_rule_is_told_with_its_former_text_and_a_moved_one_is_not(tmp_path: Path, db: Connection) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2))
    catalogue.import_rules(db, pack)
    (pack / "a.yml").write_text(yaml_of(1).replace("title:", "title: another"), encoding="utf-8")
    (pack / "b.yml").rename(pack / "c.yml")
    result = catalogue.import_rules(db, pack)
    assert decided.of_decision(db, result.undo_id) == {id_of(1): yaml_of(1)}


def test_a_switched_rule_is_told(tmp_path: Path, db: Connection) -> None:
    catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2)))
    decision = catalogue.disable(db, [id_of(2)])
    assert decision is not None
    assert list(decided.of_decision(db, decision.undo_id)) == [id_of(2)]


def test_what_is_about_to_be_taken_back_is_told_with_its_present_text(tmp_path: Path, db: Connection) -> None:
    result = catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1)))
    assert decided.of_decision(db, result.undo_id, undone=True) == {id_of(1): yaml_of(1)}


@pytest.mark.parametrize(
    ("former", "further"),
    [
        ("title: a\ndetection: {filter: {a: b}}\n", False),
        ("title: a\nfilter:\n  rules: [b]\n", True),
        ("title: a\ncorrelation:\n  type: event_count\n", True),
        ('{"title": "a", "correlation": {}}', True),
        ("", False),
    ],
)
def test_former_filters_and_correlations_concern_other_rules(db: Connection, former: str, further: bool) -> None:  # noqa: FBT001 - a case of the table
    assert decided.beyond(db, {"somewhere": former}) is further
