from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.judging import blocks
from desktop_app.core.sigma.model import CorrelationRows

whole = st.lists(st.integers(-(2**61), 2**61), max_size=30)


def rows(groups: list[int], values: list[str | None] | None = None) -> CorrelationRows:
    keys = [("a",), ("b",), ("unused",), ("c", "d")]
    known = sorted({*values}, key=str) if values else []
    codes = np.array([known.index(one) for one in values or []], np.int64)
    return CorrelationRows("r", "b", np.arange(len(groups)), np.array(groups), keys, ["never", *known], codes + 1)


@given(whole)
def test_whole_numbers_come_back_as_they_were(values: list[int]) -> None:
    assert blocks.unpack(blocks.pack(np.array(values, np.int64))).tolist() == values


def test_seconds_and_neighbouring_events_take_few_bytes() -> None:
    times = 1_700_000_000_000_000 + np.arange(200) * 1_000_000
    assert len(blocks.pack(times)) < 250
    assert len(blocks.pack(np.array([5]))) == len(blocks.pack(np.array([2**62])))


@given(st.lists(st.none() | st.text(st.characters(), max_size=5), max_size=10))
def test_texts_come_back_but_for_what_no_encoding_can_carry(texts: list[str | None]) -> None:
    told = blocks.unpack_texts(blocks.pack_texts(texts))
    assert [one is None for one in told] == [one is None for one in texts]
    assert all(a == b for a, b in zip(told, texts, strict=True) if b and max(b) < "\ud800")


@given(st.lists(st.booleans(), max_size=50))
def test_a_mask_comes_back(mask: list[bool]) -> None:
    assert blocks.unpack_mask(blocks.pack_mask(np.array(mask, bool)), len(mask)).tolist() == mask


def test_a_mask_that_says_nothing_takes_nothing() -> None:
    assert blocks.pack_mask(np.zeros(1000, bool)) == b""


def test_a_key_with_a_lone_surrogate_has_a_name_too() -> None:
    assert blocks.key_text(["\udc80", "x"]) == '["\ufffd","x"]'


def test_a_block_holds_its_groups_by_hash_and_their_tallies_by_time() -> None:
    times, events = np.array([5, 3, 9, 1, 3]), np.array([1, 2, 3, 4, 0])
    made = blocks.build(rows([0, 3, 0, 3, 3], ["x", None, "y", "x", "x"]), times, events)
    assert made.hashes.tolist() == sorted(made.hashes.tolist())
    begin = blocks.starts(made.ends).tolist()
    said = {
        key: [(made.times[n], made.events[n], made.distinct[made.codes[n]]) for n in range(start, end)]
        for key, start, end in zip(made.keys, begin, made.ends.tolist(), strict=True)
    }
    assert said == {'["a"]': [(5, 1, "x"), (9, 3, "y")], '["c","d"]': [(1, 4, "x"), (3, 0, "x"), (3, 2, None)]}
    assert len(made) == 5
    assert "never" not in made.distinct


def test_groups_are_found_whatever_else_is_asked_for() -> None:
    held, places = blocks.find(np.array([-5, 2, 7, 9]), np.array([-9, -5, 3, 9, 12]))
    assert (held.tolist(), places.tolist()) == ([1, 3], [0, 3])
    assert [one.tolist() for one in blocks.find(np.array([], np.int64), np.array([1]))] == [[], []]


def test_many_stretches_become_one_list_of_places() -> None:
    assert blocks.spans(np.array([4, 0, 9]), np.array([2, 0, 3])).tolist() == [4, 5, 9, 10, 11]


@pytest.mark.parametrize("text", ["", "x", '["10.0.0.1"]'])
def test_the_hash_of_a_key_is_the_same_at_every_start(text: str) -> None:
    assert blocks.key_hash(text) == blocks.hashes_of([text])[0]
    assert blocks.key_hash('["10.0.0.1"]') == -1_196_843_799_767_494_089
