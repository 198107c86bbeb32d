from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.core.model import LEVELS, LogSource, Severity, Status, Verdict, local, micros, moment, now, stamp
from tests.core.events.made import batch


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (LogSource("windows", "", "security"), "windows-any-security"),
        (LogSource(category="webserver", service="access"), "any-webserver-access"),
        (LogSource(), "any-any-any"),
    ],
)
def test_a_log_source_has_a_stable_name(source: LogSource, name: str) -> None:
    assert source.name == name


def test_a_batch_is_as_long_as_its_times() -> None:
    assert len(batch([{}, {}, {}])) == 3
    assert len(batch([])) == 0


@pytest.mark.parametrize("value", [0, -1, 1_795_183_200_123_456, -62_135_596_800_000_000, 253_402_300_799_999_999])
def test_times_come_back_to_the_microsecond(value: int) -> None:
    assert micros(moment(value)) == value
    assert moment(value).tzinfo is dt.UTC


def test_a_time_of_any_zone_is_the_same_instant() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    assert micros(dt.datetime(2026, 11, 20, 22, 0, tzinfo=shanghai)) == 1_795_183_200_000_000


def test_now_is_between_two_looks_at_the_clock() -> None:
    before = dt.datetime.now(dt.UTC)
    assert before <= moment(now()) <= dt.datetime.now(dt.UTC)


def test_the_words_are_those_of_ocsf() -> None:
    assert [(one.value, one.name) for one in Severity] == [
        (1, "INFORMATIONAL"), (2, "LOW"), (3, "MEDIUM"), (4, "HIGH"), (5, "CRITICAL"),
    ]  # fmt: skip
    assert [one.value for one in Status] == ["new", "in_progress", "suppressed", "resolved", "archived"]
    assert {one.value for one in Verdict} == {"true_positive", "false_positive", "benign", "duplicate"}
    assert LEVELS == ("critical", "error", "warning", "info", "debug")


@pytest.mark.parametrize("value", [-(1 << 62), 1 << 62, micros(dt.datetime.max.replace(tzinfo=dt.UTC)) + 1])
def test_what_lies_beyond_all_calendars_is_the_nearest_moment_there_is(value: int) -> None:
    assert moment(value).year in {1, 9999}
    assert local(value, dt.timezone(dt.timedelta(hours=8 if value > 0 else -8))) == moment(value)


def test_a_moment_has_a_local_time() -> None:
    assert local(0, dt.timezone(dt.timedelta(hours=8))).hour == 8


def test_a_moment_is_written_in_utc() -> None:
    assert stamp(1_795_183_200_000_000) == "2026-11-20T14:00:00Z"
    assert stamp(1_795_183_200_000_001) == "2026-11-20T14:00:00.000001Z"
    assert stamp(None) is None
