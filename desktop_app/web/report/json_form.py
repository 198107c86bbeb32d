"""A report as JSON, for programs: documented by SCHEMA, with a version that changes when a field's meaning does."""

from __future__ import annotations

from typing import Any, BinaryIO

import orjson

from desktop_app.core import settings
from desktop_app.core.reports import ReportData
from desktop_app.core.version import VERSION
from desktop_app.web.report import appendix
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.declared import AUTHOR, SITE
from desktop_app.web.report.rows import Row, exact, rows
from desktop_app.web.report.writer import Writer

SCHEMA_VERSION = 1

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_TIME = {"type": "string", "description": "ISO 8601 in UTC, to the microsecond"}
_OPEN_TIME = {"type": ["string", "null"], "description": "ISO 8601 in UTC; null is open"}
_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def _object(**fields: object) -> dict[str, object]:
    return {"type": "object", "required": list(fields), "properties": fields}


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


_EVIDENCE = _object(
    event={"type": "string", "description": "the event's number"}, time=_TIME, host={"type": ["string", "null"]},
    source={"type": ["string", "null"]}, raw={"type": "string", "description": "the record as it was read"},
    sha256={**_SHA256, "description": "SHA-256 of raw in UTF-8"},
)  # fmt: skip
_FINDING = _object(
    id=_COUNT, name=_TEXT, fingerprint=_TEXT, rule=_TEXT, rule_version=_TEXT,
    severity={"type": "integer", "minimum": 1, "maximum": 5, "description": "OCSF severity_id"},
    status={"enum": ["new", "in_progress", "suppressed", "resolved", "archived"]},
    verdict={"enum": ["true_positive", "false_positive", "benign", "duplicate", None]},
    title=_TEXT, why=_TEXT, asset=_TEXT, group={"type": "object", "additionalProperties": _TEXT}, count=_COUNT,
    first_seen=_TIME, last_seen=_TIME, events_removed={"type": "boolean"}, evidence=_list(_EVIDENCE),
    notes=_list(_object(time=_TIME, text=_TEXT)),
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Watchdesk report",
    **_object(
        schema={"const": "watchdesk-report"}, schema_version={"const": SCHEMA_VERSION}, version=_TEXT, made=_TIME,
        period=_object(start=_OPEN_TIME, end=_OPEN_TIME), query={"type": "object"}, language={"enum": ["en", "zh"]},
        site=_TEXT, author=_TEXT, events=_COUNT, total=_COUNT, told=_COUNT, left_out=_COUNT,
        digest={**_SHA256, "description": "over one line a finding: id, fingerprint, severity, status, verdict or"
                " nothing, count, first and last seen in microseconds since 1970 UTC, the digests of its evidence"
                " separated by commas; fields separated by tabs, lines ended by a line feed"},
        by_severity={"type": "object", "additionalProperties": _COUNT},
        before={"type": ["object", "null"], "additionalProperties": _COUNT},
        actions=_list(_object(time=_TIME, actor=_TEXT, action=_TEXT)), unseen={"type": "object"},
        methods={"type": "object"}, findings=_list(_FINDING),
    ),
}  # fmt: skip


def write(writer: Writer, choice: Choice, data: ReportData, target: BinaryIO) -> None:
    """Write the report; findings one by one, so that memory holds one of them."""
    head = orjson.dumps(_head(writer, choice, data))
    target.write(head[:-1] + b',"findings":[')
    target.writelines(
        (b",\n" if place else b"\n") + orjson.dumps(finding(row)) for place, row in enumerate(rows(writer, data))
    )
    target.write(b"\n]}\n")


def _head(writer: Writer, choice: Choice, data: ReportData) -> dict[str, Any]:
    scope = data.scope
    return {
        "schema": "watchdesk-report",
        "schema_version": SCHEMA_VERSION,
        "version": VERSION,
        "made": exact(data.created),
        "period": {"start": exact(scope.start) if scope.start is not None else None,
                   "end": exact(scope.end) if scope.end is not None else None},
        "query": choice.to_json() | {"assets": writer.veiled(list(choice.assets))},
        "language": writer.language,
        "site": writer.veiled(settings.get(writer.db, SITE)),
        "author": writer.veiled(settings.get(writer.db, AUTHOR)),
        "events": data.events,
        "total": data.total,
        "told": len(data.ids),
        "left_out": data.left_out,
        "digest": data.digest,
        "by_severity": _named(data.by_severity),
        "before": None if data.before is None else _named(data.before),
        "actions": [
            {"time": exact(one.time), "actor": writer.veiled(one.actor),
             "action": writer.veiled(writer.say(one.action))}
            for one in data.acts
        ],
        "unseen": writer.veiled(appendix.unseen(writer)),
        "methods": appendix.methods(writer, data),
        **({"note": writer.note} if writer.note else {}),
    }  # fmt: skip


def _named(counts: dict[Any, int]) -> dict[str, int]:
    return {severity.name.lower(): count for severity, count in counts.items()}


def finding(one: Row) -> dict[str, Any]:
    """Return a finding as the schema describes it."""
    row = one.found.row
    return {
        "id": row.id,
        "name": row.name,
        "fingerprint": one.fingerprint,
        "rule": row.rule_id,
        "rule_version": row.rule_version,
        "severity": int(row.severity),
        "status": row.status.value,
        "verdict": row.verdict.value if row.verdict else None,
        "title": one.title,
        "why": one.texts.why,
        "asset": row.asset,
        "group": dict(row.group),
        "count": row.count,
        "first_seen": exact(row.first_seen),
        "last_seen": exact(row.last_seen),
        "events_removed": row.events_removed,
        "evidence": [
            {"event": str(copy.event_id), "time": exact(copy.time), "host": copy.host, "source": copy.source,
             "raw": copy.raw, "sha256": copy.sha256}
            for copy in one.found.evidence
        ],
        "notes": [{"time": exact(note.time), "text": note.text} for note in one.found.notes],
    }  # fmt: skip
