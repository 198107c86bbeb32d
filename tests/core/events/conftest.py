"""A store in an empty desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core.database import connect
from desktop_app.core.paths import DataFolder
from tests.core.events.made import Store


@pytest.fixture
def store(folder: DataFolder) -> Iterator[Store]:
    """An empty store, closed at the end."""
    made = Store(folder, connect(folder))
    yield made
    made.events.close()
    made.db.conn.close()
