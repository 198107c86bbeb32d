from __future__ import annotations

import pytest
from keyring.errors import KeyringLocked

from desktop_app.core.alerts import channels, secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.database import Connection, rows
from desktop_app.core.notify import Undelivered
from tests.core.alerts.conftest import NOW, Held

HELD = {"url": "https://example.org/x", "sign": "SEC1"}


def test_what_is_kept_lies_in_the_keyring_and_its_name_in_the_database(db: Connection, held: Held) -> None:
    ref = secrets.keep(db, HELD, NOW)
    assert secrets.read(ref, ("url", "sign")) == HELD
    assert rows(db, "SELECT * FROM alert_secrets") == [{"ref": ref, "created": NOW, "orphaned": None}]
    assert list(held.entries) == [("watchdesk", ref)]


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_nothing_is_kept(db: Connection) -> None:
    assert not secrets.keyring_usable()
    with pytest.raises(secrets.NotKept, match="no keyring"):
        secrets.keep(db, HELD, NOW)
    assert rows(db, "SELECT * FROM alert_secrets") == []


def test_a_locked_keyring_is_told(db: Connection, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = secrets.keep(db, HELD, NOW)

    def locked(*_: str) -> None:
        raise KeyringLocked

    monkeypatch.setattr(held, "get_password", locked)
    monkeypatch.setattr(held, "set_password", locked)
    with pytest.raises(Undelivered, match="cannot be read"):
        secrets.read(ref, ("url",))
    with pytest.raises(secrets.NotKept, match="did not take"):
        secrets.keep(db, HELD, NOW)


def test_a_keyring_of_another_machine_lacks_it(held: Held) -> None:
    with pytest.raises(Undelivered, match="does not hold the secret"):
        secrets.read("keyring:elsewhere", ("url",))


def test_too_long_a_secret_is_refused(db: Connection, held: Held) -> None:
    with pytest.raises(secrets.NotKept, match="too long"):
        secrets.keep(db, {"url": "x" * 2000}, NOW)
    assert held.entries == {}


def test_the_environment_is_read_by_the_name_and_its_endings(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Undelivered, match="WATCHDESK_DING is empty"):
        secrets.read("env:WATCHDESK_DING", ("url", "sign"))
    monkeypatch.setenv("WATCHDESK_DING", "https://example.org/x")
    monkeypatch.setenv("WATCHDESK_DING_SIGN", "SEC1")
    assert secrets.read("env:WATCHDESK_DING", ("url", "sign")) == HELD


def test_what_is_asked_for_is_held_until_the_end_of_the_program() -> None:
    ref = secrets.ask(HELD)
    assert secrets.read(ref, ("url",)) == HELD
    secrets.answer(ref, {"url": "https://example.org/y"})
    assert secrets.read(ref, ("url",)) == {"url": "https://example.org/y"}
    with pytest.raises(Undelivered, match="waits for its secret since the start"):
        secrets.read("asked:before-the-start", ("url",))


def test_a_secret_that_no_channel_uses_is_deleted_after_a_month(db: Connection, held: Held) -> None:
    used, unused = secrets.keep(db, HELD, NOW), secrets.keep(db, HELD, NOW)
    channels.add(db, AlertChannel("wecom", "a", {}, secret=used), NOW)
    secrets.sweep(db, NOW)
    secrets.sweep(db, NOW + secrets.FORGOTTEN_AFTER)
    assert ("watchdesk", unused) in held.entries
    secrets.sweep(db, NOW + secrets.FORGOTTEN_AFTER + 1)
    assert list(held.entries) == [("watchdesk", used)]
    assert [row["ref"] for row in rows(db, "SELECT ref FROM alert_secrets")] == [used]


def test_a_secret_that_an_undo_brought_back_is_not_deleted(db: Connection, held: Held) -> None:
    ref = secrets.keep(db, HELD, NOW)
    secrets.sweep(db, NOW)
    channels.add(db, AlertChannel("wecom", "a", {}, secret=ref), NOW)
    secrets.sweep(db, NOW + 1)
    assert rows(db, "SELECT orphaned FROM alert_secrets") == [{"orphaned": None}]
    secrets.sweep(db, NOW + 2 * secrets.FORGOTTEN_AFTER)
    assert ("watchdesk", ref) in held.entries
