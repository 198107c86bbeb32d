"""What the commands of Logs print, in the shapes that scripts rely on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.cli import shared_words
from desktop_app.core.database import rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable, UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import store
from desktop_app.extensions.logs import cli
from tests.extensions.logs.importing import guesses, run

Answer = Callable[..., Any]


def prepared(place: Path) -> Desk:
    """A desk in the zone of Shanghai."""
    desk = Desk(DataFolder(place), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    with desk.connection() as db, writing(db):
        store(db, {"site_zone": "Asia/Shanghai"})
    return desk


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run jobs here; that they run in workers otherwise is told by the tests of the core."""
    monkeypatch.setattr(jobs, "run_to_end", run)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with an imported log, which the tests only look at."""
    place = tmp_path_factory.mktemp("cli")
    desk = prepared(place / "desk")
    (place / "auth.log").write_text(guesses(40), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jobs, "run_to_end", run)
        command(desk, "import", str(place / "auth.log"))
    return desk


def command(desk: Desk, name: str, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    configure, go = cli.COMMANDS[name]
    configure(parser)
    given = parser.parse_args(words)
    given.json = getattr(given, "json", False)
    return go(desk, given)


@pytest.fixture
def answer(capsysbinary: pytest.CaptureFixture[bytes]) -> Answer:
    """Run a command with ``--json`` and return what it printed."""

    def ask(desk: Desk, *words: str) -> Any:
        capsysbinary.readouterr()
        assert command(desk, *words, "--json") == 0
        return json.loads(capsysbinary.readouterr().out)

    return ask


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return prepared(tmp_path / "desk")


def written(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


# --- import --------------------------------------------------------------------------------------------------------


def test_an_import_tells_what_became_of_each_file(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8bno gzip")
    good = written(tmp_path / "auth.log", guesses(40))
    told = answer(desk, "import", good, str(tmp_path / "torn.gz"))
    assert set(told) == {"events", "bytes", "files", "findings", "seconds"}
    assert (told["events"], told["bytes"]) == (40, len(guesses(40)))
    assert told["files"][0] == {"path": good, "format": "syslog", "events": 40, "skipped": 0, "error": None}
    assert (told["files"][1]["format"], told["files"][1]["events"]) == (None, 0)
    assert told["files"][1]["error"]


def test_words_of_an_import_reach_it(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    path = written(tmp_path / "x.log", "2026-11-20 14:00:00 x\n")
    told = answer(desk, "import", path, "--format", "plain", "--tz", "UTC", "--no-detect")
    assert told["files"][0]["format"] == "plain"
    with desk.connection() as db:
        [row] = rows(db, "SELECT zone, zone_assumed FROM files")
    assert row == {"zone": "UTC", "zone_assumed": 1}
    assert answer(desk, "search", "x", "--fields", "time") == [{"time": "2026-11-20T14:00:00Z"}]


def test_an_import_of_which_nothing_could_be_read_ends_with_a_sentence(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8bno gzip")
    with pytest.raises(SourceUnreadable, match=r"Nothing of what was given could be read.*torn\.gz"):
        command(desk, "import", str(tmp_path / "torn.gz"), "--json")
    assert json.loads(capsys.readouterr().out)["events"] == 0


def test_a_file_that_was_imported_before_is_said_to_be_so(
    desk: Desk, answer: Answer, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = written(tmp_path / "auth.log", guesses(3))
    assert command(desk, "import", path) == 0
    assert b"imported before" not in capsysbinary.readouterr().out
    assert command(desk, "import", path) == 0
    assert f"{path}  imported before" in capsysbinary.readouterr().out.decode()
    assert set(answer(desk, "import", path)) == {"events", "bytes", "files", "findings", "seconds"}


def test_an_import_of_what_is_known_or_empty_is_no_failure(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    path = written(tmp_path / "auth.log", guesses(3))
    answer(desk, "import", path)
    assert answer(desk, "import", path)["events"] == 0
    (tmp_path / "nothing").mkdir()
    assert answer(desk, "import", str(tmp_path / "nothing"))["files"] == []


# --- search --------------------------------------------------------------------------------------------------------


def test_a_search_prints_whole_events(filled: Desk, answer: Answer) -> None:
    [newest] = answer(filled, "search", "Failed", "--limit", "1")
    assert newest["time"] == "2026-11-20T06:01:18Z"
    assert (newest["host"], newest["source"]) == ("opc-gw", "sshd")
    assert len(answer(filled, "search", "")) == 40
    assert answer(filled, "search", "nowhere") == []
    assert answer(filled, "search", "", "--limit", "0") == []


def test_a_search_prints_only_the_fields_asked_for(filled: Desk, answer: Answer) -> None:
    asked = answer(filled, "search", "", "--limit", "1", "--fields", "host, source.ip,absent")
    assert asked == [{"host": "opc-gw", "source.ip": "10.20.4.17", "absent": None}]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ([], 40),
        (["--from", "2026-11-20T14:01:00"], 10),
        (["--from", "2026-11-20T06:01:00+00:00"], 10),
        (["--from", "2026-11-20T14:00:00", "--to", "2026-11-20T14:00:10"], 5),
        (["--to", "2026-11-20"], 0),
    ],
)
def test_times_without_a_zone_are_the_sites(filled: Desk, answer: Answer, words: list[str], count: int) -> None:
    assert answer(filled, "search", "", "--count", *words) == {"count": count}


def test_a_wrong_time_or_query_is_refused(filled: Desk) -> None:
    for words in (["", "--from", "soon"], ["", "--to", "2026-13-01"], ["(unbalanced"]):
        with pytest.raises(UsageError):
            command(filled, "search", *words)


def test_a_histogram_adds_up_and_is_empty_where_there_is_nothing(filled: Desk, answer: Answer) -> None:
    drawn = answer(filled, "search", "", "--histogram", "10")
    assert sum(sum(level) for level in drawn["levels"].values()) == 40
    assert drawn["start"] <= "2026-11-20T06:00:00Z"
    nothing = answer(filled, "search", "nowhere", "--histogram", "10")
    assert sum(sum(level) for level in nothing["levels"].values()) == 0


def test_a_person_reads_lines(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["search", "", "--limit", "1"], ["search", "", "--histogram", "5"], ["search", "", "--count"],
                  ["sources"], ["rules", "list"], ["rules", "coverage"]):  # fmt: skip
        assert command(filled, *words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("2026-11-20T06:01:18Z  opc-gw  sshd  ")
    assert "40" in told
    assert any(line.endswith("40 events  auth.log") for line in told)


# --- detect and sources ----------------------------------------------------------------------------------------------


def test_detecting_tells_how_much_was_examined(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(40)), "--no-detect")
    told = answer(desk, "detect")
    assert (told["segments"], told["unread"]) == (1, [])
    assert told["findings"] >= 1


def test_sources_list_the_imports(filled: Desk, answer: Answer) -> None:
    [one] = answer(filled, "sources")
    assert one.pop("created").endswith("Z")
    assert one.pop("findings") >= 1
    assert one == {"id": 1, "label": "auth.log", "state": "done", "files": 1, "unread": 0, "events": 40, "zones": []}


# --- rules ---------------------------------------------------------------------------------------------------------


def test_sample_data_fills_an_empty_desk(desk: Desk, answer: Answer) -> None:
    told = answer(desk, "demo")
    assert told["events"] > 1000
    assert told["findings"] >= 5


def test_sample_data_is_not_mixed_with_real_logs_unless_that_is_wanted(
    desk: Desk, answer: Answer, tmp_path: Path
) -> None:
    command(desk, "import", written(tmp_path / "auth.log", guesses(2)))
    with pytest.raises(UsageError, match="logs of your own"):
        command(desk, "demo")
    told = answer(desk, "demo", "--force")
    assert all(one["path"].startswith("sample-data") for one in told["files"])


def test_a_histogram_spans_what_was_found(filled: Desk, answer: Answer) -> None:
    drawn = answer(filled, "search", "40003", "--histogram", "10")
    assert (sum(map(sum, drawn["levels"].values())), drawn["start"][:10]) == (1, "2026-11-20")
    assert max(map(len, drawn["levels"].values())) == 1


def test_a_histogram_of_no_spans_is_wrong_use(filled: Desk) -> None:
    with pytest.raises(SystemExit) as left:
        command(filled, "search", "", "--histogram", "0")
    assert left.value.code == 2


def test_a_search_answers_in_numbers_where_a_question_is_asked(filled: Desk, answer: Answer) -> None:
    made = answer(
        filled, "search", "host:opc-gw source.ip:10.20.4.17", "--agg", "count, distinct source.ip by host every 1h"
    )
    assert made["lines"] == [{"values": ["opc-gw"], "start": "2026-11-20T06:00:00Z", "numbers": [40, 1]}]
    assert answer(filled, "search", "host:opc-gw source.ip:10.20.4.17", "--agg", "count")["total"] == [40]
    with pytest.raises(UsageError, match="cannot be counted"):
        command(filled, "search", "", "--agg", "guess")
