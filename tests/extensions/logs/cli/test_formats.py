from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from desktop_app.core.cli import shared_words
from desktop_app.core.desk import Desk
from desktop_app.core.errors import WatchdeskError
from desktop_app.extensions.logs.cli import formats as words
from tests.extensions.logs.jobs.test_format import BOILER, LINES


def command(desk: Desk, capsys: pytest.CaptureFixture[str], *given: str) -> object:
    parser = argparse.ArgumentParser(parents=[shared_words()])
    words.configure(parser)
    assert words.run(desk, parser.parse_args([*given, "--json"])) == 0
    return json.loads(capsys.readouterr().out)


def test_a_shared_format_is_tried_brought_in_saved_and_forgotten(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shared, log, saved = tmp_path / "boiler.json", tmp_path / "boiler.log", tmp_path / "saved.json"
    shared.write_text(BOILER.written(), encoding="utf-8")
    log.write_text(LINES + "noise\n", encoding="utf-8")
    tried = command(desk, capsys, "try", str(shared), str(log))
    assert tried == {"lines": 3, "fit": 2, "timed": 2, "names": ["@timestamp", "host.name", "log.level", "message"]}
    command(desk, capsys, "import", str(shared))
    [first, *others] = list(command(desk, capsys))  # type: ignore[call-overload] # the shape is what is tested
    assert first == {"id": "site.boiler", "title": "Boiler", "ours": False}
    assert {"id": "evtx", "title": "Windows event log (EVTX)", "ours": True} in others
    command(desk, capsys, "export", "site.boiler", str(saved))
    assert saved.read_text(encoding="utf-8") == BOILER.written()
    command(desk, capsys, "forget", "site.boiler")
    with pytest.raises(WatchdeskError, match="no taught format"):
        command(desk, capsys, "forget", "boiler")


def test_a_log_that_is_not_there_is_told(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shared = tmp_path / "boiler.json"
    shared.write_text(BOILER.written(), encoding="utf-8")
    with pytest.raises(WatchdeskError, match="cannot be read"):
        command(desk, capsys, "try", str(shared), str(tmp_path / "nothing.log"))
