from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import settings
from desktop_app.core.cli import shared_words
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.web.bringing import commands

BRING, SETTINGS = commands.COMMANDS


def run(desk: Desk, command: Any, *words: str) -> None:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    command.configure(parser)
    given = parser.parse_args([*words, "--json"])
    assert command.run(desk, given) == 0


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_the_settings_leave_as_a_file_and_come_back(
    desk: Desk, db: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "mine.json"
    run(desk, SETTINGS, "--export", str(place))
    assert told(capsys)["theme"] == "auto"
    with writing(db):
        settings.store(db, {"theme": "dark"})
    run(desk, BRING, "--preview", str(place))
    shown = told(capsys)
    assert shown["changes"] == [{"path": "theme", "what": "changed", "before": "dark", "after": "auto"}]
    assert shown["undo_id"] is None
    assert settings.get(db, settings.THEME) == "dark"
    run(desk, BRING, str(place))
    assert told(capsys)["undo_id"] > 0
    assert settings.get(db, settings.THEME) == "auto"


def test_pages_are_brought_and_what_is_left_is_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "pumps.md").write_text("# Pumps", encoding="utf-8")
    (tmp_path / "site" / "pumps.exe").write_text("MZ", encoding="utf-8")
    run(desk, BRING, str(tmp_path / "site"))
    assert told(capsys) | {"undo_id": 1} == {
        "kind": "pages", "changes": [{"path": "pumps.md", "what": "new"}], "fault": [], "undo_id": 1,
        "left": [{"path": "pumps.exe", "reason": "It is neither a page nor a picture."}],
    }  # fmt: skip
    assert (desk.folder.root / "handbook" / "pumps.md").is_file()


def test_rules_have_a_command_of_their_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("title: x", encoding="utf-8")
    with pytest.raises(UsageError, match="watchdesk rules import"):
        run(desk, BRING, str(tmp_path / "a.yml"))


def test_a_place_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WatchdeskError, match="Cannot write to"):
        run(desk, SETTINGS, "--export", str(tmp_path / "nowhere" / "a.json"))
