from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.spans import Spans
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources import decode
from desktop_app.extensions.logs.sources.spanning import (
    CAPITALS,
    DIGITS,
    NUMBERS,
    Ahead,
    Kind,
    Places,
    cut_lines,
    in_bytes,
    made_of,
    mostly,
    per_distinct,
    records,
)


@given(st.lists(st.sampled_from(["a", "ab c", "é", "\r", "\n", "\n\n", "\ufeff"])))
def test_lines_are_cut_as_text_is(pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    found = cut_lines(data, "utf-8") if data else None
    if found is not None:
        assert list(found) == decode._split(data, Reading(name="a"))


@pytest.mark.parametrize("data", [b"a\0b\n", b"caf\xe9\n", b"\xff\xfea\0\n\0"])
def test_what_needs_a_look_at_each_line_is_not_cut(data: bytes) -> None:
    assert cut_lines(data, "utf-8") is None


def test_another_encoding_is_not_cut() -> None:
    assert cut_lines(b"a\n", "gb18030") is None


def test_records_are_lines_or_texts() -> None:
    lines = cut_lines(b"a\nb\n", "utf-8")
    assert lines is not None
    assert in_bytes(records(lines)) is lines
    assert in_bytes(["a"]) is None
    assert lines.take(np.array([1])).texts == ["b"]


@given(st.text(alphabet="ab ", min_size=1, max_size=30), st.integers(0, 29))
def test_places_are_where_the_byte_stands(text: str, start: int) -> None:
    column = Spans.of([text])
    wanted = [at for at, char in enumerate(text) if char == " " and at >= start] + [len(text)] * 3
    places = Places(column.buffer, " ")
    assert int(places.first(np.array([start]))[0]) == wanted[0]
    assert [int(one[0]) for one in places.times(np.array([start]), 0, 1, 2)] == wanted[:3]


@given(st.lists(st.integers(0, 700), max_size=6), st.integers(0, 800))
def test_looking_ahead_finds_the_next_place_of_a_byte_however_far(gaps: list[int], start: int) -> None:
    text = '"'.join("x" * gap for gap in gaps) + "x"
    column = Spans.of([text])
    start = min(start, len(text))
    found = text.find('"', start)
    wanted = len(text) if found < 0 else found
    asked = np.array([start, 0, start], np.int64)
    assert Ahead(column.buffer, '"').first(asked).tolist() == [wanted, text.find('"') % (len(text) + 1), wanted]


@given(st.text(alphabet="019/.:AZ@[`a\x7fé", max_size=20))
@pytest.mark.parametrize(
    ("kind", "members"), [(DIGITS, "0123456789"), (NUMBERS, "0123456789."), (CAPITALS, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
)
def test_a_kind_of_characters_is_recognised(kind: Kind, members: str, text: str) -> None:
    column = Spans.of([text, "9" * 64])
    fine = made_of(column.buffer, column.start, column.length, kind)
    assert bool(fine[0]) is (0 < len(text.encode()) <= 16 and set(text) <= set(members))
    assert not fine[1]


def test_each_distinct_number_is_read_once() -> None:
    seen: list[int] = []

    def read(key: int) -> int:
        seen.append(key)
        return key * 10

    assert per_distinct(np.array([3, 3, 1, 3, 2]), read).tolist() == [30, 30, 10, 30, 20]
    assert sorted(seen) == [1, 2, 3]
    assert per_distinct(np.zeros(0, np.int64), read).tolist() == []


def test_few_odd_lines_are_worth_the_vectorised_way() -> None:
    assert mostly(np.array([True, True, True, False]))
    assert not mostly(np.array([True, False]))
