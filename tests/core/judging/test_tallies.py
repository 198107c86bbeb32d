from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from desktop_app.core.database import Connection, connect, writing
from desktop_app.core.judging import blocks, tallies
from desktop_app.core.judging.tallies import Touched
from desktop_app.core.paths import DataFolder
from desktop_app.core.sigma.model import CorrelationRows
from tests.core.helpers import add_segment

BASES = ("fail",)


def block(keys: list[str], times: list[int], base: str = "fail") -> blocks.Block:
    found = CorrelationRows("burst", base, np.arange(len(keys)), np.arange(len(keys)), [(one,) for one in keys])
    return blocks.build(found, np.array(times), np.arange(len(keys)) + 10)


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    opened = connect(folder)
    for number in (1, 2, 3):
        add_segment(opened, number)
    with writing(opened):
        tallies.add(opened, 1, block(["a", "b"], [10, 20]))
        tallies.add(opened, 1, block(["a"], [900], "other"))
        tallies.add(opened, 2, block(["b", "c"], [100, 110]))
    yield opened
    opened.conn.close()


def segments(found: list[tallies.Head]) -> list[tuple[int, str]]:
    return [(one.segment_id, one.base_id) for one in found]


def test_blocks_are_found_by_time_with_all_that_their_segment_has(db: Connection) -> None:
    assert segments(tallies.heads(db, "burst", BASES, 0, 50)) == [(1, "fail")]
    assert segments(tallies.heads(db, "burst", ["fail", "other"], 0, 50)) == [(1, "fail"), (1, "other")]
    assert segments(tallies.heads(db, "burst", BASES, 20, 100)) == [(1, "fail"), (2, "fail")]
    assert tallies.heads(db, "burst", BASES, 111, 800) == []
    assert tallies.heads(db, "else", BASES, 0, 999) == []
    assert segments(tallies.heads_of(db, "burst", BASES, [2, 3])) == [(2, "fail")]
    assert tallies.reach(db, "burst") == (10, 900)
    assert tallies.reach(db, "else") == (0, 0)


def test_a_stored_block_comes_back(db: Connection) -> None:
    [head] = tallies.heads_of(db, "burst", BASES, [2])
    wanted = block(["b", "c"], [100, 110])
    hashes, ends = tallies.index(db, head.id)
    assert (hashes.tolist(), ends.tolist()) == (wanted.hashes.tolist(), wanted.ends.tolist())
    assert tallies.keys(db, head.id) == list(wanted.keys)
    assert tallies.times(db, head.id).tolist() == wanted.times.tolist()
    assert tallies.events(db, head.id).tolist() == wanted.events.tolist()
    assert tallies.counted(db, head.id)[0] == []


def test_marks_of_several_stretches_stay_beside_one_another(db: Connection) -> None:
    [head] = tallies.heads_of(db, "burst", BASES, [2])
    assert tallies.fired(db, head).tolist() == [False, False]
    with writing(db):
        tallies.mark(db, head, [(1, np.array([True]))])
        tallies.mark(db, head, [(0, np.array([True]))])
    assert tallies.fired(db, head).tolist() == [True, True]


def test_what_goes_is_told(db: Connection) -> None:
    touched = Touched()
    with writing(db):
        tallies.remove(db, [1, 3], touched)
    assert touched.rules == ["burst"]
    changed = touched.of("burst")
    told = dict(zip(changed.hashes.tolist(), zip(changed.first, changed.last, strict=True), strict=True))
    assert told == {blocks.key_hash('["a"]'): (10, 900), blocks.key_hash('["b"]'): (20, 20)}
    assert segments(tallies.heads(db, "burst", ["fail", "other"], 0, 999)) == [(2, "fail")]
    assert db.execute("SELECT COUNT(*) FROM correlation_tallies").fetchone() == (1,)


def test_a_change_of_a_group_reaches_from_its_first_to_its_last_time() -> None:
    touched = Touched()
    for first, last in ((5, 6), (1, 2), (9, 9)):
        touched.add("r", np.array([7]), np.array([2]), np.array([first, last]))
    changed = touched.of("r")
    assert (len(changed), changed.first.tolist(), changed.last.tolist()) == (1, [1], [9])
    assert len(changed.take(np.array([False]))) == 0
