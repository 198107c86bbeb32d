"""The stage of the sample data."""

from __future__ import annotations

import itertools
import random

from desktop_app.extensions.logs.sources.demo_story import HOUR, SECOND, Story, clf, iso, zulu

NOW = 1_767_323_045_678_901


def story() -> Story:
    return Story(NOW, random.Random(1))


def test_times_are_written_as_each_program_writes_them() -> None:
    assert iso(NOW) == "2026-01-02T03:04:05.678901+00:00"
    assert zulu(NOW) == "2026-01-02T03:04:05.678901Z"
    assert clf(NOW) == "02/Jan/2026:03:04:05 +0000"


def test_moments_are_sorted_and_denser_by_day() -> None:
    found = story().moments(4000)
    assert found == sorted(found)
    assert found[-1] <= story().end
    by_day = sum(6 <= time // HOUR % 24 < 18 for time in found)
    assert by_day > 2 * (len(found) - by_day)


def test_a_burst_goes_on_from_its_start() -> None:
    times = list(story().burst(NOW, 20, 2.0))
    assert times[0] == NOW
    assert all(0 < later - earlier < 4 * SECOND for earlier, later in itertools.pairwise(times))


def test_hours_before_now() -> None:
    assert story().before(2, 30) == NOW - 2 * HOUR + 30 * SECOND
