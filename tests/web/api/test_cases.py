"""Cases over the API."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_a_case_is_opened_worked_on_and_closed(writer: FlaskClient) -> None:
    ids = [one["id"] for one in writer.get("/api/v1/findings").get_json()["findings"]]
    number = writer.post("/api/v1/cases", json={"name": "Line 3", "findings": ids[:1]}).get_json()["id"]
    assert writer.post(f"/api/v1/cases/{number}/notes", json={"text": "called the vendor"}).status_code == 200
    assert writer.post(f"/api/v1/cases/{number}/tasks", json={"text": "read the badge log"}).status_code == 200
    case = writer.get(f"/api/v1/cases/{number}").get_json()
    assert [one["id"] for one in case["findings"]] == ids[:1]
    assert (case["notes"][0]["text"], case["tasks"][0]["text"]) == ("called the vendor", "read the badge log")
    assert case["timeline"]
    assert writer.patch(f"/api/v1/cases/{number}", json={"closed": True}).status_code == 200
    assert writer.get("/api/v1/cases").get_json()["cases"] == []
    assert len(writer.get("/api/v1/cases?closed=true").get_json()["cases"]) == 1


def test_a_finding_that_is_not_there_is_put_into_no_case(writer: FlaskClient) -> None:
    assert writer.post("/api/v1/cases", json={"name": "x", "findings": [99999]}).status_code == 404
    assert writer.get("/api/v1/cases").get_json()["cases"] == []
