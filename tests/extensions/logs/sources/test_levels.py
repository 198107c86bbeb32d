from __future__ import annotations

from desktop_app.extensions.logs.sources.levels import level_in


def test_a_level_is_looked_for_behind_the_time_and_not_far() -> None:
    assert level_in("ERROR 2026 x", 5) is None
    assert level_in("2026 ERROR x", 4) == "error"
    assert level_in(" " * 100 + "ERROR") is None


def test_three_letters_are_a_level_in_brackets_alone() -> None:
    assert level_in("2026 [WRN] valve", 4) == "warning"
    assert level_in("2026 the sum is INF", 4) is None
