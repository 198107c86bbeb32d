"""Work on rules that takes longer than a page may, queued as jobs."""

from __future__ import annotations

from typing import Any, Literal

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.model import Micros, stamp
from desktop_app.core.rules.exceptions import RuleException
from desktop_app.core.text import Text, text

PIPELINE_JOB = "logs.rules_pipeline"
TRIAL_JOB = "logs.rules_trial"

Act = Literal["import", "on", "off", "remove"]
_PIPELINE_TITLES: dict[str, str] = {
    "import": text("Bring in the pipeline %(name)s").id,
    "on": text("Switch on the pipeline %(name)s").id,
    "off": text("Switch off the pipeline %(name)s").id,
    "remove": text("Remove the pipeline %(name)s").id,
}


def start_pipeline(db: Connection, act: Act, name: str, **given: Any) -> int:
    """Queue a change of the site's pipelines, which compiles rules anew; returns the job's id.

    ``given``: ``path`` of the file to bring in, ``upload`` where that is a copy of ours.
    """
    title = Text(_PIPELINE_TITLES[act], {"name": name})
    with writing(db):
        return jobs.enqueue(db, PIPELINE_JOB, title, {"act": act, "name": name, **given})


def start_trial(db: Connection, body: str, rule_id: str | None, title: str) -> int:
    """Queue the trial of a rule's text on stored events; returns the job's id. ``rule_id``: as for ``own.check``."""
    with writing(db):
        return jobs.enqueue(db, TRIAL_JOB, text("Try %(rule)s", rule=title), {"body": body, "rule_id": rule_id})


def exception_json(one: RuleException, at: Micros) -> dict[str, Any]:
    """Return an exception as commands and the API tell it; ``active``: it holds at that time."""
    return {
        "id": one.id, "rule": one.rule_id, "fields": {name: list(values) for name, values in one.fields},
        "reason": one.reason, "actor": one.actor, "created": stamp(one.created), "expires": stamp(one.expires),
        "ended": stamp(one.ended), "active": one.active(at),
    }  # fmt: skip
