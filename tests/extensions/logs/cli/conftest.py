"""What tests of single commands share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from tests.extensions.logs.cli.commands import Answer, command, prepared
from tests.extensions.logs.importing import guesses, run


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
