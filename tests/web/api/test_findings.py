"""Findings over the API."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_the_inbox_and_one_finding_are_what_the_pages_show(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/findings")
    listed = answer.get_json()
    assert answer.status_code == 200, listed
    assert listed["total"] == len(listed["findings"]) > 0
    first = listed["findings"][0]
    assert (first["asset"], first["count"], first["status"]) == ("gate-01", 40, "new")
    one = reader.get(f"/api/v1/findings/{first['id']}").get_json()
    assert one["finding"] == first
    assert one["why"]
    assert "Failed password" in one["evidence"][0]["raw"]


def test_filters_narrow(reader: FlaskClient) -> None:
    assert reader.get("/api/v1/findings?asset=elsewhere").get_json()["findings"] == []
    assert reader.get("/api/v1/findings?severity=1&severity=5").get_json()["total"] == 0
    assert reader.get("/api/v1/findings?since=2027-01-01T00:00:00Z").get_json()["total"] == 0


def test_a_decision_can_be_taken_back(writer: FlaskClient) -> None:
    ids = [one["id"] for one in writer.get("/api/v1/findings").get_json()["findings"]]
    made = writer.post("/api/v1/findings/decisions", json={"ids": ids, "decision": "resolve", "verdict": "benign"})
    assert made.status_code == 200
    assert writer.get("/api/v1/findings").get_json()["total"] == 0
    assert writer.post("/api/v1/undo", json={"id": made.get_json()["undo_id"]}).status_code == 200
    assert writer.get("/api/v1/findings").get_json()["total"] == len(ids)


def test_what_is_suppressed_is_listed_with_its_reason(writer: FlaskClient) -> None:
    ids = [one["id"] for one in writer.get("/api/v1/findings").get_json()["findings"]]
    body = {"ids": ids[:1], "reason": "the scanner of the plant", "expires": "2999-01-01T00:00:00Z"}
    assert writer.post("/api/v1/findings/suppressions", json=body).status_code == 200
    (hidden,) = writer.get("/api/v1/suppressions").get_json()["suppressions"]
    assert (hidden["finding"], hidden["reason"]) == (ids[0], "the scanner of the plant")


def test_a_note_is_kept(writer: FlaskClient) -> None:
    number = writer.get("/api/v1/findings").get_json()["findings"][0]["id"]
    writer.post(f"/api/v1/findings/{number}/notes", json={"text": "asked the shift lead"})
    assert writer.get(f"/api/v1/findings/{number}").get_json()["notes"][0]["text"] == "asked the shift lead"
