"""The pages of jobs: what runs and ran, how far it is, what came of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.jobs import Job
from desktop_app.core.outcomes import outcome
from desktop_app.core.text import Text, text
from desktop_app.web import figures, notices
from desktop_app.web.context import db, desk, now, number
from desktop_app.web.decisions import came_from
from desktop_app.web.figures import Unread

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

SHOWN = 100
NAMED, COUNTED = 100, 10_000  # files that could not be read; the page of sources has them all
STATES: dict[str, Text] = {
    "queued": text("Waiting"),
    "running": text("Running"),
    "done": text("Done"),
    "part": text("Done in part"),
    "unread": text("Nothing was read"),
    "failed": text("Failed"),
    "cancelled": text("Cancelled"),
    "interrupted": text("Interrupted"),
}
RESUMABLE = {"interrupted", "cancelled", "failed"}
# What kinds of jobs tell in numbers; anything else of a result is for the command line.
RESULTS: dict[str, Text] = {
    "events": text("Events"),
    "findings": text("Findings"),
    "skipped": text("Skipped records"),
    "segments": text("Segments"),
    "rules": text("Rules"),
}


@blueprint.get("/")
def index() -> str:
    """List the jobs, newest first."""
    return render_template("jobs/index.html", jobs=jobs.listing(db(), SHOWN), states=STATES, now=now(),
                           outcome=outcome)  # fmt: skip


@blueprint.get("/<int:job_id>")
def detail(job_id: int) -> str:
    """Show one job with its log and result."""
    kinds = jobs.kinds(desk().extensions)
    job = jobs.job(db(), job_id)
    lines = jobs.log_lines(db(), job_id)
    return render_template(
        "jobs/detail.html", job=job, lines=lines, states=STATES, outcome=outcome, kind=kinds.get(job.kind), now=now(),
        resumable=job.state in RESUMABLE and job.kind in kinds, results=results(job), way_back=_way_back(job),
        taken_back=_taken_back(job), found=_found(job), unread=_unread(job), named=NAMED,
    )  # fmt: skip


def results(job: Job) -> list[tuple[Text, str]]:
    """Return the numbers that came of a job, named."""
    told = job.result or {}
    return [(name, number(told[key])) for key, name in RESULTS.items() if isinstance(told.get(key), int)]


def _way_back(job: Job) -> int | None:
    """Return the entry of the journal that takes back what a job brought, where there is one."""
    import_id = job.params.get("import_id")
    return figures.undo_of_import(db(), import_id) if isinstance(import_id, int) else None


def _taken_back(job: Job) -> bool:
    import_id = job.params.get("import_id")
    return isinstance(import_id, int) and figures.was_taken_back(db(), import_id)


def _unread(job: Job) -> tuple[Unread, ...]:
    """Return the files of an import that were not read, or only in part, with the reasons."""
    import_id = job.params.get("import_id")
    return figures.unread(db(), import_id, COUNTED) if job.state == "done" and isinstance(import_id, int) else ()


def _found(job: Job) -> bool:
    """Say whether a job brought findings that are still there to be seen."""
    return job.state == "done" and bool((job.result or {}).get("findings")) and not _taken_back(job)


@blueprint.post("/<int:job_id>/cancel")
def cancel(job_id: int) -> ResponseReturnValue:
    """Ask a job to stop."""
    jobs.cancel(db(), job_id)
    notices.say(text("The job stops as soon as it can. What it has finished stays."))
    return redirect(came_from() if "next" in request.form else url_for("jobs.detail", job_id=job_id), 303)


@blueprint.post("/<int:job_id>/resume")
def resume(job_id: int) -> ResponseReturnValue:
    """Queue a job again."""
    jobs.resume(db(), job_id)
    notices.say(text("The job goes on. What it had finished is not done twice."))
    return redirect(url_for("jobs.detail", job_id=job_id), 303)
