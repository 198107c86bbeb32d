"""All SQL about live sources: what was configured, how each fares, its gaps, and where its events go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.errors import UsageError, error_parts
from desktop_app.core.model import Micros, now
from desktop_app.core.origins import LIVE
from desktop_app.core.text import Text, text

KINDS = ("syslog", "follow", "drop", "journald", "winevent")
_KINDS = f"extension = 'logs' AND kind IN {KINDS}"
_DECIDED = "id, extension, kind, name, config, created"
LONGEST_GAPS = 500
MINUTE = 60_000_000
TIMES_USUAL = 4  # as long as the longest usual pause: that is silence
SHORTEST, LONGEST = 5 * MINUTE, 24 * 60 * MINUTE  # of what is learned


def silence(pause: Micros) -> Micros:
    """Return after how long a source is silent whose longest usual pause that is."""
    return min(max(pause * TIMES_USUAL, SHORTEST), LONGEST)


@dataclass(frozen=True, slots=True)
class LiveSource:
    """A live source and how it fares; the columns as ``migrations`` tells them. ``gap``: since when it is not heard."""

    id: int
    kind: str
    name: str
    config: Mapping[str, Any]
    created: Micros
    state: str
    heartbeat: Micros | None
    arrived: Micros | None
    events: int
    lost: int
    refused: int
    errors: int
    rate: float
    lag: Micros | None
    pause: Micros
    silent: Micros | None
    address: str
    error: tuple[Text, ...]
    gap: Micros | None

    @property
    def silent_after(self) -> Micros | None:
        """After how long a pause it counts as silent; None for never, or while too little is known of it."""
        configured = self.config.get("silent")
        if configured is not None:
            return int(configured) * MINUTE or None
        return silence(self.pause) if self.pause else None

    @property
    def paused(self) -> bool:
        """Whether a person has paused it."""
        return bool(self.config.get("paused"))


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a source did not listen, or lost records; ``end`` is None while it goes on."""

    source_id: int
    name: str
    start: Micros
    end: Micros | None
    reason: str
    lost: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day (ISO 8601, in the zone of the site) of a source: an import that one undo takes back."""

    source_id: int
    label: str
    date: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the events of a source go: one import a day, a file in it for each place they come from."""

    import_id: int
    file_id: int
    records: int


_LISTED = f"""SELECT s.id, s.kind, s.name, s.config, s.created, COALESCE(l.state, 'waiting') AS state, l.heartbeat,
    l.arrived, COALESCE(l.events, 0) AS events, COALESCE(l.lost, 0) AS lost, COALESCE(l.refused, 0) AS refused,
    COALESCE(l.errors, 0) AS errors, COALESCE(l.rate, 0.0) AS rate, l.lag, COALESCE(l.pause, 0) AS pause, l.silent,
    COALESCE(l.address, '') AS address, l.error,
    (SELECT MIN(g.start) FROM logs_gaps g WHERE g.source_id = s.id AND g."end" IS NULL) AS gap
    FROM sources s LEFT JOIN logs_live l ON l.source_id = s.id WHERE s.{_KINDS.replace(" kind", " s.kind")}"""


def sources(db: Connection) -> list[LiveSource]:
    """Return the live sources in the order they were made."""
    return [_source(row) for row in rows(db, f"{_LISTED} ORDER BY s.id")]


def source(db: Connection, source_id: int) -> LiveSource:
    """Return one live source; UsageError where there is none."""
    found = rows(db, f"{_LISTED} AND s.id = ?", [source_id])
    if not found:
        raise UsageError(text("There is no live source %(number)s.", number=source_id))
    return _source(found[0])


def _source(row: Mapping[str, Any]) -> LiveSource:
    error = orjson.loads(row["error"]) if row["error"] else {}
    return LiveSource(**{**row, "config": orjson.loads(row["config"]), "error": error_parts(error)})


def any_wanted(db: Connection) -> bool:
    """Say whether any source shall be listened to."""
    query = f"SELECT 1 FROM sources WHERE {_KINDS} AND COALESCE(json_extract(config, '$.paused'), 0) = 0 LIMIT 1"
    return bool(rows(db, query))


def decided(db: Connection, source_id: int, *, cursor: bool = False) -> list[dict[str, Any]]:
    """Return the row of a source as the journal keeps it: how far it was read is no decision."""
    return rows(db, f"SELECT {_DECIDED}{', cursor' if cursor else ''} FROM sources WHERE id = ?", [source_id])


