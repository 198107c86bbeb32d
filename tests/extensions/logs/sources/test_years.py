from __future__ import annotations

import numpy as np

from desktop_app.core.model import moment
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.years import with_years
from tests.extensions.logs.sources.reading import NOW, utc


def years(*days: tuple[int, int], reading: Reading | None = None, first: int = 1) -> list[int]:
    reading = reading or Reading("x", reference=NOW)
    column = np.array([utc(2000, *day) for day in days], np.int64)
    found = with_years(column, np.arange(first, first + len(days), dtype=np.int64), reading)
    return [moment(int(at)).year for at in found]


def test_the_latest_year_that_is_not_in_the_future() -> None:
    assert years((5, 1)) == [2026]
    assert years((6, 1)) == [2025]


def test_a_day_ahead_is_allowed_for_clocks_that_differ() -> None:
    assert years((5, 21)) == [2026]
    assert years((5, 22)) == [2025]


def test_the_year_turns_where_january_follows_december() -> None:
    assert years((11, 1), (12, 31), (1, 1), (5, 1)) == [2025, 2025, 2026, 2026]


def test_a_file_over_several_years_ends_in_the_last_one() -> None:
    assert years((3, 1), (12, 1), (2, 1), (11, 1), (4, 1)) == [2024, 2024, 2025, 2025, 2026]


def test_a_long_silence_over_new_year_turns_the_year_too() -> None:
    assert years((8, 1), (3, 1)) == [2025, 2026]


def test_a_late_line_of_december_belongs_to_the_old_year() -> None:
    assert years((12, 31), (1, 1), (12, 31), (1, 1)) == [2025, 2026, 2025, 2026]


def test_lines_a_little_out_of_order_turn_no_year() -> None:
    assert years((5, 2), (5, 1), (4, 30)) == [2026, 2026, 2026]


def test_the_next_batch_goes_on_in_the_same_year() -> None:
    reading = Reading("x", reference=NOW)
    assert years((12, 30), (12, 31), reading=reading) == [2025, 2025]
    assert years((1, 1), reading=reading, first=3) == [2026]


def test_the_same_lines_in_pieces_and_any_order_get_the_same_years() -> None:
    reading = Reading("x", reference=NOW)
    assert years((12, 30), (1, 1), (12, 1), (5, 1), reading=reading) == [2024, 2025, 2025, 2026]
    assert years((12, 1), reading=reading, first=3) == [2025]
    assert years((12, 30), reading=reading, first=1) == [2024]
    assert years((5, 1), reading=reading, first=4) == [2026]


def test_nothing_lies_in_the_future_even_in_a_later_batch_and_the_doubt_is_told() -> None:
    reading = Reading("x", reference=NOW)
    years((5, 1), reading=reading)
    assert years((12, 1), (3, 1), (12, 1), reading=reading, first=2) == [2025, 2026, 2025]
    assert any("uncertain" in str(note) for note in reading.notes)


def test_29_february_of_a_year_without_it_is_1_march() -> None:
    column = np.array([utc(2000, 2, 29, 10), utc(2000, 3, 1, 10)], np.int64)
    found = with_years(column, np.array([1, 2], np.int64), Reading("x", reference=NOW))
    assert found.tolist() == [utc(2026, 3, 1, 10), utc(2026, 3, 1, 10)]


def test_a_file_that_jumps_all_the_time_stays_bounded() -> None:
    reading = Reading("x", reference=NOW)
    assert len(years(*[(1, 1), (12, 31)] * 3000, reading=reading)) == 6000
    assert len(reading.state["years"]) <= 1001
