from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from desktop_app.core.model import micros
from desktop_app.web import times

SHANGHAI, NEW_YORK, DELHI = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
NOON = micros(dt.datetime(2026, 11, 22, 4, 0, 0, 340_000, dt.UTC))


def test_a_moment_is_shown_in_the_time_of_the_site() -> None:
    assert times.stamp(NOON, SHANGHAI) == "2026-11-22 12:00:00"
    assert times.fine(NOON, SHANGHAI) == "12:00:00.340"


def test_the_machine_readable_form_carries_the_offset() -> None:
    assert times.iso(NOON, SHANGHAI) == "2026-11-22T12:00:00.340+08:00"


@pytest.mark.parametrize(
    ("zone", "said"), [(SHANGHAI, "UTC+8"), (NEW_YORK, "UTC-5"), (DELHI, "UTC+5:30"), (ZoneInfo("UTC"), "UTC")]
)
def test_the_offset_is_said_as_people_write_it(zone: ZoneInfo, said: str) -> None:
    assert times.offset(NOON, zone) == said


def test_the_offset_follows_summer_time() -> None:
    summer = micros(dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    assert times.offset(summer, NEW_YORK) == "UTC-4"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (0, "today 12:00:00"),
        (11 * times.HOUR, "today 01:00:00"),
        (13 * times.HOUR, "yesterday 23:00:00"),
        (40 * times.HOUR, "2026-11-20 20:00:00"),
    ],
)
def test_days_count_from_midnight_of_the_site(before: int, said: str) -> None:
    assert str(times.clock(NOON - before, SHANGHAI, NOON)) == said


def test_a_moment_in_the_future_is_told_by_its_date() -> None:
    assert str(times.clock(NOON + times.DAY, SHANGHAI, NOON)) == "2026-11-23 12:00:00"


@pytest.mark.parametrize(
    ("passed", "age", "ago"),
    [
        (59 * times.SECOND, "now", "just now"),
        (times.MINUTE, "1 min", "1 minute ago"),
        (59 * times.MINUTE, "59 min", "59 minutes ago"),
        (times.HOUR, "1 h", "1 hour ago"),
        (2 * times.DAY, "2 d", "2 days ago"),
        (-times.HOUR, "now", "just now"),
    ],
)
def test_age_and_ago_use_the_largest_whole_unit(passed: int, age: str, ago: str) -> None:
    assert str(times.age(NOON - passed, NOON)) == age
    assert str(times.ago(NOON - passed, NOON)) == ago


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 ms"),
        (340_000, "340 ms"),
        (12 * times.SECOND, "12 s"),
        (192 * times.SECOND, "3 min 12 s"),
        (90 * times.MINUTE, "1 h 30 min"),
        (49 * times.HOUR, "2 d 1 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(length: int, said: str) -> None:
    assert str(times.span(length)) == said
