"""The page Retention: limits, what would go by them, what went and can come back, and the check of what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs, notify, schedules, settings
from desktop_app.core.cadence import Cadence
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.keeping import ages, retention, retiring, verifying
from desktop_app.core.keeping.retention import MEGABYTE, Limits
from desktop_app.core.text import Text, ntext, text
from desktop_app.web import notices
from desktop_app.web.context import db, desk, now, number
from desktop_app.web.settings import save, stored_form

blueprint = Blueprint("retention", __name__, url_prefix="/retention")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the page; limits in the address are looked at instead of those that stand."""
    values = _values(request.args)
    wrong = settings.problems(settings.RETENTION, values)
    return _page(values, wrong), 400 if wrong else 200


def _values(given: Mapping[str, str]) -> dict[str, str]:
    standing = stored_form(settings.current(db(), settings.RETENTION))
    return {key: given.get(key, value).strip()[:2000] for key, value in standing.items()}


def _page(values: Mapping[str, str], wrong: Mapping[str, Text]) -> str:
    standing = retention.limits(db())
    limits = standing if wrong else _limits(standing, values)
    plan = schedules.keyed(db(), retiring.SCHEDULE)
    checked = verifying.last(db())
    return render_template(
        "retention/index.html",
        declared=settings.RETENTION,
        values=values,
        wrong=wrong,
        limits=limits,
        changed=limits != standing,
        seen=retention.outlook(db(), limits, now()) if limits.any else None,
        totals=catalogue.totals(db()),
        plan=plan,
        time=f"{plan.cadence.hour:02d}:{plan.cadence.minute:02d}" if plan else "03:30",
        waiting=retiring.waiting(db()),
        checked=checked,
        trouble=checked and verifying.trouble(checked),
        busy={one.kind: one for one in jobs.active(db())},
    )


def _limits(standing: Limits, values: Mapping[str, str]) -> Limits:
    """Return checked values as limits."""
    return replace(
        standing,
        days=int(values["retention_days"]),
        bytes=int(values["retention_megabytes"]) * MEGABYTE,
        sources=ages.read(values["retention_sources"]),
        since="read" if values["retention_since"] == "read" else "event",
        grace=int(values["retention_grace"]),
    )


@blueprint.post("/limits")
def limits() -> ResponseReturnValue:
    """Save the limits; nothing goes by that alone."""
    values = _values(request.form)
    wrong = settings.problems(settings.RETENTION, values)
    if wrong:
        return _page(values, wrong), 422
    decision = save(db(), settings.RETENTION, values)
    notices.decided(decision)
    return redirect(url_for("retention.index"), 303)


@blueprint.post("/plan")
def plan() -> ResponseReturnValue:
    """Let the limits be kept every day at a time of the site, or no longer."""
    standing = schedules.keyed(db(), retiring.SCHEDULE)
    if request.form.get("every") != "day":
        if standing is not None and standing.enabled:
            notices.decided(schedules.change(db(), standing.id, enabled=False))
        return redirect(url_for("retention.index"), 303)
    minutes = notify.minutes(request.form.get("time", ""))
    if minutes is None:
        raise UsageError(text("This names no time of a schedule."), fix=text("Choose a day, and a time as 06:30."))
    cadence = Cadence("day", minutes // 60, minutes % 60)
    if standing is None:
        made = schedules.add(db(), retiring.JOB, retiring.TITLE, cadence, {}, key=retiring.SCHEDULE)
    else:
        made = schedules.change(db(), standing.id, cadence=cadence, enabled=True)
    notices.decided(made)
    return redirect(url_for("retention.index"), 303)


@blueprint.post("/apply")
def apply() -> ResponseReturnValue:
    """Let go what the page showed: by the same limits, at the same moment."""
    values = _values(request.form)
    if settings.problems(settings.RETENTION, values):
        return _page(values, settings.problems(settings.RETENTION, values)), 422
    at = request.form.get("at", now(), type=int)
    job_id = retiring.start(db(), _limits(retention.limits(db()), values), min(at, now()))
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


@blueprint.post("/delete")
def delete() -> ResponseReturnValue:
    """Delete for good what waits for it."""
    events = retiring.delete_now(desk(), db())
    notices.say(ntext("%(num)s event is deleted for good.", "%(shown)s events are deleted for good.",
                      num=events, shown=number(events)))  # fmt: skip
    return redirect(url_for("retention.index"), 303)


@blueprint.post("/verify")
def verify() -> ResponseReturnValue:
    """Queue the check of everything that is kept."""
    return redirect(url_for("jobs.detail", job_id=verifying.start(db())), 303)
