"""All SQL of the logs extension: imports and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, WatchdeskError, error_parts
from desktop_app.core.events import catalogue
from desktop_app.core.model import Column, EventBatch, Micros, now
from desktop_app.core.spans import Coded, Spans
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.model import Settled
from desktop_app.extensions.logs.sources.names import stem

# A file counts as known while its import stands.
_STANDING = "f.state = 'done' AND i.state <> 'undone'"
_NO_BOUND = (1 << 63) - 1
_MOST_SIZES = 1000
AFFECTED = "affected"  # among the options of an import that is being undone: the findings that it had contributed to


@dataclass(frozen=True, slots=True)
class FileRow:
    """One input file of an import. ``error`` is empty where nothing went wrong."""

    id: int
    import_id: int
    path: str
    member: str
    name: str
    modified: Micros
    sha256: str | None
    bytes: int
    offset_bytes: int
    format: str | None
    encoding: str | None
    zone: str | None
    zone_assumed: bool
    events: int
    skipped: int
    records: int
    notes: tuple[Text, ...]
    error: tuple[Text, ...]
    reading_state: Mapping[str, Any]
    settled: Settled
    settled_sha256: str | None
    continues: int | None
    format_named: bool
    state: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as the Sources page lists it. ``unread`` counts the files that could not be read."""

    id: int
    job_id: int | None
    label: str
    state: str
    created: Micros
    files: int
    unread: int
    known: int
    events: int
    skipped: int
    bytes: int
    findings: int
    zones: tuple[str, ...]
    zone_assumed: bool
    undo_id: int | None


def create_import(db: Connection, label: str, options: Mapping[str, Any]) -> int:
    """Add an import; inside ``writing()``."""
    cursor = db.execute(
        "INSERT INTO imports (label, options, state, created) VALUES (?, ?, 'reading', ?)",
        (label, orjson.dumps(options).decode(), now()),
    )
    return int(cursor.lastrowid or 0)


def set_job(db: Connection, import_id: int, job_id: int) -> None:
    """Say which job reads an import; inside ``writing()``."""
    db.execute("UPDATE imports SET job_id = ? WHERE id = ?", (job_id, import_id))


def set_state(db: Connection, import_id: int, state: str) -> None:
    """Set the state of an import; inside ``writing()``."""
    db.execute("UPDATE imports SET state = ?, finished = ? WHERE id = ?", (state, now(), import_id))


def file_for(db: Connection, import_id: int, key: tuple[str, str], name: str, modified: Micros = 0) -> FileRow:
    """Return the row of an input by its (path, member), added where it is new; inside ``writing()``.

    A resumed import finds its rows again, so its events keep their numbers.
    """
    db.execute(
        "INSERT OR IGNORE INTO files (import_id, path, member, name, stem, modified, state)"
        " VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
        (import_id, *key, name, stem(name), modified),
    )
    where = "WHERE import_id = ? AND path = ? AND member = ?"
    return _file(rows(db, f"SELECT * FROM files {where}", [import_id, *key])[0])


def finish_file(db: Connection, file_id: int, columns: Mapping[str, Any]) -> None:
    """Write what is known of a file now; inside ``writing()``, with the segments it brought."""
    names = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE files SET {names}, finished = ? WHERE id = ?", (*columns.values(), now(), file_id))


def set_zone(
    db: Connection, file_id: int, zone: str | None, state: Mapping[str, Any], settled: Mapping[str, Any]
) -> None:
    """Say in which zone the zone-less lines of a file are read, and the states of that; inside ``writing()``."""
    states = {"reading_state": orjson.dumps(state).decode(), "settled_state": orjson.dumps(settled).decode()}
    finish_file(db, file_id, {"zone": zone, **states})


def file_columns(db: Connection, file_id: int, columns: Sequence[str]) -> dict[str, Any]:
    """Return some columns of a file as they are stored."""
    return rows(db, f"SELECT {', '.join(columns)} FROM files WHERE id = ?", [file_id])[0]


def error_json(error: WatchdeskError | None) -> str | None:
    """Return an error as the files table keeps it."""
    return None if error is None else orjson.dumps(error.to_json()).decode()


