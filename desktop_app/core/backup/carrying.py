"""A desk for another machine: the program where it can be taken along, the data beside it, and how to begin."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from desktop_app.core.backup.archive import PIECE, Report
from desktop_app.core.backup.errors import BackupFailed
from desktop_app.core.backup.messages_readme import FOUND, MISSING, README_TEXT
from desktop_app.core.backup.snapshot import DATABASE, taken
from desktop_app.core.desk import Desk
from desktop_app.core.errors import system_says
from desktop_app.core.paths import PORTABLE_NAME
from desktop_app.core.text import Text, text

README = "README.txt"


def program() -> Path | None:
    """Return the program as a file (or its folder) that can be taken along; None when it runs from its sources."""
    if not getattr(sys, "frozen", False):
        return None
    one_file = os.environ.get("WATCHDESK_EXECUTABLE")
    return Path(one_file) if one_file else Path(sys.executable).parent


def carry(desk: Desk, target: Path, report: Report = lambda _done, _total: None) -> Path | None:
    """Write the desk and the program into a folder, for another machine; return the program's copy if there is one.

    Raises BackupFailed, so where a desk is there already; what was begun is then taken away again.
    """
    data = target / PORTABLE_NAME
    if data.exists():
        raise _refused(target, text("There is a folder %(name)s already.", name=PORTABLE_NAME))
    source, draft = program(), target / f"{PORTABLE_NAME}.part"
    try:
        target.mkdir(parents=True, exist_ok=True)
        with taken(desk) as members:
            total, done = sum(one.bytes for one in members), 0
            for one in members:
                _copy(one.source, draft / one.path)
                done += one.bytes
                report(done, max(total, 1))
        _detach(draft / DATABASE)
        placed = None if source is None else _place(source, target)
        (target / README).write_text(_readme(placed), encoding="utf-8-sig")
        draft.rename(data)
    except OSError as error:
        raise _refused(target, system_says(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return placed


def _detach(database: Path) -> None:
    """Let the copy belong to no machine: it begins nothing by itself, on whichever it is opened."""
    with closing(sqlite3.connect(database)) as copy:
        copy.execute(
            "INSERT INTO machine (id, digest, name) VALUES (1, '', ?) ON CONFLICT (id) DO UPDATE SET digest = ''",
            (platform.node(),),
        )
        copy.commit()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file, target.open("xb") as copy:
        shutil.copyfileobj(file, copy, PIECE)
        copy.flush()
        os.fsync(copy.fileno())


def _place(source: Path, target: Path) -> Path:
    placed = target / source.name
    if source.is_dir():
        shutil.copytree(source, placed, ignore=shutil.ignore_patterns(PORTABLE_NAME), dirs_exist_ok=True)
    elif not (placed.exists() and placed.samefile(source)):
        shutil.copy2(source, placed)
    return placed


def _readme(placed: Path | None) -> str:
    names = {"program": placed.name if placed else "", "system": sys.platform}
    english, chinese = (line.format(**names) for line in (MISSING if placed is None else FOUND))
    return README_TEXT.format(data=PORTABLE_NAME, english=english, chinese=chinese)


def _refused(target: Path, why: Text) -> BackupFailed:
    return BackupFailed(
        text("The desk could not be written to %(path)s.", path=str(target)),
        why=why,
        fix=text("Choose an empty folder or another drive. The desk here is as it was."),
    )
