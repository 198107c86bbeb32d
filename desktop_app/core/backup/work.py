"""Backups as jobs of a desk: written, kept in number, checked for a restore, taken along."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import audit
from desktop_app.core.backup import archive, carrying, checking
from desktop_app.core.backup.archive import SUFFIX
from desktop_app.core.backup.swap import ABOUT
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.jobs import JobContext, enqueue
from desktop_app.core.model import Micros, moment
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import Text, text

BACKUP_JOB, CHECK_JOB, CARRY_JOB = "desk.backup", "desk.check", "desk.carry"
SCHEDULE = "desk.backup"  # the name of the schedule that the program keeps
_OURS = re.compile(r"watchdesk-\d{8}-\d{6}" + re.escape(SUFFIX))
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that was checked and waits to take the desk's place."""

    name: str
    created: Micros
    program: str
    host: str
    events: int
    findings: int
    damaged: int


def name_for(at: Micros) -> str:
    """Return the name of a backup made at a moment."""
    return f"watchdesk-{moment(at).strftime('%Y%m%d-%H%M%S')}{SUFFIX}"


def hide(folder: DataFolder, words: str) -> str | None:
    """Put a passphrase where the job alone finds it, once; jobs are kept, so it must not stand in their parameters."""
    if not words:
        return None
    token = secrets.token_hex(16)
    folder.create()
    handle = os.open(folder.temporary / f"seal-{token}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(words)
    return token


def _hidden(folder: DataFolder, token: object) -> str | None:
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return None
    path = folder.temporary / f"seal-{token}"
    try:
        words = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            text("The passphrase of this job is gone."),
            why=text("It is kept for one run only."),
            fix=text("Start it anew from the page Backup."),
        ) from None
    path.unlink()
    return words


def start_backup(desk: Desk, db: Connection, folder: str, words: str) -> int:
    """Queue a backup into a folder (empty: the desk's own) and return the job."""
    return _start(db, BACKUP_JOB, text("Back up the desk"), {"folder": folder, "seal": hide(desk.folder, words)})


def start_check(desk: Desk, db: Connection, path: str, words: str) -> int:
    """Queue the check of a backup and return the job."""
    title = text("Check the backup %(name)s", name=Path(path).name)
    return _start(db, CHECK_JOB, title, {"path": path, "seal": hide(desk.folder, words)})


def start_carry(db: Connection, folder: str) -> int:
    """Queue the writing of a desk to take along and return the job."""
    return _start(db, CARRY_JOB, text("Write the desk to %(path)s", path=folder), {"folder": folder})


def _start(db: Connection, kind: str, title: Text, params: Mapping[str, Any]) -> int:
    with writing(db):
        return enqueue(db, kind, title, params)


def home(desk: Desk, folder: object) -> Path:
    """Return the folder that backups go to."""
    return Path(str(folder)).expanduser() if folder else desk.folder.backups


def backups(folder: Path) -> list[Path]:
    """Return the backups that we wrote into a folder, the newest first."""
    found = folder.iterdir() if folder.is_dir() else []
    return sorted((one for one in found if _OURS.fullmatch(one.name)), reverse=True)


def run_backup(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write a backup; of those in the folder only the last ``keep`` stay, where that is said."""
    folder = home(context.desk, params.get("folder"))
    words = _hidden(context.desk.folder, params.get("seal"))
    path = folder / name_for(context.now())
    made = archive.write(context.desk, path, words, context.progress)
    for one in made.damaged:
        context.log("warning", text("This event file was damaged before: %(path)s", path=one))
    keep = params.get("keep")
    for old in backups(folder)[keep:] if isinstance(keep, int) and keep > 0 else ():
        old.unlink(missing_ok=True)
        context.log("info", text("Deleted the older backup %(name)s", name=old.name))
    with writing(context.db):
        audit.record(context.db, text("Backed up the desk"), str(path))
    context.log("info", text("Written: %(path)s", path=str(path)))
    return {"path": str(path), "bytes": path.stat().st_size, "events": made.events, "findings": made.findings}


def run_check(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check a backup whole; it then waits in the data folder."""
    path = Path(str(params["path"])).expanduser()
    words = _hidden(context.desk.folder, params.get("seal"))
    made = checking.stage(context.desk, path, words, context.progress)
    told = {"name": path.name, "created": made.created, "program": made.program, "host": made.host,
            "events": made.events, "findings": made.findings, "damaged": len(made.damaged)}  # fmt: skip
    (context.desk.folder.root / checking.STAGE / ABOUT).write_bytes(orjson.dumps(told))
    context.log("info", text("The backup is whole. Put it in place on the page Backup."))
    return {"events": made.events, "findings": made.findings}


def staged(folder: DataFolder) -> Staged | None:
    """Return what was checked and waits, or None."""
    try:
        return Staged(**orjson.loads((folder.root / checking.STAGE / ABOUT).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def run_carry(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the desk and the program for another machine."""
    target = Path(str(params["folder"])).expanduser()
    placed = carrying.carry(context.desk, target, context.progress)
    with writing(context.db):
        audit.record(context.db, text("Wrote the desk for another machine"), str(target))
    if placed is None:
        context.log("warning", text("The program runs from its sources here, so it was not written along."))
    context.log("info", text("Written: %(path)s", path=str(target)))
    return {"path": str(target), "program": str(placed) if placed else None}


def written(path: Path) -> datetime:
    """Return when a backup was written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
