from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.answers.windows import FIRST_SEGMENTS, windows
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.writer import EARLIEST, LATEST
from desktop_app.core.model import LogSource
from tests.core.events.made import DAY, HOUR, START


def segment(first: int, last: int, events: int = 1000) -> Segment:
    return Segment(1, "", 1, 1, LogSource(), first, last, 1, events, events, 1, "", zone_assumed=False)


SPANS = st.lists(
    st.tuples(st.integers(-5, 40), st.integers(0, 30), st.integers(1, 10**6)).map(
        lambda told: segment(told[0], told[0] + told[1], told[2])
    ),
    min_size=1,
    max_size=12,
)


@given(SPANS, st.none() | st.integers(-10, 80), st.booleans())
def test_spans_join_and_reach_from_the_start_to_the_last_event(
    segments: list[Segment],
    start: int | None,
    newest_first: bool,  # noqa: FBT001 - drawn
) -> None:
    found = list(windows(segments, start, newest_first=newest_first))
    low, high = min(one.min_time for one in segments), max(one.max_time for one in segments)
    assert all(begin < end for begin, end in found)
    if newest_first:
        assert all(one[0] == other[1] for one, other in pairwise(found))
        wanted = range(low, (high if start is None else min(start, high)) + 1)
    else:
        assert all(one[1] == other[0] for one, other in pairwise(found))
        wanted = range(low if start is None else max(start, low), high + 1)
    covered = {time for begin, end in found for time in range(begin, end)}
    assert covered >= set(wanted)


def test_a_first_look_at_much_is_short() -> None:
    ((first, end), *_) = windows([segment(START, START + DAY, 2_000_000)], None, newest_first=True)
    assert (end, end - first < DAY / 50) == (START + DAY + 1, True)
    ((begin, last), *_) = windows([segment(START, START + DAY, 2_000_000)], START + HOUR, newest_first=False)
    assert (begin, last - begin < DAY / 50) == (START + HOUR, True)


def test_no_more_than_a_few_segments_are_opened_at_once() -> None:
    many = [segment(START + n * HOUR, START + n * HOUR + 1, 1) for n in range(100)]
    first, *_ = windows(many, None, newest_first=True)
    assert sum(one.min_time < first[1] and one.max_time >= first[0] for one in many) == FIRST_SEGMENTS


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_first_and_the_last_time_that_calendars_have_are_reached(*, newest_first: bool) -> None:
    found = list(
        windows([segment(EARLIEST, EARLIEST + 3), segment(LATEST - 3, LATEST)], None, newest_first=newest_first)
    )
    assert (min(one for one, _ in found), max(one for _, one in found)) == (EARLIEST, LATEST + 1)


def test_nothing_is_looked_through_in_nothing() -> None:
    assert list(windows([], None, newest_first=True)) == []
