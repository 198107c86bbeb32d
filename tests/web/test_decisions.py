from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import triage
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.text import text
from desktop_app.core.undo import record
from desktop_app.web.decisions import came_from
from tests.web import sample


def test_undo_takes_the_decision_back_and_returns_to_the_page(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    decision = triage.confirm(db, [made["cleared/ENG-WS-04"]])
    answer = client.post("/undo", data={"undo_id": decision.undo_id, "next": "/jobs/"})
    assert (answer.status_code, answer.location) == (303, "/jobs/")
    assert sample.count(desk, "confirmed") == 0
    assert "Undone: Confirmed 1 finding" in client.get("/jobs/").text


def test_undo_names_the_later_decision_that_builds_on_it(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    first = triage.confirm(db, [made["cleared/ENG-WS-04"]])
    triage.archive(db, [made["cleared/ENG-WS-04"]])
    answer = client.post("/undo", data={"undo_id": first.undo_id})
    assert answer.status_code == 400
    assert "A later decision builds on it: Archived 1 finding" in answer.text


def test_undo_without_a_decision_says_so(client: FlaskClient) -> None:
    answer = client.post("/undo")
    assert answer.status_code == 400
    assert "There is nothing to undo." in answer.text


def test_the_key_undoes_the_newest_decision_whatever_page_it_was_made_on(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    triage.confirm(db, [made["cleared/ENG-WS-04"]])
    triage.archive(db, [made["disk/HMI-07"]])
    answer = client.post("/undo", data={"latest": "1", "next": "/jobs/"})
    assert (answer.status_code, answer.location) == (303, "/jobs/")
    assert (sample.count(desk, "confirmed"), sample.count(desk, "closed")) == (1, 0)
    assert "Undone: Archived 1 finding" in client.get("/jobs/").text


def test_the_key_says_where_there_is_nothing_to_undo(client: FlaskClient) -> None:
    assert client.post("/undo", data={"latest": "1", "next": "/jobs/"}).location == "/jobs/"
    assert "There is nothing to undo." in client.get("/jobs/").text


def test_the_key_takes_no_events_away(client: FlaskClient, db: Connection) -> None:
    with writing(db):
        record(db, "logs.import", text("Imported x"), before={}, after=[], subjects=["import:1"])
    client.post("/undo", data={"latest": "1", "next": "/jobs/"})
    page = client.get("/jobs/").text
    assert "The newest act is no decision: Imported x" in page
    assert "Undone" not in page


def test_a_refusal_is_said_on_the_page_that_asked(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    first = triage.confirm(db, [made["cleared/ENG-WS-04"]])
    triage.archive(db, [made["cleared/ENG-WS-04"]])
    answer = client.post("/undo", data={"undo_id": first.undo_id, "next": "/about/activity"}, follow_redirects=True)
    assert answer.request.path == "/about/activity"
    assert "A later decision builds on it: Archived 1 finding" in answer.text


@pytest.mark.parametrize("told", ["https://example.org/", "//example.org/x", "javascript:alert(1)", ""])
def test_a_form_cannot_lead_to_another_site(app: Flask, told: str) -> None:
    with app.test_request_context(method="POST", data={"next": told}):
        assert came_from() == "/"


def test_the_page_that_sent_the_form_is_known_by_its_address(app: Flask) -> None:
    with app.test_request_context(method="POST", headers={"Referer": "http://localhost/settings/?x=1"}):
        assert came_from() == "/settings/?x=1"
