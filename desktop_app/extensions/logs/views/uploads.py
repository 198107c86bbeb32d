"""Files that a plain browser sends: streamed into the desk's folder for temporary files, one request a file."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from desktop_app.core import temporary
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
    tally = Tally.read(context.desk().folder, token)
    try:
        size = _write(target, tally)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    Tally(tally.files + 1, tally.bytes + size).write(context.desk().folder, token)
    return jsonify(upload=token)


def _begin() -> str:
    """Make the folder of a new import; what earlier ones left behind goes."""
    desk = context.desk()
    clear_old(desk.folder, context.db(), desk.clock())
    token = secrets.token_hex(16)
    folder_of(desk.folder, token).mkdir(parents=True)
    Tally().write(desk.folder, token)
    return token


@dataclass(frozen=True, slots=True)
class Tally:
    """What an upload holds so far: kept beside its folder, so that nobody counts thousands of files for each file.

    The age of its file is that of the newest upload, wherever below the folder that lies.
    """

    files: int = 0
    bytes: int = 0

    @staticmethod
    def path(folder: DataFolder, token: str) -> Path:
        """Return where the tally of an upload lies."""
        return folder_of(folder, token).with_suffix(".tally")

    @staticmethod
    def read(folder: DataFolder, token: str) -> Tally:
        """Return the tally of an upload that was begun."""
        files, size = Tally.path(folder, token).read_text("ascii").split()
        return Tally(int(files), int(size))

    def write(self, folder: DataFolder, token: str) -> None:
        """Keep the tally."""
        Tally.path(folder, token).write_text(f"{self.files} {self.bytes}", "ascii")


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
    if Tally.read(folder, token).files >= MOST_FILES:
        raise _too_much()
    target.parent.mkdir(parents=True, exist_ok=True)
    while target.exists():
        target = target.with_name(f"_{target.name}"[:200])
    return target


def _write(target: Path, tally: Tally) -> int:
    """Write one file and return its size in bytes."""
    room = min(MOST_BYTES - tally.bytes, shutil.disk_usage(target.parent).free - SPARE_BYTES)
    if (request.content_length or 0) > room:
        raise _too_much()
    with target.open("xb") as file:
        while chunk := request.stream.read(CHUNK):
            room -= len(chunk)
            if room < 0:
                raise _too_much()
            file.write(chunk)
        return file.tell()


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
    """Delete uploads to which nothing was added for long and that no job may still need."""
    needed = temporary.needed(db, now)
    for tally in folder.temporary.glob(f"{PREFIX}*.tally"):
        if tally.stat().st_mtime * 1e6 < now - KEPT and tally.stem not in needed:
            temporary.remove(tally.with_suffix(""))
            temporary.remove(tally)
