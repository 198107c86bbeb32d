"""Findings over the API: the inbox, one finding with its evidence, what a person decides, suppressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.core import findings, suppression, triage
from desktop_app.core.database import Connection
from desktop_app.core.findings import Filter, FindingDetail
from desktop_app.core.model import Evidence, Micros, Verdict, stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    integer,
    mapping,
    maybe,
    one_of,
    record,
    string,
)
from desktop_app.core.schema_check import time_of
from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.web.api import shapes
from desktop_app.web.api.shapes import COUNT, DECISION, FINDING, ID, LIMIT, SENTENCES, SEVERITY, VERDICT, VIEW
from desktop_app.web.errors import NotFound
from desktop_app.web.sentences import Sentences

IDS = array(integer(1), 1000, 1)
EVIDENCE = record(
    event=any_string(),
    time=TIME,
    host=maybe(any_string()),
    source=maybe(any_string()),
    raw=any_string(),
    sha256=any_string(),
)
NOTE = record(id=COUNT, time=TIME, text=any_string())
STEP = record(step=any_string(), detail=any_string(), done=BOOLEAN)
DETAIL = record(
    finding=FINDING, why=any_string(), todo=array(STEP), condition=any_string(), false_alarms=any_string(),
    references=SENTENCES, evidence=array(EVIDENCE), notes=array(NOTE), same_asset=COUNT, same_rule=COUNT,
)  # fmt: skip
SUPPRESSION = record(
    id=COUNT, finding=maybe(COUNT), rule=maybe(any_string()), asset=maybe(any_string()), fields=mapping(any_string()),
    reason=any_string(), created=TIME, expires=maybe(TIME), ended=maybe(TIME), findings=COUNT, events=COUNT,
)  # fmt: skip


def _filter(call: Call) -> Filter:
    asked = call.values
    return Filter(
        view=asked.get("view", "triage"),
        text=asked.get("q", "").strip(),
        severities=tuple(asked.get("severity", ())),
        rule=asked.get("rule"),
        asset=asked.get("asset"),
        case=asked.get("case"),
        since=_time(asked.get("since")),
        until=_time(asked.get("until")),
        order=asked.get("order", "severity"),
    )


def _time(written: str | None) -> Micros | None:
    return None if written is None else time_of(written)


def _list(call: Call) -> object:
    wanted, said = _filter(call), Sentences(call.db, call.language)
    listed = findings.listing(call.db, wanted, shapes.limit(call))
    return {
        "total": findings.total(call.db, wanted),
        "counts": dict(findings.counts(call.db)),
        "findings": [shapes.finding(row, said) for row in listed],
    }


def _found(call: Call) -> FindingDetail:
    found = findings.finding(call.db, call.values["id"])
    if found is None:
        raise NotFound(text("There is no such finding."), why=text("It may have gone with an import that was undone."))
    return found


def _one(call: Call) -> object:
    found, said = _found(call), Sentences(call.db, call.language)
    told = said.of(found.row)
    return {
        "finding": shapes.finding(found.row, said),
        "why": told.why,
        "todo": [
            {"step": step, "detail": detail, "done": bool(found.steps.get(number, False))}
            for number, (step, detail) in enumerate(told.todo)
        ],
        "condition": told.condition,
        "false_alarms": told.false_alarms,
        "references": list(told.references),
        "evidence": [_evidence(one) for one in found.evidence],
        "notes": [{"id": one.id, "time": stamp(one.time), "text": one.text} for one in found.notes],
        "same_asset": found.same_asset,
        "same_rule": found.same_rule,
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "event": str(one.event_id), "time": stamp(one.time), "host": one.host, "source": one.source, "raw": one.raw,
        "sha256": one.sha256,
    }  # fmt: skip


_DECIDE: dict[str, Callable[[Connection, Sequence[int]], Decision]] = {
    "confirm": triage.confirm,
    "archive": triage.archive,
    "reopen": triage.reopen,
}


def _decide(call: Call) -> object:
    ids, verdict = call.body["ids"], call.body.get("verdict")
    if call.body["decision"] == "resolve":
        made = triage.resolve(call.db, ids, Verdict(verdict) if verdict else None)
    else:
        made = _DECIDE[call.body["decision"]](call.db, ids)
    return shapes.decision(made, call)


def _suppress(call: Call) -> object:
    made = triage.suppress(call.db, call.body["ids"], call.body["reason"], _time(call.body.get("expires")))
    return shapes.decision(made, call)


def _note(call: Call) -> object:
    found = _found(call)
    return shapes.decision(triage.note(call.db, found.row.id, call.body["text"]), call)


def _suppressions(call: Call) -> object:
    listed = suppression.listing(call.db, call.desk.clock(), ended=call.values.get("ended", False))
    return {"suppressions": [_suppression(one) for one in listed]}


def _suppression(one: suppression.Suppression) -> dict[str, Any]:
    scope = one.scope
    return {
        "id": one.id, "finding": one.finding_id, "rule": scope.rule_id if scope else None,
        "asset": scope.asset if scope else None, "fields": dict(scope.fields) if scope else {}, "reason": one.reason,
        "created": stamp(one.created), "expires": stamp(one.expires), "ended": stamp(one.ended),
        "findings": one.findings, "events": one.events,
    }  # fmt: skip


OPERATIONS = (
    Operation(
        "listFindings", "GET", "/findings", "The inbox: findings of a view, narrowed by filters.",
        record(total=COUNT, counts=mapping(COUNT), findings=array(FINDING)), _list,
        (
            Parameter("view", VIEW, "Which findings; those to triage where it is not said."),
            Parameter("q", string(most=200), "Words in rule, asset and values."),
            Parameter("severity", array(SEVERITY, 5), "Only of these severities."),
            Parameter("rule", string(1, 200), "Only of this rule."),
            Parameter("asset", string(1, 500), "Only of this asset."),
            Parameter("case", integer(1), "Only of this case."),
            Parameter("since", TIME, "Only those that were seen since."),
            Parameter("until", TIME, "Only those that were seen before."),
            Parameter("order", one_of("severity", "last"), "The most severe, or the latest, first."),
            LIMIT,
        ),
    ),
    Operation(
        "getFinding", "GET", "/findings/{id}", "One finding: why it matters, what was seen, what to do.", DETAIL, _one,
        (ID,),
    ),
    Operation(
        "decideFindings", "POST", "/findings/decisions", "Confirm, resolve, archive or reopen findings.", DECISION,
        _decide,
        body=record(
            ("verdict",), ids=IDS, decision=one_of("confirm", "resolve", "archive", "reopen"), verdict=maybe(VERDICT)
        ),
    ),
    Operation(
        "suppressFindings", "POST", "/findings/suppressions", "Hide findings, for a reason and until a time.",
        DECISION, _suppress, body=record(("expires",), ids=IDS, reason=string(1, 1000), expires=maybe(TIME)),
    ),
    Operation(
        "noteFinding", "POST", "/findings/{id}/notes", "Write a note on a finding.", DECISION, _note, (ID,),
        record(text=string(1)),
    ),
    Operation(
        "listSuppressions", "GET", "/suppressions", "What is hidden, why and until when.",
        record(suppressions=array(SUPPRESSION)), _suppressions,
        (Parameter("ended", BOOLEAN, "Also those that have ended."),),
    ),
)  # fmt: skip