def add(db: Connection, kind: str, name: str, config: Mapping[str, Any]) -> int:
    """Add a source and return its number, which no other ever had; inside ``writing()``."""
    taken = value(
        db,
        "SELECT MAX(n) FROM (SELECT MAX(id) AS n FROM sources UNION ALL SELECT MAX(source_id) FROM logs_live"
        " UNION ALL SELECT MAX(source_id) FROM logs_gaps)",
    )
    source_id = int(taken or 0) + 1
    db.execute(
        "INSERT INTO sources (id, extension, kind, name, config, created) VALUES (?, 'logs', ?, ?, ?, ?)",
        (source_id, kind, name, orjson.dumps(config).decode(), now()),
    )
    db.execute("INSERT INTO logs_live (source_id) VALUES (?)", (source_id,))
    return source_id


def change(db: Connection, source_id: int, name: str, config: Mapping[str, Any]) -> None:
    """Change what a person decides about a source; inside ``writing()``."""
    stored = orjson.dumps(config).decode()
    db.execute("UPDATE sources SET name = ?, config = ? WHERE id = ?", (name, stored, source_id))


def remove(db: Connection, source_id: int) -> None:
    """Forget a source; how it fared, its gaps and its events stay. Inside ``writing()``."""
    db.execute("DELETE FROM sources WHERE id = ?", (source_id,))


def is_taken(db: Connection, kind: str, name: str, besides: int | None = None) -> bool:
    """Say whether another source of that kind has the name."""
    query = "SELECT 1 FROM sources WHERE extension = 'logs' AND kind = ? AND name = ? AND id IS NOT ?"
    return bool(rows(db, query, [kind, name, besides]))


def cursor(db: Connection, source_id: int) -> dict[str, Any]:
    """Return how far a source was read."""
    return dict(orjson.loads(value(db, "SELECT cursor FROM sources WHERE id = ?", [source_id]) or "{}"))


def set_cursor(db: Connection, source_id: int, cursor: Mapping[str, Any]) -> None:
    """Remember how far a source was read; inside ``writing()``, with the events up to there."""
    db.execute("UPDATE sources SET cursor = ? WHERE id = ?", (orjson.dumps(cursor).decode(), source_id))


# --- how it fares: all inside ``writing()`` ---------------------------------------------------------------------------


def tell(db: Connection, source_id: int, columns: Mapping[str, Any]) -> None:
    """Write how a source fares."""
    db.execute("INSERT OR IGNORE INTO logs_live (source_id) VALUES (?)", (source_id,))
    if not columns:
        return
    names = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE logs_live SET {names} WHERE source_id = ?", (*columns.values(), source_id))


def count(db: Connection, source_id: int, *, events: int = 0, lost: int = 0, refused: int = 0, errors: int = 0) -> None:
    """Add to what a source is known by."""
    db.execute(
        "UPDATE logs_live SET events = events + ?, lost = lost + ?, refused = refused + ?, errors = errors + ?"
        " WHERE source_id = ?",
        (events, lost, refused, errors, source_id),
    )


def open_gap(db: Connection, source_id: int, name: str, start: Micros, reason: str) -> None:
    """Note that from now on nobody listens; a gap that is open already goes on."""
    db.execute(
        "INSERT INTO logs_gaps (source_id, name, start, reason) SELECT ?, ?, ?, ? WHERE NOT EXISTS"
        ' (SELECT 1 FROM logs_gaps WHERE source_id = ? AND "end" IS NULL)',
        (source_id, name, start, reason, source_id),
    )


def close_gap(db: Connection, source_id: int, end: Micros) -> list[Gap]:
    """Note that somebody listens again, and return the gap that ended."""
    listed = rows(db, f'{_GAPS} WHERE source_id = ? AND "end" IS NULL', [source_id])
    db.execute('UPDATE logs_gaps SET "end" = MAX(start, ?) WHERE source_id = ? AND "end" IS NULL', (end, source_id))
    return [Gap(**{**row, "end": max(row["start"], end)}) for row in listed]


def add_gap(db: Connection, gap: Gap) -> None:
    """Note a gap that is over; one that goes on where another of its kind ended makes that longer."""
    joined = db.execute(
        'UPDATE logs_gaps SET "end" = ?, lost = lost + ? WHERE source_id = ? AND reason = ? AND "end" >= ?',
        (gap.end, gap.lost, gap.source_id, gap.reason, gap.start - 5_000_000),
    )
    if not joined.rowcount:
        db.execute(
            'INSERT INTO logs_gaps (source_id, name, start, "end", reason, lost) VALUES (?, ?, ?, ?, ?, ?)',
            (gap.source_id, gap.name, gap.start, gap.end, gap.reason, gap.lost),
        )


_GAPS = 'SELECT source_id, name, start, "end", reason, lost FROM logs_gaps'


