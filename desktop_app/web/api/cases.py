"""Cases over the API."""

from __future__ import annotations

from typing import Any

from desktop_app.core import findings
from desktop_app.core.cases import case_tasks, case_timeline, cases
from desktop_app.core.findings import Filter
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    integer,
    maybe,
    record,
    string,
)
from desktop_app.core.text import text
from desktop_app.web.api import shapes
from desktop_app.web.api.findings import IDS, NOTE
from desktop_app.web.api.shapes import CASE, COUNT, DECISION, FINDING, ID
from desktop_app.web.errors import NotFound
from desktop_app.web.sentences import Sentences

MOST = 1000
TASK = record(id=COUNT, text=any_string(), created=TIME, done=maybe(TIME))
MOMENT = record(time=TIME, kind=any_string(), finding=maybe(COUNT), host=maybe(any_string()), words=any_string())


def _list(call: Call) -> object:
    return {"cases": [shapes.case(one) for one in cases.listing(call.db, closed=call.values.get("closed", False))]}


def _found(call: Call) -> cases.Case:
    found = cases.case(call.db, call.values["id"])
    if found is None:
        raise NotFound(text("There is no such case."))
    return found


def _one(call: Call) -> object:
    found, said = _found(call), Sentences(call.db, call.language)
    held = findings.listing(call.db, Filter("all", case=found.id), MOST)
    return {
        "case": shapes.case(found),
        "findings": [shapes.finding(row, said) for row in held],
        "notes": [{"id": one.id, "time": stamp(one.time), "text": one.text} for one in cases.notes(call.db, found.id)],
        "tasks": [
            {"id": one.id, "text": one.text, "created": stamp(one.created), "done": stamp(one.done)}
            for one in case_tasks.listing(call.db, found.id)
        ],
        "timeline": [_moment(one, call) for one in case_timeline.timeline(call.db, found.id)],
    }


def _moment(one: case_timeline.Moment, call: Call) -> dict[str, Any]:
    words = one.words if one.sentence is None else call.say(one.sentence)
    return {"time": stamp(one.time), "kind": one.kind, "finding": one.finding_id, "host": one.host, "words": words}


def _create(call: Call) -> object:
    made, decision = cases.create(call.db, call.body["name"], _standing(call))
    return {"id": made, **shapes.decision(decision, call)}


def _standing(call: Call) -> list[int]:
    """Return the findings of the body. Raises NotFound when one is not there."""
    wanted = list(dict.fromkeys(call.body.get("findings", ())))
    if len(findings.some(call.db, wanted)) != len(wanted):
        raise NotFound(text("There is no such finding."))
    return wanted


def _add(call: Call) -> object:
    return shapes.decision(cases.add(call.db, _found(call).id, _standing(call)), call)


def _note(call: Call) -> object:
    return shapes.decision(cases.note(call.db, _found(call).id, call.body["text"]), call)


def _task(call: Call) -> object:
    return shapes.decision(case_tasks.add(call.db, _found(call).id, call.body["text"]), call)


def _state(call: Call) -> object:
    act = cases.close if call.body["closed"] else cases.reopen
    return shapes.decision(act(call.db, _found(call).id), call)


OPERATIONS = (
    Operation(
        "listCases", "GET", "/cases", "The open cases, or those that were closed.", record(cases=array(CASE)), _list,
        (Parameter("closed", BOOLEAN, "Those that were closed instead."),),
    ),
    Operation(
        "getCase", "GET", "/cases/{id}", "One case with its findings, notes, tasks and timeline.",
        record(case=CASE, findings=array(FINDING), notes=array(NOTE), tasks=array(TASK), timeline=array(MOMENT)), _one,
        (ID,),
    ),
    Operation(
        "createCase", "POST", "/cases", "Open a case.", record(id=COUNT, undo_id=maybe(COUNT), summary=any_string()),
        _create,
        body=record(("findings",), name=string(1, cases.LONGEST_NAME), findings=array(integer(1), MOST)),
    ),
    Operation(
        "addToCase", "POST", "/cases/{id}/findings", "Put findings into a case.", DECISION, _add, (ID,),
        record(findings=IDS),
    ),
    Operation(
        "noteCase", "POST", "/cases/{id}/notes", "Write a note on a case.", DECISION, _note, (ID,),
        record(text=string(1)),
    ),
    Operation(
        "addTask", "POST", "/cases/{id}/tasks", "Add a task to a case.", DECISION, _task, (ID,),
        record(text=string(1, case_tasks.LONGEST_TASK)),
    ),
    Operation(
        "closeCase", "PATCH", "/cases/{id}", "Close or reopen a case.", DECISION, _state, (ID,), record(closed=BOOLEAN)
    ),
)  # fmt: skip
