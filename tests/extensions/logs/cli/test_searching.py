"""Looks at a whole result on the command line: the same answers as the pages give."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.cli import shared_words
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.cli import searching
from tests.extensions.logs.importing import bring_in, guesses

STEADY = "".join(f"2026-11-20T{n // 60:02}:{n % 60:02}:00Z gate cron[1]: tick {n}\n" for n in range(240))


@pytest.fixture
def filled(desk: Desk, tmp_path: Path) -> Desk:
    """A steady log, and a burst of forty failed sign-ins in the hour from 04:00 UTC on."""
    log = tmp_path / "auth.log"
    log.write_text(STEADY + guesses(40, hour=12), encoding="utf-8")
    bring_in(desk, [log])
    return desk


def said(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Return the lines that a person reads."""
    parser = argparse.ArgumentParser(parents=[shared_words()])
    searching.configure(parser)
    given = parser.parse_args(words)
    given.json = False
    searching.run(desk, given)
    return capsys.readouterr().out.splitlines()


def asked(desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    searching.configure(parser)
    given = parser.parse_args([*words, "--json"])
    assert searching.run(desk, given) == 0
    return json.loads(capsys.readouterr().out)


def test_an_event_is_one_line_however_its_message_is_broken_or_long(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"timestamp": f"2026-11-20T10:00:0{n}Z", "message": message}
             for n, message in enumerate(["it\tbroke\n    at main " + "x" * 5000, "next"])]  # fmt: skip
    (tmp_path / "app.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    bring_in(desk, [tmp_path / "app.jsonl"])
    for words in ((), ("--fields", "host,message")):
        assert len(said(desk, capsys, "", *words)) == 2
    [told] = said(desk, capsys, "main")
    assert told.endswith("x…")
    assert len(told) < 1100


def test_kinds_of_messages_are_listed_in_the_order_asked_for(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    common = asked(filled, capsys, "", "--templates")["templates"]
    assert [one["count"] for one in common] == [240, 40]
    assert common[1]["template"].startswith("Failed password for root from <*>")
    newest = asked(filled, capsys, "", "--templates", "new")["templates"]
    assert newest[0]["since"] == "2026-11-20T04:00:00Z"
    assert len(asked(filled, capsys, "", "--templates", "rare", "--limit", "1")["templates"]) == 1


def test_the_unusual_of_a_time_is_ranked(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    window = ("--from", "2026-11-20T04:00:00Z", "--to", "2026-11-20T05:00:00Z")
    told = asked(filled, capsys, "", "--unusual", *window)
    assert (told["here"], told["there"], told["start"]) == (40, 60, "2026-11-20T04:00:00Z")
    assert {"field": "host", "value": "opc-gw", "here": 40, "there": 0} in [
        {name: one[name] for name in ("field", "value", "here", "there")} for one in told["unusual"]
    ]
    assert asked(filled, capsys, "", "--unusual", "rest", *window)["there"] == 240


def test_what_has_nothing_to_be_compared_with_says_so(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    searching.configure(parser)
    assert searching.run(filled, parser.parse_args(["nowhere", "--unusual"], argparse.Namespace(json=False))) == 0
    assert "There is nothing to compare here." in capsys.readouterr().out


def test_one_field_is_told_with_its_values(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(filled, capsys, "Failed", "--statistics", "source.ip")
    assert (told["events"], told["present"], told["top"]) == (40, 40, [{"value": "10.20.4.17", "count": 40}])


def test_an_event_is_shown_among_its_neighbours(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    [first] = asked(filled, capsys, "Failed", "--to", "2026-11-20T04:00:01Z")
    around = asked(filled, capsys, "", "--around", first["id"], "--limit", "2")
    assert [one["host"] for one in around] == ["opc-gw", "opc-gw", "opc-gw", "gate", "gate"]
    assert around[2]["id"] == first["id"]
    with pytest.raises(UsageError, match="no such event"):
        asked(filled, capsys, "", "--around", "7")


def test_a_person_reads_lines(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    searching.configure(parser)
    for words in (["", "--templates"], ["", "--unusual", "rest"], ["", "--statistics", "process.pid"]):
        given = parser.parse_args(words)
        given.json = False
        assert searching.run(filled, given) == 0
    told = capsys.readouterr().out
    assert "240  since 2026-11-20T00:00:00Z" in told
    assert "40 events from" not in told  # the window is the last day of all that is stored
    assert "process.pid: in 280 of 280 events" in told


def test_rows_can_be_shown_with_pseudonyms(filled: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    rows = asked(filled, capsys, "Failed", "--redact")
    assert len(rows) == 40
    assert len({one["host"] for one in rows}) == 1
    assert "10.20.4.17" not in json.dumps(rows)
    assert "opc-gw" not in json.dumps(rows)
