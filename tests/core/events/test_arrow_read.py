from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.events import arrow
from desktop_app.core.events.arrow_read import columns
from desktop_app.core.spans import PAD, Spans


def asked(statement: str) -> list[np.ndarray | Spans]:
    return columns(duckdb.connect().sql(statement))


def test_numbers_and_texts_come_as_they_are() -> None:
    number, text, empty, missing = asked(
        "SELECT i, CASE WHEN i % 3 > 0 THEN 'ü' || i END, '', NULL::VARCHAR FROM range(5) t(i)"
    )
    assert isinstance(number, np.ndarray)
    assert number.tolist() == [0, 1, 2, 3, 4]
    assert list(text) == [None, "ü1", "ü2", None, "ü4"]
    assert (list(empty), list(missing)) == ([""] * 5, [None] * 5)


def test_no_row_is_an_empty_column_of_each_kind() -> None:
    number, text = asked("SELECT i, 'a' FROM range(0) t(i)")
    assert (len(number), list(text)) == (0, [])


def test_an_answer_that_comes_in_several_arrays_is_one_column() -> None:
    rows = 1_200_000  # DuckDB hands over a million at a time
    number, text = asked(f"SELECT i, CASE WHEN i % 2 > 0 THEN 'v' || i END FROM range({rows}) t(i)")
    assert (len(number), len(text)) == (rows, rows)
    assert int(np.asarray(number).sum()) == rows * (rows - 1) // 2
    assert [text[row] for row in (0, 1, 999_999, 1_000_000, rows - 1)] == [None, "v1", "v999999", None, f"v{rows - 1}"]
    assert isinstance(text, Spans)
    assert int(text.length[text.length >= 0].sum()) == sum(len(f"v{one}") for one in range(1, rows, 2))


def test_what_goes_wrong_on_the_way_is_duckdbs_error() -> None:
    with pytest.raises(duckdb.Error, match="oh no"):
        asked("SELECT error('oh no ' || i) FROM range(3) t(i)")


def test_a_statement_that_asks_for_another_type_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        asked("SELECT 1.5::DOUBLE")


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=40), min_size=1, max_size=50))
def test_texts_go_into_duckdb_and_come_out_again(texts: list[str | None]) -> None:
    given_texts = [None if one is None else one.encode("utf-8", "replace").decode() for one in texts]
    table = arrow.Table([arrow.texts("t", Spans.of(given_texts))])
    with duckdb.connect() as connection:
        connection.register("batch", table)
        [found] = columns(connection.sql("SELECT t FROM batch"))
        assert isinstance(found, Spans)
        assert list(found) == given_texts
        assert bytes(found.buffer[-len(PAD) :]) == PAD
    table.close()
