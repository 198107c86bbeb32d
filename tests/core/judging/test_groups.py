"""Groups load no more of their tallies than an answer needs, and know when they need more."""

from __future__ import annotations

import pytest

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.judging import blocks, tallies
from desktop_app.core.judging.groups import EVER, Group, Held
from desktop_app.core.model import Contribution
from tests.core.events.made import SECOND, START
from tests.core.landing import BURST, FAIL, Scene, failures, rules

KEY = '["10.0.0.1"]'


@pytest.fixture
def scene(desk: Desk, db: Connection) -> Scene:
    made = Scene(desk, db, rules(FAIL, BURST))
    for start in (0, 100, 108, 10_000):
        made.land(failures(start, start + 1))
    return made


def held(scene: Scene, *keys: str, known: dict[int, str] | None = None) -> Held:
    hashes = blocks.hashes_of(keys)
    hashes.sort()
    return Held(scene.db, scene.rules, "burst", hashes, known or {})


def at(first: int, last: int) -> tuple[int, int]:
    return START + first * SECOND, START + last * SECOND


def only(some: Held) -> Group:
    [(_, group)] = some
    return group


def test_what_lies_in_a_span_or_reaches_it_is_loaded(scene: Scene) -> None:
    some = held(scene, KEY)
    some.cover(at(109, 109))
    assert sorted(part.series.segment_id for part in only(some).parts) == [2, 3]
    assert some.covers(at(109, 109))
    assert not some.covers(at(90, 109))
    assert only(some).stretch(*at(109, 109)) == at(100, 109)


def test_more_is_loaded_at_each_step_until_there_is_no_more(scene: Scene) -> None:
    some = held(scene, KEY)
    some.cover(at(109, 109))
    some.cover(at(80, 109))
    some.cover(at(0, 20_000))
    assert [part.series.segment_id for part in only(some).parts] == [2, 3, 1, 4]
    assert some.covers(EVER)


def test_segments_can_be_asked_for_by_number(scene: Scene) -> None:
    some = held(scene, KEY)
    some.load_segments([4])
    some.load_segments([4])
    assert [part.series.segment_id for part in only(some).parts] == [4]
    assert some.loaded(Contribution(4, 1, 0, 0))
    assert not some.loaded(Contribution(1, 1, START, START))
    some.cover(at(0, 0))
    assert some.loaded(Contribution(1, 1, START, START))


def test_a_group_of_which_nothing_is_left_is_known_by_what_its_finding_says(scene: Scene) -> None:
    some = held(scene, '["gone"]', known={blocks.key_hash('["gone"]'): '["gone"]'})
    some.cover(EVER)
    assert only(some).values == ["gone"]
    assert only(some).stretch(0, 1) is None
    assert only(some).final(some.loaded) is None
    assert list(held(scene, '["never"]')) == []


def test_groups_that_a_rule_no_longer_counts_by_are_passed_over(scene: Scene) -> None:
    scene.rules = rules(FAIL, BURST.replace("[source.ip]", "[source.ip, user.name]"))
    some = held(scene, KEY)
    some.cover(EVER)
    assert list(some) == []


def test_marks_are_stored_where_they_changed(scene: Scene) -> None:
    some = held(scene, KEY)
    some.cover(at(109, 109))
    group = only(some)
    group.parts[0].fired[:] = False
    group.judge(at(100, 109))
    some.flush()
    heads = tallies.heads(scene.db, "burst", ["fail"], *EVER)
    assert [tallies.fired(scene.db, one).tolist() for one in heads] == [
        [False] * 2,
        [True] * 2,
        [True] * 2,
        [False] * 2,
    ]
    assert group.ends() == group.events().tolist()
    assert group.times(2).tolist() == list(at(100, 101))
    assert group.times(99).tolist() == []
    assert group.affected == {2, 3}
    before = rows(scene.db, "SELECT fired FROM correlation_blocks")
    with writing(scene.db):
        some.flush()
    assert rows(scene.db, "SELECT fired FROM correlation_blocks") == before


def test_only_the_outermost_of_what_is_not_in_hand_is_asked_for(scene: Scene) -> None:
    some = held(scene, KEY)
    some.cover(at(109, 109))
    group = only(some)
    for number in range(100, 150):
        group.brought[number] = Contribution(number, 3, START + number * 10**9, START + number * 10**9 + 5)
    assert group.outermost(some.loaded) == {*range(100, 110), *range(140, 150)}
    assert group.final(some.loaded) == START + 149 * 10**9 + 5
