"""A report as plain values: what our template and a site's own draw, and nothing that a template could reach beyond.

Every sentence is in the reader's language and every time in that of the site already; numbers stay numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core import findings, reports, settings
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.findings import FindingDetail
from desktop_app.core.reports import ReportData
from desktop_app.core.text import Text, text
from desktop_app.core.version import VERSION
from desktop_app.web import evidence, i18n
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.context import SEVERITIES
from desktop_app.web.i18n import Language
from desktop_app.web.inbox_view import STATUS_NAMES, VERDICT_NAMES
from desktop_app.web.report import appendix, case_model, charts, glossary, veil
from desktop_app.web.report.choice import Choice
from desktop_app.web.report.declared import AUTHOR, SITE
from desktop_app.web.report.summary import Blind, sentences
from desktop_app.web.report.writer import Writer, site_zone
from desktop_app.web.spark import spark

SCHEMA = 1
NO_VERDICT = text("No verdict")


def build(desk: Desk, db: Connection, choice: Choice, language: Language, data: ReportData) -> dict[str, Any]:
    """Return gathered data as the plain values of a report; findings only where their section is asked for."""
    zone = site_zone(db)
    writer = Writer(desk, db, language, zone, veil.of(desk, db, choice))
    unseen = appendix.unseen(writer)
    numbers = reports.cases_touched(db, data.scope)
    titles = {one.name: writer.rule_title(one.name) for one in data.rules}
    summary = sentences(data, titles, len(numbers), Blind(len(unseen["files"]), unseen["counts"]["blocked"]))
    told = {
        "schema": SCHEMA,
        "language": i18n.TAGS[language],
        "sections": list(choice.sections),
        "cover": _cover(writer, choice, data),
        "digest": data.digest,
        "summary": [writer.say(one) for one in summary],
        "severities": _severities(writer, data),
        "total": data.total,
        "left_out": data.left_out,
        "charts": _charts(data, titles, zone),
        "findings": [_finding(writer, veil.veiled(one, writer.redactor)) for one in _wanted(db, choice, data)],
        "cases": [case_model.case(writer, one) for one in _cases(db, choice, numbers)],
        "actions": [
            {"time": writer.stamp(one.time), "actor": one.actor, "words": writer.say(one.action)} for one in data.acts
        ],
        "actions_left_out": data.acts_left_out,
        "unseen": unseen,
        "methods": appendix.methods(writer, data),
        "glossary": [[writer.say(word), writer.say(meaning)] for word, meaning in glossary.WORDS],
    }
    return veil.document(told, writer.redactor)


def _wanted(db: Connection, choice: Choice, data: ReportData) -> Iterable[FindingDetail]:
    return reports.told(db, data.ids) if {"findings", "contents"} & set(choice.sections) else ()


def _cases(db: Connection, choice: Choice, numbers: list[int]) -> list[cases.Case]:
    if "cases" not in choice.sections:
        return []
    found = (cases.case(db, one) for one in numbers[: case_model.MOST_CASES])
    return [one for one in found if one is not None]


def _cover(writer: Writer, choice: Choice, data: ReportData) -> dict[str, Any]:
    start, end = data.scope.start, data.end
    return {
        "title": writer.say(text("Report of findings")),
        "site": str(settings.get(writer.db, SITE)),
        "author": str(settings.get(writer.db, AUTHOR)),
        "start": writer.stamp(start) if start is not None else writer.say(text("from the beginning")),
        "end": writer.stamp(end),
        "made": writer.stamp(data.created),
        "events": data.events,
        "version": VERSION,
        "chosen": _chosen(writer, choice),
    }


def _chosen(writer: Writer, choice: Choice) -> list[list[str]]:
    """Return what narrows the report, named."""
    say = writer.say
    words = (
        (text("Severities"), [say(SEVERITIES[SEVERITY_WORDS[one]][1]) for one in choice.severities]),
        (text("Status"), [say(STATUS_NAMES[one]) for one in choice.statuses]),
        (text("Verdict"), [say(VERDICT_NAMES.get(one, NO_VERDICT)) for one in choice.verdicts]),
        (text("Assets"), list(choice.assets)),
        (text("Cases"), list(choice.cases)),
    )
    chosen = [[say(name), *values] for name, values in words if values]
    return [*chosen, [say(text("Pseudonyms")), writer.note]] if writer.note else chosen


def _severities(writer: Writer, data: ReportData) -> list[dict[str, Any]]:
    return [
        {"class": SEVERITIES[one][0], "word": writer.say(SEVERITIES[one][1]), "count": count,
         "before": None if data.before is None else data.before[one]}
        for one, count in data.by_severity.items()
    ]  # fmt: skip


def _charts(data: ReportData, titles: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "days": charts.days(data.spans, zone),
        "span_days": data.span_days,
        "rules": charts.ranking(data.rules, titles),
        "assets": charts.ranking(data.assets, {}),
    }


def _finding(writer: Writer, found: FindingDetail) -> dict[str, Any]:
    row, say = found.row, writer.say
    texts = writer.texts.of(row)
    known = {one.id: one.title for one in writer.desk.extensions}
    drawn = evidence.lines(found.evidence, row.count, evidence.wanted(row, texts.title + texts.why))
    return {
        "name": row.name,
        "severity": int(row.severity),
        "class": SEVERITIES[row.severity][0],
        "word": say(SEVERITIES[row.severity][1]),
        "extension": say(known.get(row.extension, Text(row.extension))),
        "status": say(STATUS_NAMES[row.status]),
        "verdict": say(VERDICT_NAMES[row.verdict]) if row.verdict else "",
        "title": texts.title or row.rule_id,
        "asset": row.asset,
        "group": [[name, one] for name, one in row.group if one and one != row.asset],
        "first": writer.stamp(row.first_seen),
        "last": writer.stamp(row.last_seen),
        "count": row.count,
        "rule": row.rule_id,
        "rule_version": row.rule_version,
        "why": texts.why,
        "chart": charts.small(spark(findings.spark(writer.db, row.id), row.last_seen)),
        "events_removed": row.events_removed,
        "evidence": [_line(writer, one) for one in drawn.first],
        "hidden": drawn.hidden,
        "evidence_last": [_line(writer, one) for one in drawn.last],
        "todo": [
            {"done": bool(found.steps.get(place)), "step": step, "detail": more}
            for place, (step, more) in enumerate(texts.todo)
        ],
        "condition": texts.condition,
        "suppressed": _suppressed(writer, found),
        "decisions": [
            {"time": writer.stamp(at), "words": say(said)} for at, said in reports.decisions(writer.db, row.id)
        ],
        "notes": [{"time": writer.stamp(one.time), "text": one.text} for one in found.notes],
    }


def _line(writer: Writer, one: evidence.Line) -> dict[str, Any]:
    return {
        "time": writer.moment(one.copy.time),
        "parts": [[piece, marked] for piece, marked in one.parts],
        "sha256": one.copy.sha256,
        "hit": one.hit,
    }


def _suppressed(writer: Writer, found: FindingDetail) -> dict[str, str] | None:
    if found.suppression is None:
        return None
    expires = found.suppression.expires
    return {"reason": found.suppression.reason, "until": writer.stamp(expires) if expires is not None else ""}
