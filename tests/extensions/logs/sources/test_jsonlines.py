from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.jsonlines import JSON_LINES, load
from tests.extensions.logs.sources.reading import lines, one, read, row, utc


def event(**values: object) -> dict[str, object]:
    return dict(one(JSON_LINES, json.dumps({"@timestamp": "2026-05-04T06:07:08Z", **values})))


def test_nested_names_are_joined_by_points() -> None:
    found = event(source={"ip": "192.0.2.1", "geo": {"city": "Ulm"}}, **{"user.name": "bob"})
    assert (found["source.ip"], found["source.geo.city"], found["user.name"]) == ("192.0.2.1", "Ulm", "bob")


def test_values_are_text_as_json_writes_them() -> None:
    found = event(a=1, b=1.5, c=True, d=False, e=[1, "x"], f=None, g="", h=10**15)
    assert [found.get(name) for name in "abcdefgh"] == ["1", "1.5", "true", "false", '[1,"x"]', None, "", str(10**15)]


@pytest.mark.parametrize("name", ["@timestamp", "timestamp", "time", "ts", "Timestamp", "created_at"])
@pytest.mark.parametrize(
    "value", ["2026-05-04T06:07:08Z", 1777874828, 1777874828000, 1777874828.0, "2026-05-04 06:07:08+00:00"]
)
def test_the_time_is_found_by_its_usual_names_and_spellings(name: str, value: object) -> None:
    (batch,), _ = read(JSON_LINES, lines(json.dumps({name: value, "x": 1})))
    assert batch.time.tolist() == [utc(2026, 5, 4, 6, 7, 8)]
    assert set(batch.fields) == {"x"}


def test_fractions_of_an_epoch_are_kept() -> None:
    assert one(JSON_LINES, '{"ts": 1777874828.25}')["time"] == utc(2026, 5, 4, 6, 7, 8) + 250_000


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("INFO", "info"),
        ("Warn", "warning"),
        ("fatal", "critical"),
        (50, "error"),
        (30, "info"),
        (3, "error"),
        ("loud", None),
    ],
)
def test_levels_are_words_or_numbers(level: object, said: str | None) -> None:
    assert event(level=level)["level"] == said


def test_message_host_and_program_become_columns() -> None:
    found = event(msg="hello", hostname="pump-1", service="auth", other="x")
    assert (found["message"], found["host"], found["source"], found["other"]) == ("hello", "pump-1", "auth", "x")
    assert not {"msg", "hostname"} & found.keys()


def test_without_a_program_the_file_is_the_source() -> None:
    assert event(x=1)["source"] == "test.log"


def test_objects_of_different_shapes_share_their_columns() -> None:
    (batch,), _ = read(JSON_LINES, lines('{"a": 1, "b": {"c": 2}}', '{"b": {"d": 3}}', '{"b": "plain", "a": null}'))
    assert [list(batch.fields[name]) for name in ("a", "b.c", "b.d", "b")] == [
        ["1", None, None],
        ["2", None, None],
        [None, "3", None],
        [None, None, "plain"],
    ]


def test_many_lines_are_read_in_portions_without_a_seam() -> None:
    written = [json.dumps({"n": at} | ({"rare": "x"} if at == 9000 else {})) for at in range(10_000)]
    (batch,), _ = read(JSON_LINES, lines(*written))
    assert list(batch.fields["n"]) == [str(number) for number in range(10_000)]
    assert [at for at, value in enumerate(batch.fields["rare"]) if value] == [9000]


def test_one_bad_line_costs_no_other() -> None:
    (batch,), reading = read(JSON_LINES, lines('{"a": 1}', '{"a": ', "[1]", "7", '{"a": 2}'))
    assert batch.fields["a"] == ["1", None, None, None, "2"]
    assert (batch.raw[1], reading.unparsed) == ('{"a": ', 3)


def test_an_object_nested_without_end_is_kept_as_text() -> None:
    (batch,), reading = read(JSON_LINES, lines('{"a": 1}', '{"a":' * 5000 + "1" + "}" * 5000))
    assert (len(batch), reading.unparsed) == (2, 1)


def test_deep_objects_become_json_below_some_depth() -> None:
    (batch,), _ = read(JSON_LINES, lines('{"a":' * 40 + "1" + "}" * 40))
    (name,) = batch.fields
    assert name.count(".") == 16
    assert str(batch.fields[name][0]).startswith('{"a":')


def test_names_without_end_are_left_in_the_raw_text_and_told() -> None:
    (batch,), reading = read(JSON_LINES, lines(json.dumps({f"k{at}": at for at in range(3000)})))
    assert len(batch.fields) == 1000
    assert "more than 1000 fields" in str(reading.notes[0])


def test_strange_names_are_made_printable() -> None:
    assert event(**{"a\nb": "1", "": "2", "x" * 500: "3"}).keys() >= {"a b", "(empty)", "x" * 200}


def test_an_array_of_objects_is_read_too() -> None:
    (batch,), _ = read(JSON_LINES, b'[\n  {"a": 1},\n  {"a": {"b": 2}}\n]\n')
    assert (len(batch), batch.fields["a.b"]) == (2, [None, "2"])


def test_a_file_without_times_stands_at_its_modification_time() -> None:
    (batch,), reading = read(JSON_LINES, lines('{"a": 1}'), reference=utc(2026, 1, 1))
    assert batch.time.tolist() == [utc(2026, 1, 1)]
    assert "carries no time" in str(reading.notes[0])


def test_rows_without_the_usual_time_may_have_another() -> None:
    (batch,), _ = read(JSON_LINES, lines('{"ts": "2026-05-04T06:07:08Z"}', '{"time": "2026-05-05T00:00:00Z"}'))
    assert batch.time.tolist() == [utc(2026, 5, 4, 6, 7, 8), utc(2026, 5, 5)]


def test_json_is_recognised_and_other_text_is_not() -> None:
    assert JSON_LINES.sniff(sample("x", lines('{"a": 1}', '{"b": 2}'))) > 0.8
    assert JSON_LINES.sniff(sample("x", b'[\n {"a": 1}\n]')) > 0.6
    assert JSON_LINES.sniff(sample("x", lines("{ this is no json", "neither"))) == 0
    assert JSON_LINES.sniff(sample("x", b"")) == 0


def test_only_objects_are_loaded() -> None:
    assert [load(raw) for raw in ("1", "[]", '"x"', "{", "")] == [None] * 5


_LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=9)
_NAMES = st.text(max_size=5)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(_NAMES, _VALUES, max_size=5), min_size=1, max_size=8))
def test_any_objects_give_as_many_events_and_only_text(objects: list[dict[str, object]]) -> None:
    (batch,), reading = read(JSON_LINES, lines(*(json.dumps(value) for value in objects)))
    assert len(batch) == len(objects)
    assert reading.unparsed == 0
    assert {type(value) for column in batch.fields.values() for value in column} <= {str, type(None)}
    assert all(len(column) == len(objects) for column in batch.fields.values())
    assert row(batch, 0)["source"]
