from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.model import Column, EventBatch, LogSource
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources import roles
from desktop_app.extensions.logs.sources.times import LOCAL, VALID
from tests.extensions.logs.sources.reading import NOW, utc

AT = utc(2026, 5, 4, 6, 7, 8)


def made(fields: dict[str, Column]) -> EventBatch:
    rows = len(next(iter(fields.values())))
    records = RecordBatch(["raw"] * rows, np.arange(1, rows + 1, dtype=np.int64), 0)
    return roles.batch(records, Reading("x", reference=NOW), fields, LogSource(service="x"), "file.log")


def test_ecs_names_win_over_common_ones() -> None:
    batch = made({"host": ["b"], "host.name": ["a"], "level": ["info"], "log.level": ["error"]})
    assert (batch.host, batch.level) == (["a"], ["error"])


def test_names_are_known_in_any_case() -> None:
    batch = made({"TimeStamp": ["2026-05-04T06:07:08Z"], "COMPUTER": ["pc"], "Msg": ["hi"]})
    assert (batch.time.tolist(), batch.host, batch.message) == ([AT], ["pc"], ["hi"])


def test_what_became_a_column_is_no_field_but_levels_and_programs_stay() -> None:
    batch = made({"ts": ["2026-05-04T06:07:08Z"], "message": ["m"], "host": ["h"], "level": ["info"], "app": ["a"]})
    assert set(batch.fields) == {"level", "app"}


def test_a_time_that_cannot_be_read_everywhere_stays_a_field() -> None:
    batch = made({"ts": ["2026-05-04T06:07:08Z"] * 9 + ["soon"]})
    assert batch.time.tolist() == [AT] * 10
    assert "ts" in batch.fields


def test_a_column_of_that_name_without_times_is_not_the_time() -> None:
    batch = made({"time": ["lunch", "tea"], "date": ["2026-05-04 06:07:08", "2026-05-04 06:07:08"]})
    assert batch.time.tolist() == [AT, AT]


def test_a_row_without_a_program_has_the_file() -> None:
    assert made({"app": ["a", None]}).source == ["a", "file.log"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-05-04T06:07:08Z", AT),
        ("2026-05-04 06:07:08", AT + LOCAL),
        ("1777874828", AT),
        ("1777874828.5", AT + 500_000),
        ("1777874828000.25", AT + 250),
        ("04/May/2026:06:07:08 +0000", AT),
        ("5/4/2026 6:07:08 AM", AT + LOCAL),
    ],
)
def test_times_are_read_in_many_spellings(value: str, code: int) -> None:
    assert roles.column_codes([value, None, value]).tolist()[::2] == [code, code]


def test_times_of_different_spellings_may_share_a_column() -> None:
    codes = roles.column_codes(["2026-05-04T06:07:08Z", "1777874828", "04/May/2026:06:07:08 +0000", "never", None])
    assert codes[:3].tolist() == [AT] * 3
    assert (codes[3:] < VALID).all()
