"""Undo, for every page: takes back the newest decision, or the one that is named."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import undo as journal
from desktop_app.core.text import text
from desktop_app.web import notices
from desktop_app.web.context import db, desk

blueprint = Blueprint("decisions", __name__)


def came_from() -> str:
    """Return the page of ours that a form was sent from, as a path; the Overview where that is not told."""
    parts = urlsplit(request.form.get("next") or request.referrer or "")
    ours = parts.path.startswith("/") and not parts.path.startswith("//") and parts.netloc in {"", request.host}
    if not ours:
        return url_for("overview.index")
    return parts.path + (f"?{parts.query}" if parts.query else "")


@blueprint.post("/undo")
def undo() -> ResponseReturnValue:
    """Take a decision back and return to the page."""
    chosen = request.form.get("undo_id", type=int)
    summary = journal.undo(desk(), db(), chosen)
    notices.say(text("Undone: %(summary)s", summary=summary))
    return redirect(came_from(), 303)
