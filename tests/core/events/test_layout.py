from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.database import writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.layout import FIXED, MESSAGE, VIRTUAL, clean_name, column_of, field_of, fold, quote
from tests.core.events.made import SECOND, START, Store


@pytest.mark.parametrize("name", [*FIXED, *VIRTUAL, "", "Raw", ".id", "..time"])
def test_a_field_that_would_clash_is_stored_under_another_name(name: str) -> None:
    assert fold(column_of(name)) not in {*FIXED, *VIRTUAL, ""}


@given(st.text(max_size=12) | st.sampled_from([*FIXED, ".id", "..id", ".", ""]))
def test_the_name_of_a_field_survives_its_column(name: str) -> None:
    assert field_of(column_of(name)) == name


@given(st.text(max_size=300))
def test_a_cleaned_name_can_be_printed_and_ends(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= 200
    assert cleaned.replace("\ufffd", "").isprintable()


def test_a_quote_in_a_name_cannot_end_the_identifier() -> None:
    assert quote('a" OR 1=1 --') == '"a"" OR 1=1 --"'


def test_other_engines_read_the_segments_where_they_lie(store: Store) -> None:
    store.add(
        [{"host": "a", "raw": "head: tail", "message": "tail", "fields": {"id": "7", "user": "u"}}, {"host": "b"}]
    )
    plain = duckdb.connect()
    files = str(store.folder.segments / "**" / "*.parquet")
    asked = f'host, {MESSAGE}, ".id", "user", epoch_us(time)'
    sql = f"SELECT {asked} FROM read_parquet(?, union_by_name = true) ORDER BY host"
    rows = plain.execute(sql, [files]).fetchall()
    assert rows == [("a", "tail", "7", "u", START), ("b", "line 1", None, None, START + SECOND)]


GUIDES = Path(__file__).parents[3] / "desktop_app" / "extensions" / "handbook" / "guides"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_program_of_the_handbook_reads_a_store_where_it_lies(store: Store, language: str) -> None:
    [program] = re.findall(r"```python\n(.*?)```", (GUIDES / language / "event-files.md").read_text("utf-8"), re.DOTALL)
    store.add([{"time": START, "host": "a", "raw": "raw a", "fields": {"id": "own", "x.y": "1"}}])
    store.add([{"time": START + SECOND, "host": "b", "raw": "<1>said", "message": "said"}])
    hidden = store.add([{"time": START, "host": "gone"}])
    with writing(store.db):
        catalogue.hide(store.db, hidden)
    held: dict[str, Any] = {}
    exec(program.replace("/home/me/.local/share/watchdesk", store.folder.root.as_posix()), held)  # noqa: S102 - the text of our own handbook is what is tested
    held["catalogue"].close()
    assert [one[1:] for one in held["answer"]] == [("b", "said"), ("a", "raw a")]
    columns = duckdb.execute("SELECT * FROM read_parquet($live, union_by_name = true)", {"live": held["live"]})
    assert {".id", "x.y", *FIXED} == {one[0] for one in columns.description}


def test_the_handbook_names_every_column_and_state() -> None:
    for language in ("en", "zh"):
        told = (GUIDES / language / "event-files.md").read_text("utf-8")
        assert [name for name in FIXED if f"`{name}`" not in told] == []
        assert MESSAGE in told
