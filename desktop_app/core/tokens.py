"""Tokens of the API: made and revoked by a person, shown once, kept only as digests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from desktop_app.core import audit
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros
from desktop_app.core.text import text

PREFIX = "wd_"  # so that a scanner of secrets knows one that was left in a script
LONGEST_NAME = 100
MOST = 100
_COLUMNS = "id, name, writes, created, used, revoked"
_USED_EVERY = 60_000_000  # µs; the last use is told to the minute, so that reading does not write each time


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its list shows it. ``writes``: whether it may change the desk; ``revoked`` None while it stands."""

    id: int
    name: str
    writes: bool
    created: Micros
    used: Micros | None
    revoked: Micros | None


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash; only the digest is kept, so a copy of the database opens nothing.
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def make(db: Connection, name: str, at: Micros, *, writes: bool) -> str:
    """Make a token and return its secret, which cannot be shown again."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(
            text("A token needs a name of up to %(most)s characters.", most=LONGEST_NAME),
            fix=text("Say which program will use it."),
        )
    if sum(one.revoked is None for one in listing(db)) >= MOST:
        raise UsageError(text("There are too many tokens."), fix=text("Revoke those that nobody uses."))
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing(db):
        cursor = db.execute(
            "INSERT INTO api_tokens (name, digest, writes, created) VALUES (?, ?, ?, ?)",
            (name, _digest(secret), int(writes), at),
        )
        audit.record(db, text("Made the API token “%(name)s”", name=name), f"token:{cursor.lastrowid}")
    return secret


def revoke(db: Connection, token_id: int, at: Micros) -> None:
    """Revoke a token for good: one that may have leaked must not come back by an undo."""
    with writing(db):
        found = rows(db, "SELECT name FROM api_tokens WHERE id = ? AND revoked IS NULL", [token_id])
        if not found:
            raise UsageError(text("There is no such token."), fix=text("Reload the page; it may be revoked already."))
        db.execute("UPDATE api_tokens SET revoked = ? WHERE id = ?", (at, token_id))
        audit.record(db, text("Revoked the API token “%(name)s”", name=found[0]["name"]), f"token:{token_id}")


def listing(db: Connection) -> list[Token]:
    """Return all tokens, those that stand first, the newest first."""
    found = rows(db, f"SELECT {_COLUMNS} FROM api_tokens ORDER BY revoked IS NOT NULL, created DESC, id DESC")
    return [Token(**{**row, "writes": bool(row["writes"])}) for row in found]


def check(db: Connection, secret: str, at: Micros) -> Token | None:
    """Return the standing token of a secret, None for any other; its last use is noted to the minute."""
    found = rows(db, f"SELECT {_COLUMNS} FROM api_tokens WHERE digest = ? AND revoked IS NULL", [_digest(secret)])
    if not found:
        return None
    token = Token(**{**found[0], "writes": bool(found[0]["writes"])})
    if token.used is None or at - token.used > _USED_EVERY:
        with writing(db):
            db.execute("UPDATE api_tokens SET used = ? WHERE id = ?", (at, token.id))
    return token
