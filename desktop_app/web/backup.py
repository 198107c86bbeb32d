"""The page Backup: write one, plan them, check one and put it in the desk's place, take the desk along."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import audit, findings, jobs, moved, notify, schedules
from desktop_app.core.backup import carrying, checking, swap, work
from desktop_app.core.cadence import WEEKDAYS, Cadence
from desktop_app.core.database import writing
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.events import catalogue
from desktop_app.core.model import micros
from desktop_app.core.text import Text, text
from desktop_app.web import notices
from desktop_app.web.context import db, desk
from desktop_app.web.hall import hall

blueprint = Blueprint("backup", __name__, url_prefix="/backup")

KEEP = 7
MOST_KEPT = 365
EVERY = ("off", "day", "week")


@blueprint.get("/")
def index() -> str:
    """Show the page."""
    return _page(None)


def _page(problem: WatchdeskError | None) -> str:
    plan = schedules.keyed(db(), work.SCHEDULE)
    standing: Mapping[str, Any] = plan.params if plan else {"folder": "", "keep": KEEP}
    folder = work.home(desk(), standing.get("folder"))
    return render_template(
        "backup/index.html",
        problem=problem,
        plan=plan,
        every=plan.cadence.every if plan and plan.enabled else "off",
        weekdays=[Text(one.id, {"time": plan.cadence.told().params.get("time", "03:00") if plan else "03:00"})
                  for one in WEEKDAYS],
        time=f"{plan.cadence.hour:02d}:{plan.cadence.minute:02d}" if plan else "03:00",
        keep=standing.get("keep", KEEP),
        folder=standing.get("folder", ""),
        home=folder,
        backups=[(one, one.stat().st_size, micros(work.written(one))) for one in work.backups(folder)[:20]],
        staged=work.staged(desk().folder),
        asides=swap.asides(desk().folder),
        here=(catalogue.totals(db()).events, findings.counts(db())["all"]),
        program=carrying.program(),
        asked=request.form,
        exchanged="exchanged" in request.args,
    )  # fmt: skip


def _queued(job_id: int) -> ResponseReturnValue:
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


def _refusing(act: Any) -> ResponseReturnValue:
    """Do what a form asks; what is wrong with it is told on this page."""
    try:
        answer: ResponseReturnValue = act()
    except WatchdeskError as error:
        return _page(error), 422
    return answer


def _path(name: str) -> str:
    given = request.form.get(name, "").strip()
    if given and not Path(given).expanduser().is_absolute():
        raise UsageError(
            text("This is no full path: %(path)s", path=given[:200]),
            fix=text("Begin with the drive or a slash, such as D:\\backups or /media/stick."),
        )
    return given


@blueprint.post("/now")
def now() -> ResponseReturnValue:
    """Queue a backup."""

    def act() -> ResponseReturnValue:
        words = request.form.get("passphrase", "")
        if words != request.form.get("repeated", ""):
            raise UsageError(text("The two passphrases differ."), fix=text("Type it twice the same way."))
        return _queued(work.start_backup(desk(), db(), _path("folder"), words))

    return _refusing(act)


@blueprint.post("/plan")
def plan() -> ResponseReturnValue:
    """Make, change or end the schedule."""
    return _refusing(_plan)


def _plan() -> ResponseReturnValue:
    every = request.form.get("every", "off")
    standing = schedules.keyed(db(), work.SCHEDULE)
    if every == "off":
        if standing is not None and standing.enabled:
            notices.decided(schedules.change(db(), standing.id, enabled=False))
        return redirect(url_for("backup.index"), 303)
    keep = request.form.get("keep", KEEP, type=int)
    minutes = notify.minutes(request.form.get("time", ""))
    if every not in EVERY or minutes is None or not 1 <= keep <= MOST_KEPT:
        raise UsageError(
            text("This names no time of a schedule."), fix=text("Choose a day, a time as 03:00, and how many to keep.")
        )
    cadence = Cadence("week" if every == "week" else "day", minutes // 60, minutes % 60,
                      request.form.get("weekday", 0, type=int))  # fmt: skip
    params = {"folder": _path("folder"), "keep": keep}
    if standing is None:
        decision = schedules.add(
            db(), work.BACKUP_JOB, text("Back up the desk"), cadence, params, key=work.SCHEDULE
        )  # fmt: skip
    else:
        decision = schedules.change(db(), standing.id, cadence=cadence, params=params, enabled=True)
    notices.decided(decision)
    return redirect(url_for("backup.index"), 303)


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Queue the check of a backup."""

    def act() -> ResponseReturnValue:
        path = _path("path")
        if not path:
            raise UsageError(text("No backup was chosen."), fix=text("Name its file, or choose one of the list."))
        return _queued(work.start_check(desk(), db(), path, request.form.get("passphrase", "")))

    return _refusing(act)


@blueprint.post("/discard")
def discard() -> ResponseReturnValue:
    """Forget the backup that was checked."""
    checking.discard(desk())
    return redirect(url_for("backup.index"), 303)


@blueprint.post("/resume")
def resume() -> ResponseReturnValue:
    """Let a desk that came from another machine work on this one."""
    moved.resume(db())
    notices.say(text("Live sources, alerts and schedules go on, on this machine"))
    return redirect(url_for("overview.index"), 303)


@blueprint.post("/put")
def put() -> ResponseReturnValue:
    """Put the checked backup in the desk's place."""
    waiting = work.staged(desk().folder)
    if waiting is None:
        return _page(UsageError(text("There is no checked backup to restore."))), 422
    return _exchange(lambda: swap.put_in_place(desk().folder, desk().clock(), waiting.name),
                     text("Restored the desk from %(name)s", name=waiting.name))  # fmt: skip


@blueprint.post("/aside/<name>/back")
def bring_back(name: str) -> ResponseReturnValue:
    """Exchange the desk for one that was put aside."""
    return _exchange(lambda: swap.bring_back(desk().folder, desk().clock(), name), text("Brought a desk back"))


def _exchange(act: Any, said: Text) -> ResponseReturnValue:
    """Exchange the desk while nobody else is in; jobs that run are not cut off but asked about first."""
    return _refusing(lambda: _exchanged(act, said))


def _exchanged(act: Any, said: Text) -> ResponseReturnValue:
    if jobs.active(db()):
        raise UsageError(
            text("Jobs are at work on this desk."),
            fix=text("Wait until they have ended or cancel them, then try again. Nothing was changed."),
        )
    room = hall()
    shown = desk()
    with room.alone():
        g.pop("db").conn.close()
        name = act()
        shown.prepare()
        with shown.connection() as fresh, writing(fresh):
            audit.record(fresh, said, f"aside:{name}")
    return redirect(url_for("backup.index", exchanged=1), 303)


@blueprint.post("/aside/<name>/delete")
def delete(name: str) -> ResponseReturnValue:
    """Delete a desk that was put aside, for good."""

    def act() -> ResponseReturnValue:
        swap.delete(desk().folder, name)
        with writing(db()):
            audit.record(db(), text("Deleted a desk that was put aside"), f"aside:{name}")
        notices.say(text("The desk put aside is deleted."))
        return redirect(url_for("backup.index"), 303)

    return _refusing(act)


@blueprint.post("/carry")
def carry() -> ResponseReturnValue:
    """Queue the writing of the desk for another machine."""

    def act() -> ResponseReturnValue:
        folder = _path("folder")
        if not folder:
            raise UsageError(
                text("No folder was chosen."), fix=text("Name an empty folder, such as that of the stick.")
            )
        return _queued(work.start_carry(db(), folder))

    return _refusing(act)
