"""What ``detect`` prints, in the shape that scripts rely on."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.desk import Desk
from tests.extensions.logs.cli.commands import Answer, written
from tests.extensions.logs.importing import guesses


def test_detecting_tells_how_much_was_examined(desk: Desk, answer: Answer, tmp_path: Path) -> None:
    answer(desk, "import", written(tmp_path / "auth.log", guesses(40)), "--no-detect")
    told = answer(desk, "detect")
    assert (told["segments"], told["unread"]) == (1, [])
    assert told["findings"] >= 1