def _file(row: Mapping[str, Any]) -> FileRow:
    named = {name: row[name] for name in FileRow.__dataclass_fields__ if name in row}
    named["notes"] = tuple(Text.from_json(one) for one in orjson.loads(row["notes"]))
    named["error"] = error_parts(orjson.loads(row["error"])) if row["error"] else ()
    named["reading_state"] = orjson.loads(row["reading_state"])
    state = orjson.loads(row["settled_state"])
    named["settled"] = Settled(row["settled_bytes"], row["settled_records"], state)
    for flag in ("zone_assumed", "format_named"):
        named[flag] = bool(row[flag])
    return FileRow(**named)


def file_row(db: Connection, file_id: int) -> FileRow:
    """Return one file."""
    return _file(rows(db, "SELECT * FROM files WHERE id = ?", [file_id])[0])


def files(db: Connection, import_id: int) -> list[FileRow]:
    """Return the files of an import in the order they were read."""
    return [_file(row) for row in rows(db, "SELECT * FROM files WHERE import_id = ? ORDER BY id", [import_id])]


def files_of_format(db: Connection, format_id: str, limit: int) -> list[FileRow]:
    """Return the newest standing files that were read by a format."""
    found = rows(
        db,
        "SELECT f.* FROM files f JOIN imports i ON i.id = f.import_id"
        " WHERE f.format = ? AND f.events > 0 AND i.state = 'done' ORDER BY f.id DESC LIMIT ?",
        [format_id, limit],
    )
    return [_file(row) for row in found]


def add_events(db: Connection, file_id: int, number: int) -> None:
    """Count events of a file that went, or came back; inside ``writing()``."""
    db.execute("UPDATE files SET events = events + ? WHERE id = ?", (number, file_id))


def known_sizes(db: Connection, log: str, key: tuple[str, str], at_most: int | None) -> list[int]:
    """Return the sizes of standing files of that stem or (path, member), ascending: where a log may have ended before.

    Of thousands of files of one name the newest count.
    """
    found = db.execute(
        "WITH alike AS (SELECT f.id, f.bytes, f.settled_bytes, f.settled_sha256, f.path = ? AND f.member = ? AS same"
        f" FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING}"
        " AND (f.stem = ? OR f.path = ? AND f.member = ?))"
        " SELECT size FROM (SELECT id, same, bytes AS size FROM alike UNION ALL"
        " SELECT id, same, settled_bytes FROM alike WHERE settled_sha256 IS NOT NULL)"
        " WHERE size BETWEEN 1 AND ? GROUP BY size ORDER BY MAX(same) DESC, MAX(id) DESC LIMIT ?",
        (*key, log, *key, _NO_BOUND if at_most is None else at_most, _MOST_SIZES),
    )
    return sorted(row[0] for row in found.fetchall())


def has_size(db: Connection, size: int | None) -> bool:
    """Say whether a standing file has that size; any for None."""
    wanted = "f.bytes > 0" if size is None else "f.bytes = ?"
    query = f"SELECT 1 FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING} AND {wanted} LIMIT 1"
    return bool(rows(db, query, [] if size is None else [size]))


def known_files(db: Connection, digests: Sequence[str]) -> list[FileRow]:
    """Return the standing files of these contents, whole or up to where they are settled, the longest first."""
    wanted = "IN (SELECT value FROM json_each(?1))"
    found = rows(
        db,
        f"SELECT f.* FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING} AND f.bytes > 0"
        f" AND (f.sha256 {wanted} OR f.settled_sha256 {wanted}) ORDER BY f.bytes DESC, f.id",
        [orjson.dumps(digests).decode()],
    )
    return [_file(row) for row in found]


def chain_of(db: Connection, file: FileRow) -> list[FileRow]:
    """Return a file and those before it that it continued, the newest first."""
    found = [file]
    while found[-1].continues is not None:
        found.append(file_row(db, found[-1].continues))
    return found


