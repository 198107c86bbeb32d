"""What a report holds: gathered once, then frozen as a file with its period, its query and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import error_parts
from desktop_app.core.events import catalogue
from desktop_app.core.findings import Filter, FindingDetail
from desktop_app.core.model import Micros, Severity
from desktop_app.core.text import Text

MOST_FINDINGS = 1_000


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that was given to the desk and could not be read."""

    name: str
    problem: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything a report says. ``left_out`` counts the findings past MOST_FINDINGS."""

    created: Micros
    start: Micros | None
    end: Micros | None
    events: int
    by_severity: dict[Severity, int]
    details: tuple[FindingDetail, ...]
    left_out: int
    sources: int
    unseen: tuple[Unseen, ...]


def gather(desk: Desk, db: Connection, wanted: Sequence[Filter]) -> ReportData:
    """Collect the findings of the filters (of one period), the most severe first, and what could not be seen."""
    first = wanted[0]
    listed = [row for one in wanted for row in findings.listing(db, one, limit=MOST_FINDINGS)]
    listed.sort(key=lambda row: (-row.severity, -row.last_seen, row.id))
    held = sum(findings.total(db, one) for one in wanted)
    details = [findings.finding(db, row.id) for row in listed[:MOST_FINDINGS]]
    by_severity = {one: sum(row.severity == one for row in listed) for one in reversed(Severity)}
    seen = int(rows(db, "SELECT COUNT(*) AS n FROM files WHERE state <> 'failed'")[0]["n"])
    return ReportData(
        created=desk.clock(),
        start=first.since,
        end=first.until,
        events=sum(one.events for one in catalogue.live(db, start=first.since, end=first.until)),
        by_severity=by_severity,
        details=tuple(one for one in details if one is not None),
        left_out=held - len(details),
        sources=seen,
        unseen=tuple(unseen(db)),
    )


def unseen(db: Connection) -> list[Unseen]:
    """Return what standing imports could not read, wholly or from some point on."""
    found = rows(
        db,
        "SELECT f.name, f.error FROM files f JOIN imports i ON i.id = f.import_id"
        " WHERE f.error IS NOT NULL AND i.state <> 'undone' ORDER BY f.id DESC LIMIT 200",
    )
    return [Unseen(row["name"], error_parts(orjson.loads(row["error"]))) for row in found]


def freeze(desk: Desk, db: Connection, data: ReportData, content: bytes, suffix: str) -> Path:
    """Keep a rendered report as a file of the desk and return its path."""
    digest = hashlib.sha256(content).hexdigest()
    path = desk.folder.reports / f"report-{data.created // 1_000_000}-{digest[:8]}{suffix}"
    path.write_bytes(content)
    with writing(db):
        db.execute(
            "INSERT INTO reports (created, period_from, period_to, query, path, sha256, findings)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (data.created, data.start, data.end, "{}", path.name, digest, len(data.details)),
        )
    return path
