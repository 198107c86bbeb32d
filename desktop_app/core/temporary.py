"""The folder of temporary files: emptied by whoever holds the lock, except for what may still be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros
from desktop_app.core.paths import DataFolder

RESUMABLE_DAYS = 7  # that a job can be taken up again whose copies of uploaded files are kept for it
_DAY = 86_400_000_000
_OF_PROCESS = re.compile(r"duckdb-(\d+)")


def needed(db: Connection, at: Micros) -> str:
    """Return the parameters of the jobs that may still read files of ours, as one text to look names up in."""
    found = rows(
        db,
        "SELECT params FROM jobs WHERE state IN ('queued', 'running', 'interrupted')"
        " OR state IN ('cancelled', 'failed') AND finished > ?",
        [at - RESUMABLE_DAYS * _DAY],
    )
    return "\n".join(row["params"] for row in found)


def empty(folder: DataFolder, db: Connection, at: Micros) -> None:
    """Delete what earlier processes left; only for the holder of the lock, while no worker runs."""
    wanted = needed(db, at)
    for one in folder.temporary.iterdir() if folder.temporary.is_dir() else ():
        if one.name.partition(".")[0] not in wanted and not _in_use(one):
            remove(one)


def _in_use(path: Path) -> bool:
    """A command that only searches needs no lock; what it spills belongs to it as long as it lives."""
    found = _OF_PROCESS.fullmatch(path.name)
    if found is None:
        return False
    import psutil  # takes its time, and such a folder is rare

    return psutil.pid_exists(int(found[1]))


def remove(path: Path) -> None:
    """Delete a file or a folder as far as the system lets go of it; the rest goes the next time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
