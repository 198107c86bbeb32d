"""What a report holds: counted and chosen once; the findings themselves are read one by one, so memory stays flat."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from desktop_app.core import findings
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.findings import FindingDetail
from desktop_app.core.model import Micros, Severity, local, micros
from desktop_app.core.report_scope import FROM, Scope
from desktop_app.core.text import Text

MOST_FINDINGS = 500  # told in full where nothing else is asked for
MOST_ACTS = 300
CHARTED = 8  # rules and assets that are drawn by name
MOST_BARS = 62
MOST_DECISIONS = 50
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Span:
    """The findings of some days by severity: one bar. ``start`` is the first moment of its first day."""

    start: Micros
    counts: dict[Severity, int]

    @property
    def total(self) -> int:
        """How many findings."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings a rule or an asset has, and the highest severity among them."""

    name: str
    count: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did on the desk."""

    time: Micros
    actor: str
    action: Text


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report says of its findings, without the findings themselves.

    ``ids`` are those that are told, the most severe first; ``left_out`` more are counted only. ``before`` are the
    counts of the period before, None where there is none. ``span_days`` is the width of a bar of ``spans``.
    ``digest``: SHA-256 over the canonical lines of what is told (see ``canonical``).
    """

    created: Micros
    scope: Scope
    events: int
    by_severity: dict[Severity, int]
    by_status: dict[str, int]
    by_verdict: dict[str, int]
    before: dict[Severity, int] | None
    spans: tuple[Span, ...]
    span_days: int
    rules: tuple[Tally, ...]
    assets: tuple[Tally, ...]
    ids: tuple[int, ...]
    left_out: int
    acts: tuple[Act, ...]
    acts_left_out: int
    digest: str

    @property
    def total(self) -> int:
        """How many findings there are, told or not."""
        return sum(self.by_severity.values())

    @property
    def end(self) -> Micros:
        """The end of the period: what is open ends when the report was made."""
        return self.created if self.scope.end is None else min(self.scope.end, self.created)


def gather(desk: Desk, db: Connection, scope: Scope, zone: ZoneInfo, most: int = MOST_FINDINGS) -> ReportData:
    """Count and choose the findings of a scope, the most severe first, then the latest."""
    created = desk.clock()
    where, params = scope.where()
    told = rows(db, f"SELECT f.id {FROM} WHERE {where} ORDER BY f.severity DESC, f.last_seen DESC, f.id LIMIT ?",
                [*params, most])  # fmt: skip
    ids = tuple(row["id"] for row in told)
    by_severity = severities(db, scope)
    spans, width = _spans(db, scope, zone, created)
    acts, more = _acts(db, scope, created)
    return ReportData(
        created=created,
        scope=scope,
        events=_events(desk, db, scope),
        by_severity=by_severity,
        by_status=_counted(db, scope, "f.status"),
        by_verdict=_counted(db, scope, "COALESCE(f.verdict, 'none')"),
        before=_before(db, scope, created),
        spans=spans,
        span_days=width,
        rules=_tallies(db, scope, "f.rule_id"),
        assets=_tallies(db, scope, "a.name"),
        ids=ids,
        left_out=sum(by_severity.values()) - len(ids),
        acts=acts,
        acts_left_out=more,
        digest=digest(db, ids),
    )


def told(db: Connection, ids: tuple[int, ...]) -> Iterator[FindingDetail]:
    """Yield the findings one by one; one that has gone meanwhile is left out."""
    for one in ids:
        found = findings.finding(db, one, neighbours=False)
        if found is not None:
            yield found


def decisions(db: Connection, finding_id: int) -> list[tuple[Micros, Text]]:
    """Return what was decided about a finding and still stands, oldest first."""
    found = rows(
        db,
        "SELECT u.time, u.summary FROM undo_subjects s JOIN undo u ON u.id = s.undo_id"
        " WHERE s.subject = ? AND u.undone IS NULL ORDER BY u.id DESC LIMIT ?",
        [f"finding:{finding_id}", MOST_DECISIONS],
    )
    return [(row["time"], Text.from_json(orjson.loads(row["summary"]))) for row in reversed(found)]


def cases_touched(db: Connection, scope: Scope) -> list[int]:
    """Return the numbers of the cases that findings of a scope belong to, the newest first."""
    where, params = scope.where()
    found = rows(db, f"SELECT DISTINCT c.case_id AS id {FROM} JOIN case_findings c ON c.finding_id = f.id"
                     f" WHERE {where} ORDER BY 1 DESC", params)  # fmt: skip
    return [row["id"] for row in found]


def severities(db: Connection, scope: Scope) -> dict[Severity, int]:
    """Count the findings of a scope by severity, the highest first."""
    counted = _counted(db, scope, "f.severity")
    return {one: counted.get(int(one), 0) for one in reversed(Severity)}


def _counted(db: Connection, scope: Scope, column: str) -> dict[Any, int]:
    where, params = scope.where()
    found = db.execute(f"SELECT {column}, COUNT(*) {FROM} WHERE {where} GROUP BY 1", params)
    return dict(found.fetchall())


