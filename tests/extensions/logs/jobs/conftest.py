from __future__ import annotations

from pathlib import Path

import pytest

from tests.extensions.logs.importing import guesses


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "auth.log"
    path.parent.mkdir()
    path.write_text(guesses(40), encoding="utf-8")
    return path
