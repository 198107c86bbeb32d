"""What a folder of logs holds for this account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources import local_view
from desktop_app.extensions.logs.sources.local_view import hidden_files, is_binary, scan


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "apt").mkdir()
    for name in ("syslog", "syslog.1", "auth.log.2.gz", "apt/history.log", "wtmp", "btmp.1", "x.journal"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / "empty.log").touch()
    return tmp_path


def test_readable_files_are_found_in_folders_rotated_ones_too(logs: Path) -> None:
    names = [path.relative_to(logs).as_posix() for path in scan(logs).readable]
    assert sorted(names) == ["apt/history.log", "auth.log.2.gz", "syslog", "syslog.1"]


def test_binary_records_are_kept_apart(logs: Path) -> None:
    assert sorted(path.name for path in scan(logs).binary) == ["btmp.1", "wtmp", "x.journal"]
    assert is_binary("lastlog-20260101")
    assert not is_binary("wtmpfiles.log")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_links_and_pipes_are_left_out(logs: Path) -> None:
    os.mkfifo(logs / "pipe")
    (logs / "link").symlink_to("/etc/passwd")
    (logs / "loop").symlink_to(logs)
    assert {path.name for path in scan(logs).readable} == {"history.log", "auth.log.2.gz", "syslog", "syslog.1"}


def test_files_this_account_may_not_read_are_named(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_view.os, "access", lambda path, _: Path(path).name != "syslog")
    found = scan(logs)
    assert [path.name for path in found.denied] == ["syslog"]
    (named,) = hidden_files(found, lambda path: f"sudo cat {path.name}")
    assert (named.command, "may not read it" in str(named.what)) == ("sudo cat syslog", True)


def test_many_denied_files_are_summed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (tmp_path / f"{number}.log").write_text("x")
    monkeypatch.setattr(local_view.os, "access", lambda *_: False)
    named = hidden_files(scan(tmp_path), str)
    assert len(named) == local_view.MAX_HIDDEN + 1
    assert "8 more files" in str(named[-1].what)


def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, onerror: object) -> list[object]:
        onerror(PermissionError(13, "denied", str(folder / "private")))  # type: ignore[operator]
        return []

    monkeypatch.setattr(local_view.os, "walk", refuse)
    assert scan(tmp_path).denied == [tmp_path / "private"]


def test_more_files_than_anyone_has_are_cut_and_said(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_view, "MAX_FILES", 2)
    found = scan(logs)
    assert found.cut
    assert "more than 2 files" in str(hidden_files(found, str)[-1].what)


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert scan(tmp_path / "none").readable == []
