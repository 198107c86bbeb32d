"""The pages of jobs: what runs and ran, how far it is, what came of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.text import Text, text
from desktop_app.web import notices
from desktop_app.web.context import db, desk, now

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

SHOWN = 100
STATES: dict[str, Text] = {
    "queued": text("Waiting"),
    "running": text("Running"),
    "done": text("Done"),
    "failed": text("Failed"),
    "cancelled": text("Cancelled"),
    "interrupted": text("Interrupted"),
}
RESUMABLE = {"interrupted", "cancelled", "failed"}


@blueprint.get("/")
def index() -> str:
    """List the jobs, newest first."""
    return render_template("jobs/index.html", jobs=jobs.listing(db(), SHOWN), states=STATES, now=now())


@blueprint.get("/<int:job_id>")
def detail(job_id: int) -> str:
    """Show one job with its log and result."""
    kinds = jobs.kinds(desk().extensions)
    job = jobs.job(db(), job_id)
    lines = jobs.log_lines(db(), job_id)
    return render_template(
        "jobs/detail.html", job=job, lines=lines, states=STATES, kind=kinds.get(job.kind), now=now(),
        resumable=job.state in RESUMABLE and job.kind in kinds,
    )  # fmt: skip


@blueprint.post("/<int:job_id>/cancel")
def cancel(job_id: int) -> ResponseReturnValue:
    """Ask a job to stop."""
    jobs.cancel(db(), job_id)
    notices.say(text("The job stops as soon as it can. What it has finished stays."))
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


@blueprint.post("/<int:job_id>/resume")
def resume(job_id: int) -> ResponseReturnValue:
    """Queue a job again."""
    jobs.resume(db(), job_id)
    notices.say(text("The job goes on. What it had finished is not done twice."))
    return redirect(url_for("jobs.detail", job_id=job_id), 303)
