from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from desktop_app.core.bringing import opened
from desktop_app.core.bringing.opened import NotTaken, open_path

WANTED = (".md", ".png")


def packed(path: Path, **files: str) -> Path:
    """Write a zip; ``__`` in a name stands for a slash, ``_md`` at its end for the ending."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_md", ".md").replace("_git", ".git"), content)
    return path


def with_member(path: Path, name: str, mode: int = stat.S_IFREG | 0o600, flags: int = 0) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        made = zipfile.ZipInfo("placeholder.md")
        made.filename, made.external_attr, made.flag_bits = name, mode << 16, flags
        archive.writestr(made, "content")
    return path


def test_a_file_a_folder_and_a_zip_hold_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "zh").mkdir(parents=True)
    (folder / "pumps.md").write_text("one", encoding="utf-8")
    (folder / "zh" / "pumps.md").write_text("two", encoding="utf-8")
    archive = packed(tmp_path / "pages.zip", pumps_md="one", zh__pumps_md="two")
    both = {"pumps.md": b"one", "zh/pumps.md": b"two"}
    assert (open_path(folder, WANTED).files, open_path(archive, WANTED).files) == (both, both)
    alone = open_path(folder / "pumps.md", WANTED)
    assert (alone.files, alone.whole) == ({"pumps.md": b"one"}, False)


def test_the_one_folder_around_everything_in_an_archive_is_left_out(tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.zip", site__pumps_md="one", site__zh__pumps_md="two")
    assert list(open_path(archive, WANTED).files) == ["pumps.md", "zh/pumps.md"]
    assert list(open_path(packed(tmp_path / "b.zip", zh__pumps_md="two"), WANTED).files) == ["zh/pumps.md"]


def test_what_nobody_wants_is_named_but_not_read(tmp_path: Path) -> None:
    found = open_path(packed(tmp_path / "a.zip", pumps_md="one", program="x", _git__pumps_md="y"), WANTED)
    assert (list(found.files), found.passed) == (["pumps.md"], ("program",))


@pytest.mark.parametrize(
    ("name", "mode", "flags", "said"),
    [
        ("../pumps.md", stat.S_IFREG, 0, "a place outside of it"),
        ("/etc/pumps.md", stat.S_IFREG, 0, "a place outside of it"),
        ("C:\\pumps.md", stat.S_IFREG, 0, "a place outside of it"),
        ("nul.md", stat.S_IFREG, 0, "that no disk has"),
        ("pumps.md", stat.S_IFLNK, 0, "holds a link"),
        ("pumps.md", stat.S_IFREG, 1, "locked with a password"),
    ],
)
def test_a_hostile_archive_is_refused_as_a_whole(tmp_path: Path, name: str, mode: int, flags: int, said: str) -> None:
    archive = with_member(tmp_path / "a.zip", name, mode | 0o600)
    if flags:  # the mark of a lock stands in the list of contents, not before the member
        content = bytearray(archive.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= flags
        archive.write_bytes(bytes(content))
    with pytest.raises(NotTaken, match=said):
        open_path(archive, WANTED)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("pumps.md", "one")
        archive.writestr("PUMPS.md", "two")
    with pytest.raises(NotTaken, match="two files of one name"):
        open_path(tmp_path / "a.zip", WANTED)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "MAX_TOTAL", 1500)
    bomb = packed(tmp_path / "a.zip", one_md="0" * 1000, two_md="0" * 1000)
    with pytest.raises(NotTaken, match="It holds more than"):
        open_path(bomb, WANTED)
    monkeypatch.setattr(opened, "MAX_FILES", 1)
    monkeypatch.setattr(opened, "MAX_TOTAL", 10_000)
    with pytest.raises(NotTaken, match="It holds more than 1 files"):
        open_path(bomb, WANTED)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.zip", pumps_md="some words" * 50)
    content = bytearray(archive.read_bytes())
    content[40:60] = b"\xff" * 20
    archive.write_bytes(bytes(content))
    with pytest.raises(NotTaken, match="damaged"):
        open_path(archive, WANTED)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "pumps.md").symlink_to(tmp_path / "secret.md")
    found = open_path(folder, WANTED)
    assert (found.files, found.passed) == ({}, ("pumps.md",))


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "MAX_BYTES", 10)
    (tmp_path / "pumps.md").write_text("x" * 11, encoding="utf-8")
    with pytest.raises(NotTaken, match=r"pumps\.md is larger than"):
        open_path(tmp_path / "pumps.md", WANTED)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert open_path(tmp_path / "nothing.md", WANTED).files == {}
