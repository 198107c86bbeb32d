from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.cadence import EVERY, Cadence, before, last_until, next_after
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, micros, moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [SHANGHAI, BERLIN, ZoneInfo("UTC"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")]


def at(words: str, zone: ZoneInfo) -> Micros:
    return micros(dt.datetime.fromisoformat(words).replace(tzinfo=zone))


def following(cadence: Cadence, words: str, zone: ZoneInfo) -> str:
    found = moment(next_after(cadence, at(words, zone), zone)).astimezone(zone)
    return found.strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("cadence", "after", "expected"),
    [
        (Cadence("day", 6, 30), "2026-11-22 06:29", "Sun 2026-11-22 06:30"),
        (Cadence("day", 6, 30), "2026-11-22 06:30", "Mon 2026-11-23 06:30"),
        (Cadence("week", 8, 0, weekday=0), "2026-11-22 12:00", "Mon 2026-11-23 08:00"),
        (Cadence("week", 8, 0, weekday=6), "2026-11-22 12:00", "Sun 2026-11-29 08:00"),
        (Cadence("month", 0, 0, day=31), "2026-11-22 12:00", "Mon 2026-11-30 00:00"),
        (Cadence("month", 0, 0, day=31), "2026-11-30 00:00", "Thu 2026-12-31 00:00"),
        (Cadence("month", 9, 0, day=1), "2026-12-05 00:00", "Fri 2027-01-01 09:00"),
        (Cadence("hour", minute=15), "2026-11-22 12:15", "Sun 2026-11-22 13:15"),
    ],
)
def test_the_next_time_lies_strictly_after(cadence: Cadence, after: str, expected: str) -> None:
    assert following(cadence, after, SHANGHAI) == expected


def test_a_time_that_summer_time_leaves_out_comes_after_the_change() -> None:
    assert following(Cadence("day", 2, 30), "2026-03-28 12:00", BERLIN) == "Sun 2026-03-29 03:30"
    assert following(Cadence("day", 2, 30), "2026-03-29 12:00", BERLIN) == "Mon 2026-03-30 02:30"


def test_a_time_that_comes_twice_counts_once() -> None:
    nightly = Cadence("day", 2, 30)
    first = next_after(nightly, at("2026-10-24 12:00", BERLIN), BERLIN)
    second = next_after(nightly, first, BERLIN)
    assert (second - first) == 25 * 3_600_000_000
    assert moment(first).isoformat() == "2026-10-25T00:30:00+00:00"


def test_an_hourly_time_is_of_the_clock_on_the_wall() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    assert following(Cadence("hour", minute=0), "2026-11-22 12:10", kolkata) == "Sun 2026-11-22 13:00"


CADENCES = st.builds(
    Cadence, st.sampled_from(EVERY), st.integers(0, 23), st.integers(0, 59), st.integers(0, 6), st.integers(1, 31)
)


@given(cadence=CADENCES, zone=st.sampled_from(ZONES), moment=st.integers(10**15, 2 * 10**15))
def test_next_and_last_enclose_every_moment(cadence: Cadence, zone: ZoneInfo, moment: int) -> None:
    last, following = last_until(cadence, moment, zone), next_after(cadence, moment, zone)
    assert last <= moment < following
    assert next_after(cadence, last, zone) == following
    assert before(cadence, following, zone) == last


def test_what_is_stored_is_read_back() -> None:
    weekly = Cadence("week", 7, 5, weekday=4)
    assert Cadence.from_json(weekly.to_json()) == weekly


@pytest.mark.parametrize(
    ("cadence", "said"),
    [
        (Cadence("hour", minute=5), "every hour at minute 05"),
        (Cadence("day", 6, 5), "every day at 06:05"),
        (Cadence("week", 6, 5, weekday=6), "every Sunday at 06:05"),
        (Cadence("month", 6, 5, day=31), "every month on day 31 at 06:05"),
    ],
)
def test_a_cadence_is_said_in_words(cadence: Cadence, said: str) -> None:
    assert str(cadence.told()) == said


@pytest.mark.parametrize("wrong", [{"hour": 24}, {"minute": 60}, {"day": 0}, {"weekday": 7}, {"every": "blue moon"}])
def test_a_time_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="names no time"):
        Cadence.from_json(Cadence().to_json() | wrong)
