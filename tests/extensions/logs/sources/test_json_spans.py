from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources import columns, json_spans
from desktop_app.extensions.logs.sources.jsonlines import JSON_LINES
from desktop_app.extensions.logs.sources.spanning import cut_lines
from tests.extensions.logs.sources.reading import assert_same_either_way, lines, told

FLAT = '{"ts": "2026-03-01T00:00:01.250Z", "level": "INFO", "msg": "pump on", "n": 12, "ok": true, "host": "gate"}'
NESTED = '{"ts":"2026-03-01T00:00:02+01:00","log":{"level":"warn","none":null,"empty":{}},"message":"重庆","port":-7}'
STRICT = (
    FLAT,
    NESTED,
    FLAT.replace("12", "0").replace("true", "false"),
    FLAT.replace('"gate"', "null"),
    NESTED.replace('"重庆"', '""'),
    FLAT.replace("2026-03-01T00:00:01.250Z", "2026-03-01 00:00:01"),
)
ODD = (
    FLAT.replace("pump", 'pu\\"mp'),
    FLAT.replace("12", "1.50"),
    FLAT.replace("12", "1e5"),
    FLAT.replace("12", "-0"),
    FLAT.replace("12", "012"),
    FLAT.replace("12", "123456789012345678901"),
    FLAT.replace("12", "[1, 2]"),
    FLAT.replace("12", "[]"),
    FLAT.replace("12", "nul"),
    FLAT.replace('"n"', '"msg"'),
    FLAT.replace('"n"', '""'),
    FLAT.replace("2026-03-01T00:00:01.250Z", "Mar 1 2026"),
    FLAT[:-1],
    FLAT + " ",
    FLAT + ",",
    " " + FLAT,
    FLAT.replace("pump", "pu\tmp"),
    '{"log.level": "info", "log": {"level": "warn"}}',
    "{}",
    "[1]",
    '"text"',
    "no object",
)


def shapes(*written: str) -> list[json_spans.Found]:
    found = cut_lines(lines(*written), "utf-8")
    assert found is not None
    return list(json_spans.shapes(found))


def test_objects_written_alike_are_one_shape() -> None:
    found = shapes(FLAT, NESTED, FLAT.replace("12", "345"), NESTED)
    assert [one.rows.tolist() for one in found] == [[0, 2], [1, 3]]
    assert found[1].shape.leaves == (("ts",), ("log", "level"), ("log", "none"), ("message",), ("port",))


@pytest.mark.parametrize("line", ODD[2:13])
def test_what_is_not_written_strictly_belongs_to_no_shape(line: str) -> None:
    found = shapes(FLAT, line)
    assert [row for one in found for row in one.rows.tolist()] in ([0], [0, 1])
    assert_same_either_way(JSON_LINES, lines(*[FLAT] * 8, line))


@pytest.mark.parametrize("line", ["[1]", "{}", '{"a": 1, "a": 2}', '{"a": [1]}', "no"])
def test_what_is_no_simple_object_has_no_shape(line: str) -> None:
    assert json_spans.shape_of(line) is None


def test_lines_of_no_shape_at_the_beginning_cost_the_others_nothing() -> None:
    found = shapes("no", "nor this", FLAT, FLAT)
    assert [one.rows.tolist() for one in found] == [[2, 3]]


def test_strict_and_odd_objects_give_the_same_events_either_way() -> None:
    assert_same_either_way(JSON_LINES, lines(*STRICT * 16, *ODD, *STRICT))
    assert_same_either_way(JSON_LINES, lines(*STRICT) + FLAT.encode())
    assert_same_either_way(JSON_LINES, "\r\n".join(STRICT).encode())


def test_more_shapes_than_are_tried_give_the_same_events_either_way() -> None:
    written = [json.dumps({"ts": "2026-03-01T00:00:01Z", f"a{n % 40}": n, "m": "x" * n}) for n in range(200)]
    assert_same_either_way(JSON_LINES, lines(*written))
    assert_same_either_way(JSON_LINES, lines(*[FLAT] * 200, *written))


def test_long_names_and_long_values_give_the_same_events_either_way() -> None:
    long = [
        json.dumps({"ts": "2026-03-01T00:00:01Z", "n" * 190: "v" * size, "m": {"k": size}}) for size in (1, 70, 400)
    ]
    assert_same_either_way(JSON_LINES, lines(*long * 9, long[0].replace("n" * 190, "n" * 150 + "N" * 40)))
    assert [one.rows.tolist() for one in shapes(*long)] == [[0, 1, 2]]


def test_a_shape_longer_than_all_that_is_left_fits_nothing() -> None:
    assert_same_either_way(JSON_LINES, lines(json.dumps({"k" * 150: 1})) + lines(*['{"a": 1}'] * 3))


def test_a_file_that_names_too_many_fields_is_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_MOST_FIELDS", 7)
    assert_same_either_way(JSON_LINES, lines(*STRICT))


def test_values_never_given_name_no_field() -> None:
    state = told(JSON_LINES, lines(*[NESTED] * 3), listed=False)["state"]
    assert isinstance(state, dict)
    assert "log.none" not in state["names"]


SIGNS = '"{}[],: \\01-.enA重\t'


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STRICT), st.integers(0, 110), st.text(SIGNS, max_size=3), st.integers(0, 4))
def test_an_object_changed_anywhere_gives_the_same_event_either_way(line: str, at: int, put: str, cut: int) -> None:
    assert_same_either_way(JSON_LINES, lines(*STRICT, line[:at] + put + line[at + cut :], *STRICT))


LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
OBJECT = st.dictionaries(st.sampled_from(["ts", "a", "b.c", "b", "ü"]), LEAF | st.dictionaries(st.just("c"), LEAF))


@given(st.lists(OBJECT, min_size=1, max_size=6), st.booleans())
def test_any_objects_give_the_same_events_either_way(objects: list[object], ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    written = [json.dumps(one, ensure_ascii=ascii_only) for one in objects]
    if not any(0xD800 <= ord(char) < 0xE000 for line in written for char in line):
        assert_same_either_way(JSON_LINES, lines(*written, *[FLAT] * 8))
