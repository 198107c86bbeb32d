"""What is being done and what was done, over the API: jobs, the undo journal, the trail of activity."""

from __future__ import annotations

from desktop_app.core import audit, jobs, undo, undoing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import stamp
from desktop_app.core.operations import (
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    integer,
    maybe,
    one_of,
    record,
    string,
)
from desktop_app.web.api import shapes
from desktop_app.web.api.shapes import COUNT, ID, JOB, LIMIT
from desktop_app.web.errors import NotFound

ENTRY = record(id=COUNT, time=TIME, summary=any_string(), undone=maybe(TIME))
ACT = record(id=COUNT, time=TIME, actor=any_string(), action=any_string(), subject=any_string())
LINE = record(time=TIME, severity=any_string(), message=any_string())


def _jobs(call: Call) -> object:
    return {"jobs": [shapes.job(one, call) for one in jobs.listing(call.db, shapes.limit(call))]}


def _found(call: Call) -> jobs.Job:
    try:
        return jobs.job(call.db, call.values["id"])
    except UsageError as error:
        raise NotFound(error.what) from error


def _job(call: Call) -> object:
    found = _found(call)
    lines = jobs.log_lines(call.db, found.id)
    return {
        "job": shapes.job(found, call),
        "log": [{"time": stamp(one.time), "severity": one.severity, "message": call.say(one.message)} for one in lines],
    }


def _act(call: Call) -> object:
    found = _found(call)
    (jobs.cancel if call.body["act"] == "cancel" else jobs.resume)(call.db, found.id)
    return {"job": shapes.job(jobs.job(call.db, found.id), call)}


def _decisions(call: Call) -> object:
    return {
        "decisions": [
            {"id": one.id, "time": stamp(one.time), "summary": call.say(one.summary), "undone": stamp(one.undone)}
            for one in undo.entries(call.db, shapes.limit(call))
        ]
    }


def _undo(call: Call) -> object:
    done = undoing.take_back(call.desk, call.db, call.body.get("id"))
    return {"summary": call.say(done.told())}


def _activity(call: Call) -> object:
    asked = call.values
    wanted = audit.Wanted(actor=asked.get("actor"), kind=asked.get("kind"), before=asked.get("before"))
    trail = audit.check(call.db)
    return {
        "intact": trail.intact,
        "broken": trail.broken,
        "head": trail.head,
        "acts": [
            {"id": one.id, "time": stamp(one.time), "actor": one.actor, "action": call.say(one.action),
             "subject": one.subject}
            for one in audit.entries(call.db, shapes.limit(call), wanted)
        ],
    }  # fmt: skip


OPERATIONS = (
    Operation("listJobs", "GET", "/jobs", "Long work, the newest first.", record(jobs=array(JOB)), _jobs, (LIMIT,)),
    Operation(
        "getJob", "GET", "/jobs/{id}", "One job with its log.", record(job=JOB, log=array(LINE)), _job, (ID,)
    ),
    Operation(
        "changeJob", "POST", "/jobs/{id}", "Cancel a job, or go on with one that was cut off.", record(job=JOB), _act,
        (ID,), record(act=one_of("cancel", "resume")),
    ),
    Operation(
        "listDecisions", "GET", "/undo", "The decisions that can be taken back, the newest first.",
        record(decisions=array(ENTRY)), _decisions, (LIMIT,),
    ),
    Operation(
        "undo", "POST", "/undo", "Take back the newest decision, or the one that is named.",
        record(summary=any_string()), _undo, body=record(("id",), id=maybe(integer(1))),
    ),
    Operation(
        "listActivity", "GET", "/activity", "Who did what on this desk; the trail says whether it was tampered with.",
        record(intact={"type": "boolean"}, broken=maybe(COUNT), head=any_string(), acts=array(ACT)), _activity,
        (
            Parameter("actor", string(1, 200), "Only of this account."),
            Parameter("kind", string(1, 50), "Only on this kind of thing, such as finding or case."),
            Parameter("before", integer(1), "Only acts before the one of this number."),
            LIMIT,
        ),
    ),
)  # fmt: skip
