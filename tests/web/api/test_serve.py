"""Who is let in, and what a program is told."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import passphrase, tokens
from desktop_app.core.desk import Desk
from desktop_app.core.model import now
from desktop_app.web.gate import Gate
from tests.web.api.conftest import holder


def test_without_a_token_nothing_is_told(gated: Flask, gate: Gate) -> None:
    answer = holder(gated, None).get("/api/v1/findings")
    assert answer.status_code == 401
    assert set(answer.get_json()["error"]) == {"what", "why", "fix"}


@pytest.mark.parametrize("secret", ["", "wd_guessed", "wd_" + "x" * 5000])
def test_a_token_that_is_none_of_ours_opens_nothing(gated: Flask, gate: Gate, secret: str) -> None:
    assert holder(gated, secret).get("/api/v1/desk").status_code == 401


def test_a_revoked_token_opens_nothing(full: Desk, reader: FlaskClient) -> None:
    assert reader.get("/api/v1/desk").status_code == 200
    with full.connection() as db:
        tokens.revoke(db, tokens.listing(db)[0].id, now())
    assert reader.get("/api/v1/desk").status_code == 401


def test_a_token_opens_the_api_alone(reader: FlaskClient) -> None:
    assert reader.get("/findings/").status_code == 403
    assert reader.get("/settings/api/").status_code == 403


def test_a_token_that_reads_changes_nothing(reader: FlaskClient) -> None:
    answer = reader.post("/api/v1/cases", json={"name": "x"})
    assert (answer.status_code, answer.get_json()["error"]["what"]) == (403, "This token may only read.")
    assert reader.get("/api/v1/cases").get_json() == {"cases": []}


def test_a_page_of_another_site_gets_nothing_even_with_a_token(writer: FlaskClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert writer.post("/api/v1/cases", json={"name": "x"}, headers=headers).status_code == 403
        assert writer.get("/api/v1/findings", headers=headers).status_code == 403


def test_another_name_of_this_machine_is_refused(writer: FlaskClient) -> None:
    assert writer.get("/api/v1/desk", headers={"Host": "desk.evil.example"}).status_code == 403


def test_a_locked_desk_is_locked_for_programs_too(full: Desk, reader: FlaskClient) -> None:
    with full.connection() as db:
        passphrase.choose(db, "", "correct horse", "correct horse", now())
    answer = reader.get("/api/v1/findings")
    assert (answer.status_code, answer.get_json()["error"]["what"]) == (401, "Watchdesk is locked.")


def test_a_page_of_the_desk_may_read_without_a_token(gated: Flask, gate: Gate) -> None:
    client = holder(gated, None)
    client.get(gate.start_address("window").removeprefix(gate.origin))
    assert client.get("/api/v1/desk").status_code == 200
    # A write from a page wants the mark that every form carries.
    sent = client.post("/api/v1/cases", json={"name": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/findings/0", 400),
        ("/api/v1/findings/x", 400),
        ("/api/v1/findings/99999", 404),
        ("/api/v1/findings?limit=0", 400),
        ("/api/v1/findings?limit=1&limit=2", 400),
        ("/api/v1/findings?colour=red", 400),
        ("/api/v1/findings?since=yesterday", 400),
        ("/api/v1/logs/facets", 400),
        ("/api/v1/logs/events?q=%22", 400),
        ("/api/v1/logs/events?after=9999999999999999999999.1", 400),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(reader: FlaskClient, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert answer.get_json()["error"]["what"]


def test_a_body_that_is_not_what_the_document_says_is_refused(writer: FlaskClient) -> None:
    assert writer.post("/api/v1/cases", data="name=x").status_code == 415
    for sent in (b"{", b"[]", b'{"name": 7}', b'{"name": "x", "more": 1}', b'{"name": ""}', b"\xff"):
        answer = writer.post("/api/v1/cases", data=sent, content_type="application/json")
        assert (answer.status_code, list(answer.get_json())) == (400, ["error"])


def test_another_method_is_told_which_there_are(writer: FlaskClient) -> None:
    answer = writer.delete("/api/v1/findings")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_sentences_come_in_the_language_that_is_asked_for(reader: FlaskClient) -> None:
    said = reader.get("/api/v1/nothing", headers={"Accept-Language": "zh-CN"}).get_json()["error"]["what"]
    assert said != reader.get("/api/v1/nothing", headers={"Accept-Language": "en"}).get_json()["error"]["what"]


def test_a_page_of_the_desk_may_read_the_document_too(gated: Flask, gate: Gate) -> None:
    visitor = gated.test_client()
    visitor.get(gate.start_address("browser"))
    assert visitor.get("/api/v1/openapi.json").status_code == 200
