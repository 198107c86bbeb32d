from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from desktop_app.core.backup import archive
from desktop_app.core.backup.errors import BackupFailed, BackupUnusable
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue

WORDS = "correct horse"


def test_a_backup_lists_every_file_with_its_digest(full: Desk, packed: Path) -> None:
    with archive.opened(packed, None) as opened:
        manifest = archive.manifest_of(opened)
        for one in manifest.members:
            content = opened.read(one.path)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (one.bytes, one.sha256)
    assert manifest.events == 4
    assert manifest.findings == 2
    assert manifest.damaged == ()
    assert "1_spine" in manifest.migrations["core"]


def test_progress_reaches_the_end(full: Desk, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    archive.write(full, tmp_path / "x", report=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_sealed_backup_opens_with_its_words_alone(full: Desk, tmp_path: Path) -> None:
    target = tmp_path / "sealed"
    archive.write(full, target, WORDS)
    assert b"watchdesk.db" not in target.read_bytes()
    with archive.opened(target, WORDS) as opened:
        assert opened.testzip() is None
    with pytest.raises(BackupUnusable, match="sealed"), archive.opened(target, None):
        pass


def test_an_event_file_that_is_damaged_or_gone_is_named(full: Desk, tmp_path: Path) -> None:
    with full.connection() as db:
        first, second = sorted(one.path for one in catalogue.live(db))
    (full.folder.segments / first).write_bytes(b"damaged")
    (full.folder.segments / second).unlink()
    assert archive.write(full, tmp_path / "x").damaged == (f"segments/{first}", f"segments/{second}")


def test_a_full_disk_leaves_nothing_behind_and_the_older_backup_whole(
    full: Desk, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packed.read_bytes()

    def full_disk(*_words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "_put", full_disk)
    with pytest.raises(BackupFailed, match="The disk is full"):
        archive.write(full, packed)
    assert packed.read_bytes() == before
    assert [one.name for one in packed.parent.iterdir() if one.name.endswith(".part")] == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="an account that may be refused")
def test_a_folder_that_may_not_be_written_is_told(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(BackupFailed):
        archive.write(full, tmp_path / "closed" / "x")


def test_a_place_that_is_a_file_is_told(full: Desk, packed: Path) -> None:
    with pytest.raises(BackupFailed):
        archive.write(full, packed / "x")


@pytest.mark.parametrize("content", [b"", b"no backup", b"PK\x03\x04 no backup either"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(BackupUnusable), archive.opened(path, None):
        pass


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="No such file"), archive.opened(tmp_path / "x", None):
        pass


@pytest.mark.parametrize("listing", [b"", b"[]", b"{}", b'{"format": 1, "members": [1]}', b"\xff"])
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, listing: bytes) -> None:
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(archive.MANIFEST, listing)
    with pytest.raises(BackupUnusable), archive.opened(path, None) as opened:
        archive.manifest_of(opened)
