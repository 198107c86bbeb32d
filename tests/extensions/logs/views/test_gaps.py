from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.store.live import Gap
from desktop_app.extensions.logs.views.gaps import MOST, drawn, said
from desktop_app.web import times
from desktop_app.web.app import create_app
from tests.extensions.logs.views.conftest import NOW

SITE = ZoneInfo("Asia/Shanghai")


def gap(minutes: float, long: float | None, reason: str = "closed", lost: int = 0) -> Gap:
    start = int(NOW - minutes * times.MINUTE)
    return Gap(1, "fw01", start, None if long is None else int(start + long * times.MINUTE), reason, lost)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (gap(60, 13), "fw01: not listening today 15:00:00 to 15:13:00: the program was closed"),
        (gap(60, None, "paused"), "fw01: not listening since today 15:00:00: it was paused"),
        (gap(60, 1, "crashed"), "fw01: not listening today 15:00:00 to 15:01:00: the program ended unexpectedly"),
        (gap(20 * 60, 10 * 60, "failed"),
         "fw01: not listening yesterday 20:00:00 to today 06:00:00: it could not listen"),
        (gap(60, 1, "rotated"),
         "fw01: not read to its end today 15:00:00 to 15:01:00: a file was deleted or overwritten"),
    ],
)  # fmt: skip
def test_a_gap_says_when_and_why(one: Gap, words: str) -> None:
    assert str(said(one, SITE, NOW)) == words


def test_lost_records_are_counted(own_desk: Desk) -> None:
    with create_app(own_desk).test_request_context():
        told = str(said(gap(60, 1, "flood", 1204), SITE, NOW))
    assert told.startswith("fw01: 1,204 records lost today 15:00:00")


def test_a_chart_shows_what_lies_in_it_and_the_longest_of_too_many(own_desk: Desk) -> None:
    start, end = NOW - times.HOUR, NOW - times.MINUTE
    found = [gap(90, 40), gap(30, None), gap(200, 10), *(gap(50 - n / 10, 0.01) for n in range(MOST))]
    with create_app(own_desk).test_request_context():
        shown = drawn(found, start, end)
    assert len(shown) == MOST
    assert (shown[0]["start"], shown[0]["end"]) == (start, int(NOW - 50 * times.MINUTE)), "cut at the edge"
    assert shown[-1]["end"] == end, "one that goes on reaches to the edge"
