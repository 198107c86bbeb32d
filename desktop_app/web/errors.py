"""Errors as pages: what failed, what is safe, what to do."""

from __future__ import annotations

import logging
import sqlite3

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from desktop_app.core.crashes import write_note
from desktop_app.core.errors import StoreError, UsageError, WatchdeskError, unexpected
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import Text, text
from desktop_app.web import context, refusal

log = logging.getLogger(__name__)

_HTTP: dict[int, tuple[Text, Text]] = {
    400: (text("This request could not be read."), text("Go back and try again; nothing was changed.")),
    403: (text("This page was not opened from Watchdesk."), text("Open Watchdesk again; nothing was changed.")),
    404: (text("There is no such page."), text("Choose a page on the left.")),
    405: (text("This address is not a page."), text("Choose a page on the left.")),
    413: (text("What was sent is too large."), text("Import it from its folder instead; nothing was changed.")),
}


class NotFound(UsageError):
    """What the address names is not there (any more)."""

    status = 404


def status_of(error: WatchdeskError) -> int:
    """Return the HTTP status that suits an error."""
    if isinstance(error, UsageError):
        return int(getattr(error, "status", 400))
    return 503 if isinstance(error, StoreError) else 500


def answer(error: WatchdeskError, status: int) -> ResponseReturnValue:
    """Tell an error in the form that was asked for: a page, a line for htmx, or JSON."""
    if refusal.to_program() or request.accept_mimetypes.best == "application/json":
        named = {name: context.render_text(part) for name, part in _parts(error).items()}
        return jsonify(error=named), status
    if "HX-Request" in request.headers:
        line = make_response(render_template("error_line.html", error=error), status)
        line.headers["HX-Retarget"] = "#notices"
        line.headers["HX-Reswap"] = "innerHTML"
        return line
    return render_template("error.html", error=error), status


def _parts(error: WatchdeskError) -> dict[str, Text]:
    named = {"what": error.what, "why": error.why, "fix": error.fix}
    return {name: part for name, part in named.items() if part is not None}


def _expected(error: WatchdeskError) -> ResponseReturnValue:
    log.info("%s: %s", request.path, error)
    return answer(error, status_of(error))


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    what, fix = _HTTP.get(code, (text("The page could not be shown."), text("Go back and try again.")))
    if refusal.to_program():
        what, fix = text("The API has no such operation."), text("The document at /api/v1/openapi.json lists them.")
    told = make_response(answer(WatchdeskError(what, fix=fix), code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        told.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return told


def _gone(folder: DataFolder) -> StoreError:
    return StoreError(
        text("The folder of this desk is gone: %(path)s", path=str(folder.root)),
        why=text("The stick or drive was taken out, or the folder was moved. What was stored before is safe."),
        fix=text("Put it back and reload this page."),
    )


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("%s failed", request.path, exc_info=error)
    folder = context.desk().folder
    if not folder.database.is_file():
        return render_template("error_bare.html", error=_gone(folder), language="en"), 503
    write_note(folder, error)
    told = unexpected(error)
    if isinstance(error, sqlite3.DatabaseError) and not refusal.to_program():
        # The frame itself reads the database: without it only the bare sentences can be shown.
        return render_template("error_bare.html", error=told, language="en"), 500
    return answer(told, 500)


def install(app: Flask) -> None:
    """Register the handlers of an application."""
    app.register_error_handler(WatchdeskError, _expected)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)
