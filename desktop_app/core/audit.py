"""The trail of what was done on the desk. Rows are only added; triggers in the database refuse anything else."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from functools import cache

import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, by which account, what (a sentence), on what (such as ``finding:12``)."""

    id: int
    time: Micros
    actor: str
    action: Text
    subject: str


@cache
def actor() -> str:
    """Return the name of the account that runs the program."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return "unknown"


def record(db: Connection, action: Text, subject: str) -> None:
    """Add an act; inside ``writing()``, so that it stands exactly when the act does."""
    db.execute(
        "INSERT INTO audit (time, actor, action, subject) VALUES (?, ?, ?, ?)",
        (now(), actor(), orjson.dumps(action.to_json()).decode(), subject),
    )


def entries(db: Connection, limit: int = 100) -> list[Entry]:
    """Return the newest acts first."""
    found = rows(db, "SELECT id, time, actor, action, subject FROM audit ORDER BY id DESC LIMIT ?", [limit])
    return [Entry(**{**row, "action": Text.from_json(orjson.loads(row["action"]))}) for row in found]
