"""The journal of decisions that can be taken back.

A decision writes the rows it changes as they stood before and as they stand after. Undoing restores what stood
before, unless a later decision built on one of the same subjects: then that decision is named instead.
Kinds other than plain row changes (an import) bring their own way back with their extension.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import audit
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.extension import WayBack
from desktop_app.core.model import Micros, now
from desktop_app.core.text import Text, text

ROWS = "rows"
# What happens of itself (a day of a live source) is taken back where it is listed; it is never the newest decision.
UNASKED = "auto."
_ASKED = f"kind NOT LIKE '{UNASKED}%'"
_ACT = 60_000_000  # µs that an act may take

# table -> primary key; only what people decide is restored this way.
TABLES: Mapping[str, tuple[str, ...]] = {
    "findings": ("id",),
    "suppressions": ("id",),
    "notes": ("id",),
    "settings": ("key",),
    "rules": ("id",),
    "schedules": ("id",),
    "reports": ("id",),
    "finding_steps": ("finding_id", "step"),
    "cases": ("id",),
    "case_findings": ("finding_id",),
    "case_notes": ("id",),
    "case_tasks": ("id",),
    "rule_packs": ("name",),
    "rule_exceptions": ("id",),
    "suppression_scopes": ("id",),
    "looks": ("reader",),
    "saved_views": ("id",),
    "event_marks": ("event_id",),
    "alert_channels": ("id",),
    "sources": ("id",),
    "rule_values": ("name",),
    "rule_pipelines": ("name",),
}
# What else a person did with a finding still stands after an undo, so the finding must not go with its events.
_STILL_TOUCHED = """UPDATE findings SET touched = 1 WHERE touched = 0 AND id IN (SELECT value FROM json_each(?)) AND (
    EXISTS (SELECT 1 FROM notes n WHERE n.finding_id = findings.id)
    OR EXISTS (SELECT 1 FROM finding_steps s WHERE s.finding_id = findings.id)
    OR EXISTS (SELECT 1 FROM case_findings c WHERE c.finding_id = findings.id)
    OR EXISTS (SELECT 1 FROM undo_subjects s JOIN undo u ON u.id = s.undo_id
        WHERE s.subject = 'finding:' || findings.id AND u.undone IS NULL))"""
# What a suppression hid as it arrived is in no journal; it must not stay hidden by nothing.
_HIDDEN_BY_NOTHING = """UPDATE findings SET status = 'new' WHERE status = 'suppressed' AND NOT EXISTS
    (SELECT 1 FROM suppressions s WHERE s.finding_id = findings.id AND s.lifted IS NULL)"""

Change = tuple[str, list[dict[str, Any]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision of the journal."""

    id: int
    time: Micros
    kind: str
    summary: Text
    undone: Micros | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision returns: how to take it back, and what was done, for the bar with the Undo button."""

    undo_id: int
    summary: Text


def record(
    db: Connection, kind: str, summary: Text, *, before: object, after: object, subjects: Sequence[str]
) -> Decision:
    """Write a decision to the journal and the audit trail; inside ``writing()``."""
    cursor = db.execute(
        "INSERT INTO undo (time, kind, summary, before, after) VALUES (?, ?, ?, ?, ?)",
        (now(), kind, *(orjson.dumps(part).decode() for part in (summary.to_json(), before, after))),
    )
    entry = int(cursor.lastrowid or 0)
    build_on(db, entry, subjects)
    audit.record(db, summary, _told(subjects))
    _sign_versions(db)
    return Decision(entry, summary)


def _sign_versions(db: Connection) -> None:
    """Say of the texts of rules that this act replaced who did it; a trigger keeps them, which knows no account."""
    db.execute("UPDATE rule_versions SET actor = ? WHERE actor IS NULL AND until >= ?", (audit.actor(), now() - _ACT))


def _told(subjects: Sequence[str]) -> str:
    """Return what an act is said to be about: its one subject, how many of one kind, or the first of several kinds."""
    kinds = {one.partition(":")[0] for one in subjects}
    if len(subjects) == 1 or len(kinds) != 1:
        return subjects[0] if subjects else ""
    return f"{kinds.pop()}:{len(subjects)} items"


def build_on(db: Connection, undo_id: int, subjects: Sequence[str]) -> None:
    """Say that a recorded decision builds on further subjects; inside ``writing()``."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO undo_subjects (undo_id, subject) VALUES (?, ?)",
        [(undo_id, one) for one in sorted(set(subjects))],
    )


