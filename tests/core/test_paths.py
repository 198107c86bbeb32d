from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import StoreError


def test_a_named_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert paths.data_folder(tmp_path / "x").root == tmp_path / "x"


def test_a_bundle_uses_the_folder_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / paths.PORTABLE_NAME).mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "watchdesk"))
    assert paths.data_folder().root == tmp_path / paths.PORTABLE_NAME


def test_the_one_file_uses_the_folder_beside_itself_not_beside_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick" / paths.PORTABLE_NAME).mkdir(parents=True)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "cache" / "watchdesk"))
    monkeypatch.setenv("WATCHDESK_EXECUTABLE", str(tmp_path / "stick" / "watchdesk"))
    assert paths.data_folder().root == tmp_path / "stick" / paths.PORTABLE_NAME


def test_without_either_the_platform_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert paths.data_folder().root.name == "watchdesk"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = paths.DataFolder(tmp_path / "desk").create()
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert folder.segments.is_dir()


def test_shipped_files_are_found_from_the_sources() -> None:
    assert paths.resource("ui", "templates").is_dir()
    assert paths.resource("extensions", "logs").is_dir()


def test_a_desk_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = paths.DataFolder(tmp_path / paths.PORTABLE_NAME).create()

    def refuse(_path: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(StoreError, match="Read-only file system"):
        folder.create()


def test_a_desk_beside_its_program_is_portable(tmp_path: Path) -> None:
    assert paths.DataFolder(tmp_path / paths.PORTABLE_NAME).portable
    assert not paths.DataFolder(tmp_path / "watchdesk").portable
