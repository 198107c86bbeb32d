from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.model import micros
from desktop_app.extensions.logs.views.ticks import MOST, ticks

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(*parts: int, zone: ZoneInfo = SHANGHAI) -> int:
    return micros(dt.datetime(*parts, tzinfo=zone))  # type: ignore[misc, arg-type] # year to second


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        (at(2026, 11, 22, 14), at(2026, 11, 22, 15), "14:00 14:10 14:20 14:30 14:40 14:50 15:00"),
        (at(2026, 11, 22, 23, 40), at(2026, 11, 23), "23:40 23:45 23:50 23:55 00:00"),
        (at(2026, 11, 20), at(2026, 11, 21, 1), "11-20_00:00 11-20_03:00 11-20_06:00 11-20_09:00 11-20_12:00"),
        (at(2005, 6, 1), at(2026, 7, 1), "2010 2015 2020 2025"),
        (at(2026, 1, 15), at(2026, 7, 15), "2026-02 2026-03 2026-04 2026-05 2026-06 2026-07"),
    ],
)
def test_ticks_are_round_in_the_time_of_the_site(start: int, end: int, labels: str) -> None:
    shown = [label for _, label in ticks(start, end, SHANGHAI)]
    wanted = [one.replace("_", " ") for one in labels.split()]
    assert shown[: len(wanted)] == wanted


def test_an_hour_that_the_clock_skips_does_not_end_the_chart() -> None:
    shown = ticks(at(2026, 3, 29, 0, zone=BERLIN), at(2026, 3, 29, 6, zone=BERLIN), BERLIN)
    assert [label for _, label in shown] == ["00:00", "01:00", "03:00", "04:00", "05:00", "06:00"]


def test_no_time_at_all_has_no_ticks() -> None:
    assert ticks(5, 5, SHANGHAI) == []


@given(st.integers(0, 4_000_000_000_000_000), st.integers(1, 4_000_000_000_000_000))
def test_ticks_lie_in_the_chart_in_order_and_are_few(start: int, length: int) -> None:
    places = [place for place, _ in ticks(start, start + length, SHANGHAI)]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)
    assert len(places) <= MOST + 1
