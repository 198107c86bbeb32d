"""The tables of the logs extension: how its live sources fare, and when nobody listened."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

logs = Migrations("logs")

_LIVE = (
    # How a live source fares; what a person decided stands in core's sources. heartbeat: when the listener last said
    # that it lives. arrived: when the last record came; events, lost: since the source was made. rate: events a second
    # over the last minute. lag: from an event's own time to its arrival, in µs. address: where it really listens.
    # pause: the longest usual pause between records in µs. silent: since when it is silent. refused: connections and
    # messages turned away. Times in µs UTC; error as the jobs table keeps it.
    """CREATE TABLE logs_live (
        source_id INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'waiting'
          CHECK (state IN ('waiting','listening','paused','failed','stopped')),
        heartbeat INTEGER, began INTEGER, arrived INTEGER, events INTEGER NOT NULL DEFAULT 0,
        lost INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0,
        rate REAL NOT NULL DEFAULT 0, lag INTEGER, pause INTEGER NOT NULL DEFAULT 0, silent INTEGER,
        address TEXT NOT NULL DEFAULT '', error TEXT) STRICT""",
    # When a source did not listen, or lost what came: start and end in µs UTC, "end" NULL while it goes on. lost: how
    # many records are known to be gone; name as the source was called.
    """CREATE TABLE logs_gaps (
        id INTEGER PRIMARY KEY AUTOINCREMENT, source_id INTEGER NOT NULL, name TEXT NOT NULL, start INTEGER NOT NULL,
        "end" INTEGER, reason TEXT NOT NULL CHECK (reason IN ('paused','closed','crashed','failed','flood','rotated')),
        lost INTEGER NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX logs_gaps_source ON logs_gaps (source_id, start)",
    'CREATE INDEX logs_gaps_time ON logs_gaps (start, "end")',
)


# Which records of a log were stored while it was followed, so that an import of the file leaves them out. A log is
# known by the stem of its name and its first bytes; records and bytes from ``first`` and ``start`` up to ``last`` and
# "end"; the tail is what stands right before "end". One row grows as long as one day's import takes in what comes.
_FOLLOWED = (
    """CREATE TABLE logs_followed (
        id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports (id), source_id INTEGER NOT NULL,
        stem TEXT NOT NULL, head_bytes INTEGER NOT NULL, head_sha256 TEXT NOT NULL, first INTEGER NOT NULL,
        last INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, tail_bytes INTEGER NOT NULL,
        tail_sha256 TEXT NOT NULL) STRICT""",
    "CREATE INDEX logs_followed_stem ON logs_followed (stem)",
    "CREATE INDEX logs_followed_import ON logs_followed (import_id, source_id)",
)


@logs(name="m01_live")
def _live(db: Database) -> None:
    for statement in _LIVE:
        db.execute(statement)


@logs(name="m02_followed")
def _followed(db: Database) -> None:
    for statement in _FOLLOWED:
        db.execute(statement)


@logs(name="m03_formats")
def _formats(db: Database) -> None:
    # The formats that a person taught: body is the file that ``sources.taught.definition`` reads. Times in µs UTC.
    db.execute(
        "CREATE TABLE logs_formats (id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL,"
        " changed INTEGER NOT NULL) STRICT"
    )
