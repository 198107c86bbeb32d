"""The page of tokens."""

from __future__ import annotations

import re

from flask.testing import FlaskClient


def test_a_secret_is_shown_once(client: FlaskClient) -> None:
    shown = client.post("/settings/api/", data={"name": "nightly export"}).get_data(as_text=True)
    (secret,) = re.findall(r"wd_[\w-]{43}", shown)
    again = client.get("/settings/api/").get_data(as_text=True)
    assert "nightly export" in again
    assert secret not in again


def test_a_token_without_a_name_is_refused_beside_its_form(client: FlaskClient) -> None:
    answer = client.post("/settings/api/", data={"name": " "})
    assert answer.status_code == 422
    assert "A token needs a name" in answer.get_data(as_text=True)


def test_a_revoked_token_stays_in_the_list(client: FlaskClient) -> None:
    client.post("/settings/api/", data={"name": "old script", "writes": "1"})
    assert client.post("/settings/api/1/revoke").status_code == 303
    shown = client.get("/settings/api/").get_data(as_text=True)
    assert "old script" in shown
    assert "/settings/api/1/revoke" not in shown
