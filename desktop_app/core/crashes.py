"""Notes of crashes: a dated file for each fault that nobody foresaw, shown on the page About."""

from __future__ import annotations

import datetime as dt
import os
import traceback
from pathlib import Path

from desktop_app.core.paths import DataFolder

KEPT = 20


def write_note(folder: DataFolder, error: BaseException) -> Path:
    """Write what happened and where; values of variables are not written, they may hold a person's data."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
    path = folder.logs / f"crash-{stamp}-{os.getpid()}.txt"
    path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    for old in notes(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def notes(folder: DataFolder) -> list[Path]:
    """Return the notes there are, newest first."""
    return sorted(folder.logs.glob("crash-*.txt"), reverse=True)
