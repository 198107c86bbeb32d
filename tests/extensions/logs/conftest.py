from __future__ import annotations

import pytest

from desktop_app import bundled
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import store


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    """A desk with the shipped extensions, in the zone of Shanghai."""
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    with made.connection() as db, writing(db):
        store(db, {"site_zone": "Asia/Shanghai"})
    return made
