from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.program import own_program


def test_the_program_can_be_started_once_more() -> None:
    said = subprocess.run([*own_program(), "version", "--help"], capture_output=True, text=True, check=True).stdout
    assert "watchdesk version" in said


def test_the_packaged_program_is_its_own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_program() == [sys.executable]
