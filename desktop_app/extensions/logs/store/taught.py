"""The formats that this site was taught: kept, read again, given back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import now
from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs.model import Format
from desktop_app.extensions.logs.sources.taught import definition
from desktop_app.extensions.logs.sources.taught.definition import Definition
from desktop_app.extensions.logs.sources.taught.formats import format_of

UNDO_KIND = "logs.formats"
MOST = 200


def formats(db: Connection) -> tuple[Format, ...]:
    """Return the taught formats, ready to read with, by id."""
    return tuple(_made(row["body"]) for row in rows(db, "SELECT body FROM logs_formats ORDER BY id"))


@lru_cache(maxsize=MOST)
def _made(body: str) -> Format:
    return format_of(definition.read(body.encode()))


def definitions(db: Connection) -> list[Definition]:
    """Return what was taught, by title."""
    found = rows(db, "SELECT body FROM logs_formats ORDER BY title COLLATE NOCASE, id")
    return [definition.read(row["body"].encode()) for row in found]


def one(db: Connection, format_id: str) -> Definition:
    """Return a taught format. UsageError where there is none of that id."""
    found = rows(db, "SELECT body FROM logs_formats WHERE id = ?", [format_id])
    if not found:
        raise UsageError(text("There is no taught format %(name)s.", name=format_id[:60]))
    return definition.read(found[0]["body"].encode())


def keep(db: Connection, told: Definition) -> Decision | None:
    """Keep a format under its id, in place of one that stood there; None where that was the same."""
    body = definition.checked(told).written()
    with writing(db):
        before = rows(db, "SELECT * FROM logs_formats WHERE id = ?", [told.id])
        if before and before[0]["body"] == body:
            return None
        _check_room(db, new=not before)
        _put(db, {"id": told.id, "title": told.title, "body": body, "changed": now()})
        summary = text("Taught the log format %(name)s", name=told.title)
        return undo.record(
            db, UNDO_KIND, summary, before={"id": told.id, "rows": before}, after={}, subjects=[f"format:{told.id}"]
        )


def _check_room(db: Connection, *, new: bool) -> None:
    if new and len(rows(db, "SELECT id FROM logs_formats")) >= MOST:
        raise UsageError(
            text("A desk keeps at most %(limit)s taught formats.", limit=MOST), fix=text("Remove one that is not used.")
        )


def remove(db: Connection, format_id: str) -> Decision:
    """Forget a format; files that it read stay as they are, and go on as plain lines."""
    told = one(db, format_id)
    with writing(db):
        before = rows(db, "SELECT * FROM logs_formats WHERE id = ?", [told.id])
        db.execute("DELETE FROM logs_formats WHERE id = ?", (told.id,))
        summary = text("Removed the log format %(name)s", name=told.title)
        return undo.record(
            db, UNDO_KIND, summary, before={"id": told.id, "rows": before}, after={}, subjects=[f"format:{told.id}"]
        )


def put_back(db: Connection, before: Mapping[str, Any]) -> None:
    """Undo: bring a format back as it was, or take it away where it was new; inside ``writing()``."""
    db.execute("DELETE FROM logs_formats WHERE id = ?", (before["id"],))
    for row in before["rows"]:
        _put(db, row)


def _put(db: Connection, row: dict[str, Any]) -> None:
    db.execute(
        "INSERT INTO logs_formats (id, title, body, changed) VALUES (:id, :title, :body, :changed)"
        " ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body, changed = excluded.changed",
        row,
    )
