from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.model import moment
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources import times
from desktop_app.extensions.logs.sources.times import INVALID, LOCAL, VALID, YEARLESS
from tests.extensions.logs.sources.reading import NOW, utc


def resolved(codes: list[int], **settled: object) -> tuple[list[int], Reading]:
    reading = Reading("x", reference=NOW, **settled)  # type: ignore[arg-type] # attributes by name
    numbers = np.arange(1, len(codes) + 1, dtype=np.int64)
    return times.resolve(np.array(codes, np.int64), numbers, reading).tolist(), reading


@pytest.mark.parametrize(
    ("stamp", "code"),
    [
        ("2026-05-04T06:07:08Z", utc(2026, 5, 4, 6, 7, 8)),
        ("2026-05-04T06:07:08.5+02:00", utc(2026, 5, 4, 4, 7, 8) + 500_000),
        ("2026-05-04 06:07:08,123", utc(2026, 5, 4, 6, 7, 8) + 123_000 + LOCAL),
        ("2026/05/04 06:07:08", utc(2026, 5, 4, 6, 7, 8) + LOCAL),
        ("2026-05-04T06:07:08.123456789-0730", utc(2026, 5, 4, 13, 37, 8) + 123_456),
        ("2026-05-04T06:07:60Z", utc(2026, 5, 4, 6, 8)),
    ],
)
def test_iso_stamps(stamp: str, code: int) -> None:
    assert times.iso_codes([stamp]).tolist() == [code]


@pytest.mark.parametrize(
    "stamp",
    [
        None,
        "",
        "x",
        "2026-02-30T00:00:00Z",
        "2026-05-04T24:00:00Z",
        "2026-05-04T06:07:08 PM",
        "2026-05-04",
        "٢٠٢٦-05-04T06:07:08Z",
    ],
)
def test_what_is_no_iso_stamp_is_invalid(stamp: str | None) -> None:
    assert times.iso_codes([stamp])[0] < VALID


def test_clf_stamps() -> None:
    codes = times.clf_codes(
        ["10/Oct/2025:13:55:36 -0700", "10/Oct/2025:13:55:36 -0700", "10/Foo/2025:13:55:36 -0700", None]
    )
    assert codes[:2].tolist() == [utc(2025, 10, 10, 20, 55, 36)] * 2
    assert (codes[2:] < VALID).all()


def test_yearless_stamps_say_so() -> None:
    codes = times.yearless_codes(["May  4 06:07:08", "May 14 06:07:08.25", "Feb 29 00:00:00", "May 32 00:00:00"])
    assert codes[0] == utc(2000, 5, 4, 6, 7, 8) + YEARLESS
    assert codes[1] == utc(2000, 5, 14, 6, 7, 8) + 250_000 + YEARLESS
    assert codes[2] == utc(2000, 2, 29) + YEARLESS
    assert codes[3] < VALID


@pytest.mark.parametrize("value", [1_777_874_828, 1_777_874_828_000, 1_777_874_828_000_000, 1_777_874_828_000_000_000])
def test_the_size_of_an_epoch_tells_its_unit(value: int) -> None:
    assert times.epoch_micros(value) == 1_777_874_828_000_000


@pytest.mark.parametrize("value", [0, 42, 99_999_999, 10**20, -5])
def test_other_numbers_are_no_time(value: int) -> None:
    assert times.epoch_micros(value) == INVALID


def test_a_line_without_a_time_takes_the_one_before_or_at_the_beginning_the_next() -> None:
    found, _ = resolved([INVALID, utc(2026, 1, 1), INVALID, utc(2026, 1, 2)])
    assert found == [utc(2026, 1, 1)] * 3 + [utc(2026, 1, 2)]


def test_a_file_without_any_time_stands_at_its_modification_time_and_says_so() -> None:
    found, reading = resolved([INVALID, INVALID])
    assert found == [NOW, NOW]
    assert "2 lines carry no time" in str(reading.notes[0])


def test_the_next_batch_goes_on_from_the_last_time() -> None:
    _, reading = resolved([utc(2026, 1, 1)])
    assert times.resolve(np.array([INVALID]), np.array([2]), reading).tolist() == [utc(2026, 1, 1)]


def test_local_times_are_read_in_the_zone_of_the_reading() -> None:
    found, reading = resolved([utc(2026, 7, 1, 12) + LOCAL], zone=zoneinfo.ZoneInfo("Europe/Berlin"))
    assert found == [utc(2026, 7, 1, 10)]
    assert reading.zone_assumed


def test_known_and_assumed_zones_may_stand_in_one_file() -> None:
    found, _ = resolved(
        [utc(2026, 1, 1, 12), utc(2026, 1, 1, 12) + LOCAL, utc(2000, 1, 1, 12) + YEARLESS],
        zone=zoneinfo.ZoneInfo("Asia/Tokyo"),
    )
    assert found == [utc(2026, 1, 1, 12), utc(2026, 1, 1, 3), utc(2026, 1, 1, 3)]


def test_an_empty_batch_is_an_empty_batch() -> None:
    assert resolved([])[0] == []


@given(st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001 - the zone is drawn beside it
def test_every_iso_time_comes_back(at: dt.datetime, minutes: int) -> None:
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    aware = at.replace(tzinfo=zone)
    (code,) = times.iso_codes([aware.isoformat()]).tolist()
    assert moment(code) == aware


@given(st.lists(st.text(max_size=40), max_size=5))
def test_no_text_breaks_a_reader(stamps: list[str]) -> None:
    for read in (times.iso_codes, times.clf_codes, times.yearless_codes):
        assert len(read(stamps)) == len(stamps)