def record_rows(db: Connection, summary: Text, changes: Sequence[Change], subjects: Sequence[str]) -> Decision:
    """Journal plain row changes: (table, rows before, rows after) each."""
    before = [{"table": table, "rows": old, "keys": _keys(table, new)} for table, old, new in changes]
    return record(db, ROWS, summary, before=before, after=[], subjects=subjects)


def _keys(table: str, new: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the keys of rows as the journal holds them: the value itself where one column is the key."""
    names = TABLES[table]
    return [row[names[0]] if len(names) == 1 else [row[name] for name in names] for row in new]


def _entry(row: Mapping[str, Any]) -> Entry:
    summary = Text.from_json(orjson.loads(row["summary"]))
    return Entry(row["id"], row["time"], row["kind"], summary, row["undone"])


def entries(db: Connection, limit: int = 50) -> list[Entry]:
    """Return the newest decisions first, undone ones included."""
    return [_entry(row) for row in rows(db, "SELECT * FROM undo ORDER BY id DESC LIMIT ?", [limit])]


@dataclass(frozen=True, slots=True)
class Past:
    """A decision of the past; ``later`` is the newest one that builds on it and must be undone first."""

    entry: Entry
    later: Entry | None


def history(db: Connection, limit: int = 50, before: int | None = None) -> list[Past]:
    """Return decisions, the newest first (before the number of one), each with what stands in the way of its undo."""
    where, params = ("WHERE id < ?", [before]) if before is not None else ("", [])
    found = [_entry(row) for row in rows(db, f"SELECT * FROM undo {where} ORDER BY id DESC LIMIT ?", [*params, limit])]
    return [Past(one, None if one.undone is not None else _later(db, one.id)) for one in found]


def about(db: Connection, kinds: Sequence[str], limit: int) -> list[Past]:
    """Return the newest decisions about subjects of these kinds (``pipeline`` of ``pipeline:ours``)."""
    named = " OR ".join("s.subject GLOB ? || ':*'" for _ in kinds)
    found = rows(
        db,
        "SELECT * FROM undo WHERE id IN (SELECT s.undo_id FROM undo_subjects s"
        f" WHERE {named}) ORDER BY id DESC LIMIT ?",
        [*kinds, limit],
    )
    return [Past(_entry(row), None if row["undone"] is not None else _later(db, row["id"])) for row in found]


def latest(db: Connection) -> Entry | None:
    """Return the newest decision that still stands."""
    found = rows(db, f"SELECT * FROM undo WHERE undone IS NULL AND {_ASKED} ORDER BY id DESC LIMIT 1")
    return _entry(found[0]) if found else None


def _later(db: Connection, undo_id: int) -> Entry | None:
    found = rows(
        db,
        "SELECT u.* FROM undo u JOIN undo_subjects s ON s.undo_id = u.id WHERE u.id > ? AND u.undone IS NULL"
        " AND s.subject IN (SELECT subject FROM undo_subjects WHERE undo_id = ?) ORDER BY u.id DESC LIMIT 1",
        [undo_id, undo_id],
    )
    return _entry(found[0]) if found else None


def concerned(db: Connection, undo_id: int, kind: str) -> list[int]:
    """Return the numbers of the things of a kind (``finding``) that a decision was about."""
    found = rows(db, "SELECT subject FROM undo_subjects WHERE undo_id = ? AND subject LIKE ? || ':%'", [undo_id, kind])
    return [int(number) for row in found if (number := row["subject"].partition(":")[2]).isdigit()]


def undo(desk: Desk, db: Connection, undo_id: int | None = None) -> Text:
    """Take a decision back (the newest one without an id) and return its summary.

    Raises UsageError when there is nothing to undo or when a later decision builds on this one.
    """
    with writing(db):
        row = standing(db, undo_id)
        before = orjson.loads(row["before"])
        paths = _restore(db, before) if row["kind"] == ROWS else _way_back(desk, row["kind"])(desk, db, before)
        db.execute("UPDATE undo SET undone = ? WHERE id = ?", (now(), row["id"]))
        if row["kind"] == ROWS:
            _settle(db, before)
        _sign_versions(db)
        summary = _entry(row).summary
        audit.record(db, text("Undone: %(summary)s", summary=summary), f"undo:{row['id']}")
    catalogue.discard(desk.folder, db, paths)
    return summary


def standing(db: Connection, undo_id: int | None = None) -> dict[str, Any]:
    """Return the row of a decision that can be taken back now, the newest without an id; UsageError otherwise."""
    wanted = "AND id = ?" if undo_id is not None else f"AND {_ASKED}"
    params = [] if undo_id is None else [undo_id]
    found = rows(db, f"SELECT * FROM undo WHERE undone IS NULL {wanted} ORDER BY id DESC LIMIT 1", params)
    if not found:
        raise UsageError(text("There is nothing to undo."), why=text("Every decision up to here was undone already."))
    later = _later(db, found[0]["id"])
    if later is not None:
        raise UsageError(
            text("This can't be undone yet: %(summary)s", summary=_entry(found[0]).summary),
            why=text("A later decision builds on it: %(later)s", later=later.summary),
            fix=text("Undo the later decision first."),
        )
    return found[0]


def _way_back(desk: Desk, kind: str) -> WayBack:
    return next(one.ways_back[kind] for one in desk.extensions if kind in one.ways_back)


def _restore(db: Connection, before: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Put back rows that were changed, and take away rows that were added."""
    for change in before:
        table = change["table"]
        where = " AND ".join(f"{name} = ?" for name in TABLES[table])
        old = {_as_tuple(one) for one in _keys(table, change["rows"])}
        added = [key for key in map(_as_tuple, change["keys"]) if key not in old]
        db.conn.executemany(f"DELETE FROM {table} WHERE {where}", added)
        for row in change["rows"]:
            _put_back(db, table, row)
    return ()


def _settle(db: Connection, before: Sequence[Mapping[str, Any]]) -> None:
    """Let findings follow what was put back, once the decision counts as undone."""
    touched = [one["id"] for change in before if change["table"] == "findings" for one in change["rows"]]
    db.execute(_STILL_TOUCHED, (orjson.dumps(touched).decode(),))
    if any(change["table"] == "suppression_scopes" for change in before):
        db.execute(_HIDDEN_BY_NOTHING)


def _as_tuple(key: Any) -> tuple[Any, ...]:
    return tuple(key) if isinstance(key, list) else (key,)


def _put_back(db: Connection, table: str, row: Mapping[str, Any]) -> None:
    """Write the columns a person decided; sums over contributions are never turned back by an undo."""
    key = TABLES[table]
    if table == "rules":
        row = {**row, "changed": now()}  # what is stored was judged by the rule as it stood until now
    if table == "findings" or (table == "rules" and "body" not in row):
        assignments = ", ".join(f'"{name}" = ?' for name in row if name != "id")
        values = [value for name, value in row.items() if name != "id"]
        db.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", (*values, row["id"]))
        return
    names = ", ".join(f'"{name}"' for name in row)
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name not in key)
    marks = ", ".join("?" * len(row))
    db.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updates}",
        tuple(row.values()),
    )
