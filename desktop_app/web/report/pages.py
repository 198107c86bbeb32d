"""The pages of reports: choose what goes in, look at it, have it made, read and save what was made."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import findings, jobs, report_files
from desktop_app.core.cases import cases
from desktop_app.core.database import writing
from desktop_app.core.errors import UsageError
from desktop_app.core.report_files import Frozen
from desktop_app.core.text import text
from desktop_app.web import notices, times
from desktop_app.web.asked import SEVERITY_WORDS
from desktop_app.web.context import db, desk, language, now, zone
from desktop_app.web.errors import NotFound
from desktop_app.web.inbox_view import STATUS_NAMES, VERDICT_NAMES
from desktop_app.web.report import make, render, schedule_pages, template, template_pages
from desktop_app.web.report.choice import FORMATS, PERIODS, SECTIONS, Choice, read
from desktop_app.web.report.job import MAKE
from desktop_app.web.report.model import NO_VERDICT
from desktop_app.web.security import CSP

blueprint = Blueprint("report", __name__, url_prefix="/report")
schedule_pages.install(blueprint)
template_pages.install(blueprint)

PREVIEWED = 20  # findings told in full in a preview
LISTED = 100
# The report stands in a frame of its own, without script, and lets nobody else but us frame it.
FRAMED = "; frame-ancestors 'self'"
FRAMING = CSP + "; frame-src 'self'"


def asked() -> Choice:
    """Return the choice that the address or the form carries; without one, what was usual."""
    sent = request.values
    several = {name: sent.getlist(name) for name in sent}
    return read({name: sent[name] for name in sent}, several)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Offer a report, and list those that were made."""
    try:
        return _page(asked(), None)
    except UsageError as error:
        return _page(Choice(), error), 422


def _page(choice: Choice, error: UsageError | None) -> str:
    made = report_files.listing(db(), LISTED)
    return render_template(
        "report/index.html",
        choice=choice,
        error=error,
        formats=FORMATS,
        periods=PERIODS,
        sections=SECTIONS,
        statuses=STATUS_NAMES,
        verdicts={"none": NO_VERDICT, **VERDICT_NAMES},
        severity_words={number: word for word, number in SEVERITY_WORDS.items()},
        assets=findings.assets(db()),
        cases=[*cases.listing(db()), *cases.listing(db(), closed=True)],
        today=times.stamp(now(), zone())[:10],
        made=made,
        total=report_files.total(db()),
        waiting=[one for one in jobs.active(db()) if one.kind.startswith("report.")],
        failed=_failed(made),
        folder=desk().folder.reports,
    )


def _failed(made: list[Frozen]) -> jobs.Job | None:
    """Return the last report that could not be made, as long as none was made after it."""
    newest = next((one for one in jobs.listing(db(), LISTED) if one.kind == MAKE and not one.active), None)
    later = bool(made) and newest is not None and made[0].created > newest.created
    return newest if newest is not None and newest.state == "failed" and not later else None


@blueprint.get("/preview")
def preview() -> ResponseReturnValue:
    """Show what a choice would make, with its first findings."""
    try:
        choice = asked()
        choice.scope(zone(), now())
    except UsageError as error:
        return _page(Choice(), error), 422
    shown = render_template("report/preview.html", choice=choice, formats=FORMATS, previewed=PREVIEWED,
                            own=template.exists(desk().folder))  # fmt: skip
    return Response(shown, headers={"Content-Security-Policy": FRAMING})


@blueprint.get("/preview/document")
def preview_document() -> Response:
    """Draw the report of a choice, with its first findings only."""
    page = make.preview(desk(), db(), asked(), make.language_of(db(), asked(), language()), PREVIEWED)
    return _document(page.encode("utf-8", "replace"))


@blueprint.post("/")
def queue() -> ResponseReturnValue:
    """Have a report made by a job."""
    choice = asked()
    choice.scope(zone(), now())
    params = {"choice": choice.to_json(), "language": make.language_of(db(), choice, language())}
    with writing(db()):
        jobs.enqueue(db(), MAKE, text("Report"), params)
    notices.say(text("The report is being made. It will stand in the list."))
    return redirect(url_for("report.index"), 303)


@blueprint.get("/<int:report_id>")
def show(report_id: int) -> Response:
    """Show a report as it was frozen, with what is known of it."""
    frozen = _frozen(report_id)
    report_files.checked(desk(), frozen)
    shown = render_template("report/show.html", one=frozen, formats=FORMATS, query=_query(frozen))
    return Response(shown, headers={"Content-Security-Policy": FRAMING})


def _query(frozen: Frozen) -> str | None:
    """Return the address part that asks for the same again, None for reports of earlier versions."""
    try:
        return Choice.from_json(frozen.query).query() if frozen.query else None
    except (UsageError, TypeError, ValueError):
        return None


@blueprint.get("/<int:report_id>/document")
def document(report_id: int) -> Response:
    """Hand the frozen HTML to the frame that shows it."""
    frozen = _frozen(report_id)
    if frozen.format != "html":
        raise NotFound(text("There is no such page."))
    return _document(report_files.checked(desk(), frozen).read_bytes())


def _document(content: bytes) -> Response:
    policy = render.policy_of(content) + FRAMED
    return Response(content, mimetype="text/html",
                    headers={"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"})  # fmt: skip


@blueprint.get("/<int:report_id>/file")
def download(report_id: int) -> Response:
    """Hand out the file of a report, the very bytes that were frozen."""
    frozen = _frozen(report_id)
    return send_file(report_files.checked(desk(), frozen), mimetype=make.TYPES[frozen.format], as_attachment=True,
                     download_name=frozen.path)  # fmt: skip


@blueprint.post("/<int:report_id>/delete")
def delete(report_id: int) -> ResponseReturnValue:
    """Take a report off the list; it can be brought back."""
    notices.decided(report_files.delete(db(), _frozen(report_id).id, now()))
    return redirect(url_for("report.index"), 303)


def _frozen(report_id: int) -> Frozen:
    try:
        return report_files.report(db(), report_id)
    except UsageError as error:
        raise NotFound(error.what, why=error.why) from error