def gaps(
    db: Connection, *, source_id: int | None = None, start: Micros | None = None, end: Micros | None = None
) -> list[Gap]:
    """Return the newest gaps first, of one source or that touch ``start <= time < end``."""
    wanted = [("source_id = ?", source_id), ('COALESCE("end", 9e18) >= ?', start), ("start < ?", end)]
    where = " AND ".join(["1", *(condition for condition, given in wanted if given is not None)])
    params = [given for _, given in wanted if given is not None]
    return [Gap(**row) for row in rows(db, f"{_GAPS} WHERE {where} ORDER BY start DESC LIMIT {LONGEST_GAPS}", params)]


# --- where events go: inside ``writing()`` ----------------------------------------------------------------------------


def place(db: Connection, day: Day, key: tuple[str, str], format_id: str) -> Place:
    """Return where the events of a day go, made where it is not there yet, or anew where it was undone."""
    import_id = _import_of(db, day)
    path, name = key
    db.execute(
        "INSERT OR IGNORE INTO files (import_id, path, name, format, encoding, state)"
        " VALUES (?, ?, ?, ?, 'utf-8', 'done')",
        (import_id, path, name, format_id),
    )
    [row] = rows(db, "SELECT id, records FROM files WHERE import_id = ? AND path = ?", [import_id, path])
    return Place(import_id, row["id"], row["records"])


def _import_of(db: Connection, day: Day) -> int:
    found = value(
        db,
        "SELECT MAX(id) FROM imports WHERE state = 'done' AND json_extract(options, '$.live') = ?"
        " AND json_extract(options, '$.day') = ?",
        [day.source_id, day.date],
    )
    if found is not None:
        return int(found)
    cursor = db.execute(
        "INSERT INTO imports (label, options, state, created) VALUES (?, ?, 'done', ?)",
        (day.label, orjson.dumps({LIVE: day.source_id, "day": day.date}).decode(), now()),
    )
    return int(cursor.lastrowid or 0)


def stands(db: Connection, place: Place) -> bool:
    """Say whether a place is still where events go: not undone, and nobody else has written there."""
    query = (
        "SELECT 1 FROM files f JOIN imports i ON i.id = f.import_id WHERE f.id = ? AND i.state = 'done' AND records = ?"
    )
    return bool(rows(db, query, [place.file_id, place.records]))


def fill(db: Connection, place: Place, *, records: int, events: int, size: int) -> None:
    """Note what came to a place: the number of its last record, events and bytes."""
    db.execute(
        "UPDATE files SET records = ?, events = events + ?, bytes = bytes + ?, finished = ? WHERE id = ?",
        (records, events, size, now(), place.file_id),
    )
    db.execute("UPDATE imports SET finished = ? WHERE id = ?", (now(), place.import_id))


def is_journalled(db: Connection, import_id: int) -> bool:
    """Say whether an import can be undone already."""
    return bool(rows(db, "SELECT 1 FROM undo_subjects WHERE subject = ? LIMIT 1", [f"import:{import_id}"]))


def imports_of(db: Connection, source_id: int, days: int = 2) -> list[int]:
    """Return the newest imports of a source that stand, one a day, the newest first."""
    query = (
        "SELECT id FROM imports WHERE state = 'done' AND json_extract(options, '$.live') = ? ORDER BY id DESC LIMIT ?"
    )
    return [int(row["id"]) for row in rows(db, query, [source_id, days])]


SILENT_RULE = "7634d829-56c5-411c-9072-faf70f968ab2"


def silences(db: Connection, name: str) -> list[int]:
    """Return the findings that a source has fallen silent on which nobody has decided yet."""
    query = """SELECT f.id FROM findings f JOIN assets a ON a.id = f.asset_id
        WHERE f.rule_id = ? AND f.status = 'new' AND f.verdict IS NULL AND a.name = ? COLLATE NOCASE"""
    return [int(row["id"]) for row in rows(db, query, [SILENT_RULE, name])]


# --- small segments ---------------------------------------------------------------------------------------------------


def small_segments(db: Connection, below: int) -> list[list[int]]:
    """Return the live segments of live sources with fewer events than that, by import and log source, oldest first."""
    found = rows(
        db,
        "SELECT s.id, s.import_id, s.file_id, s.product, s.category, s.service FROM segments s"
        " JOIN imports i ON i.id = s.import_id WHERE s.state = 'live' AND s.events < ? AND i.state = 'done'"
        " AND json_extract(i.options, '$.live') IS NOT NULL ORDER BY s.id",
        [below],
    )
    grouped: dict[Sequence[Any], list[int]] = {}
    for row in found:
        number = row.pop("id")
        grouped.setdefault(tuple(row.values()), []).append(number)
    return list(grouped.values())
