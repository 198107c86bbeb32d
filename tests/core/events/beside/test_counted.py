from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.beside import counted
from desktop_app.core.events.beside.tally import Tally
from desktop_app.core.events.segment import counts_of
from desktop_app.core.spans import Coded, Spans

SHA = "ab" * 32
TALLIES = {"host": Tally.of({"a": 3, "a longer text": 300, "10.0.0.1": 70_000}), "level": Tally.of({})}
texts = st.lists(st.sampled_from(["", "a", "b", "10.0.0.1", "10.0.0.200", "é", "seven77", None]), max_size=60)


def plain(column: list[str | None]) -> dict[str, int]:
    return {value: number for value, number in Counter(column).items() if value is not None}


@given(texts)
def test_bytes_codes_and_lists_are_counted_alike(column: list[str | None]) -> None:
    distinct = list(dict.fromkeys(column))
    coded = Coded(distinct, np.array([distinct.index(one) for one in column], np.int32))
    known = Spans.of(column)
    known.encoded()
    for one in (column, Spans.of(column), known, coded):
        tally, _ = counted.count(one)
        assert tally is not None
        assert tally.values() == plain(column)


@pytest.mark.parametrize("values", [3, 1000])
def test_what_comes_back_from_a_segment_is_counted_as_it_was_written(values: int) -> None:
    column: list[str | None] = [f"a value of many letters {n % values}" for n in range(20_000)]
    read_back = Spans.of(column)
    assert counted.count(read_back)[0] is None
    tally = counted.count_again(read_back)
    assert tally is not None
    assert tally.values() == plain(column)


def test_what_comes_back_becomes_codes_where_many_values_are_equal() -> None:
    some, all_ = (Spans.of([f"a value of many letters {n % values}" for n in range(320)]) for values in (20, 21))
    again = counted.as_codes(some)
    assert isinstance(again, Coded)
    assert again.values == some.values
    assert counted.as_codes(all_) is all_
    assert counted.as_codes(["a"]) == ["a"]


@given(texts)
def test_codes_that_come_with_a_count_stand_for_the_same_values(column: list[str | None]) -> None:
    _, coded = counted.count(Spans.of(column))
    assert coded is None or coded.values == column
    assert coded is not None or not plain(column)


def test_a_column_of_many_values_is_counted_and_stays_bytes() -> None:
    column: list[str | None] = [f"u{n % 3000}" for n in range(9000)]
    tally, coded = counted.count(Spans.of(column))
    assert tally is not None
    assert (tally.values(), coded) == (plain(column), None)


def test_a_few_long_values_among_many_short_ones_are_counted() -> None:
    column: list[str | None] = [f"u{n % 3000}" for n in range(9000)] + ["administrator"] * 5 + [None]
    tally, _ = counted.count(Spans.of(column))
    assert tally is not None
    assert tally.values() == plain(column)


@pytest.mark.parametrize("column", [
    Spans.of([f"/a/long/path/{n}" for n in range(4000)]), [f"/a/long/path/{n}" for n in range(4000)],
    Coded([str(n) for n in range(counted.MOST_VALUES + 1)], np.arange(counted.MOST_VALUES + 1, dtype=np.int32)),
    Coded(["x" * (counted.MOST_LETTERS + 1), "more"], np.arange(2, dtype=np.int32)), ["\ud800"],
])  # fmt: skip
def test_what_would_cost_more_than_it_saves_or_is_no_text_is_not_counted(column: counted.Given) -> None:
    assert counted.count(column) == (None, None)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    counted.write(tmp_path / "s.parquet", SHA, TALLIES)
    found = counted.read(tmp_path / "s.parquet", SHA)
    assert found is not None
    assert {name: one.values() for name, one in found.items()} == {name: one.values() for name, one in TALLIES.items()}
    assert counted.belongs(tmp_path / "s.parquet", SHA)


def test_a_file_that_is_lost_or_another_segments_says_nothing(tmp_path: Path) -> None:
    counted.write(tmp_path / "s.parquet", SHA, TALLIES)
    assert counted.read(tmp_path / "other.parquet", SHA) is None
    assert counted.read(tmp_path / "s.parquet", "cd" * 32) is None
    assert not counted.belongs(tmp_path / "s.parquet", "cd" * 32)


def test_no_byte_can_change_or_go_unnoticed(tmp_path: Path) -> None:
    counted.write(tmp_path / "s.parquet", SHA, TALLIES)
    whole = counts_of(tmp_path / "s.parquet").read_bytes()
    for place in range(len(whole)):
        for content in (whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :], whole[:place]):
            counts_of(tmp_path / "s.parquet").write_bytes(content)
            assert counted.read(tmp_path / "s.parquet", SHA) is None


def test_a_disk_that_refuses_costs_nothing_but_the_counts(tmp_path: Path) -> None:
    counted.write(tmp_path / "no folder" / "s.parquet", SHA, TALLIES)
    assert counted.read(tmp_path / "no folder" / "s.parquet", SHA) is None


def test_the_fields_asked_for_are_known_in_any_case() -> None:
    assert counted.is_asked("Source.IP")
    assert not counted.is_asked("req.id")
