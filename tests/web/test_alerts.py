from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from desktop_app.core import undo
from desktop_app.core.alerts import channels
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from tests.core.alerts.conftest import Held, held, no_keyring
from tests.core.alerts.servers import PASSWORD, Authority, authority, hooks, relay

__all__ = ["authority", "held", "no_keyring"]

MAIL = {
    "kind": "mail", "name": "Night shift", "host": "localhost", "port": "25", "security": "starttls", "user": "desk",
    "password": PASSWORD, "sender": "desk@example.org", "to": "ops@example.org", "ca": "", "keep": "keyring", "env": "",
    "language": "en", "severity": "4", "how": "once", "minutes": "30", "time": "08:00", "per_hour": "20",
}  # fmt: skip


def made(client: FlaskClient, **changed: str) -> int:
    return client.post("/settings/alerts/", data={**MAIL, **changed}).status_code


def test_a_channel_is_made_off_and_switched_on_by_the_person(client: FlaskClient, db: Connection, held: Held) -> None:
    assert made(client) == 303
    (one,) = channels.listing(db)
    assert not one.enabled
    assert "Only alerts leave" not in client.get("/").text
    client.post(f"/settings/alerts/{one.id}/switch")
    assert channels.listing(db)[0].enabled
    assert "Only alerts leave this machine, by 1 channel" in client.get("/").text


def test_saving_and_switching_on_is_one_button(client: FlaskClient, db: Connection, held: Held) -> None:
    made(client, on="1")
    assert channels.listing(db)[0].enabled


def test_the_secret_is_in_the_keyring_and_in_no_page_and_no_table(
    client: FlaskClient, db: Connection, held: Held, desk: Desk
) -> None:
    made(client)
    assert PASSWORD in next(iter(held.entries.values()))
    assert PASSWORD not in client.get("/settings/alerts/1").text
    assert PASSWORD not in client.post("/settings/alerts/preview", data={**MAIL, "id": "1"}).text
    for path in desk.folder.root.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes(), path


def test_an_empty_password_keeps_the_one_that_is_kept(client: FlaskClient, db: Connection, held: Held) -> None:
    made(client)
    ref = channels.listing(db)[0].secret
    answer = client.post("/settings/alerts/1", data={**MAIL, "password": "", "to": "b@example.org"})
    assert answer.status_code == 303
    assert channels.listing(db)[0].secret == ref
    assert channels.listing(db)[0].config["to"] == "b@example.org"


def test_a_new_password_is_undone_to_the_old_one(client: FlaskClient, db: Connection, desk: Desk, held: Held) -> None:
    made(client)
    before = channels.listing(db)[0].secret
    client.post("/settings/alerts/1", data={**MAIL, "password": "another-password"})
    assert channels.listing(db)[0].secret != before
    undo.undo(desk, db)
    assert channels.listing(db)[0].secret == before
    assert PASSWORD in held.entries["watchdesk", before]


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_nothing_is_stored_and_it_says_so(client: FlaskClient, db: Connection) -> None:
    assert "This system has no keyring" in client.get("/settings/alerts/new?kind=mail").text
    answer = client.post("/settings/alerts/", data=MAIL)
    assert answer.status_code == 422
    assert "so the secret was not stored" in answer.text
    assert PASSWORD not in answer.text
    assert channels.listing(db) == []
    assert made(client, keep="env", env="WATCHDESK_ALERT", password="") == 303
    assert channels.listing(db)[0].secret == "env:WATCHDESK_ALERT"


