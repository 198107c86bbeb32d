"""Reading rules for a preview, and bringing in what was previewed: thousands of rules take longer than a page may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.core import temporary
from desktop_app.core.errors import UsageError
from desktop_app.core.jobs import JobContext
from desktop_app.core.rules import own, site, staging
from desktop_app.core.rules.trial import trial
from desktop_app.core.text import text
from desktop_app.extensions.logs.service import applying


def run_preview(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read rules and say what bringing them in would change; they wait under the token of the result."""

    def report(done: int, total: int) -> None:
        context.progress(done, total, text("Reading rules"))

    if params.get("version"):
        made = staging.stage_version(context.db, params["version"], report)
    else:
        made = staging.stage(context.db, Path(params["path"]), report)
    _forget_upload(context, params)
    return {"token": made.token, "pack": made.pack, "rules": len(made.planned), "counts": dict(made.counts)}


def _forget_upload(context: JobContext, params: Mapping[str, Any]) -> None:
    """Delete the copies that a browser sent, once they were read."""
    if params.get("upload"):
        temporary.remove(context.desk.folder.temporary / f"upload-{params['upload']}")


def run_pipeline(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring in, switch or remove a pipeline; the rules that it touches are compiled anew."""

    def report(done: int, total: int) -> None:
        context.progress(done, total, text("Reading rules"))

    act, name = params["act"], params["name"]
    if act == "import":
        _, decision = site.import_pipeline(context.db, Path(params["path"]), report)
        _forget_upload(context, params)
    elif act == "remove":
        decision = site.remove_pipeline(context.db, name, report)
    else:
        decision = site.switch_pipeline(context.db, name, on=act == "on", report=report)
    applying.after(context.db, decision)
    return {"name": name, "undo_id": decision.undo_id if decision else 0}


def run_trial(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Try the text of a rule on stored events; where it is stopped, what was found until then is the result."""
    checked = own.check(context.db, params["body"], params["rule_id"])
    if checked.rule is None or checked.rule.compiled is None:
        raise UsageError(text("The rule cannot be tried yet."), why=checked.problems[0].reason)
    made = trial(context.desk, context.db, checked.rule, context.progress)
    return asdict(made)


def run_import(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring in the rules that were previewed, and queue their application to the stored events."""

    def report(done: int, total: int) -> None:
        context.progress(done, total, text("Reading rules"))

    result = staging.bring_in(context.db, params["token"].removeprefix(staging.PREFIX), report)
    return {
        "pack": result.pack,
        "rules": len(result.new) + len(result.changed) + result.unchanged,
        "new": len(result.new),
        "changed": len(result.changed),
        "unchanged": result.unchanged,
        "gone": len(result.gone),
        "undo_id": result.undo_id,
        "detect": applying.after_import(context.db, result),
    }
