"""The desk itself over the API."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_the_desk_says_what_it_holds(reader: FlaskClient) -> None:
    desk = reader.get("/api/v1/desk").get_json()
    assert (desk["events"], {one["id"] for one in desk["extensions"]}) == (40, {"logs", "handbook"})
    overview = reader.get("/api/v1/overview").get_json()
    assert (overview["sources_read"], overview["sources"][0]["name"]) == (1, "auth.log")
    assert overview["views"]["triage"] == sum(overview["waiting"].values())


def test_settings_are_changed_together_or_not_at_all(writer: FlaskClient) -> None:
    def value(key: str) -> str:
        return next(one["value"] for one in writer.get("/api/v1/settings").get_json()["settings"] if one["key"] == key)

    sent = {"values": {"language": "zh", "site_zone": "Mars/Olympus"}}
    assert writer.patch("/api/v1/settings", json=sent).status_code == 400
    assert value("language") == "auto"
    assert writer.patch("/api/v1/settings", json={"values": {"colour": "red"}}).status_code == 400
    made = writer.patch("/api/v1/settings", json={"values": {"language": "zh"}}).get_json()
    assert value("language") == "zh"
    writer.post("/api/v1/undo", json={"id": made["undo_id"]})
    assert value("language") == "auto"
