from __future__ import annotations

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.extension import NavItem
from desktop_app.core.text import text
from desktop_app.web import frame
from tests.web import sample


def test_only_pages_that_exist_are_in_the_navigation(app: Flask, desk: Desk) -> None:
    assert desk.extensions
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [one.label for one in frame.Frame().nav] == [
            "Overview",
            "Findings",
            "Cases",
            "Jobs",
            "Settings",
            "About",
        ]


def test_the_page_that_is_shown_is_marked(client: FlaskClient) -> None:
    page = client.get("/jobs/").text
    assert 'href="/jobs/" title="Jobs" aria-current="page"' in page
    assert page.count('aria-current="page"') == 1


def test_extensions_get_a_letter_of_their_own_name() -> None:
    items = (NavItem(text("Logs"), "logs.search", "logs"), NavItem(text("Jail"), "jfs.index", "logs"))
    assert frame._letters(items) == {"logs.search": "l", "jfs.index": ""}


def test_the_count_beside_findings_is_what_waits(client: FlaskClient, made: dict[str, int]) -> None:
    assert f'class="n hot" data-badge="triage">{len(made)}<' in client.get("/").text


def test_the_status_bar_tells_the_running_job_and_how_many_more(app: Flask, desk: Desk, db: Connection) -> None:
    with app.test_request_context():
        assert frame.running([], "en") is None
    job = jobs.job(db, sample.running_job(desk))
    with app.test_request_context():
        shown = frame.running([job, replace(job, id=9), replace(job, id=10)], "en")
    assert shown is not None
    assert (shown.title, shown.percent, shown.url) == ("Import plant-fw.log", 64, f"/jobs/{job.id}")
    assert shown.shown == "64% and 2 more"


def test_a_job_of_unknown_size_has_no_percentage(app: Flask, desk: Desk, db: Connection) -> None:
    job = replace(jobs.job(db, sample.running_job(desk)), total=0)
    with app.test_request_context():
        shown = frame.running([job], "en")
    assert shown is not None
    assert (shown.percent, shown.shown) == (None, "")


def test_the_status_bar_counts_active_rules(client: FlaskClient, made: dict[str, int], db: Connection) -> None:
    assert made
    assert f"{len(sample.RULES)} rules active" in client.get("/").text
    with writing(db):
        db.execute("UPDATE rules SET enabled = 0 WHERE id <> 'disk'")
    assert "1 rule active" in client.get("/").text


def test_keys_can_be_switched_off(client: FlaskClient, db: Connection) -> None:
    assert 'data-keys="on"' in client.get("/").text
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('keys', '0', 0)")
    page = client.get("/findings/").text
    assert 'data-keys="off"' in page
    assert "for shortcuts" not in page
