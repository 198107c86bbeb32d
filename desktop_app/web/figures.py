"""What the Overview and the pages of jobs count: read-only questions about imports and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.errors import error_parts
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text

NAMED = 5  # inputs with gaps named on the Overview; the page of sources has them all
STOPPED = ("cancelled", "failed", "interrupted")

# How an import stands: one whose job came to no good end says so instead of reading for ever.
_STATE = f"CASE WHEN i.state = 'reading' AND j.state IN {STOPPED} THEN j.state ELSE i.state END AS state"
_STANDING = "i.state IN ('reading', 'done')"
# Of a file that was imported again only the newest reading counts.
NEWEST = f"""SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.path, f.member ORDER BY f.id DESC) AS place
    FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING}"""


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that was not read, or only in part (``events`` of it), and the sentences that say why."""

    name: str
    events: int
    problem: tuple[Text, ...]

    @property
    def why(self) -> Text:
        """The first of the sentences."""
        return self.problem[0]


@dataclass(frozen=True, slots=True)
class Import:
    """The newest import: of ``files`` inputs ``read`` were read whole; ``unread`` names the first of the others."""

    id: int
    label: str
    created: Micros
    state: str
    job_id: int | None
    files: int
    read: int
    events: int
    skipped: int
    unread: tuple[Unread, ...]

    @property
    def running(self) -> bool:
        """Whether it is still being read."""
        return self.state == "reading"

    @property
    def missing(self) -> int:
        """How many inputs were not read whole."""
        return self.files - self.read


def latest_import(db: Connection) -> Import | None:
    """Return the newest import that stands, or None."""
    found = rows(
        db,
        f"SELECT i.id, i.label, i.created, {_STATE}, i.job_id, COUNT(f.id) AS files,"
        " COALESCE(SUM(f.state IN ('done', 'known') AND f.error IS NULL), 0) AS read,"
        " COALESCE(SUM(f.events), 0) AS events, COALESCE(SUM(f.skipped), 0) AS skipped"
        " FROM imports i LEFT JOIN jobs j ON j.id = i.job_id LEFT JOIN files f ON f.import_id = i.id"
        f" WHERE {_STANDING} GROUP BY i.id ORDER BY i.id DESC LIMIT 1",
    )
    if not found:
        return None
    return Import(**found[0], unread=unread(db, found[0]["id"]))


def unread(db: Connection, import_id: int, limit: int = NAMED) -> tuple[Unread, ...]:
    """Return the first of the inputs of an import that were not read, or only in part."""
    found = rows(
        db,
        "SELECT name, events, error FROM files WHERE import_id = ? AND (state = 'failed' OR error IS NOT NULL)"
        " ORDER BY id LIMIT ?",
        [import_id, limit],
    )
    return tuple(_gap(row) for row in found)


def _gap(row: Mapping[str, Any]) -> Unread:
    return Unread(row["name"], row["events"], why(row["error"]))


def why(error: str | None) -> tuple[Text, ...]:
    """Return the sentences that say why something was not read whole, from how its error is stored."""
    parts = error_parts(orjson.loads(error)) if error else ()
    return parts or (text("The import was stopped before its end."),)


def gaps(db: Connection, limit: int = 200) -> list[Unread]:
    """Return what standing imports could not read whole, the newest first; each file once, as it was read last."""
    found = rows(
        db,
        f"SELECT name, events, error FROM ({NEWEST}) WHERE place = 1 AND (state = 'failed' OR error IS NOT NULL)"
        " ORDER BY id DESC LIMIT ?",
        [limit],
    )
    return [_gap(row) for row in found]


def earlier_gaps(db: Connection, latest: int) -> tuple[int, int | None]:
    """Return how many files of imports before the latest were not read whole, and the newest import that has some."""
    counted = rows(
        db,
        f"SELECT COUNT(*) AS files, MAX(import_id) AS newest FROM ({NEWEST})"
        " WHERE place = 1 AND (state = 'failed' OR error IS NOT NULL) AND import_id < ?",
        [latest],
    )[0]
    return counted["files"], counted["newest"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How an import stands, and how many of its files were not read, or only in part."""

    state: str
    unread: int
    in_part: int


def readings(db: Connection) -> dict[int, Reading]:
    """Return how each import stands, by its number."""
    found = rows(
        db,
        f"SELECT i.id, {_STATE}, COALESCE(SUM(f.state = 'failed' AND f.events = 0), 0) AS unread,"
        " COALESCE(SUM((f.state = 'failed' OR f.error IS NOT NULL) AND (f.state <> 'failed' OR f.events > 0)), 0)"
        " AS in_part FROM imports i LEFT JOIN jobs j ON j.id = i.job_id LEFT JOIN files f ON f.import_id = i.id"
        " GROUP BY i.id",
    )
    return {row["id"]: Reading(row["state"], row["unread"], row["in_part"]) for row in found}


def was_taken_back(db: Connection, import_id: int) -> bool:
    """Say whether an import was undone."""
    return bool(value(db, "SELECT state = 'undone' FROM imports WHERE id = ?", [import_id]))


def is_empty(db: Connection) -> bool:
    """Say whether nothing was ever brought to this desk (or all of it was taken back)."""
    used = "SELECT EXISTS (SELECT 1 FROM imports WHERE state <> 'undone') OR EXISTS (SELECT 1 FROM findings)"
    return not value(db, used)


def oldest_untouched(db: Connection) -> int | None:
    """Return the finding that has waited longest without anyone having worked on it."""
    # Of its own accord SQLite would sort all that is new: it prefers an index that begins with the status.
    asked = (
        "SELECT id FROM findings INDEXED BY findings_waiting WHERE status = 'new' AND touched = 0"
        " ORDER BY created, last_seen, id LIMIT 1"
    )
    found = value(db, asked)
    return None if found is None else int(found)


def undo_of_import(db: Connection, import_id: int) -> int | None:
    """Return the entry of the journal that takes an import back, or None where there is none."""
    found = value(
        db,
        "SELECT u.id FROM undo u JOIN undo_subjects s ON s.undo_id = u.id"
        " WHERE s.subject = ? AND u.undone IS NULL ORDER BY u.id LIMIT 1",
        [f"import:{import_id}"],
    )
    return None if found is None else int(found)


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read. ``sha256`` is of its unpacked bytes; ``zone_assumed``: its lines carried no zone."""

    name: str
    sha256: str | None
    events: int
    skipped: int
    zone: str | None
    zone_assumed: bool
    in_part: bool


def inputs(db: Connection, limit: int = 1000) -> list[Input]:
    """Return the files that standing imports read, newest first."""
    found = rows(
        db,
        "SELECT f.name, f.sha256, f.events, f.skipped, f.zone, f.zone_assumed, f.error IS NOT NULL AS in_part"
        f" FROM files f JOIN imports i ON i.id = f.import_id WHERE {_STANDING} AND f.state = 'done'"
        " ORDER BY f.id DESC LIMIT ?",
        [limit],
    )
    flags = ("zone_assumed", "in_part")
    return [Input(**{**row, **{name: bool(row[name]) for name in flags}}) for row in found]


def rules(db: Connection) -> tuple[int, int]:
    """Return how many rules are on, and how many the engine can't use."""
    usable = "COALESCE(SUM(enabled = 1 AND state = 'ready'), 0) AS usable"
    other = "COALESCE(SUM(state <> 'ready'), 0) AS other"
    found = rows(db, f"SELECT {usable}, {other} FROM rules")[0]
    return found["usable"], found["other"]
