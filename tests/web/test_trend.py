from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from desktop_app.core.database import Connection, writing
from desktop_app.web import times, trend
from tests.web import sample

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_without_findings_there_is_no_trend(db: Connection) -> None:
    assert trend.trend(db, SHANGHAI, sample.NOW) is None


def test_findings_are_counted_on_the_day_of_the_site_they_were_first_seen(db: Connection, made: dict[str, int]) -> None:
    assert made
    found = trend.trend(db, SHANGHAI, sample.NOW)
    assert found is not None
    # Two of them were first seen in the night: in UTC it was still the day before.
    assert {str(one.date): one.count for one in found.days if one.count} == {"2026-11-20": 2, "2026-11-22": 3}
    assert found.totals == ((5, 1), (4, 1), (3, 2), (2, 1))
    assert (found.period, found.most, found.recent) == ("2026-10-24..2026-11-22", 3, True)


def test_a_desk_of_old_logs_shows_the_days_up_to_its_newest_finding(db: Connection, made: dict[str, int]) -> None:
    assert made
    found = trend.trend(db, SHANGHAI, sample.NOW + 400 * times.DAY)
    assert found is not None
    assert (found.period, found.recent) == ("2026-10-24..2026-11-22", False)


def test_the_fullest_day_fills_the_chart_and_pieces_stand_on_each_other(db: Connection, made: dict[str, int]) -> None:
    assert made
    found = trend.trend(db, SHANGHAI, sample.NOW)
    assert found is not None
    full = found.days[-1]
    assert [one.severity for one in full.parts] == [5, 4, 3]
    assert full.parts[-1].y == pytest.approx(trend.TOP, abs=0.05)
    assert sum(one.height for one in full.parts) == pytest.approx(trend.HEIGHT - trend.TOP, abs=0.05)
    assert full.x + full.width <= trend.WIDTH


def test_a_day_with_a_change_of_clocks_is_one_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = (times.midnight(dt.date(2026, 10, day), zone) for day in (25, 26))
    assert end - start == 25 * times.HOUR


def test_the_number_beside_a_day_is_what_its_link_shows(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    assert made
    with writing(db):
        db.execute("UPDATE findings SET first_seen = first_seen + 1 WHERE id = 4")
    overview = client.get("/").text
    assert 'href="/findings/?view=all&amp;first=2026-11-22" aria-label="2026-11-22: 3 findings"' in overview
    assert "/findings/?view=all&amp;sev=medium&amp;first=2026-10-24..2026-11-22" in overview
    shown = client.get("/findings/?view=all&first=2026-11-22").text
    assert shown.count('<li class="f') == 3
    assert '<span class="chip">First seen <b>2026-11-22</b></span>' in shown
    medium = client.get("/findings/?view=all&sev=medium&first=2026-10-24..2026-11-22").text
    assert medium.count('<li class="f') == 2
