from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.spans import PAD, Coded, Spans, chosen, gathered, held, letters_at, number_of, patched, prefixes

TEXTS = st.lists(st.none() | st.text(max_size=40) | st.sampled_from(["", "a", "sshd", "eight888", "thirteen bytes"]))


@given(TEXTS)
def test_a_column_gives_back_what_it_was_made_of(texts: list[str | None]) -> None:
    column = Spans.of(texts)
    assert list(column) == texts
    assert [column[row] for row in range(len(texts))] == texts
    assert column[1:3] == texts[1:3]
    assert column.count(None) == texts.count(None)
    assert column.missing.tolist() == [one is None for one in texts]


@given(TEXTS)
def test_distinct_values_and_codes_spell_the_column(texts: list[str | None]) -> None:
    column = Spans.of(texts)
    values, codes = column.encoded()
    assert [None if code < 0 else values[code] for code in codes.tolist()] == texts
    assert len(values) == len(set(values))


@given(st.lists(st.integers(0, 13), max_size=60))
def test_few_and_many_distinct_short_values_spell_the_column_in_one_order(numbers: list[int]) -> None:
    texts = [f"v{number}" for number in numbers]
    values, codes = Spans.of(texts).encoded()
    assert [values[code] for code in codes.tolist()] == texts
    assert values == sorted(set(texts), key=lambda one: (len(one), one[::-1]))


def test_a_column_whose_few_values_are_known_is_handed_on_as_codes() -> None:
    column = Spans.of(["GET", None, "POST", "GET"])
    assert column.coded is None
    column.encoded()
    assert column.coded is not None
    assert column.coded.values == ["GET", None, "POST", "GET"]
    many = Spans.of([f"{number}" for number in range(1000)])
    many.encoded()
    assert many.coded is None


def test_words_from_each_place_on_are_read_together() -> None:
    column = Spans.of(["abcdefghijklmnopqrstuvwx", "0123456789"])
    found = gathered(column.buffer, column.start, 2)
    assert found.tolist() == [[int(number_of(b"abcdefgh")), int(number_of(b"ijklmnop"))],
                              [int(number_of(b"01234567")), int(number_of(b"89"))]]  # fmt: skip
    assert gathered(column.buffer, column.start[:0], 4).shape == (0, 4)


def test_values_too_long_to_compare_are_told_apart_as_text() -> None:
    texts = ["x" * 5000, "y", "x" * 5000, "x" * 4999 + "z"]
    values, codes = Spans.of(texts).encoded()
    assert [values[code] for code in codes] == texts


def test_a_few_values_far_apart_are_read_without_what_lies_between() -> None:
    column = Spans.of(["first", *["x" * 50] * 400, None, "重庆"]).take(np.array([0, 401, 402]))
    assert column.values == ["first", None, "重庆"]
    values, codes = column.encoded()
    assert (values, codes.tolist()) == (["first", "重庆"], [0, -1, 1])


def test_a_lone_surrogate_is_no_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        Spans.of(["\ud800"])


def test_codes_give_their_texts() -> None:
    column = Coded(["info", None, "error"], np.array([2, 0, 1, -1, 2], np.int32))
    assert list(column) == ["error", "info", None, None, "error"]
    assert (column[0], column[3], column[1:3]) == ("error", None, ["info", None])
    assert (column.count(None), column.count("error")) == (2, 2)
    assert column.missing.tolist() == [False, False, True, True, False]
    assert list(column.take(np.array([4, 1]))) == ["error", "info"]
    values, codes = column.encoded()
    assert [None if code < 0 else values[code] for code in codes.tolist()] == list(column)
    twice = Coded(["b", "a", "b", None, "unused"], np.array([2, 1, 0, 3, -1], np.int32)).encoded()
    assert (twice[0], twice[1].tolist()) == (["b", "a"], [0, 1, 0, -1, -1])
    assert list(Coded.constant(None, 2)) == [None, None]


def test_a_list_is_held_as_bytes_and_what_is_held_stays() -> None:
    column = held(["a", None])
    assert list(column) == ["a", None]
    assert held(column) is column


def test_texts_are_put_into_some_rows() -> None:
    column = Spans.of(["a", "b", "c"])
    (made, other) = patched(
        column.buffer,
        [(column.start, column.length), (column.start, column.length)],
        np.array([0, 2]),
        [["längeres", None], ["x", "y"]],
    )
    assert list(made) == ["längeres", "b", None]
    assert list(other) == ["x", "b", "y"]
    assert list(column) == ["a", "b", "c"]


def test_one_of_two_columns_is_chosen_row_by_row() -> None:
    column = Spans.of(["a", "b"])
    reverse = column.take(np.array([1, 0]))
    assert list(chosen(np.array([True, False]), column, reverse)) == ["a", "a"]


@given(st.text("aé中😀\n", max_size=12))
def test_letters_are_found_among_bytes(text: str) -> None:
    ends = [len(text[:place].encode()) for place in range(len(text) + 1)]
    assert letters_at(text.encode(), np.arange(len(text) + 1)).tolist() == ends


def test_first_bytes_are_a_number() -> None:
    column = Spans.of(["pam_unix(sshd)", "PAM", ""])
    found = prefixes(column.buffer, column.start, column.length)
    assert found.tolist() == [number_of(b"pam_unix"), number_of(b"PAM"), 0]


def test_values_in_a_buffer_of_their_own_are_the_same() -> None:
    column = Spans.of(["long before", "ü", None, "", "last"]).take(np.array([4, 2, 1, 3]))
    apart = column.apart()
    assert list(apart) == ["last", None, "ü", ""]
    assert bytes(apart.buffer) == "lastü".encode() + PAD


def test_coded_columns_stand_one_behind_the_other() -> None:
    one, other = Coded(["a", None, "b"], np.array([2, -1, 1], np.int32)), Coded(["b"], np.array([0, -1], np.int32))
    found = Coded.joined([one, other])
    assert list(found) == ["b", None, None, "b", None]
    assert found.encoded()[0] == ["b"]
    assert list(Coded.joined([])) == []


def test_few_values_of_many_texts_are_told_without_a_copy_of_these() -> None:
    assert Coded(["a", "b", None, "c"], np.array([3, -1, 2], np.int32)).values == ["c", None, None]
