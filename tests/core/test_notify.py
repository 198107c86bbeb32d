from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.core import notify
from desktop_app.core.model import Micros, Severity, micros
from desktop_app.core.notify import Fresh, Item, Policy, Quiet

MINUTE = 60 * notify.SECOND
HOUR = 60 * MINUTE


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> Micros:
    return micros(dt.datetime(2026, month, day, hour, minute, tzinfo=dt.UTC))


def new(severity: Severity = Severity.HIGH, *, attended: bool = False) -> Fresh:
    return Fresh(1, severity, 0, attended)


def item(number: int, severity: Severity = Severity.HIGH) -> Item:
    return Item(number, severity, f"Finding {number}", "web01")


def test_only_findings_from_the_threshold_on_are_told() -> None:
    policy = Policy(Severity.HIGH)
    assert notify.wanted(policy, new(Severity.HIGH))
    assert not notify.wanted(policy, new(Severity.MEDIUM))


def test_what_a_persons_own_import_found_is_told_only_when_asked_for() -> None:
    assert not notify.wanted(Policy(Severity.LOW), new(attended=True))
    assert notify.wanted(Policy(Severity.LOW, own_imports=True), new(attended=True))


@pytest.mark.parametrize(
    ("hour", "end"),
    [(13, None), (14, at(22, 22)), (21, at(22, 22)), (22, None), (23, None)],
)
def test_quiet_hours_over_midnight_are_those_of_the_site(hour: int, end: Micros | None) -> None:
    # 22:00 to 06:00 in Shanghai is 14:00 to 22:00 UTC.
    assert Quiet(22 * 60, 6 * 60, "Asia/Shanghai").end_of(at(22, hour)) == end


def test_quiet_hours_within_a_day_end_that_day() -> None:
    quiet = Quiet(9 * 60, 17 * 60, "UTC")
    assert quiet.end_of(at(22, 8, 59)) is None
    assert quiet.end_of(at(22, 9)) == at(22, 17)
    assert quiet.end_of(at(22, 17)) is None


def test_quiet_hours_end_by_the_clock_of_the_site_when_daylight_saving_changes() -> None:
    # Berlin turns its clocks back in the night to 25 October: six in the morning is then 05:00 UTC, not 04:00.
    quiet = Quiet(22 * 60, 6 * 60, "Europe/Berlin")
    assert quiet.end_of(at(24, 21, month=10)) == at(25, 5, month=10)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("22:30", 1350), ("6:05", 365), ("24:00", None), ("7:60", None), ("", None), ("7", None), ("٣:00", None)],
)
def test_a_time_of_day_is_read_or_refused(words: str, expected: int | None) -> None:
    assert notify.minutes(words) == expected


def test_empty_or_equal_times_make_no_quiet_hours() -> None:
    assert notify.quiet("", "06:00", "UTC") is None
    assert notify.quiet("06:00", "06:00", "UTC") is None
    assert notify.quiet("22:00", "06:00", "UTC") == Quiet(1320, 360, "UTC")


def test_a_message_waits_for_the_gap_the_pause_and_the_quiet_hours() -> None:
    noon = at(22, 12)
    assert notify.earliest(Policy(Severity.HIGH), noon, 0) == noon
    assert notify.earliest(Policy(Severity.HIGH, gap=MINUTE), noon, noon - notify.SECOND) == noon + 59 * notify.SECOND
    assert notify.earliest(Policy(Severity.HIGH, paused_until=noon + HOUR), noon, 0) == noon + HOUR
    quiet = Quiet(12 * 60 + 30, 14 * 60, "UTC")
    paused_into_quiet = Policy(Severity.HIGH, quiet, paused_until=noon + HOUR)
    assert notify.earliest(paused_into_quiet, noon, 0) == at(22, 14)


def test_failed_deliveries_are_tried_ever_more_seldom_but_at_least_hourly() -> None:
    waits = [notify.retry_after(attempts) // MINUTE for attempts in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_one_finding_is_told_by_its_name_and_opens_at_a_click() -> None:
    message = notify.compose([item(7)])
    assert str(message.headline) == "Finding 7"
    assert [str(line) for line in message.lines] == ["web01"]
    assert message.path == "/findings/?id=7"


def test_many_findings_become_one_message_that_names_the_gravest() -> None:
    message = notify.compose([item(number) for number in range(1, 6)] + [item(9, Severity.CRITICAL)])
    assert str(message.headline) == "6 new findings"
    assert [one.finding_id for one in message.items] == [9, 1, 2]
    assert str(message.lines[-1]) == "and 3 more"
    assert message.severity is Severity.CRITICAL
    assert message.path == "/findings/"


def test_a_percent_sign_in_a_title_is_told_as_it_is() -> None:
    percent = Item(1, Severity.HIGH, "Disk at 100 % of %(size)s", "web01")
    assert str(notify.compose([percent]).headline) == "Disk at 100 % of %(size)s"
    assert "100 % of %(size)s" in str(notify.compose([percent, item(2)]).lines[0])
