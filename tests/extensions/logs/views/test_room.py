from __future__ import annotations

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.views import room
from desktop_app.web.app import create_app


def test_the_tabs_count_rules_that_are_on_and_imports_that_stand(pages: FlaskClient, read_desk: Desk) -> None:
    with read_desk.connection() as db:
        rules = sum(one.enabled and one.state == "ready" for one in catalogue.listing(db))
    page = pages.get("/logs/").text
    assert f"Detections<b>{rules}</b>" in page
    assert "Sources<b>1</b>" in page


def test_each_application_keeps_its_own_searches_and_verdicts(read_desk: Desk) -> None:
    kept = []
    for _ in range(2):
        with create_app(read_desk).app_context():
            kept += [room.running(), room.kept_verdicts()]
    assert len({id(one) for one in kept}) == 4
