"""The command that writes a report."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from desktop_app.core import settings
from desktop_app.core.cli import shared_words
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.web import commands

[REPORT] = commands.COMMANDS


def report(desk: Desk, target: Path, *words: str) -> str:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    REPORT.configure(parser)
    given = parser.parse_args(["-o", str(target), *words])
    given.json = getattr(given, "json", False)
    assert REPORT.run(desk, given) == 0
    return target.read_text(encoding="utf-8")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "report.html"


@pytest.mark.usefixtures("made")
def test_a_report_is_written_and_its_place_and_size_are_told(
    desk: Desk, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "38 failed sign-ins, then a success" in report(desk, target, "--json")
    assert json.loads(capsys.readouterr().out) == {"path": str(target), "bytes": target.stat().st_size}
    report(desk, target)
    assert capsys.readouterr().out == f"{target}\n"


@pytest.mark.usefixtures("made")
def test_a_report_leaves_the_desk_as_it_is(desk: Desk, db: Connection, target: Path) -> None:
    report(desk, target)
    assert rows(db, "SELECT 1 FROM reports") == []


@pytest.mark.usefixtures("made")
def test_views_and_severities_are_chosen(desk: Desk, target: Path) -> None:
    assert "38 failed sign-ins" not in report(desk, target, "--view", "closed")
    assert "38 failed sign-ins" not in report(desk, target, "--view", "confirmed", "--view", "confirmed")
    high = report(desk, target, "--min-severity", "high")
    assert "38 failed sign-ins" in high
    assert "Suspicious Rundll32 Activity" not in high


@pytest.mark.usefixtures("made")
def test_the_language_is_the_one_asked_for_else_the_desks(desk: Desk, db: Connection, target: Path) -> None:
    assert '<html lang="en"' in report(desk, target)
    assert '<html lang="zh-CN"' in report(desk, target, "--language", "zh")
    with writing(db):
        settings.store(db, {settings.LANGUAGE.key: "zh"})
    assert '<html lang="zh-CN"' in report(desk, target)
    assert '<html lang="en"' in report(desk, target, "--language", "en")


def test_a_place_that_cannot_be_written_to_is_told(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WatchdeskError, match="cannot be written to") as caught:
        report(desk, tmp_path / "absent" / "report.html")
    assert not isinstance(caught.value, UsageError)
    assert len(caught.value.parts()) == 3


@pytest.mark.parametrize(
    "words", [["--format", "docx"], ["--view", "mine"], ["--min-severity", "7"], ["--language", "de"]]
)
def test_other_words_are_wrong_use(desk: Desk, target: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        report(desk, target, *words)
    assert ended.value.code == 2
    assert not target.exists()
