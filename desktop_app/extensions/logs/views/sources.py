"""The Sources page: what was imported, file by file, and how to take it back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError
from desktop_app.core.jobs import job as read_job
from desktop_app.core.text import Text, ntext, text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.forms import zone_problem
from desktop_app.extensions.logs.sources.recognise import FORMATS
from desktop_app.extensions.logs.store import FileRow, ImportRow, taught
from desktop_app.extensions.logs.views import live_sources
from desktop_app.extensions.logs.views.imports import hidden_of, zones
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, figures, notices

LABELS: dict[str, Text] = {service.SAMPLE: text("Sample data"), service.THIS_COMPUTER: text("This computer")}
STATES: dict[str, Text] = {
    "reading": text("Reading"),
    "done": text("Read"),
    "undone": text("Undone"),
    "cancelled": text("Cancelled"),
    "failed": text("Failed"),
    "interrupted": text("Interrupted"),
}
NAMED = 3  # files that could not be read are named up to this number, then counted


@blueprint.get("/sources")
def sources() -> ResponseReturnValue:
    """The live sources and the imports, newest first, and one of them in full."""
    return _page(request.args.get("id", type=int), listening=request.args.get("live", type=int))


def _page(
    chosen: int | None, zone_error: Text | None = None, status: int = 200, *, listening: int | None = None
) -> ResponseReturnValue:
    db = context.db()
    rows, listed = service.import_rows(db), live_sources.listed()
    if chosen is None and listening is None:
        listening = listed[0]["one"].id if listed else None
        chosen = rows[0].id if rows and not listed else None
    detail = _detail(chosen) if chosen is not None and listening is None else None
    page = render_template(
        "logs/sources.html",
        rows=rows,
        listed=listed,
        source=live_sources.detail(listening) if listening is not None else None,
        source_states=live_sources.STATES,
        readings=figures.readings(db),
        detail=detail,
        states=STATES,
        labels=LABELS,
        stopped=figures.STOPPED,
        zones=zones(),
        zone_error=zone_error,
    )
    return page, status


def _detail(import_id: int) -> Row:
    db = context.db()
    row, files = service.import_detail(db, import_id)
    job = read_job(db, row.job_id) if row.job_id else None
    return {
        "row": row,
        "files": files,
        "formats": {one.id: context.render_text(one.title) for one in (*taught.formats(db), *FORMATS)},
        "summary": _summary(row, files),
        "undo": _removes(row) if row.undo_id else None,
        "job": job if job is not None and (job.active or job.state in {"interrupted", "failed", "cancelled"}) else None,
        "hidden": hidden_of(job) if job else [],
    }


def _summary(row: ImportRow, files: Sequence[FileRow]) -> Text:
    """Say how many files were read whole, and name those that were not."""
    gaps = [one.name for one in files if one.state in {"failed", "waiting"} or one.error]
    if not gaps:
        return ntext("1 file read", "%(shown)s files read", num=row.files, shown=context.number(row.files))
    names = ", ".join(gaps[:NAMED]) + (" …" if len(gaps) > NAMED else "")
    whole = context.number(row.files - len(gaps))
    total = context.number(row.files)
    return text("%(read)s of %(all)s files read whole; not whole: %(names)s", read=whole, all=total, names=names)


def _removes(row: ImportRow) -> Text:
    """Say what goes when an import is undone, before it is."""
    return ntext(
        "Removes %(events)s and what they brought to 1 finding.",
        "Removes %(events)s and what they brought to %(num)s findings.",
        num=row.findings,
        events=ntext("%(num)s event", "%(shown)s events", num=row.events, shown=context.number(row.events)),
    )


@blueprint.post("/sources/<int:import_id>/undo")
def undo_import(import_id: int) -> ResponseReturnValue:
    """Take an import back with all that it brought."""
    notices.say(service.undo_import(context.desk(), context.db(), import_id).told())
    return redirect(url_for("logs.sources", id=import_id), 303)


@blueprint.post("/sources/<int:import_id>/zone")
def change_zone(import_id: int) -> ResponseReturnValue:
    """Queue the second reading of an import's lines in another zone."""
    zone = request.form.get("zone", "").strip()
    wrong = zone_problem(zone) if zone else {"zone": text("Choose a time zone.")}
    if wrong:
        return _page(import_id, wrong["zone"], 400)
    try:
        job_id = service.change_zone(context.db(), import_id, zone)
    except UsageError as error:
        return _page(import_id, error.what, 400)
    return redirect(url_for("logs.sources", id=import_id, job=job_id), 303)
