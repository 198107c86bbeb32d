"""Undo, for every page: takes back the newest decision, or the one that is named."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import undo as journal
from desktop_app.core import undoing
from desktop_app.core.errors import UsageError
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
    """Take a decision back and return to the page; a form that names the page is told a refusal there."""
    try:
        undone = undoing.take_back(desk(), db(), wanted())
    except UsageError as error:
        if "next" not in request.form:
            raise
        notices.refused(error)
    else:
        notices.say(undone.told())
    return redirect(came_from(), 303)


def wanted() -> int | None:
    """Return the decision that a form wants to take back: the one it names, or the newest that stands."""
    return _newest() if "latest" in request.form else request.form.get("undo_id", type=int)


def _newest() -> int | None:
    """Return the newest decision that stands, for the key Z; what takes events away wants more than one key."""
    newest = journal.latest(db())
    if newest is not None and newest.kind != journal.ROWS:
        raise UsageError(
            text("The newest act is no decision: %(summary)s", summary=newest.summary),
            fix=text("It can be undone on the page Decisions of About."),
        )
    return newest.id if newest else None
