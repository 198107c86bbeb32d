from __future__ import annotations

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events import catalogue, retired
from desktop_app.core.keeping import upkeep
from desktop_app.core.paths import DataFolder
from tests.core.helpers import add_segment


def test_what_is_due_goes_and_what_is_not_stays(folder: DataFolder, db: Connection) -> None:
    for number in (1, 2):
        add_segment(db, number)
    with writing(db):
        catalogue.hide(db, [1, 2])
        retired.add(db, [1], 7, 100)
        retired.add(db, [2], 8, 200)
    upkeep.turn(folder, db, 99)
    assert len(rows(db, "SELECT * FROM segments")) == 2
    upkeep.turn(folder, db, 100)
    assert [row["id"] for row in rows(db, "SELECT id FROM segments")] == [2]
