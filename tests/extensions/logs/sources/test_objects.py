from __future__ import annotations

import json

from desktop_app.extensions.logs.sources.applications.objects_lines import GELF
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.objects import also, flat, named
from tests.extensions.logs.sources.reading import lines
from tests.extensions.logs.sources.sampling import SAMPLES


def test_inner_names_stand_behind_a_point_and_values_are_text() -> None:
    assert flat({"a": {"b": 1, "c": True}, "d": [1, "x"], "e": None, "f": ""}) == {
        "a.b": "1",
        "a.c": "true",
        "d": '[1,"x"]',
    }


def test_depth_names_and_their_number_have_an_end() -> None:
    deep: dict[str, object] = {}
    for _ in range(100):
        deep = {"a": deep, "b": 1}
    assert max(name.count(".") for name in flat(deep)) <= 17
    assert len(flat({str(number): 1 for number in range(5000)})) == 1000
    assert all(name.isprintable() and len(name) <= 200 for name in flat({"a\x1b\n": 1, "x" * 900: 1}))


def test_names_are_changed_or_added() -> None:
    assert named({"a": "1", "b": "2"}, {"a": "x"}) == {"x": "1", "b": "2"}
    assert also({"a": "1"}, {"a": "x", "b": "y"}) == {"a": "1", "x": "1"}


def test_objects_are_told_on_lines_and_in_one_array() -> None:
    assert GELF.sniff(sample("x", lines(*SAMPLES["gelf"]))) == GELF.sure
    whole = json.dumps([json.loads(line) for line in SAMPLES["gelf"]], indent=2).encode()
    assert GELF.sniff(sample("x", whole)) == GELF.sure
    assert GELF.sniff(sample("x", b"hello")) == 0
    assert GELF.sniff(sample("x", bytes(300))) == 0
