"""The passphrase of the desk: argon2id, wrong tries slowed across restarts, forgotten only by the account itself.

It locks the pages. It does not encrypt what lies on the disk, and commands of the same account go on working.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from desktop_app.core import audit
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, ntext, text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 1024  # characters; argon2 takes more, but nobody types it
SECOND: Micros = 1_000_000
FREE_TRIES = 3
FIRST_DELAY = 5 * SECOND
LONGEST_DELAY = 900 * SECOND
_SUBJECT = "passphrase"


class Refused(WatchdeskError):
    """The passphrase was not accepted; ``wait`` is when the next try is looked at, in microseconds from now."""

    def __init__(self, what: Text, wait: Micros) -> None:
        left = -(-wait // SECOND)
        fix = ntext("The next try is possible in 1 second.", "The next try is possible in %(num)s seconds.", num=left)
        super().__init__(what, fix=fix if wait > 0 else None)
        self.wait = wait


@cache
def hasher() -> PasswordHasher:
    """Return the hasher of today's parameters (RFC 9106, the second recommended: 64 MB, three passes)."""
    from argon2 import PasswordHasher  # takes its time, and most starts of the program need none

    return PasswordHasher()


def delay(failures: int) -> Micros:
    """Return how long nothing is looked at after so many wrong tries in a row."""
    if failures < FREE_TRIES:
        return 0
    return min(LONGEST_DELAY, FIRST_DELAY << min(failures - FREE_TRIES, 30))


def is_set(db: Connection) -> bool:
    """Say whether the desk has a passphrase."""
    return bool(rows(db, "SELECT 1 FROM passphrase"))


def check(db: Connection, words: str, at: Micros) -> None:
    """Accept the passphrase or raise Refused; where none is set, anything is accepted."""
    stored = _begin_try(db, at)
    if stored is None:
        return
    from argon2.exceptions import InvalidHashError, VerificationError  # see hasher()

    try:
        hasher().verify(stored, _plain(words))
    except (VerificationError, InvalidHashError):
        with writing(db):
            audit.record(db, text("A wrong passphrase was entered"), _SUBJECT)
            failures = rows(db, "SELECT failures FROM passphrase")
        raise Refused(
            text("This is not the passphrase of this desk."), delay(failures[0]["failures"] if failures else 0)
        ) from None
    fresh = hasher().hash(_plain(words)) if hasher().check_needs_rehash(stored) else stored
    with writing(db):
        db.execute("UPDATE passphrase SET failures = 0, next_try = 0, hash = ? WHERE hash = ?", (fresh, stored))


def _begin_try(db: Connection, at: Micros) -> str | None:
    """Count a try before it is looked at, so that many at once gain nothing; returns the stored hash."""
    with writing(db):
        found = rows(db, "SELECT hash, failures, next_try FROM passphrase")
        if not found:
            return None
        failures, wait = found[0]["failures"], found[0]["next_try"] - at
        if wait > 0:
            # A clock that was put back must not lock the person out for longer than the delay was.
            wait = min(wait, delay(failures))
            db.execute("UPDATE passphrase SET next_try = ?", (at + wait,))
        else:
            db.execute("UPDATE passphrase SET failures = ?, next_try = ?", (failures + 1, at + delay(failures + 1)))
    if wait > 0:
        raise Refused(text("There were too many wrong tries."), wait)
    return str(found[0]["hash"])


def choose(db: Connection, old: str, new: str, repeated: str, at: Micros) -> None:
    """Set or change the passphrase; the old one is asked for where there is one."""
    if len(_plain(new)) < SHORTEST or len(new) > LONGEST:
        raise UsageError(
            text("The passphrase is too short or too long."),
            fix=text("Use %(low)s to %(high)s characters; a few words are good.", low=SHORTEST, high=LONGEST),
        )
    if _plain(new) != _plain(repeated):
        raise UsageError(text("The two new passphrases differ."), fix=text("Type it twice the same way."))
    first = not is_set(db)
    check(db, old, at)
    with writing(db):
        db.execute(
            "INSERT INTO passphrase (id, hash, failures, next_try, changed) VALUES (1, ?, 0, 0, ?) ON CONFLICT (id)"
            " DO UPDATE SET hash = excluded.hash, failures = 0, next_try = 0, changed = excluded.changed",
            (hasher().hash(_plain(new)), now()),
        )
        audit.record(db, text("Set a passphrase") if first else text("Changed the passphrase"), _SUBJECT)


def remove(db: Connection, old: str, at: Micros) -> None:
    """Take the passphrase away; the old one is asked for."""
    check(db, old, at)
    forget(db)


def forget(db: Connection) -> bool:
    """Take the passphrase away without asking, for the account that owns the desk; False where there was none."""
    with writing(db):
        gone = db.execute("DELETE FROM passphrase").rowcount > 0
        if gone:
            audit.record(db, text("Removed the passphrase"), _SUBJECT)
    return gone


def _plain(words: str) -> str:
    """Return what was typed in one spelling: keyboards and input methods compose letters differently."""
    return unicodedata.normalize("NFKC", words)