_LISTED = """SELECT i.id, i.job_id, i.label, i.state, i.created,
    (SELECT COUNT(*) FROM files f WHERE f.import_id = i.id) AS files,
    (SELECT COUNT(*) FROM files f WHERE f.import_id = i.id AND f.state = 'failed') AS unread,
    (SELECT COUNT(*) FROM files f WHERE f.import_id = i.id AND f.state = 'known') AS known,
    (SELECT COALESCE(SUM(events), 0) FROM files f WHERE f.import_id = i.id) AS events,
    (SELECT COALESCE(SUM(skipped), 0) FROM files f WHERE f.import_id = i.id) AS skipped,
    (SELECT COALESCE(SUM(bytes), 0) FROM files f WHERE f.import_id = i.id) AS bytes,
    (SELECT COUNT(DISTINCT c.finding_id) FROM contributions c JOIN segments s ON s.id = c.segment_id
      WHERE s.import_id = i.id) AS findings,
    (SELECT json_group_array(DISTINCT zone) FROM files f WHERE f.import_id = i.id AND f.zone_assumed = 1) AS zones,
    (SELECT u.id FROM undo u JOIN undo_subjects x ON x.undo_id = u.id WHERE x.subject = 'import:' || i.id
      AND u.kind IN ('logs.import', 'auto.logs.live') AND u.undone IS NULL
      AND json_extract(u.before, '$.import_id') = i.id) AS undo_id
    FROM imports i"""


def _import(row: Mapping[str, Any]) -> ImportRow:
    zones = tuple(one for one in orjson.loads(row["zones"]) if one)
    return ImportRow(**{**row, "zones": zones, "zone_assumed": bool(zones)})


def import_rows(db: Connection, limit: int = 200) -> list[ImportRow]:
    """Return the newest imports first."""
    return [_import(row) for row in rows(db, f"{_LISTED} ORDER BY i.id DESC LIMIT ?", [limit])]


def import_row(db: Connection, import_id: int) -> ImportRow:
    """Return one import; UsageError where there is none."""
    found = rows(db, f"{_LISTED} WHERE i.id = ?", [import_id])
    if not found:
        raise UsageError(text("There is no import %(number)s.", number=import_id))
    return _import(found[0])


def holds_other_than(db: Connection, label: str) -> bool:
    """Say whether an import of another name has brought events that stand."""
    query = (
        f"SELECT 1 FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING} AND f.events AND i.label <> ?"
    )
    return bool(rows(db, f"{query} LIMIT 1", [label]))


def import_options(db: Connection, import_id: int) -> dict[str, Any]:
    """Return how an import was asked for."""
    stored = value(db, "SELECT options FROM imports WHERE id = ?", [import_id])
    return dict(orjson.loads(stored or "{}"))


def keep_option(db: Connection, import_id: int, name: str, kept: object) -> Any:
    """Keep a value with an import and return it, or the one that was kept before; inside ``writing()``."""
    options = import_options(db, import_id)
    if name not in options:
        options[name] = kept
        db.execute("UPDATE imports SET options = ? WHERE id = ?", (orjson.dumps(options).decode(), import_id))
    return options[name]


def keep_replaced(db: Connection, import_id: int, replaced: Mapping[str, Any]) -> None:
    """Keep with an import which segments of an earlier one it replaced; inside ``writing()``."""
    options = import_options(db, import_id)
    options["replaced"] = [*options.get("replaced", ()), replaced]
    db.execute("UPDATE imports SET options = ? WHERE id = ?", (orjson.dumps(options).decode(), import_id))


def segment_ids(
    db: Connection, *, import_id: int | None = None, file_ids: Sequence[int] | None = None, hidden: bool = False
) -> list[int]:
    """Return the live segments of an import (``hidden``: also those put aside), or of some files."""
    if import_id is not None:
        states = ("live", "hidden") if hidden else ("live", "live")
        where = "state IN (?, ?) AND import_id = ?"
        found = db.execute(f"SELECT id FROM segments WHERE {where} ORDER BY id", (*states, import_id))
    else:
        where = "state = 'live' AND file_id IN (SELECT value FROM json_each(?))"
        listed = orjson.dumps(file_ids or ()).decode()
        found = db.execute(f"SELECT id FROM segments WHERE {where} ORDER BY id", (listed,))
    return [row[0] for row in found.fetchall()]


def findings_of(db: Connection, import_id: int) -> int:
    """Return how many findings an import contributes to."""
    return int(
        value(
            db,
            "SELECT COUNT(DISTINCT c.finding_id) FROM contributions c JOIN segments s ON s.id = c.segment_id"
            " WHERE s.import_id = ?",
            [import_id],
        )
    )


