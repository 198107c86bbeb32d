"""The search page and the export of its result."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from desktop_app.core import redaction
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.export import write_note
from desktop_app.core.events.search import Search
from desktop_app.core.text import text
from desktop_app.extensions.logs.forms import SearchForm
from desktop_app.extensions.logs.views import present
from desktop_app.extensions.logs.views.present import Row
from desktop_app.extensions.logs.views.result import asked, first_page, has_years, query_error
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, times

CHUNK = 256 * 1024
KINDS: dict[str, Literal["csv", "json"]] = {"csv": "csv", "json": "json"}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson; charset=utf-8"}


@blueprint.get("/")
def search() -> ResponseReturnValue:
    """The search page, with the first rows drawn; scripts fetch the rest."""
    status = 200
    try:
        form = asked()
        first = first_page(form)
    except UsageError as error:
        form = SearchForm(request.args.get("q", "")[:4000], (), "", "", None, None)
        first, status = _nothing(form, error), 400
    older = present.search_url(form, after=first["older"]) if first["older"] else None
    page = render_template(
        "logs/search.html",
        empty=not catalogue.totals(context.db()).events,
        form=form,
        first=first,
        older_url=older,
        presets=present.presets(form),
        export_urls={kind: _export_url(form, kind) for kind in KINDS},
        redacted_urls={kind: _export_url(form, kind, redact="1") for kind in KINDS},
        zone_name=times.offset(context.now(), context.zone()),
        years=has_years(),
    )
    return page, status


def _nothing(form: SearchForm, error: UsageError) -> Row:
    shown = present.time_range(form, context.zone(), context.now())
    return {"rows": [], "newer": None, "older": None, "mark": "", "ms": 0, "partial": [], "chips": [], "range": shown,
            "unknown": "", "error": query_error(error)}  # fmt: skip


def _export_url(form: SearchForm, kind: str, **more: str) -> str:
    return present.page_url("logs.export", form, format=kind, **more)


@blueprint.get("/export")
def export() -> ResponseReturnValue:
    """Every event of a search as a file, sent while it is read."""
    form = asked()
    kind = KINDS.get(request.args.get("format", "csv"))
    if kind is None:
        raise UsageError(text("There is no export of that format."), fix=text("Choose CSV or JSON."))
    wanted = form.search()
    # A query that cannot be read is told before the file begins.
    context.desk().events.page(context.db(), wanted, limit=1)
    stamp = f"{times.local(context.now(), context.zone()):%Y%m%d-%H%M%S}"
    redact = request.args.get("redact") == "1"
    ending = f"{'-pseudonyms' if redact else ''}.{'csv' if kind == 'csv' else 'jsonl'}"
    name = f"watchdesk-events-{stamp}{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    note = context.render_text(redaction.NOTE) if redact else None
    return Response(_stream(context.desk(), _Wanted(wanted, kind, note)), content_type=TYPES[kind], headers=headers)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An export; with a ``note`` names and addresses become pseudonyms, and the note ends the file."""

    search: Search
    kind: Literal["csv", "json"]
    note: str | None

    def write(self, desk: Desk, db: Connection, stream: BinaryIO) -> None:
        """Write the file."""
        if self.note is None:
            desk.events.export(db, self.search, self.kind, stream)
            return
        made = redaction.redactor(desk.events, db, redaction.new_key())
        desk.events.export(db, self.search, self.kind, stream, change=made.record)
        write_note(self.kind, self.note, stream)


def _stream(desk: Desk, wanted: _Wanted) -> Iterator[bytes]:
    """Yield the file from a thread that writes it into a pipe, so that nothing is ever held whole."""
    read_end, write_end = os.pipe()
    reader, writer = os.fdopen(read_end, "rb", CHUNK), os.fdopen(write_end, "wb", CHUNK)
    failed: list[BaseException] = []
    thread = threading.Thread(target=_write, args=(desk, wanted, writer, failed), name="export", daemon=True)
    thread.start()
    try:
        while chunk := reader.read(CHUNK):
            yield chunk
    finally:
        reader.close()  # a reader that went away ends the writer with a broken pipe
        thread.join()
    if failed:
        raise failed[0]  # cuts the connection: a file that stops short must not look complete


def _write(desk: Desk, wanted: _Wanted, writer: BinaryIO, failed: list[BaseException]) -> None:
    try:
        with writer, desk.connection() as db:
            wanted.write(desk, db, writer)
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001 - the boundary of a thread: the request that waits for it tells it
        failed.append(error)
