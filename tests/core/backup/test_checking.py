from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop_app.core import passphrase
from desktop_app.core.backup import archive, checking
from desktop_app.core.backup.errors import BackupUnusable, WrongPassphrase
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from tests.core.backup import desks

Members = dict[str, bytes]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def staged(desk: Desk) -> Path:
    return desk.folder.root / checking.STAGE


def refusal(desk: Desk, source: Path) -> str:
    """Return why a backup is refused; nothing of it may be left beside the desk."""
    before = sorted(path.name for path in desk.folder.root.iterdir())
    with pytest.raises(BackupUnusable) as refused:
        checking.stage(desk, source, None)
    assert sorted(path.name for path in desk.folder.root.iterdir()) == before
    return str(refused.value)


def test_a_good_backup_becomes_a_whole_desk_beside_the_present_one(full: Desk, other: Desk, packed: Path) -> None:
    manifest = checking.stage(other, packed, None)
    assert manifest.events == 4
    assert desks.state(Desk(DataFolder(staged(other)), ())) == desks.state(full)
    with other.connection() as db:
        assert db.execute("SELECT count(*) FROM findings").fetchone() == (0,)


def test_the_lock_of_the_present_desk_is_kept(other: Desk, packed: Path) -> None:
    with other.connection() as db:
        passphrase.choose(db, "", "correct horse", "correct horse", 0)
    checking.stage(other, packed, None)
    with Desk(DataFolder(staged(other)), ()).connection() as db:
        passphrase.check(db, "correct horse", 0)
        with pytest.raises(passphrase.Refused):
            passphrase.check(db, "another one", 0)


def test_a_sealed_backup_needs_its_words(full: Desk, other: Desk, tmp_path: Path) -> None:
    source = tmp_path / "sealed"
    archive.write(full, source, "correct horse")
    with pytest.raises(WrongPassphrase):
        checking.stage(other, source, "wrong words")
    assert "sealed" in refusal(other, source)
    checking.stage(other, source, "correct horse")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.99])
def test_a_backup_that_was_cut_off_is_refused(other: Desk, packed: Path, part: float) -> None:
    raw = packed.read_bytes()
    packed.write_bytes(raw[: int(len(raw) * part)])
    assert "damaged" in refusal(other, packed)


def test_a_changed_byte_in_an_event_file_is_noticed(other: Desk, packed: Path) -> None:
    raw = bytearray(packed.read_bytes())
    place = raw.index(b"PAR1")
    raw[place + 50] ^= 1
    packed.write_bytes(bytes(raw))
    assert "damaged" in refusal(other, packed)


OUTSIDE = [
    "../evil", "/etc/evil", "a/../../evil", "C:/evil", "a\\..\\evil", "handbook/con.md", "logs/x", "desk.json",
    "swap.json", "a//b", "./a", ".git/config", "aside/x/watchdesk.db", "Restore/x", "x/end. ", "a\x00b",
]  # fmt: skip
INSIDE = ["watchdesk.db", "segments/2026/a.parquet", "handbook/我们的做法.md", "reports/r-1.html"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_file_that_would_land_outside_of_the_desk_is_refused(path: str) -> None:
    assert not checking.safe(path)


@pytest.mark.parametrize(
    "path", ["watchdesk.db", "segments/2026/a.parquet", "handbook/我们的做法.md", "reports/r-1.html"]
)
def test_the_files_of_a_desk_are_accepted(path: str) -> None:
    assert checking.safe(path)


def test_a_backup_that_names_a_file_outside_is_refused_whole(other: Desk, packed: Path, tmp_path: Path) -> None:
    def add(members: Members, manifest: dict[str, Any]) -> None:
        members["../evil"] = b"x"
        desks.listed(manifest, "../evil", b"x")

    assert "outside of the desk" in refusal(other, desks.tampered(packed, tmp_path / "evil", add))
    assert not (other.folder.root.parent / "evil").exists() or (tmp_path / "evil").is_file()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE segments SET path = '../../../etc/passwd' WHERE id = 1",
        "INSERT INTO doomed_files VALUES ('../../notes.txt')",
        "INSERT INTO reports (created, query, path, sha256, findings) VALUES (0, '{}', '/home/a/notes.txt', '', 0)",
    ],
)
def test_a_database_that_names_files_outside_is_refused(
    full: Desk, other: Desk, tmp_path: Path, statement: str
) -> None:
    with full.connection() as db:
        db.execute(statement)
    archive.write(full, tmp_path / "x")
    assert "outside of the desk" in refusal(other, tmp_path / "x")


def test_files_that_the_list_does_not_know_are_refused(other: Desk, packed: Path, tmp_path: Path) -> None:
    def add(members: Members, _manifest: dict[str, Any]) -> None:
        members["handbook/more.md"] = b"x"

    assert "not those of its list" in refusal(other, desks.tampered(packed, tmp_path / "x", add))


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(other: Desk, packed: Path, tmp_path: Path) -> None:
    def grow(members: Members, _manifest: dict[str, Any]) -> None:
        members["handbook/our-ways.md"] = b"\0" * 50_000_000

    assert "not those of its list" in refusal(other, desks.tampered(packed, tmp_path / "x", grow))


def test_a_backup_without_a_database_is_refused(other: Desk, packed: Path, tmp_path: Path) -> None:
    def drop(members: Members, manifest: dict[str, Any]) -> None:
        del members["watchdesk.db"]
        manifest["members"] = [one for one in manifest["members"] if one["path"] != "watchdesk.db"]

    assert "database of the desk is not in it" in refusal(other, desks.tampered(packed, tmp_path / "x", drop))


def test_a_database_that_is_none_is_refused(other: Desk, packed: Path, tmp_path: Path) -> None:
    def replace(members: Members, manifest: dict[str, Any]) -> None:
        members["watchdesk.db"] = b"no database" * 1000
        desks.listed(manifest, "watchdesk.db", members["watchdesk.db"])

    assert "cannot be opened" in refusal(other, desks.tampered(packed, tmp_path / "x", replace))


@pytest.mark.parametrize("what", ["format", "migration"])
def test_a_backup_of_a_newer_program_is_refused_with_a_sentence(
    other: Desk, packed: Path, tmp_path: Path, what: str
) -> None:
    def age(_members: Members, manifest: dict[str, Any]) -> None:
        manifest["program"] = "9.9"
        if what == "format":
            manifest["format"] = 2
        else:
            manifest["migrations"]["core"].append("m99_later")

    assert "newer Watchdesk (9.9)" in refusal(other, desks.tampered(packed, tmp_path / "x", age))


def test_too_little_space_is_told_before_anything_is_unpacked(
    other: Desk, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 1_000_000))
    assert "not enough space" in refusal(other, packed)


def test_a_second_check_takes_the_place_of_the_first(other: Desk, packed: Path) -> None:
    checking.stage(other, packed, None)
    (staged(other) / "left-over").write_text("x", encoding="utf-8")
    checking.stage(other, packed, None)
    assert not (staged(other) / "left-over").exists()
