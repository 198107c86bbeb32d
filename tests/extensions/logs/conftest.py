from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app import bundled
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import store
from tests.extensions.logs.importing import guesses, written


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    """A desk with the shipped extensions, in the zone of Shanghai."""
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    with made.connection() as db, writing(db):
        store(db, {"site_zone": "Asia/Shanghai"})
    return made


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    """The database of the desk."""
    with desk.connection() as opened:
        yield opened


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of twenty refused passwords."""
    return written(tmp_path / "auth.log", guesses(20))