def source_cursor(db: Connection, kind: str, name: str) -> dict[str, Any]:
    """Return how far a configured source was read."""
    stored = value(db, "SELECT cursor FROM sources WHERE extension = 'logs' AND kind = ? AND name = ?", [kind, name])
    return dict(orjson.loads(stored or "{}"))


def set_source_cursor(db: Connection, kind: str, name: str, cursor: Mapping[str, Any]) -> None:
    """Remember how far a source was read; inside ``writing()``, with the events up to there."""
    db.execute(
        "INSERT INTO sources (extension, kind, name, cursor, created) VALUES ('logs', ?, ?, ?, ?)"
        " ON CONFLICT (extension, kind, name) DO UPDATE SET cursor = excluded.cursor",
        (kind, name, orjson.dumps(cursor).decode(), now()),
    )


def without_known(
    desk: Desk, db: Connection, batch: EventBatch, going: Mapping[int, int]
) -> tuple[EventBatch, set[int]]:
    """Drop Windows events that are stored already: the same computer, channel, EventRecordID and time.

    The same log is exported many times, each export holding most of the one before. ``going`` says from which files
    what follows a record is being taken out: that is not known any more. Returns the rest, and the imports that had
    brought what was dropped.
    """
    if batch.log_source.product != "windows" or not len(batch):
        return batch, set()
    around = catalogue.live(db, start=int(batch.time.min()), end=int(batch.time.max()) + 1)
    ids = [one.id for one in around if one.log_source == batch.log_source]
    if not ids:
        return batch, set()
    # What cannot be read is not known; a damaged file of an earlier import must not cost this one.
    loaded = desk.events.load(db, ids, missing=[])
    stored = {
        key: one.import_id
        for one, old in loaded
        for key, ordinal in zip(_identities(old), old.ordinal.tolist(), strict=True)
        if ordinal <= going.get(one.file_id, ordinal)
    }
    # An export without record numbers has no identity: two events of one microsecond may well be different.
    holders = [None if key[2] is None else stored.get(key) for key in _identities(batch)]
    fresh = np.array([one is None for one in holders], dtype=bool)
    known = {one for one in holders if one is not None}
    return (picked(batch, np.flatnonzero(fresh)) if known else batch), known


def _identities(batch: EventBatch) -> list[tuple[str | None, str | None, str | None, int]]:
    missing: Column = [None] * len(batch)
    channel = batch.fields.get("Channel", missing)
    record = batch.fields.get("EventRecordID", missing)
    return list(zip(batch.host, channel, record, batch.time.tolist(), strict=True))


def picked(batch: EventBatch, wanted: npt.NDArray[np.intp]) -> EventBatch:
    """Return some rows of a batch."""
    rows_wanted = wanted.tolist()

    def pick(column: Column) -> Column:
        return column.take(wanted) if isinstance(column, Spans | Coded) else [column[row] for row in rows_wanted]

    return replace(
        batch,
        time=batch.time[wanted],
        ordinal=batch.ordinal[wanted],
        source=pick(batch.source),
        host=pick(batch.host),
        level=pick(batch.level),
        message=pick(batch.message),
        raw=pick(batch.raw),
        fields={name: pick(column) for name, column in batch.fields.items()},
    )


def guessed_zones(db: Connection) -> int:
    """Return how many files of standing imports told no time zone of their own."""
    asked = """SELECT COUNT(*) FROM files f JOIN imports i ON i.id = f.import_id
        WHERE f.zone_assumed = 1 AND f.events > 0 AND i.state IN ('reading', 'done')"""
    return int(value(db, asked))


def newest_of(db: Connection, kind: str) -> tuple[int, int] | None:
    """Return the newest standing import that a kind of job made, and its job."""
    asked = """SELECT i.id, i.job_id FROM imports i JOIN jobs j ON j.id = i.job_id
        WHERE j.kind = ? AND i.state = 'done' ORDER BY i.id DESC LIMIT 1"""
    found = rows(db, asked, [kind])
    return (found[0]["id"], found[0]["job_id"]) if found else None
