"""Findings as the inbox reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.entities import Kind
from desktop_app.core.model import Evidence, Micros, Severity, Status, Verdict

View = Literal["triage", "confirmed", "suppressed", "closed", "case", "all"]
VIEWS: Mapping[View, tuple[Status, ...]] = {
    "triage": (Status.NEW,),
    "confirmed": (Status.IN_PROGRESS,),
    "suppressed": (Status.SUPPRESSED,),
    "closed": (Status.RESOLVED, Status.ARCHIVED),
    "case": tuple(Status),  # whatever their status: what is worked on in an open case
    "all": tuple(Status),
}
_IN_OPEN_CASE = "SELECT cf.finding_id FROM case_findings cf JOIN cases c ON c.id = cf.case_id WHERE c.closed IS NULL"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One line of the inbox."""

    id: int
    extension: str
    rule_id: str
    rule_version: str
    severity: Severity
    status: Status
    verdict: Verdict | None
    asset: str
    count: int
    first_seen: Micros
    last_seen: Micros
    group: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    read: bool
    touched: bool
    events_removed: bool
    reopened: Micros | None
    created: Micros = 0
    grown: Micros = 0  # when events last came to it, after those that it began with

    @property
    def name(self) -> str:
        """The short name that people quote: WD-12."""
        return f"WD-{self.id}"


@dataclass(frozen=True, slots=True)
class Note:
    """A person's note on a finding."""

    id: int
    time: Micros
    text: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """A reasoned decision to hide; ``expires`` None is never."""

    reason: str
    created: Micros
    expires: Micros | None


@dataclass(frozen=True, slots=True)
class FindingDetail:
    """A finding with everything that its page shows."""

    row: FindingRow
    evidence: tuple[Evidence, ...]
    notes: tuple[Note, ...]
    steps: Mapping[int, bool]
    suppression: Suppression | None
    same_asset: int
    same_rule: int


_COLUMNS = """f.id, f.extension, f.rule_id, f.rule_version, f.severity, f.status, f.verdict, a.name AS asset, f.count,
    f.first_seen, f.last_seen, f.group_values, f."values", f.read, f.touched, f.events_removed, f.reopened,
    f.created, f.grown"""
_FROM = "FROM findings f JOIN assets a ON a.id = f.asset_id LEFT JOIN rules r ON r.id = f.rule_id"
# One word in any of the parts: hundreds of assets and rules are read once, not once a finding. A word has no space in
# it, so it never reaches from one part into the next.
_LIKE = "LIKE ? ESCAPE '\\'"
_HOLDS = f"""(f.asset_id IN (SELECT id FROM assets WHERE name {_LIKE})
    OR f.rule_id IN (SELECT id FROM rules WHERE title {_LIKE}) OR f."values" {_LIKE} OR 'WD-' || f.id {_LIKE})"""
ORDERS = {"severity": "f.severity DESC, f.last_seen DESC, f.id", "last": "f.last_seen DESC, f.id"}


