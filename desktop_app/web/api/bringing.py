"""The door over the API: what a file would change, and taking it."""

from __future__ import annotations

from desktop_app.core.errors import UsageError
from desktop_app.core.operations import Call, Operation, any_string, array, maybe, one_of, record, string
from desktop_app.core.text import text
from desktop_app.web.api.shapes import COUNT, SENTENCES
from desktop_app.web.bringing import known
from desktop_app.web.bringing.commands import brought_json

_CHANGE = record(
    ("before", "after"), path=any_string(), what=one_of("new", "changed", "gone", "unchanged"), before=any_string(),
    after=any_string(),
)  # fmt: skip
_BROUGHT = record(
    kind=one_of("pages", "template", "settings"), digest=any_string(), changes=array(_CHANGE),
    left=array(record(path=any_string(), reason=any_string())), fault=SENTENCES, undo_id=maybe(COUNT),
)  # fmt: skip


def _bring(call: Call) -> object:
    path = known.path_of(call.body["path"])
    if known.holds_rules(path):
        raise UsageError(text("These are rules: %(path)s", path=str(path)))
    brought = known.examine(call.desk, call.db, path)
    decision = None
    if "digest" in call.body:
        known.check_shown(brought, call.body["digest"])
        decision = known.take(call.desk, call.db, brought)
    told = brought_json(brought, call.say)
    return told | {"digest": brought.digest, "undo_id": decision.undo_id if decision else None}


OPERATIONS = (
    Operation(
        "bringFile", "POST", "/bring",
        "What handbook pages, a template of reports or saved settings would change; with the digest of that, take it.",
        _BROUGHT, _bring, body=record(("digest",), path=string(1), digest=string(1, 100)),
    ),
)  # fmt: skip
