"""Jobs, decisions and the trail over the API."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_jobs_tell_how_they_ended(reader: FlaskClient) -> None:
    (job,) = reader.get("/api/v1/jobs").get_json()["jobs"]
    assert (job["kind"], job["state"], job["error"]) == ("logs.import", "done", [])
    assert reader.get(f"/api/v1/jobs/{job['id']}").get_json()["job"] == job
    assert reader.get("/api/v1/jobs/77").status_code == 404


def test_a_job_that_has_ended_is_not_resumed(writer: FlaskClient) -> None:
    number = writer.get("/api/v1/jobs").get_json()["jobs"][0]["id"]
    assert writer.post(f"/api/v1/jobs/{number}", json={"act": "resume"}).status_code == 400


def test_the_trail_tells_what_a_program_did(writer: FlaskClient) -> None:
    writer.post("/api/v1/cases", json={"name": "Line 3"})
    trail = writer.get("/api/v1/activity?kind=case").get_json()
    assert trail["intact"]
    assert "Line 3" in trail["acts"][0]["action"]
    assert "Line 3" in writer.get("/api/v1/undo").get_json()["decisions"][0]["summary"]
