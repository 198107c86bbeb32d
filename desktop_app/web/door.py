"""One door for what comes by file: told by its content, shown with what it would change, taken with a way back.

New versions of the program are checked here, rules are handed to the room that takes them.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import newversion
from desktop_app.core.bringing import filing
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.newversion import NewVersion
from desktop_app.core.rules import changes
from desktop_app.core.text import Text, text
from desktop_app.web import notices
from desktop_app.web.bringing import known, settings_file
from desktop_app.web.bringing.known import Brought
from desktop_app.web.context import db, desk

blueprint = Blueprint("door", __name__, url_prefix="/door")

MOST = 200  # files that are named; the rest is counted
WHATS: dict[filing.What, Text] = {
    "new": text("New"),
    "changed": text("Changed"),
    "gone": text("Gone"),
    "unchanged": text("Unchanged"),
}


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the door; with a path, what lies there and what it would change."""
    given = request.args.get("path", "").strip()
    if not given:
        return _page()
    try:
        path = known.path_of(given)
        if newversion.is_program(path):
            return _page(path=given, program=newversion.examine(path))
        return _page(path=given, brought=known.examine(desk(), db(), path))
    except WatchdeskError as error:
        return _page(path=given, problem=error), 422


@blueprint.post("/")
def look() -> ResponseReturnValue:
    """Look at what lies at a path: here, or rules where their preview is made."""
    given = request.form.get("path", "").strip()
    try:
        path = known.path_of(given)
    except WatchdeskError as error:
        return (_page(path=given, problem=error), 422) if given else redirect(url_for("door.index"), 303)
    if _takes_rules() and not newversion.is_program(path) and known.holds_rules(path):
        return redirect(url_for(_takes_rules()), 307)  # the same form goes on to there
    return redirect(url_for("door.index", path=given or None), 303)


@blueprint.post("/take")
def take() -> ResponseReturnValue:
    """Take what was shown, if it still is what was shown; of settings those that were ticked."""
    given = request.form.get("path", "").strip()
    try:
        brought = known.examine(desk(), db(), known.path_of(given))
        known.check_shown(brought, request.form.get("digest"))
        decision = known.take(desk(), db(), brought, frozenset(request.form.getlist("key")))
    except WatchdeskError as error:
        return _page(path=given, problem=error), 422
    notices.decided(decision)
    return redirect(url_for("door.index"), 303)


@blueprint.get("/settings")
def settings() -> Response:
    """Hand out the settings as one file."""
    answer = Response(settings_file.export(desk(), db()), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{settings_file.NAME}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _takes_rules() -> str:
    return next((one.takes_rules for one in desk().extensions if one.takes_rules), "")


def _page(
    *, path: str = "", program: NewVersion | None = None, brought: Brought | None = None,
    problem: WatchdeskError | None = None,
) -> str:  # fmt: skip
    return render_template("door/index.html", path=path, program=program, problem=problem, takes_rules=_takes_rules(),
                           versions=changes.versions(db()), brought=brought, whats=WHATS, most=MOST)  # fmt: skip
