"""Bringing rules in: what an import would change is shown first, both steps run as jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.jobs import Job
from desktop_app.core.rules import catalogue, staging
from desktop_app.core.rules.staging import DiffLine, Planned, Stage
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.forms import read_import, read_rules
from desktop_app.extensions.logs.views import detections, uploads
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, notices
from desktop_app.web.errors import NotFound

PAGE = 50
KINDS = (service.RULES_PREVIEW_JOB, service.RULES_IMPORT_JOB)
WHATS: dict[str, Text] = {
    "new": text("New"),
    "changed": text("Changed"),
    "moved": text("Moved"),
    "gone": text("Gone"),
    "broken": text("Broken"),
    "unsupported": text("Unsupported"),
    "unchanged": text("Unchanged"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule of a preview, with how its text changes where it does."""

    rule: Planned
    diff: Sequence[DiffLine]


@blueprint.post("/rules/import")
def import_rules() -> ResponseReturnValue:
    """Queue the preview of a Sigma file, folder or zip, or of an earlier content of a pack."""
    if "version" in request.form:
        return _started(service.start_version_preview(context.db(), request.form.get("version", 0, type=int)))
    form, problems = read_import(request.form, ())
    if "path" in problems:
        return detections.page(read_rules({}), error=UsageError(problems["path"]))
    try:
        job_id = service.start_rules_preview(context.db(), chosen_source(form.paths, form.upload), form.upload)
    except WatchdeskError as error:
        return detections.page(read_rules({}), error=error)
    return _started(job_id)


def _started(job_id: int) -> ResponseReturnValue:
    return redirect(url_for("logs.rules_import", job_id=job_id), 303)


def chosen_source(paths: Sequence[Path], upload: str | None) -> Path:
    """Return the one file or folder that was chosen; of an upload the file, or the folder that holds them all."""
    if upload is None:
        if len(paths) > 1:
            raise UsageError(text("Import one file, folder or zip at a time."))
        return paths[0]
    root = uploads.folder_of(context.desk().folder, upload)
    inside = list(root.iterdir()) if root.is_dir() else []
    return inside[0] if len(inside) == 1 else root


@blueprint.get("/rules/import/<int:job_id>")
def rules_import(job_id: int) -> ResponseReturnValue:
    """How far the reading is; then what an import would change, or what it changed."""
    job = _job(job_id)
    if job.state != "done" or job.kind == service.RULES_IMPORT_JOB:
        return render_template("logs/rules_import.html", job=job, stage=None)
    made = staging.staged(context.desk().folder, str((job.result or {})["token"]))
    return render_template(
        "logs/rules_import.html", job=job, whats=WHATS, severity_of=catalogue.severity_of, **_preview(made)
    )


def _job(job_id: int) -> Job:
    job = jobs.job(context.db(), job_id)
    if job.kind not in KINDS:
        raise NotFound(text("There is no job %(number)s.", number=job_id))
    return job


def _preview(made: Stage) -> dict[str, object]:
    what = request.args.get("what", "")
    if what not in staging.WHATS:
        what = next((one for one in staging.WHATS if made.counts.get(one)), "unchanged")
    page = max(1, request.args.get("page", 1, type=int))
    chosen = sorted((one for one in made.planned if one.what == what), key=lambda one: one.path)
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    pages = max(1, -(-len(chosen) // PAGE))
    return {"stage": made, "what": what, "rules": list(_with_diffs(made, shown)), "page": page, "pages": pages}


def _with_diffs(made: Stage, shown: Sequence[Planned]) -> Iterator[Shown]:
    changed = [one.path for one in shown if one.what == "changed"]
    bodies = staging.bodies(context.desk().folder, made.token, made.pack, changed) if changed else {}
    for one in shown:
        before = catalogue.rule(context.db(), one.id) if one.id in bodies and one.what == "changed" else None
        yield Shown(one, staging.diff(before.body, bodies[one.id]) if before else ())


@blueprint.post("/rules/import/<int:job_id>")
def bring_in_rules(job_id: int) -> ResponseReturnValue:
    """Queue the import of what was previewed."""
    result = _job(job_id).result or {}
    made = staging.staged(context.desk().folder, str(result.get("token", "")))
    if not made.changes:
        notices.say(text("Nothing was changed."))
        return redirect(url_for("logs.detections"), 303)
    started = service.start_rules_import(context.db(), made.token, made.pack)
    return redirect(url_for("logs.rules_import", job_id=started), 303)
