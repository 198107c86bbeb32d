from __future__ import annotations

import argparse
import json

import pytest

from desktop_app.core.alerts import channels, secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.cli import shared_words
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.notify import Undelivered
from desktop_app.web import alert_commands
from tests.core.alerts.conftest import NOW
from tests.core.alerts.servers import hooks


def run(desk: Desk, *words: str) -> int:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    (command,) = alert_commands.COMMANDS
    command.configure(parser)
    given = parser.parse_args([*words])
    given.json = getattr(given, "json", False)
    return command.run(desk, given)


def make(db: Connection, url: str) -> None:
    channels.add(db, AlertChannel("wecom", "Ops", {"ca": ""}, secret=secrets.ask({"url": url})), NOW)


def test_channels_are_listed(desk: Desk, db: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    run(desk)
    assert capsys.readouterr().out == "No channels.\n"
    make(db, "https://example.org/hook?key=0123456789abcdef")
    run(desk, "list")
    assert capsys.readouterr().out == "Ops  wecom, off, 0 waiting\n"
    run(desk, "list", "--json")
    out = capsys.readouterr().out
    assert json.loads(out)[0]["name"] == "Ops"
    assert "0123456789abcdef" not in out


def test_a_test_is_sent_by_name(desk: Desk, db: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    with hooks() as server:
        make(db, server.url)
        assert run(desk, "test", "ops") == 0
        assert capsys.readouterr().out == "Sent by Ops.\n"
        assert "nothing was found" in server.requests[0].body.decode()
        server.answer = (200, b'{"errcode":93000,"errmsg":"x"}', {})
        with pytest.raises(Undelivered, match="The robot was removed"):
            run(desk, "test", "Ops")


@pytest.mark.parametrize("words", [["test"], ["list", "Ops"], ["test", "Nobody"]])
def test_wrong_words_are_told(desk: Desk, words: list[str]) -> None:
    with pytest.raises(UsageError):
        run(desk, *words)
