"""Loghub's systems as a folder, one by one packed in every way, and as one mixed file: nothing twice, nothing lost."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.world.conftest import User

pytestmark = pytest.mark.xdist_group("world-systems")

WORDS = ("password", "root", "blk_", "192.168")


@pytest.fixture(scope="module")
def logs(data_dir: Path) -> list[Path]:
    found = sorted((data_dir / "loghub").glob("*.log"))
    assert len(found) == 16
    return found


@pytest.fixture(scope="module")
def brought(user: User, logs: list[Path]) -> dict[str, Any]:
    """The sixteen files, with rules on."""
    return dict(user.says("import", *logs))


def lines_with(logs: list[Path], word: str) -> int:
    """Count lines as grep -i does."""
    kept = (one for path in logs for one in path.read_bytes().decode("utf-8", "replace").splitlines())
    return sum(word.lower() in one.lower() for one in kept)


def test_each_file_has_as_many_events_as_lines(brought: dict[str, Any]) -> None:
    assert [(one["events"], one["skipped"], one["error"]) for one in brought["files"]] == [(2000, 0, None)] * 16
    assert not {"plain", "csv"} & {one["format"] for one in brought["files"]}


@pytest.mark.parametrize("word", WORDS)
def test_a_search_counts_the_lines_that_hold_the_word(
    user: User, brought: dict[str, Any], logs: list[Path], word: str
) -> None:
    assert brought["events"] == 32_000
    assert user.count(f'"{word}"') == lines_with(logs, word)


def test_the_rules_find_what_the_systems_recorded(user: User, brought: dict[str, Any]) -> None:
    found = user.says("findings")
    assert len(found) == brought["findings"] > 0
    assert any("ssh" in one["title"].lower() or "sign-in" in one["title"].lower() for one in found)


def gzipped(logs: list[Path], place: Path) -> list[Path]:
    for path in logs:
        (place / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 1))
    return sorted(place.iterdir())


def tarred(logs: list[Path], place: Path) -> list[Path]:
    with tarfile.open(place / "logs.tar.gz", "w:gz", compresslevel=1) as archive:
        for path in logs:
            archive.add(path, f"deep/{path.name}")
    return [place / "logs.tar.gz"]


@pytest.mark.parametrize("pack", [gzipped, tarred])
def test_the_same_files_packed_are_known_again(
    user: User, brought: dict[str, Any], logs: list[Path], tmp_path: Path, pack: Callable[..., list[Path]]
) -> None:
    again = user.says("import", *pack(logs, tmp_path))
    assert [(one["events"], one["error"]) for one in again["files"]] == [(0, None)] * 16
    assert sorted(one["format"] for one in again["files"]) == sorted(one["format"] for one in brought["files"])
    assert user.count() == 32_000


def test_retention_shows_first_lets_the_same_go_and_is_undone(user: User, brought: dict[str, Any]) -> None:
    words = ("--since", "event", "--days", "400")
    shown = user.says("retention", "--preview", *words)
    assert (shown["undo"], user.count()) == (True, 32_000)
    gone = user.says("retention", "--apply", *words)
    assert (gone["removed"]["events"], user.count()) == (shown["events"], 32_000 - shown["events"])
    assert shown["events"] > 0
    user.says("undo")
    assert (user.count(), len(user.says("findings"))) == (32_000, brought["findings"])


def test_an_undo_takes_all_away_and_all_systems_in_one_mixed_file_and_in_a_tar_come_as_if_new(
    user: User, brought: dict[str, Any], logs: list[Path], tmp_path: Path
) -> None:
    user.says("undo")
    assert (user.count(), user.says("findings", "--status", "all")) == (0, [])
    # A file that ends without a line break must not swallow the first line of the next.
    (tmp_path / "mixed.log").write_bytes(b"".join(path.read_bytes().rstrip(b"\n") + b"\n" for path in logs))
    mixed = user.says("import", tmp_path / "mixed.log", "--no-detect")["files"][0]
    assert mixed["error"] is None
    assert {word: user.count(f'"{word}"') for word in WORDS} == {word: lines_with(logs, word) for word in WORDS}
    user.says("undo")
    again = user.says("import", *tarred(logs, tmp_path))
    assert (again["events"], again["findings"]) == (32_000, brought["findings"])
    assert user.says("verify")["damages"] == []


def test_what_leaves_as_an_answer_is_every_line_as_it_was(user: User, logs: list[Path]) -> None:
    stored = [one["raw"] for one in user.says("search", "", "--limit", "32000", "--fields", "raw")]
    lines = [one for path in logs for one in path.read_bytes().decode("utf-8", "replace").splitlines()]
    assert len(stored) == len(lines)
    assert sorted(stored) == sorted(lines)
