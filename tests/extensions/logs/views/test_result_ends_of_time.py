"""A log may name any time: the first and the last day of all calendars are shown like others."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.core.model import moment
from desktop_app.web.app import create_app
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.views.conftest import make_desk

LINES = (
    "0001-01-01T00:00:00Z h sshd[1]: Failed password for root from 10.0.0.1 port 1 ssh2\n"
    "1969-12-31T23:59:59Z h app: before the epoch\n"
    "9999-12-31T23:59:59Z h sshd[1]: Failed password for root from 10.0.0.1 port 1 ssh2\n"
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk in Shanghai, where the last day of UTC lasts until the year 10000."""
    place = tmp_path_factory.mktemp("ends")
    made = make_desk(place / "desk")
    Path(place / "odd.log").write_text(LINES, encoding="utf-8")
    bring_in(made, [place / "odd.log"])
    return made


@pytest.mark.parametrize(
    "page",
    ["/", "/findings/", "/logs/", "/logs/rows", "/logs/histogram", "/logs/facets", "/logs/counting", "/logs/templates",
     "/logs/counting?by=host&every=1d", "/logs/field?field=host", "/logs/unusual", "/logs/timeline", "/logs/detections",
     "/logs/sources", "/logs/export?format=csv", "/report/"],
)  # fmt: skip
def test_a_page_stands_with_events_at_both_ends_of_time(odd: Desk, page: str) -> None:
    with create_app(odd).test_client() as client:
        assert client.get(page, follow_redirects=True).status_code == 200


def test_each_of_the_events_can_be_opened(odd: Desk) -> None:
    with odd.connection() as db, create_app(odd).test_client() as client:
        found = odd.events.page(db, Search()).rows
        assert [moment(one["time"]).year for one in found] == [9999, 1969, 1]
        for one in found:
            assert client.get(f"/logs/event/{one['id']}").status_code == 200