def test_a_secret_may_be_asked_for_after_each_start(client: FlaskClient, db: Connection) -> None:
    from desktop_app.core.alerts import secrets

    assert made(client, keep="asked") == 303
    ref = channels.listing(db)[0].secret
    assert secrets.read(ref, ("password",)) == {"password": PASSWORD}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"host": "https://mail"}, "without https://"),
        ({"port": "70000"}, "from 1 to 65535"),
        ({"sender": "me"}, "one mail address"),
        ({"to": "a@example.org\r\nBcc: x@example.org"}, "cannot be seen"),
        ({"security": "plain"}, "never sent unencrypted"),
        ({"ca": "/no/such.pem"}, "There is no such file"),
        ({"quiet_from": "25:00"}, "a time of day"),
        ({"per_hour": "-1"}, "from 0 to 1000"),
        ({"how": "minutes", "minutes": "1"}, "from 5 to 720"),
        ({"name": " "}, "The channel has no name."),
        ({"keep": "env", "env": "AWS_SECRET"}, "begins with WATCHDESK_"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    client: FlaskClient, db: Connection, held: Held, changed: dict[str, str], words: str
) -> None:
    answer = client.post("/settings/alerts/", data={**MAIL, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert channels.listing(db) == []


def test_a_test_is_sent_from_the_form_before_anything_is_kept(
    client: FlaskClient, db: Connection, authority: Authority
) -> None:
    with relay(authority.server(), login=True) as box:
        data = {**MAIL, "port": str(box.port), "ca": str(authority.path)}
        answer = client.post("/settings/alerts/try", data=data, headers={"HX-Request": "true"})
    assert "The test was taken." in answer.text
    assert "A test of the alert channel; nothing was found" in box.mails[0]["Subject"]
    assert channels.listing(db) == []
    assert rows(db, "SELECT * FROM outbox") == []


def test_a_failed_test_says_why_in_one_line(client: FlaskClient, authority: Authority) -> None:
    with relay(authority.server(), login=True) as box:
        data = {**MAIL, "port": str(box.port), "ca": str(authority.path), "password": "wrong-password"}
        answer = client.post("/settings/alerts/try", data=data, headers={"HX-Request": "true"})
    assert "refuses the name or the password" in answer.text
    assert "wrong-password" not in answer.text


def test_without_script_the_test_answers_with_the_whole_form(client: FlaskClient) -> None:
    answer = client.post("/settings/alerts/try", data={**MAIL, "host": ""})
    assert "Nothing was sent. Server: This is needed." in answer.text
    assert 'value="Night shift"' in answer.text


def test_a_test_of_a_saved_channel_takes_the_kept_secret(client: FlaskClient, held: Held) -> None:
    with hooks() as server:
        data = {**MAIL, "kind": "wecom", "url": f"{server.url}?key=0123456789abcdef"}
        client.post("/settings/alerts/", data=data)
        answer = client.post("/settings/alerts/try", data={**data, "url": "", "id": "1"})
    assert "The test was taken." in answer.text
    assert server.requests[0].path == "/hook?key=0123456789abcdef"


def test_the_preview_follows_the_form(client: FlaskClient) -> None:
    assert "To localhost:25, for example:" in client.post("/settings/alerts/preview", data=MAIL).text
    assert "Fill in where it goes" in client.post("/settings/alerts/preview", data={**MAIL, "host": ""}).text
    chinese = client.post("/settings/alerts/preview", data={**MAIL, "to": "运维@example.org"}).text
    assert "Fill in where it goes" in chinese


@pytest.mark.parametrize("kind", ["mail", "webhook", "wecom", "dingtalk", "feishu", "syslog"])
def test_each_kind_has_a_form(client: FlaskClient, kind: str) -> None:
    page = client.get(f"/settings/alerts/new?kind={kind}").text
    assert "Send a test" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_an_unknown_kind_or_channel_is_no_page(client: FlaskClient) -> None:
    assert client.get("/settings/alerts/new?kind=pigeon").status_code == 404
    assert client.get("/settings/alerts/9").status_code == 404
    assert client.post("/settings/alerts/9/switch").status_code == 404


def test_a_removed_channel_comes_back_with_its_secret(
    client: FlaskClient, db: Connection, desk: Desk, held: Held
) -> None:
    made(client)
    client.post("/settings/alerts/1/remove")
    assert channels.listing(db) == []
    undo.undo(desk, db)
    (one,) = channels.listing(db)
    assert PASSWORD in held.entries["watchdesk", one.secret]
