from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core.database import rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import WatchdeskError
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.cli.commands import Answer, command


def test_matches_are_written_a_json_line_each(filled: Desk, answer: Answer, tmp_path: Path) -> None:
    rules = folder_with(tmp_path / "pack", one=yaml_of(1, value="root"))
    target = tmp_path / "matches.jsonl"
    told = answer(filled, "detect", "--rules", str(rules), "--matches", str(target))
    assert told == {"matches": 40}
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert lines[0].keys() == {"rule", "path", "record"}
    assert {line["rule"] for line in lines} == {id_of(1)}
    assert [line["record"] for line in lines] == list(range(1, 41))
    assert lines[0]["path"].endswith("auth.log")


def test_a_file_that_cannot_be_written_is_told(filled: Desk, tmp_path: Path) -> None:
    with pytest.raises(WatchdeskError, match="Cannot write to"):
        command(filled, "detect", "--matches", str(tmp_path / "absent" / "matches.jsonl"))


def test_rules_that_are_only_tried_change_nothing(filled: Desk, answer: Answer, tmp_path: Path) -> None:
    rules = folder_with(tmp_path / "pack", one=yaml_of(1, value="root"))
    with filled.connection() as db:
        before = rows(db, "SELECT * FROM findings"), rows(db, "SELECT id FROM rules"), rows(db, "SELECT id FROM jobs")
    assert answer(filled, "detect", "--rules", str(rules)) == {"matches": 40}
    with filled.connection() as db:
        assert before == (
            rows(db, "SELECT * FROM findings"), rows(db, "SELECT id FROM rules"), rows(db, "SELECT id FROM jobs"),
        )  # fmt: skip
