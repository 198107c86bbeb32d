from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources.stamps import STAMPS, by_id, choose, read
from desktop_app.extensions.logs.sources.times import INVALID, LOCAL, YEARLESS
from tests.extensions.logs.sources.reading import utc

AT = utc(2026, 5, 4, 6, 7, 8)
WAYS = [
    ("iso", "2026-05-04T06:07:08Z x", AT),
    ("iso", "2026-05-04 06:07:08.250 x", AT + 250_000 + LOCAL),
    ("iso", "app.log.1.2017-05-16_13:53:08 2026-05-04 06:07:08 x", AT + LOCAL),
    ("iso", "- 1117838570 R02 2026-05-04-06.07.08.000005 x", AT + 5 + LOCAL),
    ("compact", "20260504-6:7:8:50|x", AT + 50_000 + LOCAL),
    ("basic", "20260504T060708Z x", AT),
    ("clf", "[04/May/2026:06:07:08 +0000] x", AT),
    ("words", "04 May 2026 06:07:08,5 x", AT + 500_000 + LOCAL),
    ("words", "4-May-2026 06:07:08 x", AT + LOCAL),
    ("ctime", "[Mon May  4 06:07:08 2026] x", AT + LOCAL),
    ("american", "May 4, 2026 6:07:08 AM x", AT + LOCAL),
    ("chinese", "2026年5月4日 06:07:08 x", AT + LOCAL),
    ("us-half", "5/4/2026 6:07:08 AM x", AT + LOCAL),
    ("us-half", "5/4/2026 6:07:08 PM x", AT + 12 * 3600 * 1_000_000 + LOCAL),
    ("day-first", "04.05.2026 06:07:08 x", AT + LOCAL),
    ("month-first", "05/24/2026 06:07:08 x", AT + 20 * 86_400 * 1_000_000 + LOCAL),
    ("short-year", "26/05/04 06:07:08 x", AT + LOCAL),
    ("digits", "260504 060708 148 INFO x", AT + LOCAL),
    ("epoch", "x 1777874828 y", AT),
    ("epoch", "1777874828.25 y", AT + 250_000),
    ("yearless", "May  4 06:07:08 x", utc(2000, 5, 4, 6, 7, 8) + YEARLESS),
    ("android", "05-04 06:07:08.250 x", utc(2000, 5, 4, 6, 7, 8) + 250_000 + YEARLESS),
    ("glog", "W0504 06:07:08.000001 x", utc(2000, 5, 4, 6, 7, 8) + 1 + YEARLESS),
]


@pytest.mark.parametrize(("name", "line", "code"), WAYS)
def test_a_way_to_write_a_time_is_chosen_and_read(name: str, line: str, code: int) -> None:
    chosen = choose([line])
    assert chosen is not None
    assert chosen.id == name
    found = chosen.find(line)
    assert found is not None
    assert read(found) == code


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "version 1.2.3",
        "99/99/9999 99:99:99",
        "2026-13-45 00:00:00",
        "192.168.100.100:8080",
        "phone 0171 1234567",
    ],
)
def test_other_lines_hold_no_time(line: str) -> None:
    assert choose([line]) is None


def test_the_way_most_lines_use_wins() -> None:
    chosen = choose(["2026-05-04 06:07:08 x"] + ["04/May/2026:06:07:08 +0000"] * 5)
    assert chosen is not None
    assert chosen.id == "clf"


def test_a_time_far_into_a_line_is_not_looked_for() -> None:
    assert choose(["x" * 200 + " 2026-05-04 06:07:08"]) is None


def test_ways_are_known_by_name() -> None:
    assert by_id("iso") is STAMPS[0]
    assert by_id(None) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(line: str) -> None:
    for stamp in STAMPS:
        found = stamp.find(line)
        assert found is None or read(found) >= INVALID
