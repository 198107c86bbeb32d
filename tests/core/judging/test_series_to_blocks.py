"""A desk of the first version goes on working: what its correlations had counted is still counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest

from desktop_app.core.database import Connection, migrate, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import tallies
from desktop_app.core.migrations import core
from tests.core.landing import BROKEN_IN, BURST, FAIL, SUCCESS, USERS, Scene, failures, rules, sign_in

OLD = """CREATE TABLE correlation_series (
    rule_id TEXT NOT NULL, key TEXT NOT NULL, segment_id INTEGER NOT NULL REFERENCES segments ON DELETE CASCADE,
    base_id TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    times BLOB NOT NULL, events BLOB NOT NULL, "distinct" TEXT NOT NULL, codes BLOB NOT NULL, fired BLOB NOT NULL,
    PRIMARY KEY (rule_id, key, segment_id, base_id)) STRICT, WITHOUT ROWID"""


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    made = Scene(desk, db, rules(FAIL, SUCCESS, BURST, USERS, BROKEN_IN))
    made.land([*failures(0, 1), *failures(0, 1, 2, 3, ip="10.0.0.2"), sign_in(9, ip="10.0.0.3")])
    made.land([sign_in(4, user="b"), sign_in(5, user="c"), sign_in(8, "success"), *failures(600, ip="10.0.0.2")])
    return made


def series(db: Connection, head: tallies.Head, rule_id: str) -> list[tuple[Any, ...]]:
    """Return a block as the rows that the first version kept, each with the values of the whole segment."""
    _, ends = tallies.index(db, head.id)
    times, events, fired = tallies.times(db, head.id), tallies.events(db, head.id), tallies.fired(db, head)
    distinct, codes = tallies.counted(db, head.id)
    begin = [0, *ends.tolist()]
    return [
        (
            rule_id, key, head.segment_id, head.base_id, end - start, int(times[start]), int(times[end - 1]),
            times[start:end].tobytes(), events[start:end].tobytes(), orjson.dumps(distinct).decode(),
            codes[start:end].astype("<i4").tobytes(), fired[start:end].astype(np.uint8).tobytes(),
        )
        for key, start, end in zip(tallies.keys(db, head.id), begin, begin[1:], strict=False)
    ]  # fmt: skip


def make_old(db: Connection) -> int:
    """Turn a database back into one of the version before blocks; return how many rows it then has."""
    old: list[tuple[Any, ...]] = []
    for one in rows(db, "SELECT id, rule_id, base_id, segment_id, tallies, first, last FROM correlation_blocks"):
        rule_id = one.pop("rule_id")
        old += series(db, tallies.Head(**one), rule_id)
    with writing(db):
        db.execute(OLD)
        db.conn.executemany(f"INSERT INTO correlation_series VALUES ({', '.join('?' * 12)})", old)
        db.execute("DROP TABLE correlation_tallies")
        db.execute("DROP TABLE correlation_blocks")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm10_blocks'")
    return len(old)


def test_a_desk_of_the_version_before_tells_the_same_after_it_was_brought_up_to_date(scene: Scene) -> None:
    before = scene.state()
    assert make_old(scene.db) > 10
    assert [one.name for one in core.pending(scene.db)] == ["m10_blocks"]
    migrate(scene.desk.folder)
    assert scene.state() == before
    assert rows(scene.db, "SELECT 1 FROM sqlite_master WHERE name = 'correlation_series'") == []


def test_a_desk_of_the_version_before_goes_on_counting(scene: Scene) -> None:
    counted = scene.counts()
    make_old(scene.db)
    migrate(scene.desk.folder)
    more = scene.land([sign_in(6, ip="10.0.0.3", user="b"), sign_in(7, ip="10.0.0.3", user="c")])
    assert scene.counts() == {**counted, "users 10.0.0.3": 3}
    scene.remove(more)
    assert scene.counts() == counted


def test_a_desk_that_never_counted_anything_is_brought_up_to_date(desk: Desk, db: Connection) -> None:
    assert make_old(db) == 0
    migrate(desk.folder)
    assert rows(db, "SELECT 1 FROM correlation_blocks") == []
