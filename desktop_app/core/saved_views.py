"""Views that a person saved under a name: each is the address of a filtered page of this desk, nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

LONGEST_NAME = 80
MOST = 200
_TABLE = "saved_views"


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name and the address (path and query) that it stands for; ``position`` orders them."""

    id: int
    name: str
    url: str
    position: int
    created: Micros


def listing(db: Connection) -> list[SavedView]:
    """Return the views as a person ordered them."""
    return [SavedView(**row) for row in rows(db, "SELECT * FROM saved_views ORDER BY position, id")]


def view(db: Connection, view_id: int) -> SavedView | None:
    """Return one view, or None."""
    return next((one for one in listing(db) if one.id == view_id), None)


def save(db: Connection, name: str, url: str) -> Decision:
    """Keep an address under a name; the caller has made sure that it is one of ours."""
    with writing(db):
        added = put(db, name, url)
        return _record(db, text("Saved the view “%(name)s”", name=added["name"]), [], [added])


def put(db: Connection, name: str, url: str) -> dict[str, Any]:
    """Add a view as the last and return what the journal keeps of it; inside ``writing()``."""
    written = _free_name(db, name)
    if value(db, "SELECT COUNT(*) FROM saved_views") >= MOST:
        raise UsageError(text("No more views can be saved."), fix=text("Delete one that is no longer used."))
    last = value(db, "SELECT COALESCE(MAX(position), 0) FROM saved_views")
    cursor = db.execute(
        "INSERT INTO saved_views (name, url, position, created) VALUES (?, ?, ?, ?)",
        (written, url, last + 1, now()),
    )
    return {"id": int(cursor.lastrowid or 0), "name": written}


def rename(db: Connection, view_id: int, name: str) -> Decision:
    """Call a view otherwise."""
    with writing(db):
        before = _existing(db, view_id)
        written = _free_name(db, name, but=view_id)
        db.execute("UPDATE saved_views SET name = ? WHERE id = ?", (written, view_id))
        summary = text("Renamed the view “%(old)s” to “%(new)s”", old=before["name"], new=written)
        return _record(db, summary, [before], [before])


def remove(db: Connection, view_id: int) -> Decision:
    """Take a view away."""
    with writing(db):
        before = _existing(db, view_id)
        db.execute("DELETE FROM saved_views WHERE id = ?", (view_id,))
        return _record(db, text("Deleted the view “%(name)s”", name=before["name"]), [before], [])


def move(db: Connection, view_id: int, step: int) -> Decision:
    """Move a view up (-1) or down (1) by one place; at the end of the list it stays where it is."""
    with writing(db):
        _existing(db, view_id)
        before = rows(db, "SELECT * FROM saved_views ORDER BY position, id")
        order = [row["id"] for row in before]
        place = order.index(view_id)
        order.insert(max(0, place + step), order.pop(place))
        db.conn.executemany(
            "UPDATE saved_views SET position = ? WHERE id = ?", [(number, one) for number, one in enumerate(order, 1)]
        )
        named = next(row["name"] for row in before if row["id"] == view_id)
        return _record(db, text("Moved the view “%(name)s”", name=named), before, before)


def _free_name(db: Connection, name: str, but: int = 0) -> str:
    written = " ".join(name.split())
    if not written:
        raise UsageError(text("The view has no name."), fix=text("Write what you will look for it by."))
    if len(written) > LONGEST_NAME:
        raise UsageError(text("The name is too long."), fix=text("Use at most %(most)s characters.", most=LONGEST_NAME))
    if any(one.name.casefold() == written.casefold() and one.id != but for one in listing(db)):
        raise UsageError(text("There is a view of that name: %(name)s", name=written), fix=text("Choose another name."))
    return written


def _existing(db: Connection, view_id: int) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM saved_views WHERE id = ?", [view_id])
    if not found:
        raise UsageError(text("There is no such view."), why=text("It may have been deleted."))
    return found[0]


def _record(
    db: Connection, summary: Text, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> Decision:
    subjects = [f"view:{row['id']}" for row in (*before, *after)]
    return undo.record_rows(db, summary, [(_TABLE, list(before), list(after))], subjects)
