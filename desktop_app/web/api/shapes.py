"""How things look in JSON, and how each is made: one place for the schema and for the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core.cases.cases import Case
from desktop_app.core.findings import VIEWS, FindingRow
from desktop_app.core.jobs import Job
from desktop_app.core.model import Status, Verdict, stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Parameter,
    any_string,
    array,
    integer,
    mapping,
    maybe,
    one_of,
    record,
)
from desktop_app.core.outcomes import outcome
from desktop_app.core.undo import Decision
from desktop_app.web.sentences import Sentences

SEVERITY = integer(1, 5)
VIEW = one_of(*VIEWS)
STATUS = one_of(*(one.value for one in Status))
VERDICT = one_of(*(one.value for one in Verdict))
COUNT = integer()
ID = Parameter("id", integer(1), "The number of it.")
LIMIT = Parameter("limit", integer(1, 1000), "How many at most; 100 where it is not said.")
SENTENCES = array(any_string())

FINDING = record(
    id=COUNT, name=any_string(), rule=any_string(), extension=any_string(), severity=SEVERITY, title=any_string(),
    asset=any_string(), count=COUNT, first_seen=TIME, last_seen=TIME, status=STATUS, verdict=maybe(VERDICT),
    values=mapping(any_string()), read=BOOLEAN, events_removed=BOOLEAN, reopened=maybe(TIME),
)  # fmt: skip
CASE = record(
    id=COUNT, name=any_string(), created=TIME, closed=maybe(TIME), findings=COUNT, open_findings=COUNT,
    severity=maybe(SEVERITY), first=maybe(TIME), last=maybe(TIME), tasks=COUNT, tasks_done=COUNT,
)  # fmt: skip
JOB = record(
    id=COUNT, kind=any_string(), title=any_string(), created=TIME, started=maybe(TIME), finished=maybe(TIME),
    state=one_of("queued", "running", "done", "failed", "cancelled", "interrupted"),
    outcome=one_of("queued", "running", "done", "part", "unread", "failed", "cancelled", "interrupted"),
    progress=COUNT, total=COUNT,
    message=maybe(any_string()), error=SENTENCES,
)  # fmt: skip
DECISION = record(undo_id=maybe(COUNT), summary=any_string())
QUEUED = record(job=COUNT)


def limit(call: Call) -> int:
    """Return how many are asked for."""
    return int(call.values.get("limit", 100))


def finding(row: FindingRow, said: Sentences) -> dict[str, Any]:
    """Return a finding as FINDING describes it."""
    return {
        "id": row.id, "name": row.name, "rule": row.rule_id, "extension": row.extension, "severity": int(row.severity),
        "title": said.title(row), "asset": row.asset, "count": row.count, "first_seen": stamp(row.first_seen),
        "last_seen": stamp(row.last_seen), "status": row.status.value,
        "verdict": row.verdict.value if row.verdict else None,
        "values": {name: str(value) for name, value in row.values.items()}, "read": row.read,
        "events_removed": row.events_removed, "reopened": stamp(row.reopened),
    }  # fmt: skip


def case(one: Case) -> dict[str, Any]:
    """Return a case as CASE describes it."""
    return {
        "id": one.id, "name": one.name, "created": stamp(one.created), "closed": stamp(one.closed),
        "findings": one.findings, "open_findings": one.open_findings,
        "severity": int(one.severity) if one.severity else None, "first": stamp(one.first), "last": stamp(one.last),
        "tasks": one.tasks, "tasks_done": one.tasks_done,
    }  # fmt: skip


def job(one: Job, call: Call) -> dict[str, Any]:
    """Return a job as JOB describes it."""
    return {
        "id": one.id, "kind": one.kind, "title": call.say(one.title), "created": stamp(one.created),
        "started": stamp(one.started), "finished": stamp(one.finished), "state": one.state,
        "outcome": outcome(one), "progress": one.progress, "total": one.total,
        "message": None if one.message is None else call.say(one.message),
        "error": [call.say(part) for part in one.error],
    }  # fmt: skip


def decision(made: Decision | None, call: Call) -> Mapping[str, Any]:
    """Return a decision as DECISION describes it; none was needed where nothing changed."""
    if made is None:
        return {"undo_id": None, "summary": ""}
    return {"undo_id": made.undo_id, "summary": call.say(made.summary)}
