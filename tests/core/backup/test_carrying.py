from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.core import moved, settings
from desktop_app.core.backup import carrying
from desktop_app.core.backup.errors import BackupFailed
from desktop_app.core.desk import Desk
from desktop_app.core.paths import PORTABLE_NAME, DataFolder, data_folder
from tests.core.backup import desks


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as one file."""
    program = tmp_path / "program" / "watchdesk"
    program.parent.mkdir()
    program.write_bytes(b"the program")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("WATCHDESK_EXECUTABLE", str(program))
    return program


def test_another_machine_finds_the_desk_beside_the_program(
    full: Desk, bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = carrying.carry(full, tmp_path / "stick")
    assert placed == tmp_path / "stick" / "watchdesk"
    assert placed.read_bytes() == b"the program"
    monkeypatch.setenv("WATCHDESK_EXECUTABLE", str(placed))
    there = data_folder()
    assert there.root == tmp_path / "stick" / PORTABLE_NAME
    assert desks.state(Desk(there, ())) == desks.state(full)


def test_the_copy_begins_nothing_by_itself_wherever_it_is_opened(full: Desk, tmp_path: Path) -> None:
    carrying.carry(full, tmp_path / "stick")
    there = Desk(DataFolder(tmp_path / "stick" / PORTABLE_NAME), ())
    full.prepare()
    there.prepare()
    for desk, waits in ((full, False), (there, True)):
        with desk.connection() as db:
            assert (moved.held(db) is not None) is waits


def test_the_zone_of_the_site_goes_along(full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carrying.carry(full, tmp_path / "stick")
    with Desk(DataFolder(tmp_path / "stick" / PORTABLE_NAME), ()).connection() as db:
        assert db.execute("SELECT value FROM settings WHERE key = 'site_zone'").fetchone()[0] == str(
            settings.SITE_ZONE.default
        )


def test_the_page_beside_it_says_how_to_begin_in_both_languages(full: Desk, bundled: Path, tmp_path: Path) -> None:
    carrying.carry(full, tmp_path / "stick")
    page = (tmp_path / "stick" / carrying.README).read_text(encoding="utf-8-sig")
    assert "The program is watchdesk." in page
    assert "程序为 watchdesk" in page


def test_from_the_sources_only_the_desk_is_taken_along(full: Desk, tmp_path: Path) -> None:
    assert carrying.carry(full, tmp_path / "stick") is None
    assert "--data-dir" in (tmp_path / "stick" / carrying.README).read_text(encoding="utf-8-sig")


def test_a_folder_form_is_copied_whole_but_without_its_own_data(
    full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "watchdesk-folder"
    (home / PORTABLE_NAME).mkdir(parents=True)
    (home / "watchdesk").write_bytes(b"x")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(home / "watchdesk"))
    monkeypatch.delenv("WATCHDESK_EXECUTABLE", raising=False)
    carrying.carry(full, tmp_path / "stick")
    assert (tmp_path / "stick" / "watchdesk-folder" / "watchdesk").is_file()
    assert not (tmp_path / "stick" / "watchdesk-folder" / PORTABLE_NAME).exists()


def test_a_desk_that_is_there_already_is_never_written_over(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "stick" / PORTABLE_NAME).mkdir(parents=True)
    with pytest.raises(BackupFailed, match="already"):
        carrying.carry(full, tmp_path / "stick")


def test_a_stick_that_is_pulled_out_leaves_no_half_desk(
    full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(carrying, "_copy", pulled)
    with pytest.raises(BackupFailed, match="Input/output error"):
        carrying.carry(full, tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []
