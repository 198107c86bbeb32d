"""What stands beside the figures of an import: a program that goes through the text itself."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from build.bench_import import scanned

GREP = shutil.which("grep")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "some.log"
    path.write_text("one line\n" * 50)
    return path


def having(monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    monkeypatch.setattr(shutil, "which", programs.get)


def test_ripgrep_is_told_where_it_is_installed(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, rg=sys.executable, grep=sys.executable)
    (figure,) = scanned([log], 50)
    assert figure.name == "rg -i -c over the text"
    assert figure.unit == "CPU-s a million"


@pytest.mark.skipif(GREP is None, reason="this machine has no grep")
def test_grep_stands_in_under_its_own_name(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, grep=str(GREP))
    (figure,) = scanned([log], 50)
    assert figure.name == "grep -i -c -F over the text"
    assert figure.value >= 0


def test_without_either_nothing_is_claimed(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch)
    assert list(scanned([log], 50)) == []
