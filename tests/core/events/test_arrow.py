from __future__ import annotations

import struct

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.arrow import Table, columns, numbers, texts, times, views_of
from desktop_app.core.spans import Coded, Spans

TEXTS = [None, "", "x", "eight888", "nine bytes", "twelve bytes", "thirteen byte", "Zürich 重庆", "a" * 5000, None]


def read(table: Table, query: str = "SELECT * FROM given") -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.register("given", table)
        return connection.execute(query).fetchall()


def test_duckdb_reads_texts_of_any_length_in_place() -> None:
    assert read(Table([texts("t", Spans.of(TEXTS))])) == [(one,) for one in TEXTS]


@given(st.lists(st.none() | st.text(max_size=20), min_size=1))
def test_views_hold_texts_of_all_sizes_beside_each_other(values: list[str | None]) -> None:
    column = Spans.of(values)
    [views], data = views_of([column]), column.buffer.tobytes()
    for text, (first, second) in zip(values, views.tolist(), strict=True):
        wanted = (text or "").encode()
        whole = struct.pack("<QQ", first, second)
        assert int.from_bytes(whole[:4], "little") == len(wanted)
        if len(wanted) <= 12:
            assert whole[4:] == wanted.ljust(12, b"\0")
        else:
            at = int.from_bytes(whole[12:], "little")
            assert (whole[4:8], whole[8:12], data[at : at + len(wanted)]) == (wanted[:4], bytes(4), wanted)


def test_duckdb_reads_a_column_whose_distinct_values_are_known() -> None:
    column = Spans.of(["GET", None, "", "POST with more than twelve", "GET"])
    column.encoded()
    assert texts("t", column).values is not None
    assert read(Table([texts("t", column)])) == [(one,) for one in column.values]


def test_duckdb_reads_codes_as_their_texts() -> None:
    column = Coded(["information is long", "error", None], np.array([1, 0, -1, 2, 1], np.int32))
    assert read(Table([texts("t", column)])) == [("error",), ("information is long",), (None,), (None,), ("error",)]


def test_each_value_of_a_column_of_codes_is_handed_over_once() -> None:
    column = texts("t", Coded(["a value that is long", "b"], np.array([0, 1, 0, -1] * 5_000, np.int32)))
    assert column.values is not None
    assert (column.rows, column.values.rows) == (20_000, 2)
    assert read(Table([column]), "SELECT t, count(*) FROM given GROUP BY t ORDER BY t") == [
        ("a value that is long", 10_000), ("b", 5_000), (None, 5_000),
    ]  # fmt: skip


def test_codes_of_nothing_are_missing_values() -> None:
    assert read(Table([texts("t", Coded([], np.full(3, -1, np.int32)))])) == [(None,)] * 3


def test_duckdb_reads_numbers_and_times() -> None:
    table = Table([numbers("n", np.array([1, -(1 << 62)])), times("t", np.array([0, 1_772_323_200_000_001]))])
    assert read(table, "SELECT n, epoch_us(t), typeof(t) FROM given") == [
        (1, 0, "TIMESTAMP"),
        (-(1 << 62), 1_772_323_200_000_001, "TIMESTAMP"),
    ]


def test_columns_of_all_kinds_are_made_together() -> None:
    values = [None if number % 5 == 0 else f"value number {number}" for number in range(9_000)]
    codes = Coded(["a", "b"], np.arange(9_000, dtype=np.int32) % 2)
    made = columns({"a": Spans.of(values), "n": np.arange(9_000), "c": codes, "b": Spans.of(values[::-1])})
    assert [one.name for one in made] == ["a", "n", "c", "b"]
    assert read(Table(made)) == list(zip(values, range(9_000), codes.values, values[::-1], strict=True))


def test_a_table_is_read_more_than_once() -> None:
    table = Table([texts("t", Spans.of(["a", None, "b"]))])
    assert [read(table, "SELECT count(t) FROM given") for _ in range(3)] == [[(2,)]] * 3


def test_more_rows_than_duckdb_takes_at_once_arrive_in_order() -> None:
    wanted = [None if number % 7 == 0 else f"value {number}" for number in range(10_000)]
    assert read(Table([texts("t", Spans.of(wanted))])) == [(one,) for one in wanted]


def test_a_table_that_was_closed_holds_nothing_any_more() -> None:
    table = Table([numbers("n", np.arange(3))])
    assert read(table, "SELECT sum(n) FROM given") == [(3,)]
    table.close()
    assert table._kept == []


def test_an_error_in_the_query_leaves_the_table_readable() -> None:
    table = Table([numbers("n", np.arange(3))])
    with pytest.raises(duckdb.Error):
        read(table, "SELECT error('no') FROM given")
    assert read(table, "SELECT max(n) FROM given") == [(2,)]
