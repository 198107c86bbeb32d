from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.core.events.terms.moments import span
from desktop_app.core.model import micros


def at(*parts: int) -> int:
    return micros(dt.datetime(*parts, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2026-02", at(2026, 2, 1), at(2026, 3, 1)),
        ("2026-03-01", at(2026, 3, 1), at(2026, 3, 2)),
        ("2026-03-01T14", at(2026, 3, 1, 14), at(2026, 3, 1, 15)),
        ("2026-03-01 14:30", at(2026, 3, 1, 14, 30), at(2026, 3, 1, 14, 31)),
        ("2026-03-01T14:30:05Z", at(2026, 3, 1, 14, 30, 5), at(2026, 3, 1, 14, 30, 6)),
        ("2026-03-01T14:30:05.25", at(2026, 3, 1, 14, 30, 5, 250_000), at(2026, 3, 1, 14, 30, 5, 260_000)),
        ("2026-03-01T14:30+08:00", at(2026, 3, 1, 6, 30), at(2026, 3, 1, 6, 31)),
        ("2026-03-01T14:30-0330", at(2026, 3, 1, 18), at(2026, 3, 1, 18, 1)),
    ],
)
def test_a_time_names_the_span_it_is_precise_to(typed: str, start: int, end: int) -> None:
    assert span(typed) == (start, end)


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-13", "2026-02-30", "20260301", "9999", "2026-03-01T25:00",
                                   "2026-03-01T10:00+99:00", "0000-01-01"])  # fmt: skip
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert span(typed) is None
