"""Applying the present rules to what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.core import findings
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import detect_again
from desktop_app.core.rules.catalogue import load


def run_detect(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge every stored segment by the enabled rules; findings follow, decisions stay."""
    del params  # there is nothing to choose: all rules, all events
    ids = [one.id for one in catalogue.live(context.db)]
    missing = detect_again(context.desk, context.db, load(context.db, context.desk.folder), ids, context.progress)
    for one in missing:
        context.log("error", one.error.what)
    return {
        "segments": len(ids) - len(missing),
        "unread": [one.segment.path for one in missing],
        "findings": findings.counts(context.db)["all"],
    }
