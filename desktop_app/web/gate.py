"""Who may talk to the desk: start tokens, sessions and the key of the process.

Every program of this machine can reach the port. A page is let in by a token that works once and becomes a cookie;
the second start of the program by the key that only the owner of the data folder can read.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from typing import Literal

Kind = Literal["window", "browser"]

MAX_SESSIONS = 64
MAX_TOKENS = 64
ADDRESS = "127.0.0.1"


def same(given: str, expected: str) -> bool:
    """Compare two texts in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


def _digest(secret: str) -> bytes:
    # Only digests are kept, so that the time of a lookup tells nothing of a secret.
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


class Secrets:
    """Secrets of one sort and what each stands for; the oldest go when there are too many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[bytes, Kind] = {}
        self._lock = threading.Lock()

    def make(self, kind: Kind) -> str:
        """Return a new secret of 256 bits."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._known[_digest(secret)] = kind
            while len(self._known) > self._limit:
                del self._known[next(iter(self._known))]
        return secret

    def kind(self, secret: str) -> Kind | None:
        """Return what a secret stands for, None when it is not one of ours."""
        with self._lock:
            return self._known.get(_digest(secret))

    def use_up(self, secret: str) -> Kind | None:
        """Return what a secret stands for and forget it."""
        with self._lock:
            return self._known.pop(_digest(secret), None)


class Gate:
    """The gate of one server on one port of the loopback address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.host = f"{ADDRESS}:{port}"
        self.origin = f"http://{self.host}"
        # Cookies do not know ports: two desks in one browser must not overwrite each other's.
        self.cookie = f"watchdesk-{port}"
        self.form_cookie = f"watchdesk-form-{port}"
        self.key = secrets.token_urlsafe(32)
        self._tokens = Secrets(MAX_TOKENS)
        self._sessions = Secrets(MAX_SESSIONS)

    def start_address(self, kind: Kind) -> str:
        """Return an address that lets one page in, once."""
        return f"{self.origin}/start?token={self._tokens.make(kind)}"

    def redeem(self, token: str) -> tuple[str, Kind] | None:
        """Turn a start token into a session; None when it was used before or never ours."""
        kind = self._tokens.use_up(token)
        return None if kind is None else (self._sessions.make(kind), kind)

    def session(self, cookie: str | None) -> Kind | None:
        """Return what kind of page a cookie belongs to, None when it is not one of ours."""
        return self._sessions.kind(cookie) if cookie else None

    def is_key(self, given: str | None) -> bool:
        """Say whether a request carries the key of this process."""
        return given is not None and same(given, self.key)
