"""Tokens of the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.core import audit, tokens
from desktop_app.core.database import Connection, connect, rows
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder

MINUTE = 60_000_000


@pytest.fixture
def db(folder: DataFolder) -> Iterator[Connection]:
    made = connect(folder)
    yield made
    made.conn.close()


def test_a_token_opens_until_it_is_revoked(db: Connection) -> None:
    secret = tokens.make(db, " nightly export ", 5, writes=False)
    found = tokens.check(db, secret, 6)
    assert found is not None
    assert (found.name, found.writes, found.revoked) == ("nightly export", False, None)
    tokens.revoke(db, found.id, 7)
    assert tokens.check(db, secret, 8) is None
    assert [one.revoked for one in tokens.listing(db)] == [7]


def test_the_secret_is_nowhere_kept(db: Connection) -> None:
    secret = tokens.make(db, "x", 5, writes=True)
    kept = str(rows(db, "SELECT * FROM api_tokens")) + str(rows(db, "SELECT * FROM audit"))
    assert secret not in kept
    assert secret.removeprefix(tokens.PREFIX) not in kept


def test_making_and_revoking_stand_in_the_trail(db: Connection) -> None:
    tokens.make(db, "x", 5, writes=True)
    tokens.revoke(db, 1, 6)
    assert [str(one.action) for one in audit.entries(db)] == ["Revoked the API token “x”", "Made the API token “x”"]


def test_the_last_use_is_told_to_the_minute(db: Connection) -> None:
    secret = tokens.make(db, "x", 0, writes=False)
    for at in (MINUTE, MINUTE + 1, 3 * MINUTE):
        tokens.check(db, secret, at)
        assert tokens.listing(db)[0].used == (MINUTE if at < 2 * MINUTE else at)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_token_needs_a_name(db: Connection, name: str) -> None:
    with pytest.raises(UsageError):
        tokens.make(db, name, 5, writes=False)


def test_a_token_is_revoked_once(db: Connection) -> None:
    with pytest.raises(UsageError):
        tokens.revoke(db, 9, 5)
