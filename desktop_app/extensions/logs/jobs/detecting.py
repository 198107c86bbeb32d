"""Applying the present rules to what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop_app.core import findings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import hunt
from desktop_app.core.rules.catalogue import sources
from desktop_app.core.rules.coverage import rules_stamp
from desktop_app.core.rules.hunting import Hunt, plan
from desktop_app.core.sigma.ruleset import RuleSet

ROUNDS = 3  # what came while events were judged is judged too; what comes then is judged as it comes


def run_detect(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge stored segments by the enabled rules; findings follow, decisions stay.

    ``rules`` in ``params``: ids of rules that came, changed, went or were switched. Then these alone are judged, and
    only the segments are read in which they may match, which their fields and distinct values tell.
    """
    db, ids = context.db, params.get("rules")
    judged, read, unread, stamp = set[int](), 0, list[str](), ""
    for _ in range(ROUNDS):
        if stamp != rules_stamp(db):
            judged, stamp = set(), rules_stamp(db)
        todo = _todo(context.desk, db, ids, judged)
        if not todo:
            break
        missing = hunt(context.desk, db, todo, context.progress)
        for one in missing:
            context.log("error", one.error.what)
        judged |= {*todo.read, *todo.silent}
        read, unread = read + len(todo.read) - len(missing), [*unread, *(one.segment.path for one in missing)]
    return {"segments": read, "unread": unread, "findings": findings.counts(db)["all"]}


def _todo(desk: Desk, db: Connection, ids: Sequence[str] | None, judged: set[int]) -> Hunt:
    """Return what is to be judged of the segments that were not yet."""
    rules = sources(db, desk.folder)
    if ids is None:
        found = Hunt(RuleSet(rules), None, [one.id for one in catalogue.live(db)])
    else:
        found = plan(db, desk.folder, rules, ids)
    left = [[one for one in some if one not in judged] for some in (found.read, found.silent)]
    return replace(found, read=left[0], silent=left[1])
