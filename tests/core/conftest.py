from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, ())


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as opened:
        yield opened
