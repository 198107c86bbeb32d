"""One door for what comes by file: new versions are checked here, rules are handed to the room that takes them."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import newversion
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.newversion import NewVersion
from desktop_app.core.rules import changes
from desktop_app.core.text import text
from desktop_app.web.context import db, desk

blueprint = Blueprint("door", __name__, url_prefix="/door")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the door; with a path, the new version of the program that lies there."""
    given = request.args.get("path", "").strip()
    if not given:
        return _page()
    try:
        return _page(path=given, program=newversion.examine(Path(given).expanduser()))
    except WatchdeskError as error:
        return _page(path=given, problem=error), 422


@blueprint.post("/")
def look() -> ResponseReturnValue:
    """Look at what lies at a path: a new version here, rules where their preview is made."""
    given = request.form.get("path", "").strip()
    path = Path(given).expanduser()
    if not given or newversion.is_program(path):
        return redirect(url_for("door.index", path=given or None), 303)
    if _takes_rules() and path.exists():
        return redirect(url_for(_takes_rules()), 307)  # the same form goes on to there
    problem = UsageError(
        text("There is nothing in %(path)s that this desk knows.", path=given),
        why=text("It takes Sigma rules (.yml, a folder or a zip of them) and new versions of Watchdesk."),
    )
    return _page(path=given, problem=problem), 422


def _takes_rules() -> str:
    return next((one.takes_rules for one in desk().extensions if one.takes_rules), "")


def _page(*, path: str = "", program: NewVersion | None = None, problem: WatchdeskError | None = None) -> str:
    return render_template("door/index.html", path=path, program=program, problem=problem, takes_rules=_takes_rules(),
                           versions=changes.versions(db()))  # fmt: skip
