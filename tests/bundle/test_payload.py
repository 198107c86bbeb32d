"""Packing the folder form behind the launcher."""

from __future__ import annotations

import os
from pathlib import Path

from build import launcher, payload


def test_files_are_listed_with_what_the_launcher_compares(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "data").write_bytes(b"12345")
    (tmp_path / "program").write_bytes(b"#!")
    (tmp_path / "program").chmod(0o755)
    (tmp_path / "link").symlink_to("deep/data")
    for name in ("deep/data", "program"):
        os.utime(tmp_path / name, (1000, 1000))
    assert payload.rows(tmp_path) == [
        ("deep/data", 0o600, 5, 1000, None),
        ("link", 0, 0, 0, "deep/data"),
        ("program", 0o700, 2, 1000, None),
    ]


def test_what_was_packed_is_found_behind_the_launcher(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "program").write_bytes(b"x" * 100_000)
    for name in ("start", "start.pkg"):
        (tmp_path / name).write_bytes(name.encode())
    one = tmp_path / "one"
    identity = payload.write(tmp_path / "start", tmp_path / "start.pkg", folder, "program", one)
    pack = launcher.read_pack(str(one))
    assert pack.identity == identity[:24]
    assert pack.program == "program"
    assert one.read_bytes()[: pack.offset] == b"start"
    assert one.read_bytes()[: -launcher.FOOTER.size].endswith(b"start.pkg"), "PyInstaller looks for it from the end"
    assert one.stat().st_mode & 0o111


def test_another_content_is_another_identity(tmp_path: Path) -> None:
    identities = set()
    for content in (b"one", b"two"):
        folder = tmp_path / content.decode()
        folder.mkdir()
        (folder / "program").write_bytes(content)
        os.utime(folder / "program", (1000, 1000))
        (tmp_path / "empty").touch()
        identities.add(payload.write(tmp_path / "empty", tmp_path / "empty", folder, "program", tmp_path / "packed"))
    assert len(identities) == 2
