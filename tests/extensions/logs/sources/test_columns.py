from __future__ import annotations

import io
import re

import pytest

from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.columns import (
    Lines,
    Shape,
    is_address,
    level_of,
    note_unparsed,
    pick,
    present,
    split_addresses,
    transposed,
)


def test_lines_become_columns_and_odd_ones_are_read_the_careful_way() -> None:
    shape = Shape(re.compile(r"(\w)=(\w)").fullmatch, (2, 0))
    written = ["a=1", "odd", "b=2"] * 3000
    columns, odd = transposed(written, 3, shape, lambda line: (line, "careful", None))
    assert [column[:3] for column in columns] == [["1", "odd", "2"], [None, "careful", None], ["a", None, "b"]]
    assert odd == list(range(1, 9000, 3))
    assert {len(column) for column in columns} == {9000}


def test_columns_that_hold_nothing_are_left_out() -> None:
    assert present({"a": [None, None], "b": [None, "x"], "c": ["x", None], "d": []}) == {
        "b": [None, "x"],
        "c": ["x", None],
    }


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("192.0.2.1", True),
        ("2001:db8::1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("pc.example.com", False),
        ("", False),
    ],
)
def test_addresses_are_told_from_names(value: str, address: bool) -> None:  # noqa: FBT001 - a case
    assert is_address(value) is address


def test_addresses_and_names_stand_in_fields_of_their_own() -> None:
    assert split_addresses(["192.0.2.1", None]) == {"source.ip": ["192.0.2.1", None]}
    assert split_addresses(["pc", "::1"], "destination") == {
        "destination.ip": [None, "::1"],
        "destination.domain": ["pc", None],
    }


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("ERROR", "error"),
        ("Warn", "warning"),
        (" notice ", "info"),
        ("emerg", "critical"),
        ("WRN", "warning"),
        ("x", None),
        (None, None),
    ],
)
def test_levels_are_known_by_many_words(word: str | None, level: str | None) -> None:
    assert level_of(word) == level


def test_unread_lines_are_counted_and_told_once() -> None:
    reading = Reading("x")
    for num in (0, 2, 3):
        note_unparsed(reading, num)
    assert (reading.unparsed, len(reading.notes)) == (5, 1)
    assert str(reading.notes[0]).startswith("5 lines")


def test_rows_are_picked_in_order() -> None:
    assert pick(["a", "b", "c"], [2, 0]) == ["c", "a"]


def test_a_format_of_lines_collects_lines() -> None:
    assert [batch.raw for batch in Lines().collect(io.BytesIO(b"a\nb\n"), Reading("x"))] == [["a", "b"]]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("致命", "critical"),
        ("严重", "critical"),
        ("错误", "error"),
        ("警告", "warning"),
        ("信息", "info"),
        ("调试", "debug"),
    ],
)
def test_chinese_words_are_levels_too(word: str, level: str) -> None:
    assert level_of(word) == level
