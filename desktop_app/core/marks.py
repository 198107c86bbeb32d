"""What a person keeps of single events: pins, tags and a note, with a copy of the event for when it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

LONGEST_NOTE = 10_000
LONGEST_TAG = 60
MOST_TAGS = 20
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A kept event: ``event`` is its copy, in the shape of ``events.rows`` (without times of reading)."""

    event_id: int
    pinned: bool
    tags: tuple[str, ...]
    note: str
    changed: Micros
    event: Mapping[str, Any]


def _mark(row: Mapping[str, Any]) -> Mark:
    event = {name: row[name] for name in ("time", "host", "source", "level", "message", "raw")}
    event |= {"id": str(row["event_id"]), "ingested": None, "fields": orjson.loads(row["fields"]), "cut": False}
    tags = tuple(orjson.loads(row["tags"]))
    return Mark(row["event_id"], bool(row["pinned"]), tags, row["note"], row["changed"], event)


def of(db: Connection, event_id: int) -> Mark | None:
    """Return what is kept of an event, None where nothing is."""
    found = rows(db, "SELECT * FROM event_marks WHERE event_id = ?", [event_id])
    return _mark(found[0]) if found else None


def listing(db: Connection, *, start: Micros | None = None, end: Micros | None = None, limit: int = MOST) -> list[Mark]:
    """Return the kept events of a time, the newest first."""
    query = ("SELECT * FROM event_marks WHERE (?1 IS NULL OR time >= ?1) AND (?2 IS NULL OR time < ?2) "
             "ORDER BY time DESC, event_id DESC LIMIT ?3")  # fmt: skip
    return [_mark(row) for row in rows(db, query, [start, end, limit])]


def tags(db: Connection) -> list[tuple[str, int]]:
    """Return the tags in use with how many events have each."""
    query = ("SELECT t.value AS tag, count(*) AS n FROM event_marks, json_each(event_marks.tags) t "
             "GROUP BY t.value ORDER BY n DESC, tag")  # fmt: skip
    return [(row["tag"], row["n"]) for row in rows(db, query)]


def read_tags(words: str) -> tuple[str, ...]:
    """Read tags written with commas or spaces between them. Raises UsageError for too many or too long ones."""
    found = tuple(dict.fromkeys(one.lower().lstrip("#") for one in words.replace(",", " ").split()))
    found = tuple(one for one in found if one)
    if len(found) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in found):
        raise UsageError(text("An event takes up to %(most)s tags of up to %(long)s characters each.",
                              most=MOST_TAGS, long=LONGEST_TAG))  # fmt: skip
    return found


def change(
    db: Connection, event: Mapping[str, Any], *, pin: bool | None = None, tags: Iterable[str] | None = None,
    note: str | None = None,
) -> Decision | None:  # fmt: skip
    """Change what is kept of an event; what is None stays. Returns None where nothing changed.

    ``event`` is the event as the store gives it. Where neither pin, tag nor note is left, the copy goes too.
    """
    event_id = int(event["id"])
    with writing(db):
        before = rows(db, "SELECT * FROM event_marks WHERE event_id = ?", [event_id])
        old = _mark(before[0]) if before else Mark(event_id, pinned=False, tags=(), note="", changed=0, event=event)
        new = (
            old.pinned if pin is None else pin,
            old.tags if tags is None else tuple(tags),
            old.note if note is None else note.strip()[:LONGEST_NOTE],
        )
        if new == (old.pinned, old.tags, old.note):
            return None
        db.execute("DELETE FROM event_marks WHERE event_id = ?", (event_id,))
        if any(new):
            _write(db, old.event, *new)
        change: undo.Change = ("event_marks", before, [{"event_id": event_id}])
        return undo.record_rows(db, _said(old, *new), [change], [f"event-mark:{event_id}"])


def _write(db: Connection, event: Mapping[str, Any], pin: bool, tags: Sequence[str], note: str) -> None:  # noqa: FBT001 - a column's value
    plain = [event[name] for name in ("time", "host", "source", "level", "message")]
    db.execute(
        "INSERT INTO event_marks (event_id, time, host, source, level, message, raw, fields, pinned, tags, note, "
        "changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (int(event["id"]), *plain, event["raw"] or "", orjson.dumps(dict(event["fields"])).decode(), int(pin),
         orjson.dumps(list(tags)).decode(), note, now()),
    )  # fmt: skip


def _said(old: Mark, pin: bool, tags: Sequence[str], note: str) -> Text:  # noqa: FBT001 - a column's value
    if pin != old.pinned:
        return text("Pinned an event") if pin else text("Unpinned an event")
    if tuple(tags) != old.tags:
        return text("Tagged an event: %(tags)s", tags=", ".join(tags)) if tags else text("Removed the tags of an event")
    return text("Wrote a note on an event") if note else text("Removed the note on an event")
