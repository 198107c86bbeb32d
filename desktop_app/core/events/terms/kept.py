"""Which events a person pinned or tagged (``core.marks`` keeps them), for terms of a search."""

from __future__ import annotations

from desktop_app.core.database import Connection, rows


def tagged(db: Connection, tag: str) -> list[int]:
    """Return the events that have a tag, in any case of letters; ``*`` means any tag."""
    query = ("SELECT DISTINCT event_id FROM event_marks, json_each(event_marks.tags) t "
             "WHERE ?1 = '*' OR t.value = ?1")  # fmt: skip
    return [row["event_id"] for row in rows(db, query, [tag.lower()])]


def pinned(db: Connection) -> list[int]:
    """Return the pinned events."""
    return [row["event_id"] for row in rows(db, "SELECT event_id FROM event_marks WHERE pinned = 1")]
