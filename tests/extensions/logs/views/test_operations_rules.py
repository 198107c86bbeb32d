"""Rules over the API: the same answers as the pages and the commands give."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.web.api.conftest import full, gate, gated, reader, writer  # noqa: F401 - fixtures


def test_a_rule_is_switched_off_and_its_verdict_says_so(writer: FlaskClient) -> None:  # noqa: F811 - a fixture
    rule = writer.get("/api/v1/findings").get_json()["findings"][0]["rule"]
    assert writer.get(f"/api/v1/logs/rules/{rule}").get_json()["rule"]["enabled"] is True
    made = writer.patch(f"/api/v1/logs/rules/{rule}", json={"enabled": False}).get_json()
    verdicts = {one["id"]: one["state"] for one in writer.get("/api/v1/logs/coverage").get_json()["rules"]}
    assert verdicts[rule] == "disabled"
    writer.post("/api/v1/undo", json={"id": made["undo_id"]})
    assert writer.get(f"/api/v1/logs/rules/{rule}").get_json()["rule"]["enabled"] is True


def test_an_exception_is_added_listed_and_lifted(writer: FlaskClient) -> None:  # noqa: F811 - a fixture
    rule = writer.get("/api/v1/findings").get_json()["findings"][0]["rule"]
    plain = next(one["id"] for one in writer.get("/api/v1/logs/rules").get_json()["rules"]
                 if "correlation:" not in writer.get(f"/api/v1/logs/rules/{one['id']}").get_json()["body"])  # fmt: skip
    assert rule
    body = {"fields": {"user.name": ["root", "admin"]}, "reason": "Ours", "until": "2999-01-01T00:00:00Z"}
    made = writer.post(f"/api/v1/logs/rules/{plain}/exceptions", json=body)
    assert made.get_json()["undo_id"]
    [one] = writer.get("/api/v1/logs/exceptions").get_json()["exceptions"]
    assert (one["rule"], one["fields"], one["expires"], one["active"]) == (
        plain, {"user.name": ["root", "admin"]}, "2999-01-01T00:00:00Z", True)  # fmt: skip
    assert writer.delete(f"/api/v1/logs/exceptions/{one['id']}").status_code == 200
    assert writer.get("/api/v1/logs/exceptions").get_json()["exceptions"] == []
    [ended] = writer.get(f"/api/v1/logs/rules/{plain}/exceptions").get_json()["exceptions"]
    assert (ended["id"], ended["active"]) == (one["id"], False)
    assert writer.delete(f"/api/v1/logs/exceptions/{one['id']}").status_code == 404


def test_an_exception_without_sense_is_refused(writer: FlaskClient) -> None:  # noqa: F811 - a fixture
    rule = writer.get("/api/v1/logs/rules").get_json()["rules"][0]["id"]
    for body in ({"fields": {}, "reason": "x"}, {"fields": {"a b": ["x"]}, "reason": "x"},
                 {"fields": {"a": ["x"]}, "reason": "x", "until": "2001-01-01T00:00:00Z"}):  # fmt: skip
        assert writer.post(f"/api/v1/logs/rules/{rule}/exceptions", json=body).status_code == 400
    good = {"fields": {"a": ["x"]}, "reason": "x"}
    assert writer.post("/api/v1/logs/rules/nothing/exceptions", json=good).status_code == 404
