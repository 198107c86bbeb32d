"""Importing: the dialog, its progress, and the look at this computer."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.errors import UsageError
from desktop_app.core.jobs import Job
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.forms import ImportForm, read_import
from desktop_app.extensions.logs.model import Format
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.sources.recognise import FORMATS
from desktop_app.extensions.logs.store import taught
from desktop_app.extensions.logs.views import uploads
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context
from desktop_app.web.errors import NotFound

KINDS = {
    service.IMPORT_JOB,
    service.LOOK_JOB,
    service.DEMO_JOB,
    service.ZONE_JOB,
    service.FORMAT_JOB,
    applying.DETECT_JOB,
}
EMPTY = ImportForm((), None, None, None)


def wants_json() -> bool:
    """Say whether a script asks, which shows the answer in place."""
    return request.accept_mimetypes.best == "application/json"


@blueprint.get("/import")
def import_page() -> ResponseReturnValue:
    """The dialog; without scripts a page of its own."""
    return render_template("logs/import.html", **_dialog(EMPTY, {}))


def _dialog(form: ImportForm, problems: Mapping[str, Text]) -> Row:
    return {
        "form": form,
        "problems": problems,
        "formats": [(one.id, context.render_text(one.title)) for one in known_formats()],
        "zones": zones(),
        "site_zone": context.zone().key,
    }


def known_formats() -> tuple[Format, ...]:
    """Return the formats of this site and ours."""
    return (*taught.formats(context.db()), *FORMATS)


def zones() -> list[str]:
    """Return the time zones a person may choose from: places, and UTC."""
    return ["UTC", *sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/"))]


@blueprint.post("/compact")
def compact() -> ResponseReturnValue:
    """Queue the putting together of small event files."""
    return redirect(url_for("jobs.detail", job_id=service.start_compaction(context.db())), 303)


@blueprint.post("/import")
def import_start() -> ResponseReturnValue:
    """Queue an import of paths, or of files that were uploaded."""
    form, problems = read_import(request.form, [one.id for one in known_formats()])
    if problems:
        return _wrong(form, problems)
    folder, uploaded = context.desk().folder, form.upload is not None
    paths = uploads.files_of(folder, form.upload) if form.upload else [str(one) for one in form.paths]
    try:
        job_id = service.start_import(
            context.db(),
            paths,
            format_id=form.format,
            zone=form.zone or context.zone().key,
            host=form.host,
            uploads=uploaded,
        )
    except UsageError as error:
        sentence = error.what if error.fix is None else text("%(what)s %(fix)s", what=error.what, fix=error.fix)
        return _wrong(form, {"path": sentence})
    return _started(job_id)


def _wrong(form: ImportForm, problems: Mapping[str, Text]) -> ResponseReturnValue:
    if wants_json():
        return jsonify(problems={name: context.render_text(one) for name, one in problems.items()}), 400
    return render_template("logs/import.html", **_dialog(form, problems)), 400


def _started(job_id: int) -> ResponseReturnValue:
    if wants_json():
        return jsonify(job=job_id, url=url_for("logs.progress", job_id=job_id))
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


@blueprint.post("/look")
def look() -> ResponseReturnValue:
    """Queue a look at this computer's own logs."""
    return _started(service.look_here(context.db()))


@blueprint.post("/demo")
def demo() -> ResponseReturnValue:
    """Queue the import of generated, labelled sample data."""
    return _started(service.fill_with_sample_data(context.db()))


@blueprint.get("/progress/<int:job_id>")
def progress(job_id: int) -> ResponseReturnValue:
    """How far a job is, and in the end what it brought; a fragment that asks again by itself."""
    job = jobs.job(context.db(), job_id)
    if job.kind not in KINDS:
        raise NotFound(text("There is no job %(number)s.", number=job_id))
    return render_template("logs/_progress.html", job=job, brought=_brought(job))


def _brought(job: Job) -> Row | None:
    """Return what an ended job brought to the desk."""
    import_id = (job.result or job.params).get("import") or job.params.get("import_id")
    if job.active or import_id is None:
        return None
    row, files = service.import_detail(context.db(), int(import_id))
    failed = [one for one in files if one.state == "failed"]
    return {"row": row, "failed": failed, "hidden": hidden_of(job)}


def hidden_of(job: Job) -> list[Row]:
    """Return what a look at this computer found that this account may not read, with the command that would show it."""
    found = (job.result or {}).get("hidden", [])
    return [{"what": context.render_text(Text.from_json(one["what"])), "command": one["command"]} for one in found]
