from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from desktop_app.core.rules import packs
from desktop_app.core.rules.packs import PackUnreadable, RuleFile, digest, read_pack
from desktop_app.core.sigma.documents import MAX_BYTES
from desktop_app.core.sigma.errors import RuleBroken


def paths(path: Path) -> list[str]:
    return [one.path for one in read_pack(path)]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    root = tmp_path / "pack"
    (root / "linux").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("b.yml", "a.yaml", "linux/c.YML", "linux/c.events.yml", "README.md", ".git/d.yml"):
        (root / name).write_text("title: x\n")
    return root


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_rule_files_of_a_folder_are_read_in_a_fixed_order(pack: Path) -> None:
    assert paths(pack) == ["a.yaml", "b.yml", "linux/c.YML"]


def test_a_zip_is_read_without_unpacking_it(tmp_path: Path) -> None:
    made = zipped(tmp_path / "p.zip", {"x/b.yml": b"b", "a.yml": b"a", "__MACOSX/a.yml": b"", "x/readme.md": b""})
    assert [(one.path, one.content) for one in read_pack(made)] == [("a.yml", b"a"), ("x/b.yml", b"b")]
    assert list(tmp_path.iterdir()) == [made]


def test_a_single_file_is_a_pack_too(pack: Path) -> None:
    assert list(read_pack(pack / "b.yml")) == [RuleFile("b.yml", b"title: x\n")]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackUnreadable, match="no such file"):
        list(read_pack(tmp_path / "nothing"))


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(PackUnreadable, match="damaged"):
        list(read_pack(tmp_path / "p.zip"))


def test_a_damaged_member_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    made = zipped(tmp_path / "p.zip", {"a.yml": b"a" * 1000, "b.yml": b"b"})
    raw = bytearray(made.read_bytes())
    raw[raw.index(b"a.yml") + 8] ^= 0xFF
    made.write_bytes(bytes(raw))
    first, second = read_pack(made)
    assert isinstance(first.content, RuleBroken)
    assert second.content == b"b"


def test_a_large_file_is_told_and_not_read(pack: Path, tmp_path: Path) -> None:
    with (pack / "b.yml").open("wb") as stream:
        stream.truncate(50_000_000)
    [large] = [one for one in read_pack(pack) if one.path == "b.yml"]
    assert isinstance(large.content, RuleBroken)
    assert "50000000" in str(large.content)
    bomb = zipped(tmp_path / "bomb.zip", {"a.yml": b"\0" * (MAX_BYTES * 20)})
    [inside] = read_pack(bomb)
    assert isinstance(inside.content, RuleBroken)


def test_too_many_files_are_refused(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MAX_FILES", 2)
    with pytest.raises(PackUnreadable, match="too many"):
        list(read_pack(pack))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_not_followed_round_in_circles(pack: Path) -> None:
    (pack / "linux" / "again").symlink_to(pack)
    assert len(paths(pack)) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_no_rule_file(pack: Path) -> None:
    os.mkfifo(pack / "p.yml")
    [one] = [one for one in read_pack(pack) if one.path == "p.yml"]
    assert isinstance(one.content, RuleBroken)


def test_the_digest_follows_names_and_contents() -> None:
    one, other = RuleFile("a", b"x"), RuleFile("b", b"x")
    assert digest([one]) == digest([one])
    assert len({digest([one]), digest([other]), digest([one, other]), digest([RuleFile("a", b"y")])}) == 4


def test_whether_there_are_rules_is_told_by_names_alone(pack: Path, tmp_path: Path) -> None:
    assert packs.holds_rules(pack)
    assert packs.holds_rules(pack / "b.yml")
    assert packs.holds_rules(zipped(tmp_path / "a.zip", {"deep/a.yml": b"never read"}))
    assert not packs.holds_rules(zipped(tmp_path / "b.zip", {"README.md": b"", ".git/d.yml": b""}))
    assert not packs.holds_rules(pack / "README.md")
    assert not packs.holds_rules(tmp_path / "nothing")
