"""Live sources over the API: what the pages and the commands do, with the same refusals."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import now
from desktop_app.extensions.logs.store import live
from tests.web.api.conftest import full, gate, gated, reader, writer  # noqa: F401 - fixtures

LIVE = "/api/v1/logs/live"


def test_a_live_source_is_made_read_changed_and_removed(writer: FlaskClient, tmp_path: Path) -> None:  # noqa: F811 - a fixture
    made = writer.post(LIVE, json={"kind": "follow", "name": "Files", "config": {"path": str(tmp_path)}}).get_json()
    one = writer.get(f"{LIVE}/{made['id']}").get_json()["source"]
    assert (one["name"], one["state"], one["config"]["path"]) == ("Files", "waiting", str(tmp_path))
    writer.patch(f"{LIVE}/{made['id']}", json={"name": "Historian", "config": {"silent": 5}})
    writer.patch(f"{LIVE}/{made['id']}", json={"paused": True})
    (one,) = writer.get(LIVE).get_json()["sources"]
    assert (one["name"], one["state"], one["silent_after_us"]) == ("Historian", "paused", 300_000_000)
    writer.patch(f"{LIVE}/{made['id']}", json={"paused": False})
    assert writer.get(f"{LIVE}/{made['id']}").get_json()["source"]["state"] == "waiting"
    gone = writer.delete(f"{LIVE}/{made['id']}").get_json()
    assert writer.get(LIVE).get_json()["sources"] == []
    writer.post("/api/v1/undo", json={"id": gone["undo_id"]})
    assert len(writer.get(LIVE).get_json()["sources"]) == 1


def test_what_is_wrong_is_refused(writer: FlaskClient, reader: FlaskClient) -> None:  # noqa: F811 - fixtures
    assert writer.post(LIVE, json={"kind": "follow", "name": "x", "config": {"path": "var"}}).status_code == 400
    assert writer.post(LIVE, json={"kind": "snmp", "name": "x"}).status_code == 400
    assert writer.get(f"{LIVE}/77").status_code == 404
    made = writer.post(LIVE, json={"kind": "journald", "name": "x"}).get_json()
    assert writer.patch(f"{LIVE}/{made['id']}", json={"paused": True, "name": "y"}).status_code == 400
    assert reader.post(LIVE, json={"kind": "journald", "name": "y"}).status_code == 403


def test_gaps_are_told(full: Desk, reader: FlaskClient) -> None:  # noqa: F811 - fixtures
    at = now()
    with full.connection() as db, writing(db):
        live.add_gap(db, live.Gap(3, "fw01", at - 60_000_000, at, "crashed", 0))
    (gap,) = reader.get("/api/v1/logs/gaps?source=3").get_json()["gaps"]
    assert (gap["name"], gap["reason"], gap["lost"]) == ("fw01", "crashed", 0)
    assert reader.get("/api/v1/logs/gaps?source=4").get_json()["gaps"] == []
