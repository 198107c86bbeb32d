"""What the start asks of Linux and macOS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build import launcher_posix as posix


def test_the_cache_is_where_the_person_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert posix.cache_folder() == "/elsewhere/watchdesk/program"


def test_a_relative_cache_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert posix.cache_folder() is None


def test_a_file_that_others_may_write_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o600)
    assert posix.ours(path.lstat())
    path.chmod(0o620)
    assert not posix.ours(path.lstat())


def test_a_file_of_another_account_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path.lstat()
    monkeypatch.setattr(os, "geteuid", lambda: found.st_uid + 1)
    assert not posix.ours(found)


def test_a_folder_below_one_that_others_may_rename_in_is_not_private(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    base = shared / "mine"
    assert posix.private(str(base))
    shared.chmod(0o777)
    assert not posix.private(str(base))
    shared.chmod(0o1777)
    assert posix.private(str(base)), "with the sticky bit nobody renames what is another's"


def test_a_folder_that_is_a_link_into_a_shared_place_is_judged_by_that_place(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "real").mkdir(mode=0o700)
    (tmp_path / "shared").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path / "shared" / "real")
    assert not posix.private(str(tmp_path / "link"))


def test_a_shared_lock_keeps_an_exclusive_one_out(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    first = posix.lock(path, shared=True, wait=False)
    second = posix.lock(path, shared=True, wait=False)
    assert first is not None
    assert second is not None
    assert posix.lock(path, shared=False, wait=False) is None
    assert os.get_inheritable(first), "the program that the launcher becomes keeps it"
    os.close(first)
    os.close(second)


def test_a_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    (tmp_path / "lock").symlink_to("target")
    with pytest.raises(OSError, match="symbolic links"):
        posix.lock(str(tmp_path / "lock"), shared=False, wait=False)
