"""The trail of what was done on the desk. Rows are only added; triggers in the database refuse anything else.

Each act carries a digest over itself and the act before, so an edit made past the triggers shows. Whoever can write the
file could reckon all digests anew; a head that was noted elsewhere (a report, a paper) tells that too.
"""

from __future__ import annotations

import getpass
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from desktop_app.core.audit_chain import BEGINNING, TOLD, digest, link
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text

_AT_ONCE = 2000  # acts that are summed together
_WORTH = 200  # acts more, for which a new sum over all is worth its time
_TRIGGERS = frozenset({"audit_fixed", "audit_kept", "audit_in_order"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, by which account, what (a sentence), on what (such as ``finding:12``)."""

    id: int
    time: Micros
    actor: str
    action: Text
    subject: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for: of an account, on a kind of thing (``case``), in a time; before an act's number."""

    actor: str | None = None
    kind: str | None = None
    since: Micros | None = None
    until: Micros | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """How the trail stands: ``broken`` is the number of the first act that does not fit, None where all do.

    ``guarded`` says that the database still refuses edits; ``head`` is the digest of the newest act.
    """

    acts: int
    broken: int | None
    guarded: bool
    head: str

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, taken out or put in."""
        return self.broken is None and self.guarded


@cache
def actor() -> str:
    """Return the name of the account that runs the program."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return "unknown"


def record(db: Connection, action: Text, subject: str) -> None:
    """Add an act; inside ``writing()``, so that it stands exactly when the act does."""
    row = {
        "time": now(),
        "actor": actor(),
        "action": orjson.dumps(action.to_json()).decode(),
        "subject": subject,
        "details": "{}",
    }
    before = value(db, "SELECT hash FROM audit ORDER BY id DESC LIMIT 1")
    db.execute(
        "INSERT INTO audit (time, actor, action, subject, details, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*row.values(), link(BEGINNING if before is None else before, row)),
    )


def entries(db: Connection, limit: int = 100, wanted: Wanted | None = None) -> list[Entry]:
    """Return the newest acts first."""
    where, params = _where(wanted or Wanted())
    found = rows(
        db,
        f"SELECT id, time, actor, action, subject FROM audit WHERE {where} ORDER BY id DESC LIMIT ?",
        [*params, limit],
    )
    return [Entry(**{**row, "action": Text.from_json(orjson.loads(row["action"]))}) for row in found]


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    asked = {
        "actor = ?": wanted.actor,
        "substr(subject, 1, instr(subject || ':', ':') - 1) = ?": wanted.kind,
        "time >= ?": wanted.since,
        "time < ?": wanted.until,
        "id < ?": wanted.before,
    }
    clauses = [clause for clause, one in asked.items() if one is not None]
    return " AND ".join(clauses) or "1", [one for one in asked.values() if one is not None]


def actors(db: Connection) -> list[str]:
    """Return the accounts that have acted."""
    return [row["actor"] for row in rows(db, "SELECT DISTINCT actor FROM audit ORDER BY 1")]


def kinds(db: Connection) -> list[str]:
    """Return the kinds of things that were acted on, such as ``finding``."""
    found = rows(db, "SELECT DISTINCT substr(subject, 1, instr(subject || ':', ':') - 1) AS kind FROM audit ORDER BY 1")
    return [row["kind"] for row in found]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Up to which act the trail was followed, how many those are, its digest there, and one over all of them."""

    last: int = -(2**63)
    acts: int = 0
    head: str = BEGINNING
    whole: bytes = b""


class Followed:
    """Remembers how far the trail was followed, in memory alone, where no edit of the file reaches it.

    Every later check still reads every act: those that were followed are held against one digest over all of them,
    which takes less time, and only those that came since are followed one by one. Where the digest differs, everything
    is followed anew, so an edit shows wherever it was made.
    """

    def __init__(self) -> None:
        self.mark = _Mark()

    def trusted(self, db: Connection) -> _Mark:
        """Return how far the trail need not be followed again."""
        mark = self.mark
        return mark if mark.acts and _whole(db, mark.last) == mark.whole else _Mark()


def _whole(db: Connection, last: int) -> bytes:
    """Return one SHA-256 over all acts up to one, with their numbers and digests."""
    summed = hashlib.sha256()
    found = db.conn.execute(f"SELECT id, hash, {', '.join(TOLD)} FROM audit WHERE id <= ? ORDER BY id", (last,))
    while some := found.fetchmany(_AT_ONCE):
        summed.update(orjson.dumps(some))
    return summed.digest()


def check(db: Connection, followed: Followed | None = None) -> Trail:
    """Follow the trail and say whether it is as it was written; ``followed`` makes a later check quicker."""
    if followed is None:
        return _check(db, _Mark())[0]
    db.conn.execute("BEGIN")  # one moment of the file: nobody may write between what is followed and what is summed
    try:
        start = followed.trusted(db)
        trail, last = _check(db, start)
        if trail.broken is None and trail.acts - start.acts >= _WORTH:
            followed.mark = _Mark(last, trail.acts, trail.head, _whole(db, last))
    finally:
        db.conn.execute("ROLLBACK")
    return trail


def _check(db: Connection, start: _Mark) -> tuple[Trail, int]:
    acts, head, newest, broken = start.acts, start.head, start.last, None
    # Bare tuples: a busy desk has tens of thousands of acts.
    told_after = f"SELECT id, hash, {', '.join(TOLD)} FROM audit WHERE id > ? ORDER BY id"
    for number, written, *told in db.conn.execute(told_after, (start.last,)):
        if broken is None and digest(head, told) != written:
            broken = number
        acts, head, newest = acts + 1, written, number
    last = value(db, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") or 0
    if broken is None and last > max(newest, 0):
        broken = max(newest, 0) + 1
    found = {row["name"] for row in rows(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return Trail(acts, broken, found >= _TRIGGERS, head), newest
