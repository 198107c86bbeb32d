from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np

from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.zones import to_utc
from tests.extensions.logs.sources.reading import utc

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")  # 2025: forward on 30 March at 2:00, back on 26 October at 3:00


def read(local: list[int], reading: Reading, first: int = 1) -> list[int]:
    numbers = np.arange(first, first + len(local), dtype=np.int64)
    return [int(at) for at in to_utc(np.array(local, np.int64), numbers, reading)]


def test_summer_and_winter_have_their_own_offsets() -> None:
    reading = Reading("x", zone=BERLIN)
    assert read([utc(2025, 1, 1, 12), utc(2025, 7, 1, 12)], reading) == [utc(2025, 1, 1, 11), utc(2025, 7, 1, 10)]


def test_a_time_in_the_gap_is_taken_as_if_the_clock_had_not_changed() -> None:
    assert read([utc(2025, 3, 30, 2, 30)], Reading("x", zone=BERLIN)) == [utc(2025, 3, 30, 1, 30)]


def test_the_hour_that_happens_twice_is_told_apart_by_the_order_of_lines() -> None:
    written = [utc(2025, 10, 26, 2, 10), utc(2025, 10, 26, 2, 55), utc(2025, 10, 26, 2, 5), utc(2025, 10, 26, 2, 40)]
    found = read(written, Reading("x", zone=BERLIN))
    assert found == [
        utc(2025, 10, 26, 0, 10),
        utc(2025, 10, 26, 0, 55),
        utc(2025, 10, 26, 1, 5),
        utc(2025, 10, 26, 1, 40),
    ]


def test_lines_a_little_out_of_order_begin_no_second_hour() -> None:
    written = [utc(2025, 10, 26, 2, 10), utc(2025, 10, 26, 2, 5)]
    assert read(written, Reading("x", zone=BERLIN)) == [utc(2025, 10, 26, 0, 10), utc(2025, 10, 26, 0, 5)]


def test_the_second_hour_goes_on_in_the_next_batch_and_is_found_again_from_the_store() -> None:
    reading = Reading("x", zone=BERLIN)
    read([utc(2025, 10, 26, 2, 55), utc(2025, 10, 26, 2, 5)], reading)
    assert read([utc(2025, 10, 26, 2, 20)], reading, first=3) == [utc(2025, 10, 26, 1, 20)]
    assert read([utc(2025, 10, 26, 2, 55)], reading, first=1) == [utc(2025, 10, 26, 0, 55)]


def test_the_drop_may_fall_between_two_batches() -> None:
    reading = Reading("x", zone=BERLIN)
    read([utc(2025, 10, 26, 2, 55)], reading)
    assert read([utc(2025, 10, 26, 2, 5)], reading, first=2) == [utc(2025, 10, 26, 1, 5)]


def test_a_fixed_zone_only_shifts() -> None:
    east = Reading("x", zone=dt.timezone(dt.timedelta(hours=5, minutes=30)))
    assert read([utc(2025, 10, 26, 2)], east) == [utc(2025, 10, 25, 20, 30)]


def test_the_ends_of_the_calendar_do_not_break_it() -> None:
    far = [utc(1, 1, 1), utc(9999, 12, 31, 23)]
    assert len(read(far, Reading("x", zone=BERLIN))) == 2
