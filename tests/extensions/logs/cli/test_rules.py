from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from desktop_app.core.cli import COMMANDS
from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.cli.commands import Answer, command, written
from tests.extensions.logs.importing import guesses


def test_imported_rules_are_told_and_applied_to_what_is_stored(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(3)))
    pack = folder_with(tmp_path / "pack", one=yaml_of(1, value="root"), bad="title: [")
    told = answer(desk, "rules", "import", str(pack))
    [broken] = told.pop("broken")
    assert (broken["path"], bool(broken["reason"])) == ("bad.yml", True)
    assert {name: told[name] for name in ("pack", "changed", "unchanged", "gone", "unsupported")} == {
        "pack": "pack", "changed": 0, "unchanged": 0, "gone": 0, "unsupported": [],
    }  # fmt: skip
    with desk.connection() as db:
        assert rows(db, "SELECT count FROM findings WHERE rule_id = ?", [id_of(1)]) == [{"count": 3}]
    again = answer(desk, "rules", "import", str(pack))
    assert (again["new"], again["changed"]) == (0, 0)


def test_rules_that_went_from_a_pack_take_their_findings_along(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(3)))
    pack = folder_with(tmp_path / "pack", one=yaml_of(1, value="root"), two=yaml_of(2, value="root"))
    answer(desk, "rules", "import", str(pack))
    told = answer(desk, "rules", "import", str(folder_with(pack, two=yaml_of(2, value="root"))))
    assert told["gone"] == 1
    with desk.connection() as db:
        left = rows(db, "SELECT rule_id FROM findings WHERE rule_id IN (?, ?)", [id_of(1), id_of(2)])
    assert left == [{"rule_id": id_of(2)}]


def test_an_undo_of_rules_ends_when_what_is_stored_was_judged_again(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(3)))
    answer(desk, "rules", "import", str(folder_with(tmp_path / "pack", one=yaml_of(1, value="root"))))
    asked = argparse.Namespace(id=None, json=False)
    [undo] = [one for one in COMMANDS if one.name == "undo"]
    assert undo.run(desk, asked) == 0
    with desk.connection() as db:
        assert rows(db, "SELECT state FROM jobs WHERE state <> 'done'") == []
        assert rows(db, "SELECT 1 FROM findings WHERE rule_id = ?", [id_of(1)]) == []


def test_rules_and_their_coverage_are_listed(filled: Desk, answer: Answer) -> None:
    listed = answer(filled, "rules", "list")
    assert set(listed[0]) == {"id", "title", "level", "pack", "path", "enabled", "state", "reason"}
    coverage = answer(filled, "rules", "coverage")
    assert set(coverage[0]) == {"id", "title", "state", "reason", "matches"}
    assert {one["id"] for one in coverage} == {one["id"] for one in listed}
    assert {"fired", "blocked"} <= {one["state"] for one in coverage}


def test_a_rule_is_tried_on_a_log_without_storing_anything(filled: Desk, answer: Answer, tmp_path: Path) -> None:
    rule = tmp_path / "rule.yml"
    rule.write_text(yaml_of(1, value="root"), encoding="utf-8")
    log = written(tmp_path / "other.log", guesses(5, hour=9))
    told = answer(filled, "rules", "test", str(rule), log)
    assert (told["events"], told["matches"]) == (5, 5)
    assert [(one["rule"], one["title"], one["severity"], one["count"]) for one in told["findings"]] == [
        (id_of(1), "Rule 1", 4, 5)
    ]
    assert answer(filled, "search", "", "--count") == {"count": 40}
    assert id_of(1) not in {one["id"] for one in answer(filled, "rules", "list")}


def test_a_rule_that_does_not_parse_is_told_when_it_is_tried(filled: Desk, tmp_path: Path) -> None:
    log = written(tmp_path / "other.log", guesses(5, hour=9))
    bad = written(tmp_path / "bad.yml", "title: [")
    for words in (["rules", "test", bad, log], ["detect", "--rules", bad]):
        with pytest.raises(UsageError, match=r"No rule in .*bad\.yml can be used\. ."):
            command(filled, *words)
    with pytest.raises(WatchdeskError, match="absent"):
        command(filled, "rules", "test", str(tmp_path / "absent.yml"), log)


def test_a_placeholder_takes_its_values_and_gives_them_back(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    waiting = yaml_of(1).replace("user.name", "user.name|expand").replace(": x", ": '%admins%'")
    answer(desk, "rules", "import", str(folder_with(tmp_path / "pack", one=waiting)))
    assert answer(desk, "rules", "values") == [{"name": "admins", "values": [], "rules": 1}]
    told = answer(desk, "rules", "values", "--set", "admins", "root", "adm*")
    assert told == [{"name": "admins", "values": ["root", "adm*"], "rules": 1}]
    assert [one["state"] for one in answer(desk, "rules", "list") if one["id"] == id_of(1)] == ["ready"]
    assert answer(desk, "rules", "values", "--set", "admins") == [{"name": "admins", "values": [], "rules": 1}]


def test_rules_are_tried_with_the_values_and_the_pipelines_of_this_site(
    desk: Desk, answer: Answer, tmp_path: Path
) -> None:
    waiting = yaml_of(1).replace("user.name", "account|expand").replace(": x", ": '%admins%'")
    rule, log = written(tmp_path / "rule.yml", waiting), written(tmp_path / "auth.log", guesses(3))
    answer(desk, "rules", "values", "--set", "admins", "root")
    body = "name: Ours\ntransformations: [{type: field_name_mapping, mapping: {account: user.name}}]\n"
    answer(desk, "rules", "pipelines", "--import", written(tmp_path / "ours.yml", body))
    assert answer(desk, "rules", "test", rule, log)["matches"] == 3
    answer(desk, "import", log)
    assert answer(desk, "detect", "--rules", rule) == {"matches": 3}


def test_a_pipeline_is_in_force_at_once_over_what_is_stored(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(3)))
    rule = yaml_of(1, value="root").replace("user.name", "account")
    answer(desk, "rules", "import", str(folder_with(tmp_path / "pack", one=rule)))
    body = "name: Ours\ntransformations: [{type: field_name_mapping, mapping: {account: user.name}}]\n"
    answer(desk, "rules", "pipelines", "--import", written(tmp_path / "ours.yml", body))
    with desk.connection() as db:
        assert rows(db, "SELECT count FROM findings WHERE rule_id = ?", [id_of(1)]) == [{"count": 3}]


def test_a_pipeline_is_brought_in_listed_switched_and_removed(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    body = "name: Ours\ntransformations: [{type: field_name_mapping, mapping: {a: b}}, {type: file_placeholders}]\n"
    (tmp_path / "ours.yml").write_text(body, encoding="utf-8")
    [told] = answer(desk, "rules", "pipelines", "--import", str(tmp_path / "ours.yml"))
    assert (told["name"], told["enabled"], told["transformations"]) == ("ours", True, 1)
    assert told["left_out"][0]["name"] == "file_placeholders"
    assert [one["enabled"] for one in answer(desk, "rules", "pipelines", "--off", "ours")] == [False]
    assert answer(desk, "rules", "pipelines", "--remove", "ours") == []
