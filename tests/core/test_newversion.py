from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from desktop_app.core import newversion
from desktop_app.core.errors import SourceUnreadable


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "watchdesk_0.2.0_amd64.deb"
    path.write_bytes(b"a new version")
    return path


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [(hashlib.sha256(b"a new version").hexdigest(), "right"), ("0" * 64, "wrong")],
)
def test_the_checksum_is_held_against_the_list_beside_it(program: Path, listed: str, verdict: str) -> None:
    lines = f"{'1' * 64}  other.deb\n{listed.upper()} *{program.name}\n"
    (program.parent / newversion.SUMS).write_text(lines, encoding="utf-8")
    assert newversion.examine(program).verdict == verdict


def test_without_a_list_nothing_is_claimed(program: Path) -> None:
    found = newversion.examine(program)
    assert (found.verdict, found.sha256) == ("unknown", hashlib.sha256(b"a new version").hexdigest())
    (program.parent / newversion.SUMS).write_bytes(b"\xff\xfe")
    assert newversion.examine(program).verdict == "unknown"


def test_programs_are_known_by_their_names_alone(program: Path, tmp_path: Path) -> None:
    assert newversion.is_program(program)
    (tmp_path / "watchdesk.yml").write_text("x", encoding="utf-8")
    assert not newversion.is_program(tmp_path / "watchdesk.yml")
    assert not newversion.is_program(tmp_path / "sigma.zip")


def test_a_file_that_went_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable):
        newversion.examine(tmp_path / "watchdesk")
