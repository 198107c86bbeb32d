"""Windows events of one shape together, held against the exact way event by event."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.messages import describe
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.winevents import normalize
from desktop_app.extensions.logs.sources.winflat import Flattener
from desktop_app.extensions.logs.sources.winshapes import Interned, Plan, look

SYSTEM = {
    "Provider": {"#attributes": {"Name": "P", "Guid": "G"}}, "EventID": 7, "Level": 4, "Keywords": "0x80",
    "TimeCreated": {"#attributes": {"SystemTime": "2026-01-02T03:04:05.6Z"}}, "EventRecordID": 12,
    "Execution": {"#attributes": {"ProcessID": 1, "ThreadID": 2}}, "Channel": "C", "Computer": "A", "Security": None,
}  # fmt: skip


def event(data: Any, part: str = "EventData", **system: Any) -> dict[str, Any]:
    return {"System": {**SYSTEM, **system}, part: data}


def together(events: list[Any]) -> list[EventBatch]:
    raw = [orjson.dumps(one).decode() for one in events]
    return normalize(RecordBatch(raw, np.arange(1, len(raw) + 1), 0), Reading("x"), orjson.loads)


def one_by_one(events: list[Any]) -> list[tuple[dict[str, str], str]]:
    flattener = Flattener()
    flats = [flattener.flatten(one)[0] for one in events]
    return [(flat, describe(flat, "en")) for flat in flats]


def rows(batches: list[EventBatch]) -> list[tuple[dict[str, str], str]]:
    found: dict[int, tuple[dict[str, str], str]] = {}
    for batch in batches:
        for row, ordinal in enumerate(batch.ordinal.tolist()):
            fields = {name: value for name, column in batch.fields.items() if (value := column[row]) is not None}
            found[ordinal] = (fields, batch.message[row] or "")
    return [found[one] for one in sorted(found)]


def many(data: Any, part: str = "EventData", **system: Any) -> list[dict[str, Any]]:
    return [event(data, part, **system) for _ in range(10)]


CASES = {
    "plain values": many({"A": "x", "B": 7, "C": "", "D": None}),
    "truth and numbers with a point": [event({"A": one}) for one in (True, 1, 1.0, "1", False, 0, None) * 3],
    "values without names": [event({"Data": {"#text": list("abc")[:size]}, "Binary": "00"}) for size in (1, 2, 3) * 9],
    "one value without a name": many({"Data": {"#text": "one"}}),
    "blank values without names": many({"Data": {"#text": ["", " "]}}),
    "values of a list that have names too": many({"Data": {"#text": ["a", "b"]}, "Data1": "c"}),
    "user data": many({"Cleared": {"#attributes": {"xmlns": "u"}, "Who": "eve", "Channel": "Other"}}, "UserData"),
    "attributes that are no namespaces": many({"#attributes": {"Name": "n"}, "A": 1}),
    "values within values": many({"A": {"B": {"C": 1}}, "D": [1, 2]}),
    "names that collide": many({"User": "a", "USER": "b", "level": "c"}),
    "hashes": many({"Hashes": "MD5=AA,SHA256=BB,MD5=CC"}) + many({"Hashes": "", "X": 1}),
    "hashes twice": many({"Hashes": "MD5=AA", "Hash": "SHA1=BB"}) + many({"Hashes": "MD5=AA", "MD5": "own"}),
    "no data": many(None) + many("text"),
    "two kinds of data": [{**one, "UserData": {"X": 1}} for one in many({"A": 1})],
    "a number with qualifiers": many({"A": 1}, EventID={"#attributes": {"Qualifiers": 0}, "#text": 1042}),
    "no number": many({"A": 1}, EventID=None) + many({"A": 1}, EventID=""),
    "no channel": many({"A": 1}, Channel=None) + many({"A": 1}, Channel=""),
    "no process": many({"A": 1}, Execution=None) + many({"A": 1}, Security={"#attributes": {"UserID": "S-1"}}),
    "odd parts of the system": many({"A": 1}, Provider="P", Security="x") + many({"A": 1}, Computer={"#text": "B"}),
    "the other spelling of attributes": many({"A": 1}, Provider_attributes={"Name": "Q"}),
    "the event's own text": [{**one, "RenderingInfo": {"Message": "It said\nthis"}} for one in many({"A": 1})],
    "no text of its own": [{**one, "RenderingInfo": {"Message": ""}} for one in many({"A": 1})],
    "a sentence": [
        event({"TargetUserName": who, "LogonType": kind, "IpAddress": "-"}, EventID=4624, Channel="Security")
        for who in ("eve", "", "%%1842") for kind in (3, 10, "x") for _ in range(4)
    ],
    "several providers": [event({"A": 1}, Provider={"#attributes": {"Name": one}}) for one in ("P", "Q", None) * 5],
    "names by their first spelling": [event({"aB": "0"}), event({"Ab": "1"}), *many({"Ab": "2"}), *many({"aB": "2"})],
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_events_together_are_what_they_are_one_by_one(case: str) -> None:
    assert rows(together(CASES[case])) == one_by_one(CASES[case])


def test_all_cases_together_are_what_they_are_one_by_one() -> None:
    events = [one for case in CASES.values() for one in case]
    assert rows(together(events)) == one_by_one(events)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.just(1.0), st.sampled_from(["", "-", "a", "MD5=x"])
)
NAMES = st.sampled_from(["A", "Data", "Data1", "Hashes", "MD5", "Level", "UserID", "B c", "#attributes", "Binary"])
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("#text"), inner, max_size=4)
)


@given(st.lists(st.dictionaries(NAMES, TREES, max_size=4), min_size=1, max_size=4))
def test_whatever_the_data_holds_both_ways_agree(made: list[dict[str, Any]]) -> None:
    events = [event(one) for one in made for _ in range(9)]
    try:
        exact = one_by_one(events)
    except (ValueError, TypeError, AttributeError):
        assert len(rows(together(events))) == len(events)
        return
    assert rows(together(events)) == exact


def test_events_of_one_shape_have_one_key_and_others_another() -> None:
    first, second, third = (look(event(data)) for data in ({"A": 1}, {"A": "x"}, {"B": 1}))
    assert first is not None
    assert second is not None
    assert third is not None
    assert first[0] == second[0] != third[0]
    assert look({"System": None}) is None


def test_an_event_that_is_written_otherwise_is_left_to_be_looked_at_by_itself() -> None:
    found = look(event({"A": 1}))
    assert found is not None
    plan = Plan(found[0])
    assert plan.take(0, event({"A": 1}), {"A": 1})
    assert not plan.take(1, event({"A": [1]}), {"A": [1]})
    assert not plan.take(2, event({"A": 1}, TimeCreated=None), {"A": 1})
    assert plan.positions.tolist() == [0]


def test_distinct_values_are_numbered_and_missing_ones_are_not() -> None:
    table = Interned()
    assert table.numbers(["b", None, 7, "", "b"]).tolist() == [0, -1, 1, -1, 0]
    assert table.texts() == ["b", "7"]
