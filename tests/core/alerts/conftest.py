from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import pytest

from desktop_app.core.alerts import network, wording
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Item, Message, compose
from tests.core.alerts.servers import Authority, authority

__all__ = ["authority"]

NOW: Micros = 1_790_000_000_000_000


class Held(keyring.backend.KeyringBackend):
    """A keyring of tests."""

    priority = 5  # type: ignore[assignment]  # a class property there

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def held() -> Iterator[Held]:
    """A keyring that keeps secrets for one test."""
    before = keyring.get_keyring()
    made = Held()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """A system without a keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let servers that hang be given up at once."""
    monkeypatch.setattr(network, "STEP_SECONDS", 0.3)
    monkeypatch.setattr("desktop_app.core.alerts.mail.STEP_SECONDS", 0.3)


def item(number: int = 7, title: str = "38 failed sign-ins, then a success", **fields: object) -> Item:
    made: dict[str, object] = {
        "finding_id": number, "severity": Severity.HIGH, "title": title, "asset": "web01", "rule": "r-1",
        "extension": "logs", "count": 38, "first_seen": NOW - 60_000_000, "last_seen": NOW,
    }  # fmt: skip
    return Item(**{**made, **fields})  # type: ignore[arg-type]  # the caller names fields


def message(*items: Item, named: int = 50, key: str = "k1") -> Message:
    return compose(items or (item(),), named, key)


def parcel(
    config: dict[str, str], secrets: dict[str, str] | None = None, told: Message | None = None
) -> wording.Parcel:
    return wording.Parcel(config, secrets or {}, told or message(), "Night shift", "Plant 3", "UTC", NOW)


def mail_config(port: int, authority: Authority | None = None, **changed: str) -> dict[str, str]:
    return {
        "host": "localhost", "port": str(port), "security": "starttls", "user": "", "sender": "desk@example.org",
        "to": "ops@example.org", "ca": str(authority.path) if authority else "", **changed,
    }  # fmt: skip
