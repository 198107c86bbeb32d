from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.beside.packed import FEW, few, may_be_numbers, pack, unpack
from desktop_app.core.spans import Spans

SHORT = ["", "a", "abcdefg", "1.2.3.4", "::1", "é", "日本", "a\0", "a\0\0"]
DIGITS = ["10.20.30.40", "255.255.255.255", "12345678", "10:20:30.1", "////////;", "0.0.0.0:514"]
WITHOUT = [
    "abcdefgh",
    "12345678-",
    "1234567890123456",
    "é23.45.67.8",
    "192.168.1.é1",
    "192.168.1.1\0",
    "1234567<",
    "-1234567",
]

texts = st.one_of(
    st.text(max_size=18).filter(lambda one: one.isprintable() or "\0" in one),
    st.text("0123456789.:/;-<a", max_size=18),
    st.none(),
)


def packed(values: list[str | None]) -> list[str | None]:
    keys, known = pack(Spans.of(values))
    return [unpack([key])[0] if has else None for key, has in zip(keys.tolist(), known.tolist(), strict=True)]


def test_short_texts_and_addresses_have_a_number_that_stands_for_them_alone() -> None:
    assert packed([*SHORT, *DIGITS]) == [*SHORT, *DIGITS]
    assert len(set(pack(Spans.of([*SHORT, *DIGITS]))[0].tolist())) == len(SHORT) + len(DIGITS)


def test_other_texts_and_missing_ones_have_none() -> None:
    assert packed([*WITHOUT, None]) == [None] * (len(WITHOUT) + 1)


@given(st.lists(texts, max_size=30))
def test_a_number_becomes_the_text_again_and_the_same_text_has_the_same_number(values: list[str | None]) -> None:
    found = packed(values)
    assert all(one in {None, value} for one, value in zip(found, values, strict=True))
    assert found == [packed([value])[0] for value in values]
    assert all(
        one == value for one, value in zip(found, values, strict=True) if value is not None and len(value.encode()) < 8
    )


@pytest.mark.parametrize("values", [SHORT, DIGITS])
def test_numbers_of_one_kind_sort_as_their_texts_do(values: list[str]) -> None:
    keys, _ = pack(Spans.of(values))
    assert unpack(np.sort(keys).tolist()) == sorted(values)


@given(st.lists(st.integers(0, 40), min_size=1), st.integers(1, 20))
def test_few_numbers_are_told_apart_whatever_was_known_of_them(values: list[int], step: int) -> None:
    keys = np.array(values, np.uint64) << np.uint64(40)
    found = few(keys, keys[::step])
    if found is not None:
        distinct, codes = found
        assert (distinct[codes] == keys).all()
    assert few(keys, keys) is not None


def test_more_than_few_numbers_are_given_up() -> None:
    keys = np.arange(FEW + 1, dtype=np.uint64)
    assert few(keys, keys) is None
    assert few(np.arange(400, dtype=np.uint64), keys[:2]) is None


@given(st.lists(st.text("0123456789.+-eE_ ", max_size=15), min_size=1))
def test_whatever_is_a_number_may_be_one_and_addresses_and_words_are_none(some: list[str]) -> None:
    keys, known = pack(Spans.of(some))
    told = may_be_numbers(keys)
    assert all(may for one, packed, may in zip(some, known, told, strict=True) if packed and one.count(".") <= 1)
    others, known = pack(Spans.of(["10.0.0.9", "1:2", "12:30:45.123", "a1", "2;3", "1/2", "é", "192.168.100.200"]))
    assert known.all()
    assert not may_be_numbers(others).any()
