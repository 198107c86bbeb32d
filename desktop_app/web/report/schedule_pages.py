"""The pages of reports that are made by themselves: when, which, in which formats, into which folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import schedules
from desktop_app.core.cadence import EVERY, Cadence, Every
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.schedules import Schedule
from desktop_app.core.text import Text, text
from desktop_app.web import notices
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.context import db, desk, language, now
from desktop_app.web.errors import NotFound
from desktop_app.web.report import job, make
from desktop_app.web.report.choice import FORMATS, STATUSES, Choice, read
from desktop_app.web.report.job import SCHEDULED, Plan

# An hourly report tells nobody anything; backups and the like may want that.
CADENCES: dict[str, Text] = {"day": text("every day"), "week": text("every week"), "month": text("every month")}
DAYS = (text("Monday"), text("Tuesday"), text("Wednesday"), text("Thursday"), text("Friday"), text("Saturday"),
        text("Sunday"))  # fmt: skip
LONGEST_NAME = 80
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """A schedule of the list with what it makes."""

    schedule: Schedule
    plan: Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """A schedule as the form asks for it."""

    title: Text
    cadence: Cadence
    plan: Plan


def show() -> str:
    """List the schedules, and offer a new one."""
    return _page({}, None)


def edit(schedule_id: int) -> str:
    """Offer a schedule for changing."""
    return _page(form_of(_schedule(schedule_id)), None, schedule_id)


def add() -> ResponseReturnValue:
    """Make a schedule."""
    try:
        wanted = _asked()
    except WatchdeskError as error:
        return _page(request.form, error), 422
    notices.decided(schedules.add(db(), SCHEDULED, wanted.title, wanted.cadence, wanted.plan.to_json()))
    return redirect(url_for("report.schedules"), 303)


def change(schedule_id: int) -> ResponseReturnValue:
    """Change a schedule."""
    _schedule(schedule_id)
    try:
        wanted = _asked()
    except WatchdeskError as error:
        return _page(request.form, error, schedule_id), 422
    notices.decided(
        schedules.change(db(), schedule_id, title=wanted.title, cadence=wanted.cadence, params=wanted.plan.to_json())
    )
    return redirect(url_for("report.schedules"), 303)


def switch(schedule_id: int) -> ResponseReturnValue:
    """Switch a schedule off, or on again."""
    notices.decided(schedules.change(db(), schedule_id, enabled=not _schedule(schedule_id).enabled))
    return redirect(url_for("report.schedules"), 303)


def remove(schedule_id: int) -> ResponseReturnValue:
    """Remove a schedule; what it made stays."""
    notices.decided(schedules.remove(db(), _schedule(schedule_id).id))
    return redirect(url_for("report.schedules"), 303)


def run(schedule_id: int) -> ResponseReturnValue:
    """Make the reports of a schedule now."""
    schedules.run_now(db(), _schedule(schedule_id).id, now())
    notices.say(text("The report is being made. It will stand in the list."))
    return redirect(url_for("report.schedules"), 303)


def _schedule(schedule_id: int) -> Schedule:
    found = next((one for one in schedules.listing(db(), SCHEDULED) if one.id == schedule_id), None)
    if found is None:
        raise NotFound(text("There is no schedule of that number."), why=text("It may have been removed."))
    return found


def _page(values: Mapping[str, object], error: WatchdeskError | None, editing: int | None = None) -> str:
    lines = [Line(one, Plan.from_json(one.params)) for one in schedules.listing(db(), SCHEDULED)]
    chosen = request.form.getlist("formats") if error else values.get("formats", ["pdf"])
    severities = request.form.getlist("severities") if error else values.get("severities", list(SEVERITY_WORDS))
    return render_template(
        "report/schedules.html", lines=lines, values=values, error=error, editing=editing, cadences=CADENCES, days=DAYS,
        formats=FORMATS, chosen=chosen, severities=severities, place=str(desk().folder.root.parent),
        severity_words={number: word for word, number in SEVERITY_WORDS.items()},
    )  # fmt: skip


def form_of(one: Schedule) -> dict[str, object]:
    """Return a schedule as its form shows it."""
    plan, cadence = Plan.from_json(one.params), one.cadence
    return {
        "title": str(one.title), "every": cadence.every, "time": f"{cadence.hour:02d}:{cadence.minute:02d}",
        "weekday": str(cadence.weekday), "day": str(cadence.day), "folder": plan.folder, "keep": str(plan.keep),
        "formats": list(plan.formats), "language": plan.language, "closed": plan.choice.statuses == STATUSES,
        "severities": list(plan.choice.severities) or list(SEVERITY_WORDS),
    }  # fmt: skip


def _asked() -> Asked:
    form = request.form
    name = " ".join(form.get("title", "").split())[:LONGEST_NAME]
    if not name:
        raise UsageError(text("The schedule needs a name."), fix=text("The files will be called after it."))
    formats = tuple(one for one in FORMATS if one in form.getlist("formats"))
    if not formats:
        raise UsageError(text("Choose at least one format."))
    keep = form.get("keep", "")
    if not (keep.isascii() and keep.isdigit() and int(keep) <= job.MOST_KEPT):
        raise UsageError(text("Enter a number from %(low)s to %(high)s.", low=0, high=job.MOST_KEPT))
    severities = [one for one in form.getlist("severities") if one]
    choice = read({"language": form.get("language", "")}, {
        "severities": [] if len(severities) == len(SEVERITY_WORDS) else severities,
        "statuses": list(STATUSES) if "closed" in form else list(Choice().statuses),
    })  # fmt: skip
    job.usable(form.get("folder", "").strip())
    plan = Plan(choice, make.language_of(db(), choice, language()), formats, form.get("folder", "").strip(), int(keep))
    # A person's own words are no sentence of ours: they stand as a value in one that says nothing else.
    return Asked(text("%(name)s", name=name), cadence_of(form), plan)


def cadence_of(form: Mapping[str, str]) -> Cadence:
    """Read when a schedule runs; UsageError for what names no time."""
    time = _TIME.fullmatch(form.get("time", ""))
    numbers = [form.get(name, "") for name in ("weekday", "day")]
    if time is None or form.get("every") not in EVERY or not all(one.isascii() and one.isdigit() for one in numbers):
        raise UsageError(text("This names no time of a schedule."), fix=text("Choose a day, and a time as 06:30."))
    weekday, day = (int(one) for one in numbers)
    return Cadence(cast("Every", form["every"]), int(time[1]), int(time[2]), weekday, day)


def install(blueprint: Blueprint) -> None:
    """Add these pages."""
    one = "/schedules/<int:schedule_id>"
    blueprint.add_url_rule("/schedules", "schedules", show)
    blueprint.add_url_rule("/schedules", "add_schedule", add, methods=["POST"])
    blueprint.add_url_rule(one, "schedule", edit)
    blueprint.add_url_rule(one, "change_schedule", change, methods=["POST"])
    for name, view in {"switch": switch, "remove": remove, "run": run}.items():
        blueprint.add_url_rule(f"{one}/{name}", f"{name}_schedule", view, methods=["POST"])
