from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from desktop_app.core.cli import shared_words
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.cli import live as words
from tests.extensions.logs.cli.commands import Answer


def command(desk: Desk, capsys: pytest.CaptureFixture[str], *given: str) -> object:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    words.configure(parser)
    parsed = parser.parse_args([*given, "--json"])
    assert words.run(desk, parsed) == 0
    return json.loads(capsys.readouterr().out)


def plain(desk: Desk, capsys: pytest.CaptureFixture[str], *given: str) -> str:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    words.configure(parser)
    parsed = parser.parse_args(given)
    parsed.json = False
    assert words.run(desk, parsed) == 0
    return capsys.readouterr().out


def test_live_sources_are_added_changed_paused_and_removed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    added = command(desk, capsys, "add", "syslog", "Firewall", "--port", "1514", "--no-udp", "--allow", "10.0.0.0/8")
    assert isinstance(added, dict)
    number = str(added["id"])
    [one] = list(command(desk, capsys, "list"))  # type: ignore[call-overload] # the shape is what is tested
    assert (one["kind"], one["name"], one["state"], one["events"]) == ("syslog", "Firewall", "waiting", 0)
    for given in (("change", number, "--name", "Gate"), ("pause", number), ("resume", number), ("remove", number)):
        command(desk, capsys, *given)
    assert command(desk, capsys, "list") == []


def test_the_plain_list_says_where_each_source_listens_or_would(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command(desk, capsys, "add", "syslog", "Firewall", "--port", "1514", "--no-udp", "--tls")
    command(desk, capsys, "add", "syslog", "Switches", "--bind", "::1")
    command(desk, capsys, "add", "drop", "Stick", "--path", str(tmp_path))
    with desk.connection() as db, writing(db):
        db.execute(
            "UPDATE logs_live SET state = 'listening', address = 'TCP [::1]:40000'"
            " WHERE source_id = (SELECT id FROM sources WHERE name = 'Switches')"
        )
    told = plain(desk, capsys, "list").splitlines()
    assert [one.split("  ")[-1] for one in told] == [
        "TCP 127.0.0.1:1514, TLS 127.0.0.1:6514", "TCP [::1]:40000", str(tmp_path),
    ]  # fmt: skip


def test_without_words_the_imports_are_listed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(desk, capsys) == []


def test_listening_everywhere_is_warned_of(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert "limit it to networks you know" in plain(desk, capsys, "add", "syslog", "x", "--bind", "0.0.0.0")


def test_sources_list_the_imports(filled: Desk, answer: Answer) -> None:
    [one] = answer(filled, "sources")
    assert one.pop("created").endswith("Z")
    assert one.pop("findings") >= 1
    assert one == {"id": 1, "label": "auth.log", "state": "done", "files": 1, "unread": 0, "events": 40, "zones": []}
