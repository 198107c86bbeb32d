"""Windows events from JSON to columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest

from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.winevents import normalize, times
from desktop_app.extensions.logs.sources.winflat import MAX_COLUMNS, Names
from tests.extensions.logs.sources.reading import in_lists


def normalized(events: list[Any], reading: Reading | None = None) -> list[EventBatch]:
    raw = [orjson.dumps(one).decode() if not isinstance(one, str) else one for one in events]
    records = RecordBatch(raw, np.arange(1, len(raw) + 1), 0)
    return [in_lists(one) for one in normalize(records, reading or Reading("x"), orjson.loads)]


def system(**more: Any) -> dict[str, Any]:
    return {"EventID": 1, "Channel": "Application", "Computer": "A", **more}


def test_names_that_differ_only_by_case_are_one_column() -> None:
    batch = normalized([{"System": system(), "EventData": {"ProcessID": 1}},
                        {"System": system(), "EventData": {"processid": 2}}])[0]  # fmt: skip
    assert batch.fields["ProcessId"] == ["1", "2"]


def test_events_are_grouped_by_channel_in_their_order() -> None:
    events = [{"System": system(Channel=name, EventRecordID=number)} for number, name in enumerate(["A", "B", "A"], 1)]
    batches = normalized(events)
    assert [(one.source, one.ordinal.tolist()) for one in batches] == [(["A", "A"], [1, 3]), (["B"], [2])]


def test_columns_have_the_length_of_the_batch_wherever_a_field_appears() -> None:
    events = [{"System": system(), "EventData": data} for data in ({"A": 1}, {"B": 2}, {"A": 3}, {})]
    batch = normalized(events)[0]
    assert (batch.fields["A"], batch.fields["B"]) == (["1", None, "3", None], [None, "2", None, None])


@pytest.mark.parametrize("bad", ["{", "[]", "5", '{"System": 5}', '{"System": {"EventID": {"a": 1}}}', "null"])
def test_what_is_no_event_is_kept_and_never_raises(bad: str) -> None:
    assert sum(len(one) for one in normalized([bad, {"System": system()}])) == 2


def test_refused_records_are_counted_and_told() -> None:
    reading = Reading("x", reference=77)
    (batch,) = normalized(["{", "}"], reading)
    assert (batch.raw, batch.message, batch.time.tolist()) == (["{", "}"], [None, None], [77, 77])
    assert (reading.unparsed, len(reading.notes)) == (2, 1)


def test_a_file_cannot_invent_columns_without_end() -> None:
    events = [{"System": system(), "EventData": {f"n{row}_{number}": 1 for number in range(500)}} for row in range(20)]
    reading = Reading("x")
    assert len(normalized(events, reading)[0].fields) <= MAX_COLUMNS
    assert [note.params for note in reading.notes] == [{"count": MAX_COLUMNS}]
    names = Names()
    for number in range(10 * MAX_COLUMNS):
        names[f"x{number}"]
    assert len(names) <= 2 * MAX_COLUMNS


def test_times_are_read_at_any_precision_and_wrong_ones_take_the_one_before() -> None:
    written = ["2026-01-02T03:04:05.6789012Z", "2026-01-02T03:04:05Z", "", "yesterday", "1601-01-01T00:00:00.5Z"]
    assert times(written, 5).tolist() == [
        1767323045678901, 1767323045000000, 1767323045000000, 1767323045000000, -11644473599500000,
    ]  # fmt: skip
    assert times(["", "2026-01-02T03:04:05Z"], 5).tolist() == [5, 1767323045000000]
