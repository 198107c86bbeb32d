"""Rules over the API: what there is, what became of each, switches, exceptions."""

from __future__ import annotations

from typing import Any

from desktop_app.core.errors import UsageError
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    Parameter,
    any_string,
    array,
    mapping,
    maybe,
    one_of,
    record,
    string,
)
from desktop_app.core.rules import catalogue, exceptions
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.core.schema_check import time_of
from desktop_app.core.text import text
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.service.rules import exception_json
from desktop_app.web.api import shapes
from desktop_app.web.api.shapes import COUNT, DECISION, ID, SENTENCES
from desktop_app.web.errors import NotFound

RULE = record(
    id=any_string(), title=any_string(), pack=any_string(), path=any_string(), level=any_string(), tags=SENTENCES,
    enabled=BOOLEAN, state=any_string(), reason=maybe(any_string()),
)  # fmt: skip
VERDICT = record(
    id=any_string(), title=any_string(), reason=maybe(any_string()), matches=COUNT,
    state=one_of("fired", "quiet", "blocked", "disabled", "broken"),
)  # fmt: skip
RULE_ID = Parameter("id", string(1, 200), "The id of the rule.")
EXCEPTION = record(
    id=COUNT, rule=any_string(), fields=mapping(SENTENCES), reason=any_string(), actor=any_string(), created=TIME,
    expires=maybe(TIME), ended=maybe(TIME), active=BOOLEAN,
)  # fmt: skip


def _rules(call: Call) -> object:
    listed = catalogue.listing(call.db, search=call.values.get("q", ""))
    return {"rules": [_rule(one, call) for one in listed]}


def _rule(one: catalogue.RuleRow, call: Call) -> dict[str, Any]:
    return {
        "id": one.id, "title": one.title, "pack": one.pack, "path": one.path, "level": one.level,
        "tags": list(one.tags), "enabled": one.enabled, "state": one.state,
        "reason": None if one.reason is None else call.say(one.reason),
    }  # fmt: skip


def _found_rule(call: Call) -> catalogue.RuleRow:
    found = catalogue.rule(call.db, call.values["id"])
    if found is None:
        raise NotFound(text("There is no such rule."))
    return found


def _one_rule(call: Call) -> object:
    found = _found_rule(call)
    return {"rule": _rule(found, call), "body": found.body}


def _switch(call: Call) -> object:
    on, ids = call.body["enabled"], [_found_rule(call).id]
    decision = (catalogue.enable if on else catalogue.disable)(call.db, ids)
    if on:
        applying.after(call.db, decision)
    return shapes.decision(decision, call)


def _coverage(call: Call) -> object:
    judged = catalogue.coverage(call.db)
    return {"rules": [{**one, "reason": None if one["reason"] is None else call.say(one["reason"])} for one in judged]}


def _exceptions(call: Call) -> object:
    at = call.desk.clock()
    return {"exceptions": [exception_json(one, at) for one in exceptions.every(call.db, at)]}


def _of_rule(call: Call) -> object:
    found = exceptions.of_rule(call.db, _found_rule(call).id)
    return {"exceptions": [exception_json(one, call.desk.clock()) for one in found]}


def _except(call: Call) -> object:
    rule, body = _found_rule(call), call.body
    fields = tuple((name, tuple(values)) for name, values in body["fields"].items())
    wanted = Wanted(fields, body["reason"], time_of(body["until"]) if body.get("until") else None)
    return shapes.decision(exceptions.add(call.db, rule.id, wanted, call.desk.clock()), call)


def _lift(call: Call) -> object:
    try:
        decision = exceptions.end(call.db, call.values["id"])
    except UsageError as error:
        raise NotFound(error.what, why=error.why) from error
    applying.after(call.db, decision)
    return shapes.decision(decision, call)


RULE_OPERATIONS = (
    Operation(
        "listRules", "GET", "/logs/rules", "The rules.", record(rules=array(RULE)), _rules,
        (Parameter("q", string(most=200), "Words in title, id or path."),),
    ),
    Operation(
        "getRule", "GET", "/logs/rules/{id}", "One rule with its text.", record(rule=RULE, body=any_string()),
        _one_rule, (RULE_ID,),
    ),
    Operation(
        "switchRule", "PATCH", "/logs/rules/{id}", "Switch a rule on or off.", DECISION, _switch, (RULE_ID,),
        record(enabled=BOOLEAN),
    ),
    Operation(
        "getCoverage", "GET", "/logs/coverage", "What became of each rule.", record(rules=array(VERDICT)), _coverage
    ),
    Operation(
        "listExceptions", "GET", "/logs/exceptions", "What rules pass over on this site at present.",
        record(exceptions=array(EXCEPTION)), _exceptions,
    ),
    Operation(
        "getExceptions", "GET", "/logs/rules/{id}/exceptions", "The exceptions of a rule, ended ones included.",
        record(exceptions=array(EXCEPTION)), _of_rule, (RULE_ID,),
    ),
    Operation(
        "addException", "POST", "/logs/rules/{id}/exceptions",
        "Let a rule pass over events in which every field has one of its values.", DECISION, _except, (RULE_ID,),
        record(
            ("until",), fields=mapping(array(string(1, exceptions.LONGEST), exceptions.MOST_VALUES, 1)),
            reason=string(1, 500), until=maybe(TIME),
        ),
    ),
    Operation(
        "liftException", "DELETE", "/logs/exceptions/{id}", "Lift an exception.", DECISION, _lift, (ID,),
    ),
)  # fmt: skip
