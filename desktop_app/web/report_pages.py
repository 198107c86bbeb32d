"""The pages of reports: choose what goes in, read and download what was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError
from desktop_app.core.findings import VIEWS
from desktop_app.core.model import Micros, micros
from desktop_app.core.text import text
from desktop_app.web import figures, notices, report, times
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.context import db, desk, language, now, zone
from desktop_app.web.errors import NotFound
from desktop_app.web.inbox_view import VIEW_NAMES

blueprint = Blueprint("report", __name__, url_prefix="/report")

# What a form offers as a period: days back from now; 0 is everything.
PERIODS = (1, 7, 30, 90, 0)


@blueprint.get("/")
def index() -> str:
    """Offer a report, and list those that were made."""
    return _page({}, None)


@blueprint.post("/")
def make() -> ResponseReturnValue:
    """Make a report and show it among the others."""
    try:
        wanted = read(request.form, request.form.getlist("sev"), request.form.getlist("view"), zone(), now())
    except UsageError as error:
        return _page(request.form, error), 422
    path = report.freeze(desk(), db(), wanted, language())
    notices.say(text("Made the report %(name)s", name=path.name))
    return redirect(url_for("report.index"), 303)


@blueprint.get("/<int:report_id>")
def show(report_id: int) -> Response:
    """Show a report as it was frozen."""
    answer = send_file(desk().folder.reports / _stored(report_id).path, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = report.policy()
    return answer


@blueprint.get("/<int:report_id>/file")
def download(report_id: int) -> Response:
    """Hand out the file of a report."""
    stored = _stored(report_id)
    return send_file(desk().folder.reports / stored.path, mimetype="text/html", as_attachment=True,
                     download_name=stored.path)  # fmt: skip


def _stored(report_id: int) -> figures.Report:
    found = next((one for one in figures.reports(db(), 10_000) if one.id == report_id), None)
    if found is None or not (desk().folder.reports / found.path).is_file():
        raise NotFound(
            text("There is no report of that number."), why=text("Its file may have been moved out of the data folder.")
        )
    return found


def _page(values: Mapping[str, str], error: UsageError | None) -> str:
    today = times.stamp(now(), zone())[:10]
    chosen = request.form if error else None
    return render_template(
        "report/index.html",
        values=values,
        error=error,
        periods=PERIODS,
        today=today,
        # What is in a case is in another view too: a report of both would name it twice.
        views={view: name for view, name in VIEW_NAMES.items() if view != "case"},
        severity_words={number: word for word, number in SEVERITY_WORDS.items()},
        chosen_views=chosen.getlist("view") if chosen else ["triage", "confirmed"],
        chosen_severities=chosen.getlist("sev") if chosen else list(SEVERITY_WORDS),
        made=figures.reports(db()),
        folder=desk().folder.reports,
    )


def read(
    form: Mapping[str, str], severities: list[str], views: list[str], place: ZoneInfo, present: Micros
) -> report.ReportRequest:
    """Read the form. Days are days of the site; a report up to a day includes it."""
    kept = tuple(view for view in VIEWS if view in views and view != "case")
    if not kept:
        raise UsageError(text("Choose at least one view."), fix=text("A report of no findings says nothing."))
    start, end = _period(form, place, present)
    if start is not None and end is not None and start >= end:
        raise UsageError(text("The period ends before it begins."), fix=text("Choose a later end."))
    numbers = tuple(SEVERITY_WORDS[word] for word in severities if word in SEVERITY_WORDS)
    # Everything is in "all": adding views to it would name findings twice.
    return report.ReportRequest(start, end, numbers, ("all",) if "all" in kept else kept)


def _period(form: Mapping[str, str], place: ZoneInfo, present: Micros) -> tuple[Micros | None, Micros | None]:
    chosen = form.get("period", "0")
    if chosen == "days":
        return _day(form.get("from", ""), place), _day(form.get("to", ""), place, after=1)
    if not (chosen.isascii() and chosen.isdigit() and int(chosen) in PERIODS):
        raise UsageError(text("Choose a period."), fix=text("Pick one of the offered ones."))
    return (present - int(chosen) * times.DAY, None) if int(chosen) else (None, None)


def _day(written: str, place: ZoneInfo, after: int = 0) -> Micros | None:
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written) + dt.timedelta(days=after)
        return micros(dt.datetime.combine(day, dt.time(), place))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            text("This is no date: %(value)s", value=written[:40]), fix=text("Choose one in the calendar.")
        ) from error
