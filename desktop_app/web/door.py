"""One door for what comes by file: packs of rules, with what they would change and a way back; new versions."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import newversion
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.newversion import NewVersion
from desktop_app.core.rules import catalogue, changes
from desktop_app.core.rules.preview import Preview, preview
from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.web import notices
from desktop_app.web.context import db

blueprint = Blueprint("door", __name__, url_prefix="/door")

SHOWN = 50


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the door; with a path, what lies there and what it would change."""
    given = request.args.get("path", "").strip()
    if not given:
        return _page()
    try:
        path = Path(given).expanduser()
        if newversion.is_program(path):
            return _page(path=given, program=newversion.examine(path))
        return _page(path=given, pack=_preview(path))
    except WatchdeskError as error:
        return _page(path=given, problem=error), 422


def _preview(path: Path) -> Preview:
    found = preview(db(), path)
    if not found.files:
        raise UsageError(
            text("There is nothing in %(path)s that this desk knows.", path=str(path)),
            why=text("It takes Sigma rules (.yml, a folder or a zip of them) and new versions of Watchdesk."),
        )
    return found


def _page(
    *, path: str = "", pack: Preview | None = None, program: NewVersion | None = None,
    problem: WatchdeskError | None = None,
) -> str:  # fmt: skip
    parts = (
        () if pack is None else ((text("New"), pack.new), (text("Changed"), pack.changed), (text("Gone"), pack.gone))
    )
    return render_template(
        "door/index.html", path=path, pack=pack, parts=parts, program=program, problem=problem, most=SHOWN,
        versions=changes.versions(db()),
    )  # fmt: skip


@blueprint.post("/rules")
def bring_in() -> ResponseReturnValue:
    """Bring the pack in that was looked at; one that changed since is looked at again."""
    given = request.form.get("path", "").strip()
    path = Path(given).expanduser()
    if _preview(path).sha256 != request.form.get("sha256"):
        return redirect(url_for("door.index", path=given), 303)
    _told(catalogue.import_rules(db(), path))
    return redirect(url_for("door.index"), 303)


@blueprint.post("/versions/<int:version_id>")
def go_back(version_id: int) -> ResponseReturnValue:
    """Bring an earlier content of a pack in again."""
    pack, files = changes.files_of(db(), version_id)
    _told(catalogue.bring_in_files(db(), pack, Path(pack), files))
    return redirect(url_for("door.index"), 303)


def _told(result: catalogue.ImportResult) -> None:
    if not result.undo_id:
        notices.say(text("Nothing was changed."))
        return
    said = text("Brought in the rules of %(pack)s", pack=result.pack)
    notices.decided(Decision(result.undo_id, said))