def _before(db: Connection, scope: Scope, created: Micros) -> dict[Severity, int] | None:
    period = scope.period_before(created)
    return None if period is None else severities(db, replace(scope, start=period[0], end=period[1]))


def _tallies(db: Connection, scope: Scope, column: str) -> tuple[Tally, ...]:
    where, params = scope.where()
    found = rows(
        db,
        f"SELECT {column} AS name, COUNT(*) AS count, MAX(f.severity) AS severity {FROM} WHERE {where}"
        " GROUP BY 1 ORDER BY count DESC, severity DESC, 1 LIMIT ?",
        [*params, CHARTED],
    )
    return tuple(Tally(row["name"], row["count"], Severity(row["severity"])) for row in found)


def _events(desk: Desk, db: Connection, scope: Scope) -> int:
    if scope.start is None and scope.end is None:
        return catalogue.totals(db).events
    return desk.events.count(db, Search(start=scope.start, end=scope.end), missing=[])


def _spans(db: Connection, scope: Scope, zone: ZoneInfo, created: Micros) -> tuple[tuple[Span, ...], int]:
    """Count findings by the day of the site on which they were seen last, inside the period."""
    where, params = scope.where()
    end = min(scope.end or created, created) - 1
    found = db.execute(f"SELECT f.severity, MIN(f.last_seen, ?) {FROM} WHERE {where}", [max(end, 0), *params])
    days: Counter[tuple[dt.date, int]] = Counter((_day(time, zone), severity) for severity, time in found)
    if not days:
        return (), 1
    first = min(day for day, _ in days) if scope.start is None else _day(scope.start, zone)
    last = max(_day(end, zone), *(day for day, _ in days))
    width = next(one for one in (1, 7, 30, 365, 100_000) if (last - first).days // one < MOST_BARS)
    bars: Counter[tuple[int, int]] = Counter()
    for (day, severity), count in days.items():
        bars[(day - first).days // width, severity] += count
    places = range((last - first).days // width + 1)
    return tuple(_span(first + dt.timedelta(days=place * width), place, bars, zone) for place in places), width


def _day(time: Micros, zone: ZoneInfo) -> dt.date:
    return local(time, zone).date()


def _span(day: dt.date, place: int, bars: Counter[tuple[int, int]], zone: ZoneInfo) -> Span:
    counts = {one: bars[place, int(one)] for one in reversed(Severity)}
    return Span(micros(dt.datetime.combine(day, dt.time(), zone)), counts)


def _acts(db: Connection, scope: Scope, created: Micros) -> tuple[tuple[Act, ...], int]:
    period = [scope.start or 0, scope.end if scope.end is not None else created + 1]
    total = int(value(db, "SELECT COUNT(*) FROM audit WHERE time >= ? AND time < ?", period))
    found = rows(db, "SELECT time, actor, action FROM audit WHERE time >= ? AND time < ? ORDER BY id DESC LIMIT ?",
                 [*period, MOST_ACTS])  # fmt: skip
    acts = [Act(row["time"], row["actor"], Text.from_json(orjson.loads(row["action"]))) for row in found]
    return tuple(reversed(acts)), total - len(acts)


# --- the digest of what is told --------------------------------------------------------------------------------------


def canonical(db: Connection, ids: tuple[int, ...]) -> Iterator[str]:
    """Yield one line a finding, in the order of the report.

    Number, fingerprint, severity, status, verdict, count, first and last seen (µs UTC) and the SHA-256 of each kept
    record in the order of time, separated by tabs (the digests by commas), ended by a line feed.
    """
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        lines = {row["id"]: row for row in _lines(db, batch)}
        copies = _copies(db, batch)
        for one in (one for one in batch if one in lines):
            told = [str(part) for part in lines[one].values()]
            yield "\t".join([*told, ",".join(copies.get(one, []))]) + "\n"


def digest(db: Connection, ids: tuple[int, ...]) -> str:
    """Return the SHA-256 over the canonical lines."""
    hashed = hashlib.sha256()
    for line in canonical(db, ids):
        hashed.update(line.encode())
    return hashed.hexdigest()


def _lines(db: Connection, ids: tuple[int, ...]) -> list[dict[str, object]]:
    return rows(
        db,
        "SELECT id, fingerprint, severity, status, COALESCE(verdict, '') AS verdict, count, first_seen, last_seen"
        " FROM findings WHERE id IN (SELECT value FROM json_each(?))",
        [orjson.dumps(ids).decode()],
    )


def _copies(db: Connection, ids: tuple[int, ...]) -> dict[int, list[str]]:
    found = rows(
        db,
        "SELECT finding_id, sha256 FROM evidence WHERE finding_id IN (SELECT value FROM json_each(?))"
        " ORDER BY finding_id, time, event_id",
        [orjson.dumps(ids).decode()],
    )
    copies: dict[int, list[str]] = {}
    for row in found:
        copies.setdefault(row["finding_id"], []).append(row["sha256"])
    return copies
