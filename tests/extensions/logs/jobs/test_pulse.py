from __future__ import annotations

from desktop_app.extensions.logs.jobs.pulse import ENOUGH, SECOND, Pulse
from desktop_app.extensions.logs.store.live import MINUTE, SHORTEST


def steady(step: int, number: int = ENOUGH) -> Pulse:
    """A source that says something every ``step``."""
    pulse = Pulse(0, None, 0)
    for turn in range(1, number + 1):
        pulse.heard(turn * step, turn * step, 1, turn * step)
    return pulse


def test_the_rate_is_that_of_the_last_minute() -> None:
    pulse = steady(SECOND, 60)
    assert pulse.told(60 * SECOND)["rate"] == 1.0
    assert pulse.told(180 * SECOND)["rate"] == 0.0


def test_the_lag_is_from_an_events_own_time_to_its_arrival() -> None:
    pulse = Pulse(0, None, 0)
    pulse.heard(10 * SECOND, 10 * SECOND, 1, 7 * SECOND)
    assert pulse.told(10 * SECOND)["lag"] == 3 * SECOND


def test_silence_is_four_times_the_longest_usual_pause() -> None:
    pulse = steady(10 * MINUTE)
    last = ENOUGH * 10 * MINUTE
    assert pulse.silent(None, last + 39 * MINUTE) is None
    said = pulse.silent(None, last + 41 * MINUTE)
    assert said is not None
    assert said[0] == {
        "event.action": "source-silent",
        "watchdesk.silent_minutes": "41",
        "watchdesk.silent_since": "1970-01-01 03:20:00Z",
    }
    assert pulse.silent(None, last + 50 * MINUTE) is None, "it is told once"
    since = pulse.heard(last + 60 * MINUTE, last + 60 * MINUTE, 1, None)
    assert since == last
    assert pulse.back(last)[0]["watchdesk.silent_minutes"] == "60"


def test_a_busy_source_is_not_silent_for_a_moment() -> None:
    assert steady(SECOND).threshold(None) == SHORTEST


def test_nothing_is_learned_of_a_source_that_hardly_said_anything() -> None:
    assert steady(SECOND, 3).silent(None, 10**15) is None
    assert Pulse(MINUTE, 0, 0).threshold(None) == SHORTEST, "what was learned before holds"


def test_a_thousand_lines_at_once_teach_nothing_of_pauses_neither_now_nor_after_a_restart() -> None:
    pulse = Pulse(0, None, 0)
    for turn in (1, 2):
        pulse.heard(turn * SECOND, turn * SECOND, 1000, None)
    assert pulse.threshold(None) is None
    assert Pulse(int(pulse.told(3 * SECOND)["pause"]), 2 * SECOND, 3 * SECOND).threshold(None) is None
    assert steady(10 * MINUTE).told(0)["pause"] == 10 * MINUTE


def test_a_person_says_better_and_zero_is_never() -> None:
    pulse = steady(SECOND)
    assert pulse.threshold(0) is None
    assert pulse.threshold(2) == 2 * MINUTE


def test_time_in_which_nobody_listened_is_no_silence() -> None:
    pulse = steady(SECOND)
    pulse.begin(100 * MINUTE)
    assert pulse.silent(None, 104 * MINUTE) is None
    assert pulse.silent(None, 106 * MINUTE) is not None
