"""The editor of the site's own rules: live check, trial on stored events, save, go back, remove."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.jobs import Job
from desktop_app.core.rules import catalogue, own
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.rules.own import Checked
from desktop_app.core.rules.trial import Trial
from desktop_app.core.text import text
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.service.rules import TRIAL_JOB, start_trial
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, notices
from desktop_app.web.errors import NotFound


@blueprint.get("/rules/new")
def new_rule() -> ResponseReturnValue:
    """An empty rule, or a copy of one."""
    copied = request.args.get("copy")
    return _page(own.copy_of(_rule(copied).body) if copied else own.NEW)


@blueprint.get("/rules/<rule_id>/edit")
def edit_rule(rule_id: str) -> ResponseReturnValue:
    """A rule of the site's own; of any other a copy."""
    found = _rule(rule_id)
    if found.pack != catalogue.SITE:
        return redirect(url_for("logs.new_rule", copy=rule_id), 303)
    return _page(found.body, rule_id)


def _rule(rule_id: str) -> RuleRow:
    found = catalogue.rule(context.db(), rule_id)
    if found is None:
        raise NotFound(text("There is no such rule."))
    return found


def _page(
    body: str, rule_id: str | None = None, *, job: Job | None = None, problem: WatchdeskError | None = None
) -> ResponseReturnValue:
    checked = own.live_check(context.db(), body, rule_id)
    drawn = render_template("logs/editor.html", body=body, rule_id=rule_id, problem=problem, **_tried(job),
                            **_said(checked))  # fmt: skip
    return drawn, 200 if problem is None else 400


def _tried(job: Job | None) -> dict[str, object]:
    """Return the job of a trial, and what it found once it ended with the newest matching events."""
    tried = Trial(**job.result) if job is not None and job.result is not None else None
    events = context.desk().events.events(context.db(), tried.events) if tried is not None and tried.events else []
    return {"job": job, "tried": tried, "events": events}


def _said(checked: Checked) -> dict[str, object]:
    return {"checked": checked, "words": checked.words(context.language())}


def _given() -> tuple[str, str | None]:
    return request.form.get("body", ""), request.form.get("rule_id") or None


@blueprint.post("/rules/check")
def check_rule() -> ResponseReturnValue:
    """What is wrong with a text, as a fragment."""
    return render_template("logs/_checked.html", **_said(own.live_check(context.db(), *_given())))


@blueprint.post("/rules/try")
def try_rule() -> ResponseReturnValue:
    """Queue the trial of a text on stored events, and show how far it is."""
    body, rule_id = _given()
    checked = own.check(context.db(), body, rule_id)
    if checked.rule is None or checked.rule.compiled is None:
        problem = UsageError(text("The rule cannot be tried yet."), why=checked.problems[0].reason)
        if "HX-Request" in request.headers:
            return render_template("logs/_tried.html", problem=problem, **_tried(None))
        return _page(body, rule_id, problem=problem)
    job_id = start_trial(context.db(), body, rule_id, checked.rule.title)
    return redirect(url_for("logs.trial_page", job_id=job_id), 303)


@blueprint.get("/rules/try/<int:job_id>")
def trial_page(job_id: int) -> ResponseReturnValue:
    """How far a trial is, or what it found: beside the text that was tried, or as a fragment of its page."""
    job = jobs.job(context.db(), job_id)
    if job.kind != TRIAL_JOB:
        raise NotFound(text("There is no job %(number)s.", number=job_id))
    if "HX-Request" in request.headers:
        return render_template("logs/_tried.html", problem=None, **_tried(job))
    return _page(job.params["body"], job.params["rule_id"], job=job)


@blueprint.post("/rules/write")
def write_rule() -> ResponseReturnValue:
    """Save a new rule."""
    return _save(request.form.get("body", ""), None)


@blueprint.post("/rules/<rule_id>/save")
def save_rule(rule_id: str) -> ResponseReturnValue:
    """Save a new version of a rule of the site's own."""
    return _save(request.form.get("body", ""), rule_id)


def _save(body: str, rule_id: str | None) -> ResponseReturnValue:
    try:
        saved, decision = own.save(context.db(), body, rule_id)
    except UsageError as error:
        return _page(body, rule_id, problem=error)
    applying.after(context.db(), decision)
    notices.decided(decision)
    return redirect(url_for("logs.rule", rule_id=saved), 303)


@blueprint.post("/rules/<rule_id>/remove")
def remove_rule(rule_id: str) -> ResponseReturnValue:
    """Remove a rule of the site's own."""
    notices.decided(own.remove(context.db(), rule_id))
    return redirect(url_for("logs.detections"), 303)


@blueprint.post("/rules/versions/<int:version_id>")
def go_back(version_id: int) -> ResponseReturnValue:
    """Let a rule of the site's own be what it was."""
    rule_id, decision = own.go_back(context.db(), version_id)
    applying.after(context.db(), decision)
    notices.decided(decision)
    return redirect(url_for("logs.rule", rule_id=rule_id), 303)
