"""Lessons: the columns that lines seem to have, and what a format makes of lines."""

from __future__ import annotations

import datetime as dt

from desktop_app.core.model import micros
from desktop_app.extensions.logs.service import teaching
from desktop_app.extensions.logs.sources.taught.definition import Definition
from tests.extensions.logs.jobs.test_format import BOILER, LINES


def test_a_table_is_seen_by_its_header_and_its_time_by_the_values() -> None:
    table = teaching.table_of(["Zeit;Waage;message", "20.11.2026 08:00:01;W1;ok", "20.11.2026 08:00:02;W2;ok"])
    assert table is not None
    assert (table.delimiter, table.header, table.columns) == (";", True, ("@timestamp", "Waage", "message"))


def test_a_table_without_a_header_takes_the_sign_that_makes_the_most_columns() -> None:
    table = teaching.table_of(["20.11.2026 08:00:01;W1;12,5", "20.11.2026 08:00:02;W2;13,5"])
    assert table is not None
    assert (table.delimiter, table.header, table.columns) == (";", False, ("@timestamp", "", ""))


def test_lines_of_different_widths_are_no_table() -> None:
    assert teaching.table_of(["a b", "c d e"]) is None
    assert teaching.table_of(["a,b", "c,d,e", "x"]) is None


def test_a_trial_says_what_fits_and_reads_times_in_the_zone_of_the_site() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    settled, tried = teaching.try_on(BOILER, [*LINES.splitlines(), "noise"], shanghai)
    assert (tried.total, tried.fit, tried.timed, settled.time) == (3, 2, 2, "iso")
    assert tried.rows[0].time == micros(dt.datetime(2026, 11, 20, 8, 0, 1, tzinfo=shanghai))
    assert tried.rows[2].columns is None


def test_days_before_months_are_told_by_all_the_lines() -> None:
    pattern = Definition("x", "x", "%{@timestamp} %{+@timestamp} %{message}")
    settled, _ = teaching.try_on(pattern, ["03/04/2026 08:00:01 a", "28/04/2026 08:00:01 b"])
    assert settled.time == "day-first"


def test_samples_are_bounded() -> None:
    lines = teaching.cleaned("\n\n" + "x" * 5000 + "\n" + "y\n" * 1000)
    assert len(lines) == teaching.SAMPLE_LINES
    assert len(lines[0]) == teaching.LONGEST_LINE
