from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.events import writer
from desktop_app.core.events.layout import MESSAGE
from desktop_app.core.events.lean import lean
from desktop_app.core.events.writer import DAY, write_segments
from desktop_app.core.paths import DataFolder
from desktop_app.core.spans import PAD, Coded, Spans
from tests.core.events.made import START, batch

ROWS = st.lists(
    st.tuples(st.text("ab é", max_size=4), st.none() | st.text("ab é", max_size=3), st.booleans()),
    min_size=1,
    max_size=5,
)


def laid(rows: list[tuple[str, str | None, bool]]) -> tuple[Spans, Spans]:
    """Return raw texts and messages over one buffer: at the end of their text, or in a text that has more behind."""
    data, raw, message = b"", [], []
    for head, said, ends in rows:
        begin, body = len(data), (said or "").encode()
        data += head.encode() + body + (b"" if ends else b"}")
        raw.append((begin, len(data) - begin))
        message.append((begin + len(head.encode()), -1 if said is None else len(body)))
        data += b"\n"
    buffer = np.frombuffer(data + PAD, np.uint8)
    both = (Spans(buffer, *np.array(places, np.int64).T) for places in (raw, message))
    return next(both), next(both)


def stored(folder: DataFolder, raw: Any, message: Any, host: Any) -> list[tuple[Any, ...]]:
    made = replace(batch([{}] * len(raw)), raw=raw, message=message, host=host)
    (segment,) = write_segments(folder, made, file_id=1, import_id=1, ingested=START)
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT source, host, level, {MESSAGE}, raw FROM '{folder.segments / segment.path}'"
        ).fetchall()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_a_message_within_its_record_is_read_back_as_one_that_lies_elsewhere(
    folder: DataFolder, rows: list[tuple[str, str | None, bool]]
) -> None:
    raw, message = laid(rows)
    nobody = Coded.constant(None, len(rows))
    assert stored(folder, raw, message, nobody) == stored(folder, raw.values, message.values, nobody.values)


def test_what_is_missing_everywhere_is_left_out() -> None:
    raw, message = laid([("a", "b", True), ("a", None, True)])
    found = lean({"raw": raw, "message": message, "host": Coded.constant(None, 2), "level": Coded.constant("info", 2)})
    assert set(found) == {"raw", "message_at", "level"}
    assert list(found["message_at"]) == [2, 0]


def test_a_message_of_another_buffer_is_left_as_it_is() -> None:
    raw, _ = laid([("a", "b", True)])
    other = Spans.of(["b"])
    assert lean({"raw": raw, "message": other}) == {"raw": raw, "message": other}
    foreign, within = laid([("é", "b", True)])
    assert lean({"raw": foreign, "message": within}) == {"raw": foreign, "message": within}


def test_a_field_without_a_value_in_one_of_the_days_is_left_out_of_that_day_alone(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LARGE_DAY", 1)
    raw, message = laid([("a", "b", True)] * 3)
    fields = {"seen": Spans.of(["x", None, None]), "never": Coded.constant(None, 3), "late": Spans.of([None, "y", "z"])}
    times = np.array([START, START + DAY, START + DAY + 1])
    made = replace(batch([{}] * 3), raw=raw, message=message, fields=fields, time=times)
    first, second = write_segments(folder, made, file_id=1, import_id=1, ingested=START)
    assert (first.fields, second.fields) == ({"seen": 1}, {"late": 2})
