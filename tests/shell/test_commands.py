"""The words of the shell's commands, and where they lead."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.cli import shared_words
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Health
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.shell import commands, doctor, start

COMMANDS = {one.name: one for one in commands.COMMANDS}


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, ())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was opened or served, instead of a desk that runs until somebody closes it."""
    calls: list[Any] = []
    monkeypatch.setattr(start, "open_desk", lambda desk, paths, hidden: calls.append((desk, paths, hidden)) or 0)
    monkeypatch.setattr(start, "serve", lambda desk, port: calls.append((desk, port)) or 0)
    return calls


def command(desk: Desk, name: str, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    COMMANDS[name].configure(parser)
    given = parser.parse_args(words)
    given.json = getattr(given, "json", False)
    return COMMANDS[name].run(desk, given)


def test_the_desktop_opens_with_the_files_that_were_given(desk: Desk, opened: list[Any], tmp_path: Path) -> None:
    assert command(desk, "desktop", str(tmp_path)) == 0
    assert command(desk, "desktop") == 0
    assert command(desk, "desktop", "--hidden") == 0
    assert opened == [(desk, [str(tmp_path)], False), (desk, [], False), (desk, [], True)]


def test_a_word_that_is_neither_a_command_nor_a_file_is_told_and_nothing_opens(desk: Desk, opened: list[Any]) -> None:
    with pytest.raises(UsageError, match="no command and no file called impotr") as caught:
        command(desk, "desktop", "impotr")
    assert "--help" in str(caught.value.fix)
    assert opened == []


def test_the_server_takes_the_port_that_is_asked_for_or_any(desk: Desk, opened: list[Any]) -> None:
    assert command(desk, "serve") == command(desk, "serve", "--port", "8123") == 0
    assert opened == [(desk, 0), (desk, 8123)]


@pytest.mark.parametrize("port", ["-1", "65536", "http", "1.5"])
def test_a_port_that_cannot_be_is_wrong_use(
    desk: Desk, opened: list[Any], port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command(desk, "serve", f"--port={port}")
    assert ended.value.code == 2
    assert "port" in capsys.readouterr().err
    assert opened == []


@pytest.fixture
def ill(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of which two things are known."""
    found = (Health(text("Python 3")), Health(text("Screen"), text("There is none.")))
    monkeypatch.setattr(doctor, "examine", lambda _: found)


@pytest.mark.usefixtures("ill")
def test_the_doctors_answer_has_its_fixed_shape(desk: Desk, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command(desk, "doctor", "--json") == 0
    assert json.loads(capsysbinary.readouterr().out) == [
        {"subject": "Python 3", "ok": True, "detail": None},
        {"subject": "Screen", "ok": False, "detail": "There is none."},
    ]


@pytest.mark.usefixtures("ill")
def test_a_person_sees_at_once_what_is_wrong(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(desk, "doctor") == 0
    assert capsys.readouterr().out == "ok  Python 3\n!!  Screen  There is none.\n"
