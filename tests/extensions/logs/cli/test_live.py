from __future__ import annotations

import argparse
import json

import pytest

from desktop_app.core.cli import shared_words
from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.cli import live as words


def command(desk: Desk, capsys: pytest.CaptureFixture[str], *given: str) -> object:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    words.configure(parser)
    parsed = parser.parse_args([*given, "--json"])
    assert words.run(desk, parsed) == 0
    return json.loads(capsys.readouterr().out)


def test_live_sources_are_added_changed_paused_and_removed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    added = command(desk, capsys, "add", "syslog", "Firewall", "--port", "1514", "--no-udp", "--allow", "10.0.0.0/8")
    assert isinstance(added, dict)
    number = str(added["id"])
    [one] = list(command(desk, capsys, "list"))  # type: ignore[call-overload] # the shape is what is tested
    assert (one["kind"], one["name"], one["state"], one["events"]) == ("syslog", "Firewall", "waiting", 0)
    for given in (("change", number, "--name", "Gate"), ("pause", number), ("resume", number), ("remove", number)):
        command(desk, capsys, *given)
    assert command(desk, capsys, "list") == []


def test_without_words_the_imports_are_listed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(desk, capsys) == []


def test_listening_everywhere_is_warned_of(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    words.configure(parser)
    parsed = parser.parse_args(["add", "syslog", "x", "--bind", "0.0.0.0"])
    parsed.json = False
    words.run(desk, parsed)
    assert "limit it to networks you know" in capsys.readouterr().out
