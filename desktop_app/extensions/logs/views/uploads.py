"""Files that a plain browser sends: streamed into the desk's folder for temporary files, one request a file."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.extensions.logs.forms import UPLOAD_TOKEN, upload_place
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, times
from desktop_app.web.security import takes_uploads

PREFIX = "upload-"
CHUNK = 1024 * 1024
MOST_FILES = 5_000
MOST_BYTES = 8 * 1024**3
SPARE_BYTES = 1024**3  # what must stay free on the disk beside the copy
KEPT = times.HOUR


class UploadRefused(UsageError):
    """An upload that is too large; nothing of it is kept."""


@blueprint.post("/upload")
@takes_uploads
def upload() -> ResponseReturnValue:
    """Keep one file; answers the token under which all files of one import are kept."""
    token = request.args.get("upload") or _begin()
    target = _place(context.desk().folder, token, request.args.get("name", ""))
    try:
        _write(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return jsonify(upload=token)


def _begin() -> str:
    """Make the folder of a new import; what earlier ones left behind goes."""
    desk = context.desk()
    clear_old(desk.folder, context.db(), desk.clock())
    token = secrets.token_hex(16)
    folder_of(desk.folder, token).mkdir(parents=True)
    return token


def folder_of(folder: DataFolder, token: str) -> Path:
    """Return the folder of an upload. Raises UsageError for a token that is none."""
    if not UPLOAD_TOKEN.match(token):
        raise UsageError(text("The upload was interrupted. Choose the files again."))
    return folder.temporary / f"{PREFIX}{token}"


def _place(folder: DataFolder, token: str, name: str) -> Path:
    root = folder_of(folder, token)
    if not root.is_dir():
        raise UsageError(text("The upload was interrupted. Choose the files again."))
    target = root / upload_place(name)
    if sum(1 for one in root.rglob("*") if one.is_file()) >= MOST_FILES:
        raise _too_much()
    target.parent.mkdir(parents=True, exist_ok=True)
    while target.exists():
        target = target.with_name(f"_{target.name}"[:200])
    return target


def _write(target: Path) -> None:
    root = next(one for one in target.parents if one.name.startswith(PREFIX))
    taken = sum(one.stat().st_size for one in root.rglob("*") if one.is_file())
    room = min(MOST_BYTES - taken, shutil.disk_usage(root).free - SPARE_BYTES)
    if (request.content_length or 0) > room:
        raise _too_much()
    with target.open("xb") as file:
        while chunk := request.stream.read(CHUNK):
            room -= len(chunk)
            if room < 0:
                raise _too_much()
            file.write(chunk)


def _too_much() -> UploadRefused:
    return UploadRefused(
        text("This is too much to send through the browser."),
        why=text("Each file is copied first, and the copy would not fit."),
        fix=text("Type the path of the folder instead: then nothing is copied."),
    )


def files_of(folder: DataFolder, token: str) -> list[str]:
    """Return the paths of the files of an upload, in order of their names."""
    return sorted(str(one) for one in folder_of(folder, token).rglob("*") if one.is_file())


def clear_old(folder: DataFolder, db: Connection, now: Micros) -> None:
    """Delete the folders of uploads that no unfinished job still needs."""
    needed = " ".join(str(one.params) for one in jobs.active(db))
    for left in folder.temporary.glob(f"{PREFIX}*"):
        old = left.stat().st_mtime * 1e6 < now - KEPT
        if old and left.name not in needed:
            shutil.rmtree(left, ignore_errors=True)