def _row(found: Mapping[str, Any]) -> FindingRow:
    return FindingRow(
        id=found["id"],
        extension=found["extension"],
        rule_id=found["rule_id"],
        rule_version=found["rule_version"],
        severity=Severity(found["severity"]),
        status=Status(found["status"]),
        verdict=Verdict(found["verdict"]) if found["verdict"] else None,
        asset=found["asset"],
        count=found["count"],
        first_seen=found["first_seen"],
        last_seen=found["last_seen"],
        group=tuple((str(name), str(one)) for name, one in orjson.loads(found["group_values"])),
        values=orjson.loads(found["values"]),
        read=bool(found["read"]),
        touched=bool(found["touched"]),
        events_removed=bool(found["events_removed"]),
        reopened=found["reopened"],
        created=found["created"],
        grown=found["grown"],
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What the inbox shows; ``text`` is looked for in rule, asset and values, without regard to case.

    ``entity`` (kind, value) is what findings name; ``changed`` is since when they are new, came back or grew;
    ``first_from <= first seen < first_until``.
    """

    view: View = "triage"
    text: str = ""
    severities: tuple[int, ...] = ()
    rule: str | None = None
    asset: str | None = None
    case: int | None = None
    entity: tuple[Kind, str] | None = None
    changed: Micros | None = None
    first_from: Micros | None = None
    first_until: Micros | None = None
    since: Micros | None = None
    until: Micros | None = None
    order: Literal["severity", "last"] = "severity"


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    statuses = VIEWS[wanted.view]
    clauses, params = ["1"], list[Any]()
    if len(statuses) < len(Status):
        clauses.append(f"f.status IN ({', '.join('?' * len(statuses))})")
        params += statuses
    for word in wanted.text.split():
        clauses.append(_HOLDS)
        params += ["%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"] * 4
    if wanted.severities:
        clauses.append(f"f.severity IN ({', '.join('?' * len(wanted.severities))})")
        params += wanted.severities
    if wanted.view == "case":
        clauses.append(f"f.id IN ({_IN_OPEN_CASE})")
    in_case = "f.id IN (SELECT finding_id FROM case_findings WHERE case_id = ?)"
    if wanted.entity is not None:
        clauses.append("f.id IN (SELECT finding_id FROM finding_entities WHERE kind = ? AND value = ?)")
        params += wanted.entity
    changed = "MAX(f.created, COALESCE(f.reopened, 0), f.grown) > ?"
    named = {"f.rule_id = ?": wanted.rule, "a.name = ?": wanted.asset, in_case: wanted.case, changed: wanted.changed}
    timed = {"f.last_seen >= ?": wanted.since, "f.first_seen < ?": wanted.until,
             "f.first_seen >= ?": wanted.first_from, "? > f.first_seen": wanted.first_until}  # fmt: skip
    for clause, one in (named | timed).items():
        if one is not None:
            clauses.append(clause)
            params.append(one)
    return " AND ".join(clauses), params


def _from(where: str) -> str:
    """Return what is counted in: of ten thousand findings, assets and rules are looked up only where they matter."""
    return _FROM if "a." in where or "r." in where else "FROM findings f"


def listing(db: Connection, wanted: Filter, limit: int = 500) -> list[FindingRow]:
    """Return the findings of a view, the most pressing first."""
    where, params = _where(wanted)
    order = ORDERS[wanted.order]
    found = rows(db, f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY {order} LIMIT ?", [*params, limit])
    return [_row(one) for one in found]


def some(db: Connection, ids: Sequence[int]) -> list[FindingRow]:
    """Return the findings of these numbers, in the order of the numbers; those that are gone are left out."""
    asked = orjson.dumps(list(ids)).decode()
    found = rows(db, f"SELECT {_COLUMNS} {_FROM} WHERE f.id IN (SELECT value FROM json_each(?))", [asked])
    by_id = {one["id"]: _row(one) for one in found}
    return [by_id[one] for one in ids if one in by_id]


def total(db: Connection, wanted: Filter) -> int:
    """Return how many findings a filter holds."""
    where, params = _where(wanted)
    return int(value(db, f"SELECT COUNT(*) {_from(where)} WHERE {where}", params))


def counts(db: Connection) -> dict[View, int]:
    """Return how many findings each view holds."""
    by_status = {
        row["status"]: row["n"] for row in rows(db, "SELECT status, COUNT(*) AS n FROM findings GROUP BY status")
    }
    held = {view: sum(by_status.get(one.value, 0) for one in statuses) for view, statuses in VIEWS.items()}
    return held | {"case": int(value(db, f"SELECT COUNT(*) FROM ({_IN_OPEN_CASE})"))}


def severity_counts(db: Connection, view: View = "triage") -> dict[Severity, int]:
    """Return how many findings of a view have each severity."""
    where, params = _where(Filter(view))
    found = rows(db, f"SELECT f.severity, COUNT(*) AS n {_from(where)} WHERE {where} GROUP BY f.severity", params)
    return {Severity(row["severity"]): row["n"] for row in found}


def finding(db: Connection, finding_id: int, *, neighbours: bool = True) -> FindingDetail | None:
    """Return one finding with evidence, notes and steps, or None.

    Without ``neighbours`` those of the same asset and rule are not counted: one look at all findings for each.
    """
    found = rows(db, f"SELECT {_COLUMNS} {_FROM} WHERE f.id = ?", [finding_id])
    if not found:
        return None
    row = _row(found[0])
    steps = rows(db, "SELECT step, done FROM finding_steps WHERE finding_id = ?", [finding_id])
    notes = rows(db, "SELECT id, time, text FROM notes WHERE finding_id = ? ORDER BY time, id", [finding_id])
    same = "SELECT COUNT(*) FROM findings f JOIN assets a ON a.id = f.asset_id WHERE f.id <> ? AND "
    return FindingDetail(
        row,
        evidence_of(db, finding_id),
        tuple(Note(**one) for one in notes),
        {one["step"]: bool(one["done"]) for one in steps},
        _suppression(db, finding_id),
        int(value(db, same + "a.name = ?", [finding_id, row.asset])) if neighbours else 0,
        int(value(db, same + "f.rule_id = ?", [finding_id, row.rule_id])) if neighbours else 0,
    )


def evidence_of(db: Connection, finding_id: int) -> tuple[Evidence, ...]:
    """Return the copies of events that a finding rests on, oldest first."""
    found = rows(
        db,
        "SELECT event_id, time, host, source, raw, fields, sha256 FROM evidence WHERE finding_id = ?"
        " ORDER BY time, event_id",
        [finding_id],
    )
    return tuple(Evidence(**{**one, "fields": orjson.loads(one["fields"])}) for one in found)


def _suppression(db: Connection, finding_id: int) -> Suppression | None:
    found = rows(
        db,
        "SELECT reason, created, expires FROM suppressions WHERE finding_id = ? AND lifted IS NULL"
        " ORDER BY id DESC LIMIT 1",
        [finding_id],
    )
    return Suppression(**found[0]) if found else None


def ids(db: Connection, wanted: Filter, limit: int) -> list[int]:
    """Return the numbers of the findings that a filter holds, in the order of the list."""
    where, params = _where(wanted)
    order = ORDERS[wanted.order]
    found = db.execute(f"SELECT f.id {_from(where)} WHERE {where} ORDER BY {order} LIMIT ?", [*params, limit])
    return [one for (one,) in found]


def citing(db: Connection, event_ids: Sequence[int]) -> dict[int, int]:
    """Return which finding cites an event as evidence, by event id."""
    query = (
        "SELECT event_id, MAX(finding_id) AS f FROM evidence"
        " WHERE event_id IN (SELECT value FROM json_each(?)) GROUP BY 1"
    )
    found = rows(db, query, [orjson.dumps(list(event_ids)).decode()])
    return {row["event_id"]: row["f"] for row in found}


FINELY = 500  # segments of which each is drawn by its own points; of more than that each is one point
_POINTS = """SELECT CASE WHEN (SELECT COUNT(*) FROM contributions WHERE finding_id = ?1) <= ?2 THEN times
    ELSE json_array(json_array((first + last) / 2, count)) END AS times FROM contributions WHERE finding_id = ?1"""


def spark(db: Connection, finding_id: int, buckets: int = 60) -> list[tuple[Micros, int]]:
    """Return the matches of a finding over its time span as (start, count), ``buckets`` of equal width."""
    found = rows(db, _POINTS, [finding_id, FINELY])
    points = sorted(tuple(point) for row in found for point in orjson.loads(row["times"]))
    if not points:
        return []
    start, end = points[0][0], points[-1][0]
    step = max(1, -(-(end - start + 1) // buckets))
    sums = [0] * buckets
    for time, count in points:
        sums[(time - start) // step] += count
    return [(start + index * step, count) for index, count in enumerate(sums)]


def assets(db: Connection, limit: int = 500) -> list[str]:
    """Return the names of the assets that have findings, those with most first."""
    found = rows(
        db,
        "SELECT a.name FROM findings f JOIN assets a ON a.id = f.asset_id GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT ?",
        [limit],
    )
    return [row["name"] for row in found]
