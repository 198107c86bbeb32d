from __future__ import annotations

from flask.testing import FlaskClient

from desktop_app.core.database import writing
from desktop_app.core.desk import Desk


def test_rules_that_nothing_can_make_fire_are_counted_with_a_way_to_them(pages: FlaskClient) -> None:
    page = pages.get("/logs/unseen").text
    assert '<li><a href="/logs/detections?state=blocked">' in page
    assert "rules could not fire: nothing that was read holds what they need" in page


def test_files_without_a_zone_of_their_own_are_counted(pages: FlaskClient) -> None:
    assert "1 file told no time zone: that of the site was taken" in pages.get("/logs/unseen").text


def test_logs_of_this_computer_that_were_closed_are_counted(client: FlaskClient, own_desk: Desk) -> None:
    hidden = '{"hidden": [{"what": {"id": "The security log", "params": {}}, "command": "sudo"}]}'
    with own_desk.connection() as db, writing(db):
        db.execute(
            "INSERT INTO jobs (id, kind, title, params, state, created, result)"
            " VALUES (70, 'logs.look', '{\"id\": \"x\"}', '{}', 'done', 0, ?)", [hidden]
        )  # fmt: skip
        db.execute("INSERT INTO imports (id, label, state, created, job_id) VALUES (70, 'x', 'done', 0, 70)")
    page = client.get("/logs/unseen").text
    assert '<a href="/logs/sources?id=70">1 log of this computer is closed to your account</a>' in page


def test_the_overview_asks_for_them_after_it_is_drawn(pages: FlaskClient) -> None:
    assert 'hx-get="/logs/unseen" hx-trigger="load"' in pages.get("/").text
