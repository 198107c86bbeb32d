"""A report as SARIF 2.1.0 (OASIS): rules as reportingDescriptors, findings as results, the unseen as notifications.

Levels: critical and high are ``error``, medium is ``warning``, low and informational are ``note``; the OCSF severity_id
stands in the properties of each result, and ``rank`` orders within a level.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import orjson

from desktop_app.core.model import Severity, Status
from desktop_app.core.reports import ReportData
from desktop_app.core.version import VERSION
from desktop_app.web.i18n import TAGS
from desktop_app.web.report import appendix
from desktop_app.web.report.rows import Row, exact, rows
from desktop_app.web.report.writer import Writer

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note",
          Severity.INFORMATIONAL: "note"}  # fmt: skip
RANKS = {Severity.CRITICAL: 95.0, Severity.HIGH: 80.0, Severity.MEDIUM: 55.0, Severity.LOW: 30.0,
         Severity.INFORMATIONAL: 10.0}  # fmt: skip
FINGERPRINT = "watchdesk/v1"


def write(writer: Writer, data: ReportData, target: BinaryIO) -> None:
    """Write the report; results one by one, the rules (which are few) after them."""
    places: dict[str, int] = {}
    target.write(b'{"$schema":' + orjson.dumps(SCHEMA) + b',"version":"2.1.0","runs":[{"results":[')
    for number, row in enumerate(rows(writer, data)):
        index = places.setdefault(row.found.row.rule_id, len(places))
        target.write((b",\n" if number else b"\n") + orjson.dumps(result(row, index)))
    target.write(b"\n]," + orjson.dumps(_run(writer, data, places))[1:] + b"]}\n")


def result(one: Row, index: int) -> dict[str, Any]:
    """Return a finding as a result; ``index`` is the place of its rule."""
    row, found = one.found.row, one.found
    told: dict[str, Any] = {
        "ruleId": row.rule_id,
        "ruleIndex": index,
        "kind": "fail",
        "level": LEVELS[row.severity],
        "rank": RANKS[row.severity],
        "message": {"text": one.title},
        "locations": [{"logicalLocations": [{"name": row.asset, "fullyQualifiedName": row.asset, "kind": "resource"}]}],
        "fingerprints": {FINGERPRINT: one.fingerprint},
        "occurrenceCount": max(row.count, 1),
        "suppressions": [],
        "properties": {
            "id": row.name,
            "severity_id": int(row.severity),
            "status": row.status.value,
            "verdict": row.verdict.value if row.verdict else None,
            "first_seen": exact(row.first_seen),
            "last_seen": exact(row.last_seen),
            "rule_version": row.rule_version,
            "group": dict(row.group),
            "evidence": [{"time": exact(copy.time), "raw": copy.raw, "sha256": copy.sha256} for copy in found.evidence],
        },
    }
    if row.status == Status.SUPPRESSED:
        reason = found.suppression.reason if found.suppression else ""
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return told


def _run(writer: Writer, data: ReportData, places: dict[str, int]) -> dict[str, Any]:
    unseen = appendix.unseen(writer)
    notes = [
        {"level": "warning", "message": {"text": " ".join([one["name"], *one["problem"]])}} for one in unseen["files"]
    ]
    notes += [{"level": "note", "message": {"text": f"{one['reason']} ({one['count']})"}}
              for one in (*unseen["blocked"], *unseen["broken"])]  # fmt: skip
    return {
        "tool": {"driver": {"name": "Watchdesk", "version": VERSION, "semanticVersion": VERSION,
                            "language": TAGS[writer.language], "rules": [_rule(writer, one) for one in places]}},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": exact(data.created),
                         "toolExecutionNotifications": writer.veiled(notes)}],
        "automationDetails": {"id": f"watchdesk/report/{data.digest[:16]}"},
        "columnKind": "utf16CodeUnits",
        "properties": {"total": data.total, "told": len(data.ids), "left_out": data.left_out, "digest": data.digest,
                       **({"note": writer.note} if writer.note else {})},
    }  # fmt: skip


def _rule(writer: Writer, rule_id: str) -> dict[str, Any]:
    """Return a rule as a reportingDescriptor; its page in the words of the rule itself, without values."""
    rule = writer.texts.rule(rule_id)
    name = writer.rule_title(rule_id)
    told: dict[str, Any] = {"id": rule_id, "shortDescription": {"text": name}}
    if rule is not None:
        texts = writer.texts.page(rule_id)
        told["fullDescription"] = {"text": texts.why or name}
        told["help"] = {"text": "\n".join(step for step, _ in texts.todo) or name}
        told["defaultConfiguration"] = {"level": LEVELS[rule.severity]}
        told["properties"] = {"tags": list(rule.tags), "severity_id": int(rule.severity), "version": rule.version,
                              "pack": rule.pack}  # fmt: skip
    return told
