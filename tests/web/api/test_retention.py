"""Retention over the API."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_to_end


def test_a_preview_tells_what_would_go_and_changes_nothing(reader: FlaskClient) -> None:
    kept = reader.get("/api/v1/retention").get_json()
    assert (kept["events"], kept["limits"]["days"]) == (0, 0)
    seen = reader.get("/api/v1/retention?days=1&grace=3").get_json()
    assert (seen["events"], seen["undo"], seen["limits"]["grace"]) == (40, True, 3)
    assert [(one["events"], one["stays"]) for one in seen["sources"]] == [(40, 0)]
    assert reader.get("/api/v1/desk").get_json()["events"] == 40


def test_what_a_preview_showed_goes_and_comes_back(writer: FlaskClient, full: Desk) -> None:
    seen = writer.get("/api/v1/retention?days=1").get_json()
    answer = writer.post("/api/v1/retention", json={"days": 1, "at": seen["at"]})
    assert answer.status_code == 200
    ended = run_to_end(full, answer.get_json()["job"])
    assert (ended.state, (ended.result or {})["events"]) == ("done", 40)
    assert writer.get("/api/v1/desk").get_json()["events"] == 0
    assert writer.get("/api/v1/retention").get_json()["waiting"] == 40
    assert writer.post("/api/v1/undo", json={}).status_code == 200
    assert writer.get("/api/v1/desk").get_json()["events"] == 40


def test_a_moment_to_come_is_now(writer: FlaskClient, full: Desk) -> None:
    answer = writer.post("/api/v1/retention", json={"days": 36_500, "at": "2999-01-01T00:00:00Z"})
    ended = run_to_end(full, answer.get_json()["job"])
    assert (ended.result or {})["events"] == 0


def test_a_source_may_have_days_of_its_own(reader: FlaskClient) -> None:
    seen = reader.get("/api/v1/retention", query_string={"days": "1", "sources": "auth.log = 0"}).get_json()
    assert (seen["events"], seen["limits"]["sources"]) == (0, {"auth.log": 0})


@pytest.mark.parametrize("words", ["days=-1", "days=40000", "since=ever", "grace=x", "sources=nonsense"])
def test_limits_that_say_nothing_are_refused(reader: FlaskClient, words: str) -> None:
    answer = reader.get(f"/api/v1/retention?{words}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["what"]


def test_a_token_that_only_reads_lets_nothing_go(reader: FlaskClient) -> None:
    assert reader.post("/api/v1/retention", json={"days": 1}).status_code == 403
