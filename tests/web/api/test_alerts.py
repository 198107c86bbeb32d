"""The channels of alerts over the API."""

from __future__ import annotations

from flask.testing import FlaskClient

from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.desk import Desk
from desktop_app.core.model import now


def test_channels_are_told_with_how_they_do(reader: FlaskClient, full: Desk) -> None:
    assert reader.get("/api/v1/alerts").get_json() == {"channels": []}
    with full.connection() as db:
        channels.add(db, AlertChannel("mail", "Ops", {"to": "ops@example.org"}, secret="env:WATCHDESK_MAIL"), now())
    (one,) = reader.get("/api/v1/alerts").get_json()["channels"]
    assert (one["name"], one["kind"], one["enabled"], one["waiting"]) == ("Ops", "mail", False, 0)
    assert one["last_sent"] is None
    assert "WATCHDESK_MAIL" not in str(one)
