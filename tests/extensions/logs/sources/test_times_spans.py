from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.core.spans import Spans
from desktop_app.extensions.logs.sources.times import VALID, clf_codes, iso_codes, yearless_codes
from desktop_app.extensions.logs.sources.times_spans import Read, bsd, clf, iso

CLF = "10/Oct/2025:13:55:36 -0700"
BSD = "Oct  9 13:55:36"
ISO = "2025-10-09T13:55:36"


def near(stamp: str) -> st.SearchStrategy[str]:
    """Return stamps that differ from one in a few characters."""
    changes = st.lists(st.tuples(st.integers(0, len(stamp) - 1), st.sampled_from("0123569 :/-+TZABJanx")), max_size=3)
    return changes.map(lambda told: _changed(stamp, told))


def _changed(stamp: str, changes: list[tuple[int, str]]) -> str:
    signs = list(stamp)
    for at, sign in changes:
        signs[at] = sign
    return "".join(signs)


def _column(stamp: str) -> Spans:
    return Spans.of([stamp])


@given(near(CLF))
@example("29/Feb/2024:23:59:60 +0530")
@example("30/Feb/2024:23:59:59 +0530")
def test_a_stamp_of_apache_is_read_as_it_is_alone(stamp: str) -> None:
    column = _column(stamp)
    assert _agrees(clf(column.buffer, column.start), int(clf_codes([stamp])[0]))


@given(near(BSD))
@example("Feb 29 00:00:00")
@example("Feb 30 00:00:00")
def test_a_stamp_of_syslog_is_read_as_it_is_alone(stamp: str) -> None:
    column = _column(stamp)
    assert _agrees(bsd(column.buffer, column.start), int(yearless_codes([stamp])[0]))


ENDS = (
    "",
    "Z",
    ".5Z",
    ".123",
    ",123456+02:00",
    ".1234567-0330",
    ".123456789Z",
    ".1234567890Z",
    "+02",
    ".",
    " UTC",
    "z",
)


@given(near(ISO), st.sampled_from(ENDS))
def test_a_stamp_of_iso_8601_is_read_as_it_is_alone(stamp: str, end: str) -> None:
    column = _column(stamp + end)
    assert _agrees(iso(column.buffer, column.start, column.length), int(iso_codes([stamp + end])[0]))


def _agrees(found: Read, wanted: int) -> bool:
    """Say whether a stamp was read as it is alone, or left to be read alone."""
    codes, fine = found
    return not fine[0] or int(codes[0]) == wanted


@pytest.mark.parametrize("stamp", [CLF, "01/jan/2025:00:00:00 +0000"])
def test_common_stamps_of_apache_are_read(stamp: str) -> None:
    column = _column(stamp)
    assert bool(clf(column.buffer, column.start)[1][0])


@pytest.mark.parametrize("stamp", [BSD, "Oct 31 23:59:59"])
def test_common_stamps_of_syslog_are_read(stamp: str) -> None:
    column = _column(stamp)
    assert bool(bsd(column.buffer, column.start)[1][0])


@pytest.mark.parametrize("end", ["", "Z", ".5Z", ".123", ",123456+02:00", ".1234567-0330", ".123456789Z"])
def test_common_stamps_of_iso_8601_are_read(end: str) -> None:
    column = _column(ISO + end)
    assert bool(iso(column.buffer, column.start, column.length)[1][0])


@pytest.mark.parametrize("read", [lambda one: clf(one.buffer, one.start), lambda one: bsd(one.buffer, one.start)])
def test_what_is_no_time_is_said_so(read: Callable[[Spans], Read]) -> None:
    codes, fine = read(Spans.of(["no time at all stands here", "x"]))
    assert not fine.any()
    assert (codes < VALID).all()


@given(st.lists(st.sampled_from([ISO, "2025-10-09 13:55:37", "2024-02-29T00:00:00", "2025-10-09T13:55:61", "x"]),
    min_size=1), st.lists(st.sampled_from(ENDS), min_size=1))  # fmt: skip
def test_stamps_that_follow_each_other_are_read_as_each_alone(stamps: list[str], ends: list[str]) -> None:
    column = Spans.of([stamp + ends[row % len(ends)] for row, stamp in enumerate(stamps)])
    codes, fine = iso(column.buffer, column.start, column.length)
    for row in range(len(stamps)):
        alone = iso(column.buffer, column.start[row : row + 1], column.length[row : row + 1])
        assert (int(codes[row]), bool(fine[row])) == (int(alone[0][0]), bool(alone[1][0]))


def test_a_block_of_stamps_is_read_at_once() -> None:
    stamps = [f"{day:02d}/Oct/2025:00:00:{day:02d} +0000" for day in (1, 1, 2, 31, 2)]
    column = Spans.of(stamps)
    codes, fine = clf(column.buffer, column.start)
    assert fine.all()
    assert np.array_equal(codes, clf_codes(stamps))
