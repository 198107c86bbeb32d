"""The trail of what was done on the desk. Rows are only added; triggers in the database refuse anything else.

Each act carries a digest over itself and the act before, so an edit made past the triggers shows. Whoever can write the
file could reckon all digests anew; a head that was noted elsewhere (a report, a paper) tells that too.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from desktop_app.core.audit_chain import BEGINNING, TOLD, digest, link
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text

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


def check(db: Connection) -> Trail:
    """Follow the trail from its beginning and say whether it is as it was written."""
    acts, head, broken = 0, BEGINNING, None
    # Bare tuples: a busy desk has tens of thousands of acts, and all of them are followed each time.
    for number, written, *told in db.conn.execute(f"SELECT id, hash, {', '.join(TOLD)} FROM audit ORDER BY id"):
        if broken is None and digest(head, told) != written:
            broken = number
        acts, head = acts + 1, written
    last = value(db, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") or 0
    newest = value(db, "SELECT MAX(id) FROM audit") or 0
    if broken is None and last > newest:
        broken = newest + 1
    found = {row["name"] for row in rows(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return Trail(acts, broken, found >= _TRIGGERS, head)
