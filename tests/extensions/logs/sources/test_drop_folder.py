from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources import drop_folder
from desktop_app.extensions.logs.sources.drop_folder import DropFolder


def dropped(folder: Path, after: str = "leave", cursor: dict[str, object] | None = None) -> DropFolder:
    made = DropFolder({"path": str(folder), "after": after}, cursor or {})
    made.start()
    return made


def test_a_file_is_ready_when_it_has_stopped_growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr(drop_folder.time, "monotonic", lambda: moment[0])
    folder = dropped(tmp_path)
    (tmp_path / "a.log").write_text("one\n", encoding="utf-8")
    assert folder.ready() == []
    moment[0] += 2
    (tmp_path / "a.log").write_text("one\ntwo\n", encoding="utf-8")
    assert folder.ready() == []
    moment[0] += 2
    assert folder.ready() == [], "it grew in between"
    moment[0] += 2
    assert folder.ready() == [tmp_path / "a.log"]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_folder, "SETTLED_SECONDS", 0.0)


@pytest.mark.usefixtures("at_once")
def test_what_was_imported_is_left_and_not_imported_again_until_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("one\n", encoding="utf-8")
    folder = dropped(tmp_path)
    [ready] = folder.ready()
    folder.queued(ready, 7)
    assert folder.jobs() == {7: "a.log"}
    assert folder.ready() == []
    folder.ended("a.log", well=True)
    again = dropped(tmp_path, cursor=json.loads(json.dumps(folder.cursor)))
    assert again.ready() == []
    assert path.exists()
    path.write_text("one\nmore\n", encoding="utf-8")
    assert again.ready() == [path]


@pytest.mark.usefixtures("at_once")
def test_what_was_imported_is_moved_where_that_is_wanted(tmp_path: Path) -> None:
    folder = dropped(tmp_path, "move")
    for well, place in ((True, "imported/a.log"), (True, "imported/a (2).log"), (False, "not-imported/a.log")):
        (tmp_path / "a.log").write_text("one\n", encoding="utf-8")
        [ready] = folder.ready()
        folder.queued(ready, 1)
        folder.ended("a.log", well=well)
        assert (tmp_path / place).is_file()
    assert folder.ready() == []


@pytest.mark.usefixtures("at_once")
def test_hidden_and_empty_files_and_folders_are_left(tmp_path: Path) -> None:
    (tmp_path / ".part").write_text("x", encoding="utf-8")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    assert dropped(tmp_path).ready() == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="no folder"):
        dropped(tmp_path / "gone")
