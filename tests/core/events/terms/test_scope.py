from __future__ import annotations

import pytest

from desktop_app.core import marks
from desktop_app.core.errors import UsageError
from desktop_app.core.events.beside.grams import Sieve
from desktop_app.core.events.terms.compiler import Condition
from desktop_app.core.events.terms.scope import Search, plan
from tests.core.events.made import HOUR, START, Store


def test_segments_outside_the_time_or_without_the_field_are_not_opened(store: Store) -> None:
    store.add([{"time": START, "fields": {"a": "1"}}])
    (late,) = store.add([{"time": START + HOUR, "fields": {"a": "1"}}])
    (bare,) = store.add([{"time": START + HOUR}])
    made = plan(store.db, Search("a:1", start=START + 1))
    assert [one.id for one in made.segments] == [late]
    assert made.total == 2
    assert {one.id for one in plan(store.db, Search("-a:1", start=START + 1)).segments} == {late, bare}


def test_segments_that_one_condition_fits_are_one_part(store: Store) -> None:
    for _ in range(3):
        store.add([{"fields": {"a": "1"}}])
    made = plan(store.db, Search("a:1"))
    assert [len(part.segments) for part in made.parts] == [3]
    assert made.parts[0].condition == Condition('"a" = ?', ("1",))


def test_a_word_that_the_sieve_leaves_in_one_segment_of_four_is_rare(store: Store) -> None:
    for number in range(4):
        store.add([{"raw": "common everywhere" + " and scarce" * (number == 0)}])
    sieve = Sieve(store.folder.segments)
    assert [plan(store.db, Search(word), sieve=sieve).rare for word in ("scarce", "common", "")] == [True, False, False]
    assert not plan(store.db, Search("scarce")).rare


def test_time_is_asked_only_of_segments_that_straddle_an_end(store: Store) -> None:
    (inside,) = store.add([{"time": START + HOUR}])
    (across,) = store.add([{"time": START}, {"time": START + HOUR}])
    made = plan(store.db, Search(start=START + 1, end=START + 2 * HOUR))
    assert {part.segments[0].id: part.condition is None for part in made.parts} == {inside: True, across: False}


def test_filters_are_terms_that_must_all_hold(store: Store) -> None:
    store.add([{"raw": "x", "host": "A", "level": "debug"}, {"raw": "y", "host": "a", "level": "info"}])
    assert store.raws("", 'host:"A"', "-level:debug") == ["y"]
    with pytest.raises(UsageError):
        store.raws("", "(")


def test_a_plan_can_leave_segments_out_or_keep_only_some(store: Store) -> None:
    store.add([{}])
    store.add([{}])
    made = plan(store.db, Search())
    first, second = made.segments
    assert [part.segments for part in made.only([second])] == [(second,)]
    made.without([first])
    assert made.segments == [second]


def test_pins_and_tags_are_terms_like_any_other(store: Store) -> None:
    store.add([{"raw": "a", "fields": {"tag": "own"}}, {"raw": "b"}, {"raw": "c"}])
    first, second = (store.page(query).rows[0] for query in ("b", "c"))
    marks.change(store.db, first, pin=True, tags=["odd"])
    marks.change(store.db, second, tags=["odd"])
    assert store.raws("tag:odd") == ["c", "b"]
    assert store.raws("tag:odd pinned:true") == ["b"]
    assert store.raws("tag:odd -pinned:true") == ["c"]
    assert store.raws("pinned:false") == ["c", "a"]
    assert store.raws("tag:own or pinned:true") == ["b", "a"]
    assert store.raws("tag:*") == ["c", "b", "a"]
    assert store.events.count(store.db, Search("tag:none")) == 0
    marks.change(store.db, first, tags=[])
    assert store.raws("tag:odd") == ["c"]
