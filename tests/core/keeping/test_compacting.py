"""That nobody sees a compaction is told in tests/extensions/logs/jobs/test_compacting.py; here are its refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.beside import counted
from desktop_app.core.events.writer import write_segments
from desktop_app.core.keeping.compacting import compact
from desktop_app.core.paths import DataFolder
from tests.core.events.made import START, Store, batch


@pytest.fixture
def segments(folder: DataFolder, db: Connection) -> Sequence[int]:
    """Three segments of one file of one import."""
    import_id, file_id = Store(folder, db).new_file()
    found: list[int] = []
    for number in range(3):
        made = batch([{"raw": f"r{number}", "fields": {f"f{number}": "x"}}], first=number + 1)
        new = write_segments(folder, made, file_id=file_id, import_id=import_id, ingested=np.array([START + number]))
        with writing(db):
            found += catalogue.add(db, new, file_id=file_id, import_id=import_id, created=START)
    return found


def files(folder: DataFolder) -> int:
    return len(list(folder.segments.rglob("*.parquet")))


def test_segments_become_one(folder: DataFolder, db: Connection, segments: Sequence[int]) -> None:
    desk = Desk(folder, ())
    gone = compact(desk, db, segments)
    assert gone is not None
    assert len(gone) == 3
    [one] = catalogue.live(db)
    assert one.events == 3
    assert desk.events.ingested(db, one).tolist() == [START, START + 1, START + 2]
    assert catalogue.field_counts(db, [one.id]) == {"f0": 1, "f1": 1, "f2": 1}


def test_long_values_are_counted_beside_what_was_put_together(folder: DataFolder, db: Connection) -> None:
    import_id, file_id = Store(folder, db).new_file()
    made = batch([{"host": f"a-host-with-a-long-name-{n % 3}", "raw": f"r{n}"} for n in range(60)])
    for first in (0, 100):
        part = replace(made, ordinal=made.ordinal + first)
        new = write_segments(folder, part, file_id=file_id, import_id=import_id, ingested=np.full(60, START))
        with writing(db):
            catalogue.add(db, new, file_id=file_id, import_id=import_id, created=START)
    assert compact(Desk(folder, ()), db, [one.id for one in catalogue.live(db)]) is not None
    [one] = catalogue.live(db)
    found = counted.read(folder.segments / one.path, one.sha256)
    assert found is not None
    assert found["host"].values() == {f"a-host-with-a-long-name-{n}": 40 for n in range(3)}


def test_one_that_cannot_be_read_keeps_all_as_they_are(
    folder: DataFolder, db: Connection, segments: Sequence[int]
) -> None:
    (folder.segments / catalogue.live(db)[0].path).write_bytes(b"damaged")
    assert compact(Desk(folder, ()), db, segments) is None
    assert (len(catalogue.live(db)), files(folder)) == (3, 3)


def test_one_that_was_taken_away_meanwhile_ends_it(folder: DataFolder, db: Connection, segments: Sequence[int]) -> None:
    with writing(db):
        catalogue.hide(db, segments[:1])
    assert compact(Desk(folder, ()), db, segments) is None
    assert (len(catalogue.live(db)), files(folder)) == (2, 3)
