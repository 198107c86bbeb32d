"""What a report holds: gathered once, then frozen as a file with its period, its query and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import error_parts
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
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
    """Everything a report says: what was asked for, and what there is of it.

    ``by_severity`` counts all findings; ``left_out`` those past MOST_FINDINGS, of which ``details`` tells nothing.
    """

    created: Micros
    wanted: tuple[Filter, ...]
    start: Micros | None
    end: Micros | None
    events: int
    by_severity: dict[Severity, int]
    details: tuple[FindingDetail, ...]
    left_out: int
    unseen: tuple[Unseen, ...]


def gather(desk: Desk, db: Connection, wanted: Sequence[Filter]) -> ReportData:
    """Collect the findings of the filters (of one period), the most severe first, and what could not be seen."""
    first = wanted[0]
    listed = [row for one in wanted for row in findings.listing(db, one, limit=MOST_FINDINGS)]
    listed.sort(key=lambda row: (-row.severity, -row.last_seen, row.id))
    details = [findings.finding(db, row.id) for row in listed[:MOST_FINDINGS]]
    by_severity = {one: _held(db, wanted, one) for one in reversed(Severity)}
    return ReportData(
        created=desk.clock(),
        wanted=tuple(wanted),
        start=first.since,
        end=first.until,
        events=_events(desk, db, first),
        by_severity=by_severity,
        details=tuple(one for one in details if one is not None),
        left_out=sum(by_severity.values()) - len(details),
        unseen=tuple(unseen(db)),
    )


def _held(db: Connection, wanted: Sequence[Filter], severity: Severity) -> int:
    asked = [one for one in wanted if not one.severities or severity in one.severities]
    return sum(findings.total(db, replace(one, severities=(int(severity),))) for one in asked)


def _events(desk: Desk, db: Connection, wanted: Filter) -> int:
    if wanted.since is None and wanted.until is None:
        return catalogue.totals(db).events
    return desk.events.count(db, Search(start=wanted.since, end=wanted.until), missing=[])


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
            (data.created, data.start, data.end, orjson.dumps(data.wanted).decode(), path.name, digest,
             len(data.details)),
        )  # fmt: skip
    return path
