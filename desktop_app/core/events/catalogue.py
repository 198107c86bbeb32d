"""The catalogue of segments in SQLite: what is in the event store is what has a row here, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.events.layout import fold
from desktop_app.core.events.segment import NewSegment, Segment, companions
from desktop_app.core.model import LogSource, Micros
from desktop_app.core.paths import DataFolder

__all__ = [
    "NewSegment", "Segment", "Totals", "add", "after", "by_ids", "digest_of", "discard", "field_counts", "hide",
    "holders", "holding", "is_live", "live", "newest", "remove", "show", "spellings", "sweep", "totals", "verify",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """Size of the store; the times are None while it is empty."""

    events: int
    bytes: int
    segments: int
    min_time: Micros | None
    max_time: Micros | None


_COLUMNS = (
    "id, path, file_id, import_id, product, category, service, min_time, max_time, min_id, max_id, events, bytes, "
    "sha256, zone_assumed"
)


def _segment(row: Mapping[str, Any]) -> Segment:
    source = LogSource(row["product"], row["category"], row["service"])
    plain = {key: row[key] for key in ("id", "path", "file_id", "import_id", "min_time", "max_time", "min_id",
                                       "max_id", "events", "bytes", "sha256")}  # fmt: skip
    return Segment(**plain, log_source=source, zone_assumed=bool(row["zone_assumed"]))


# Lists go in as JSON: SQLite limits the number of parameters, and an archive may hold more files than that.
_LISTED = "(SELECT value FROM json_each(?))"


def _json(values: Sequence[int] | Sequence[str]) -> str:
    return orjson.dumps(list(values)).decode()


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def add(db: Connection, segments: Iterable[NewSegment], *, file_id: int, import_id: int, created: Micros) -> list[int]:
    """Make written files real, inside the caller's transaction; return their ids in the same order."""
    return [_add(db, segment, file_id, import_id, created) for segment in segments]


def _add(db: Connection, new: NewSegment, file_id: int, import_id: int, created: Micros) -> int:
    source = new.log_source
    names = ("path", "file_id", "import_id", "product", "category", "service", "min_time", "max_time", "min_id",
             "max_id", "events", "bytes", "sha256", "zone_assumed", "created")  # fmt: skip
    values = (new.path, file_id, import_id, source.product, source.category, source.service, new.min_time, new.max_time,
              new.min_id, new.max_id, new.events, new.bytes, new.sha256, int(new.zone_assumed), created)  # fmt: skip
    cursor = db.execute(f"INSERT INTO segments ({', '.join(names)}) VALUES ({_marks(values)})", values)
    segment_id = int(cursor.lastrowid or 0)
    db.conn.executemany(
        "INSERT INTO segment_fields (segment_id, field, count) VALUES (?, ?, ?)",
        [(segment_id, field, count) for field, count in new.fields.items()],
    )
    return segment_id


def after(db: Connection, segment_id: int) -> list[Segment]:
    """Return the segments that searches see and that came after another one, in the order of their ids."""
    query = f"SELECT {_COLUMNS} FROM segments WHERE id > ? AND state = 'live' ORDER BY id"
    return [_segment(row) for row in rows(db, query, [segment_id])]


def newest(db: Connection) -> int:
    """Return the id of the newest segment, 0 while there is none."""
    return int(value(db, "SELECT COALESCE(MAX(id), 0) FROM segments"))


def live(
    db: Connection, *, import_id: int | None = None, start: Micros | None = None, end: Micros | None = None,
    among: Sequence[int] | None = None,
) -> list[Segment]:  # fmt: skip
    """Return the segments that searches see, newest first: of one import, that touch ``start <= time < end``, by id."""
    conditions, params = ["state = 'live'"], list[int | str]()
    if among is not None:
        conditions.append(f"id IN {_LISTED}")
        params.append(_json(among))
    for condition, wanted in (("import_id = ?", import_id), ("max_time >= ?", start), ("min_time < ?", end)):
        if wanted is not None:
            conditions.append(condition)
            params.append(wanted)
    query = f"SELECT {_COLUMNS} FROM segments WHERE {' AND '.join(conditions)} ORDER BY max_time DESC, id DESC"
    return [_segment(row) for row in rows(db, query, params)]


def digests(db: Connection) -> list[str]:
    """Return the SHA-256 of every segment, hidden ones included."""
    return [row["sha256"] for row in rows(db, "SELECT sha256 FROM segments")]


def by_ids(db: Connection, ids: Sequence[int]) -> list[Segment]:
    """Return the segments with these ids in the order asked for, live or hidden; unknown ids are left out."""
    asked = rows(db, f"SELECT {_COLUMNS} FROM segments WHERE id IN {_LISTED}", [_json(ids)])
    found = {row["id"]: _segment(row) for row in asked}
    return [found[one] for one in ids if one in found]


def holding(db: Connection, event_id: int) -> list[Segment]:
    """Return the live segments that may hold the event."""
    query = f"SELECT {_COLUMNS} FROM segments WHERE state = 'live' AND file_id = ? AND ? BETWEEN min_id AND max_id"
    return [_segment(row) for row in rows(db, query, (event_id >> 32, event_id))]


def is_live(db: Connection, segment_id: int) -> bool:
    """Tell whether searches still see the segment."""
    return bool(value(db, "SELECT state = 'live' FROM segments WHERE id = ?", (segment_id,)))


