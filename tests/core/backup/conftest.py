from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.backup import archive
from desktop_app.core.desk import Desk
from tests.core.backup import desks


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    """A desk with something on it."""
    made = desks.new_desk(tmp_path / "full")
    desks.fill(made)
    return made


@pytest.fixture
def other(tmp_path: Path) -> Desk:
    """Another desk, with less on it."""
    made = desks.new_desk(tmp_path / "other")
    with made.connection() as db:
        db.execute("INSERT INTO settings VALUES ('theme', 'dark', 0)")
    return made


@pytest.fixture
def packed(full: Desk, tmp_path: Path) -> Path:
    """A backup of the full desk."""
    path = tmp_path / f"full{archive.SUFFIX}"
    archive.write(full, path)
    return path
