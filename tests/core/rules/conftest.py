from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core.database import Connection, connect
from desktop_app.core.paths import DataFolder


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    """A connection to an empty desk."""
    opened = connect(folder)
    yield opened
    opened.conn.close()
