"""JSON objects out of a stream."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources import json_objects
from desktop_app.extensions.logs.sources.json_objects import Splitter, first_objects, read_objects

OBJECTS = [{"a": 1}, {"b": 'brace } and "quote" \\'}, {"c": {"d": [{}, {"e": "{"}]}}, {"f": "中文"}]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab{}[]"\\,: \n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='a{}"\\', max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def read(data: str, encoding: str = "utf-8") -> tuple[list[object], list[int], Reading]:
    reading = Reading("x.json", encoding=encoding)
    batches = list(read_objects(io.BytesIO(data.encode(encoding)), reading))
    raw = [one for batch in batches for one in batch.raw]
    return [json.loads(one) for one in raw], [int(one) for batch in batches for one in batch.ordinal], reading


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_object_by_object(indent: int | None) -> None:
    assert read(json.dumps(OBJECTS, indent=indent))[:2] == (OBJECTS, [1, 2, 3, 4])


def test_objects_on_lines_are_numbered_by_their_lines() -> None:
    lines = "\n\n".join(json.dumps(one) for one in OBJECTS)
    assert read(lines)[:2] == (OBJECTS, [1, 3, 5, 7])


def test_indented_objects_with_words_in_between_are_read() -> None:
    data = "".join(f"Record {number}\n{json.dumps(one, indent=1)}\n" for number, one in enumerate(OBJECTS))
    assert read(data)[0] == OBJECTS


def test_utf_16_as_powershell_writes_it_is_read() -> None:
    assert read("\ufeff" + json.dumps(OBJECTS, ensure_ascii=False), "utf-16-le")[0] == OBJECTS


@given(st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=3), max_size=4), st.integers(1, 9))
def test_objects_do_not_depend_on_where_the_text_is_cut(objects: list[object], size: int) -> None:
    whole = json.dumps(objects)
    splitter = Splitter()
    found = [one for at in range(0, len(whole), size) for one in splitter.feed(whole[at : at + size])]
    assert [json.loads(one) for one in found] == objects
    assert splitter.pending == 0


def test_a_file_that_is_cut_keeps_its_whole_objects_and_says_so() -> None:
    found, _, reading = read(json.dumps(OBJECTS)[:-10])
    assert found == OBJECTS[:3]
    assert "middle of a record" in str(reading.error)


def test_a_file_with_one_cut_object_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="middle of a record"):
        read('[{"a": "never ends')


def test_an_endless_object_stops_the_reading_instead_of_filling_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_objects, "LARGEST", 1000)
    monkeypatch.setattr(json_objects, "CHUNK", 100)
    taken = io.BytesIO(b'[{"a": 1}, {"b": "' + b"x" * 50_000)
    reading = Reading("x.json")
    assert [batch.raw for batch in read_objects(taken, reading)] == [['{"a": 1}']]
    assert reading.error is not None
    assert taken.tell() < 3000


def test_a_sample_shows_its_first_objects_even_when_cut() -> None:
    assert first_objects(json.dumps(OBJECTS)[:-5]) == OBJECTS[:3]
    assert first_objects("{not json}") == [None]
    assert first_objects("") == []


def test_the_first_objects_are_found_however_far_from_the_beginning() -> None:
    far = " " * 40_000 + "".join(json.dumps(one) for one in OBJECTS)
    assert first_objects(far) == OBJECTS
    assert first_objects("".join(json.dumps(one) for one in OBJECTS * 4_000)) == [*OBJECTS, OBJECTS[0]]
    assert first_objects("no object anywhere\n" * 4_000) == []
