"""The ends of a report: what could not be seen, how findings come about, which rules and files stand behind them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from desktop_app.core.database import rows
from desktop_app.core.report_scope import FROM
from desktop_app.core.reports import ReportData
from desktop_app.core.rules import coverage
from desktop_app.core.text import Text, text
from desktop_app.web import figures
from desktop_app.web.report.writer import Writer

MOST_FILES = 200
MOST_RULES = 60  # named of each kind; the others are counted
STATES = ("fired", "quiet", "blocked", "disabled", "broken")


def unseen(writer: Writer) -> dict[str, Any]:
    """Return what was given and not read, what rules could not see, and which were not applied."""
    verdicts = coverage.verdicts(writer.db)
    counted = Counter(one["state"] for one in verdicts)
    inputs = figures.inputs(writer.db)
    return {
        "files": [
            {"name": one.name, "events": one.events, "problem": [writer.say(part) for part in one.problem]}
            for one in figures.gaps(writer.db, MOST_FILES)
        ],
        "skipped": sum(one.skipped for one in inputs),
        "zones_assumed": sum(one.zone_assumed for one in inputs),
        "counts": {state: counted[state] for state in STATES},
        "blocked": _reasons(writer, verdicts, "blocked"),
        "broken": _reasons(writer, verdicts, "broken"),
        "disabled": [writer.rule_title(one["id"]) for one in verdicts if one["state"] == "disabled"][:MOST_RULES],
        "removed": int(
            rows(writer.db, "SELECT COUNT(*) AS n FROM findings WHERE events_removed = 1")[0]["n"]
        ),
    }  # fmt: skip


def _reasons(writer: Writer, verdicts: list[dict[str, Any]], state: str) -> list[dict[str, Any]]:
    """Group rules by why they could not see, the most common reason first; each reason names some of its rules."""
    by: dict[str, list[str]] = {}
    for one in verdicts:
        if one["state"] == state:
            reason: Text = one["reason"] or text("No reason is known.")
            by.setdefault(writer.say(reason), []).append(one["id"])
    common = sorted(by.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:MOST_RULES]
    return [
        {"reason": reason, "count": len(ids), "rules": [writer.rule_title(one) for one in ids[:3]]}
        for reason, ids in common
    ]


def methods(writer: Writer, data: ReportData) -> dict[str, Any]:
    """Return the rules behind the findings, with their versions, and the files that were read."""
    where, params = data.scope.where()
    found = rows(
        writer.db,
        "SELECT f.rule_id AS id, f.rule_version AS version, COUNT(*) AS findings, r.pack, r.path"
        f" {FROM} LEFT JOIN rules r ON r.id = f.rule_id WHERE {where}"
        " GROUP BY 1, 2 ORDER BY findings DESC, 1, 2 LIMIT ?",
        [*params, MOST_FILES],
    )
    return {
        "rules": [
            {"title": writer.rule_title(row["id"]), "id": row["id"], "version": row["version"],
             "pack": row["pack"] or "", "findings": row["findings"]}
            for row in found
        ],
        "inputs": [
            {"name": one.name, "events": one.events, "sha256": one.sha256 or "", "in_part": one.in_part,
             "zone": (one.zone or "") if one.zone_assumed else ""}
            for one in figures.inputs(writer.db, MOST_FILES)
        ],
    }  # fmt: skip
