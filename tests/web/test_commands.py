"""The command that writes a report."""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import pytest

from desktop_app.core import settings
from desktop_app.core.cases import cases
from desktop_app.core.cli import shared_words
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.program import own_program
from desktop_app.web import commands
from desktop_app.web.report import make
from desktop_app.web.report.choice import Choice

REPORT, RENDER = commands.COMMANDS


def report(desk: Desk, target: Path, *words: str) -> str:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    REPORT.configure(parser)
    given = parser.parse_args(["-o", str(target), *words])
    given.json = getattr(given, "json", False)
    assert REPORT.run(desk, given) == 0
    return target.read_text(encoding="utf-8")


def run(desk: Desk, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    REPORT.configure(parser)
    given = parser.parse_args([*words])
    given.json = getattr(given, "json", False)
    return REPORT.run(desk, given)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "report.html"


@pytest.mark.usefixtures("made")
def test_a_report_is_written_and_its_place_and_size_are_told(
    desk: Desk, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "38 failed sign-ins, then a success" in report(desk, target, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["path"], told["bytes"], told["findings"]) == (str(target), target.stat().st_size, 5)
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


@pytest.mark.usefixtures("made")
def test_period_case_asset_and_sections_are_chosen(desk: Desk, db: Connection, target: Path) -> None:
    number, _ = cases.create(db, "One matter", [4])
    told = report(desk, target, "--case", str(number), "--view", "all")
    assert "HMI-07" in told
    assert "38 failed sign-ins" not in told
    late = report(desk, target, "--from", "2026-11-22", "--to", "2026-11-22", "--section", "findings")
    assert "38 failed sign-ins" in late
    assert 'id="cover"' not in late
    assert "HMI-07" not in late
    assert "HIST-01" in report(desk, target, "--asset", "HIST-01", "--status", "new", "--verdict", "none")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("ending", [".csv", ".json", ".sarif"])
def test_the_ending_names_the_format(desk: Desk, tmp_path: Path, ending: str) -> None:
    assert not report(desk, tmp_path / f"report{ending}").startswith("<!doctype html>")


@pytest.mark.usefixtures("made")
def test_without_an_engine_a_pdf_is_refused_and_the_file_that_was_there_stays(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_text("of last week")
    with pytest.raises(WatchdeskError, match="no engine that prints"):
        report(desk, target)
    assert target.read_text() == "of last week"
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["report.pdf"]


@pytest.mark.usefixtures("made")
def test_frozen_reports_are_listed(desk: Desk, db: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, "--list") == 0
    assert capsys.readouterr().out == "No reports.\n"
    frozen, _ = make.freeze(desk, db, Choice(format="csv"), "en")
    assert run(desk, "--list", "--json") == 0
    [told] = json.loads(capsys.readouterr().out)
    assert (told["sha256"], told["format"]) == (frozen.sha256, "csv")


def test_the_schema_is_printed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, "--schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Watchdesk report"


def test_a_template_is_written_and_checked(desk: Desk, target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, "--template", "write") == 0
    place = Path(capsys.readouterr().out.strip())
    assert run(desk, "--template", "check") == 0
    (place / "cover.html").write_text("{% nonsense %}")
    assert run(desk, "--template", "check") == 3
    assert "The template cover.html has a fault in line 1." in capsys.readouterr().out
    assert "<h1>Report of findings</h1>" in report(desk, target)
    assert "The template cover.html has a fault in line 1." in capsys.readouterr().err
    report(desk, target, "--template", "ours")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [[], ["-o", "r.html", "--from", "2026-11-22", "--days", "7"]])
def test_what_says_too_little_or_too_much_is_refused(desk: Desk, words: list[str]) -> None:
    with pytest.raises(UsageError):
        run(desk, *words)


def test_drawing_with_a_template_touches_no_desk(tmp_path: Path) -> None:
    assert not RENDER.opens
    asked, place = tmp_path / "asked.json", tmp_path / "none"
    asked.write_text("{}")
    done = subprocess.run([*own_program(), "--data-dir", str(place), "render", str(asked), str(tmp_path / "answer")],
                          capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 3
    assert not place.exists()
