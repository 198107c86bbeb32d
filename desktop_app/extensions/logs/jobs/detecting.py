"""Applying the present rules to what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core import findings
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import detect_again
from desktop_app.core.rules.catalogue import sources
from desktop_app.core.rules.hunting import segments_for, wanting
from desktop_app.core.sigma.ruleset import RuleSet


def run_detect(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge stored segments by the enabled rules; findings follow, decisions stay.

    ``rules`` in ``params``: ids of rules that are new. Then only the segments in which these may match are judged,
    which their fields and distinct values tell; the others are not read.
    """
    db, folder = context.db, context.desk.folder
    rules = sources(db, folder)
    ids = [one.id for one in catalogue.live(db)]
    if "rules" in params:
        ids = [one.id for one in segments_for(db, folder, wanting(rules, params["rules"]))]
    missing = detect_again(context.desk, db, RuleSet(rules), ids, context.progress)
    for one in missing:
        context.log("error", one.error.what)
    return {
        "segments": len(ids) - len(missing),
        "unread": [one.segment.path for one in missing],
        "findings": findings.counts(db)["all"],
    }