_NAMES = """WITH RECURSIVE names (field) AS (
  SELECT min(field) FROM segment_fields
  UNION ALL SELECT (SELECT min(field) FROM segment_fields WHERE field > names.field) FROM names WHERE field IS NOT NULL)
SELECT field FROM names WHERE field IS NOT NULL"""


def spellings(db: Connection, wanted: Iterable[str]) -> dict[str, list[str]]:
    """Return for each field asked for (in any case) the spellings in which it is stored."""
    asked = {fold(name): list[str]() for name in wanted}
    if asked:
        # Hopping from name to name in the index costs the number of names, not of rows.
        for row in rows(db, _NAMES):
            if (known := asked.get(fold(row["field"]))) is not None:
                known.append(row["field"])
    return asked


def holders(db: Connection, fields: Sequence[str]) -> dict[int, list[str]]:
    """Return for each segment which of the fields (exact spellings) it holds."""
    found: dict[int, list[str]] = {}
    query = f"SELECT segment_id, field FROM segment_fields WHERE field IN {_LISTED}"
    for row in rows(db, query, [_json(fields)]) if fields else ():
        found.setdefault(row["segment_id"], []).append(row["field"])
    return found


def filled(db: Connection, fields: Sequence[str]) -> set[int]:
    """Return the segments in which every event has one of the fields (exact spellings)."""
    query = ("SELECT f.segment_id AS id FROM segment_fields f JOIN segments s ON s.id = f.segment_id"
             f" WHERE f.count = s.events AND f.field IN {_LISTED}")  # fmt: skip
    return {row["id"] for row in rows(db, query, [_json(fields)])}


def field_counts(db: Connection, ids: Sequence[int]) -> dict[str, int]:
    """Return how many values each field has in these segments."""
    query = f"SELECT field, sum(count) AS n FROM segment_fields WHERE segment_id IN {_LISTED} GROUP BY field"
    return {row["field"]: row["n"] for row in rows(db, query, [_json(ids)])}


def hide(db: Connection, ids: Iterable[int]) -> None:
    """Take segments out of sight without deleting them, inside the caller's transaction."""
    _set_state(db, ids, "hidden")


def show(db: Connection, ids: Iterable[int]) -> None:
    """Bring hidden segments back, inside the caller's transaction."""
    _set_state(db, ids, "live")


def _set_state(db: Connection, ids: Iterable[int], state: str) -> None:
    db.conn.executemany("UPDATE segments SET state = ? WHERE id = ?", [(state, one) for one in ids])


def remove(db: Connection, ids: Iterable[int]) -> list[str]:
    """Forget segments, inside the caller's transaction; return their paths for ``discard`` after the commit."""
    paths = [one.path for one in by_ids(db, list(ids))]
    # Written down in the same transaction: a crash before the deletion leaves no orphan for ever.
    db.conn.executemany("INSERT OR IGNORE INTO doomed_files (path) VALUES (?)", [(path,) for path in paths])
    db.conn.executemany("DELETE FROM segments WHERE path = ?", [(path,) for path in paths])
    return paths


def discard(folder: DataFolder, db: Connection, paths: Iterable[str]) -> None:
    """Delete the files of removed segments; what the system will not delete yet goes at the next start."""
    gone = [path for path in paths if _delete(folder.segments / path)]
    if gone:
        with writing(db):
            db.conn.executemany("DELETE FROM doomed_files WHERE path = ?", [(path,) for path in gone])
    _drop_empty(folder)


def _delete(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
        for one in companions(path):
            one.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _drop_empty(folder: DataFolder) -> None:
    for one in folder.segments.iterdir() if folder.segments.is_dir() else ():
        if one.is_dir():
            with suppress(OSError):  # not empty, or in use
                one.rmdir()


def sweep(folder: DataFolder, db: Connection) -> int:
    """Delete every file that no row names; return how many went.

    Only for whoever holds the folder's lock and before any job runs: a file being imported has no row yet either.
    """
    # The files first: a worker that outlived its desk for a moment may still commit one of them.
    files = [path for path in folder.segments.rglob("*") if path.is_file()]
    known = {row["path"] for row in rows(db, "SELECT path FROM segments")}
    known |= {one.as_posix() for path in known for one in companions(Path(path))}
    strays = [path for path in files if path.relative_to(folder.segments).as_posix() not in known]
    swept = sum(_delete(path) for path in strays)
    doomed = [row["path"] for row in rows(db, "SELECT path FROM doomed_files")]
    discard(folder, db, [path for path in doomed if path not in known])
    return swept


def totals(db: Connection) -> Totals:
    """Return the size of what searches see."""
    query = ("SELECT coalesce(sum(events), 0) AS events, coalesce(sum(bytes), 0) AS bytes, count(*) AS segments, "
             "min(min_time) AS min_time, max(max_time) AS max_time FROM segments WHERE state = 'live'")  # fmt: skip
    return Totals(**rows(db, query)[0])


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, or None when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def verify(folder: DataFolder, db: Connection, report: Callable[[int, int], None] | None = None) -> list[str]:
    """Return the paths of the segments, live or hidden, whose files are gone or no longer what was written.

    ``report`` is told how many bytes of how many were read. What was taken away meanwhile is no damage.
    """
    everything = [_segment(row) for row in rows(db, f"SELECT {_COLUMNS} FROM segments ORDER BY id")]
    done, total, wrong = 0, sum(one.bytes for one in everything), list[str]()
    for one in everything:
        if digest_of(folder.segments / one.path) != one.sha256 and by_ids(db, [one.id]):
            wrong.append(one.path)
        done += one.bytes
        if report is not None:
            report(done, total)
    return wrong
