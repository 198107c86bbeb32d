from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app import bundled
from desktop_app.core import cli_retention, jobs
from desktop_app.core.cli import shared_words
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.keeping.retention import DAY
from desktop_app.core.paths import DataFolder
from tests.extensions.logs.importing import bring_in, count, guesses, run

LATER = 1_795_000_000_000_000 + 400 * DAY


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(jobs, "run_to_end", run)
    made = Desk(folder, bundled.EXTENSIONS, lambda: LATER, load=bundled.load)
    made.prepare()
    (tmp_path / "auth.log").write_text(guesses(40), encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    return made


def command(desk: Desk, *words: str) -> None:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    [one] = cli_retention.COMMANDS
    one.configure(parser)
    given = parser.parse_args(words)
    given.json = "--json" in words
    assert one.run(desk, given) == 0


def told(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    command(desk, *words, "--json")
    return json.loads(capsys.readouterr().out)


def test_a_preview_takes_nothing_away(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(desk, capsys)["events"] == 0
    for words in (["--days", "30"], ["--days", "30", "--preview"], ["--source", "auth.log=30"], ["--megabytes", "0"]):
        seen = told(desk, capsys, *words)
        assert seen["events"] == (0 if words[0] == "--megabytes" else 40)
        assert "removed" not in seen
    assert seen["limits"]["grace"] == 7
    assert count(desk) == 40


def test_what_was_shown_goes_when_it_is_applied(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    seen = told(desk, capsys, "--days", "30", "--apply")
    assert (seen["sources"][0]["source"], seen["removed"]["events"], seen["undo"]) == ("auth.log", 40, True)
    assert count(desk) == 0


def test_a_person_reads_what_would_go_and_whether_it_comes_back(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--days", "3000"], ["--days", "30"], ["--days", "30", "--grace", "0", "--apply"]):
        command(desk, *words)
    lines = capsys.readouterr().out
    for part in ("No limit is set", "Nothing is beyond the limits", "It can be undone for 7 days", "can't be undone",
                 "Taken away: 40 events"):  # fmt: skip
        assert part in lines


@pytest.mark.parametrize("words", [["--source", "auth.log"], ["--days", "99999"]])
def test_words_that_name_no_limit_are_refused(desk: Desk, words: list[str]) -> None:
    with pytest.raises(UsageError):
        command(desk, *words)
