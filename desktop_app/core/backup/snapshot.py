"""A desk as it stood at one moment, while work goes on: the databases copied, the event files held by links.

The write lock is held for as long as the copies take, so no import commits and no file goes in between. Event files
never change once they are written; a second name for each keeps those that are removed meanwhile.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import settings
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import now

DATABASE = "watchdesk.db"
SEGMENTS = "segments"
# What belongs to this machine, this run or this account, and so to no copy of the desk.
LEFT_OUT = frozenset({"backups", "logs", "cache", "tmp", "restore", "aside", "about.json", "swap.json", "desk.lock",
                      "instance.lock", "holder.json", "desk.json", "window.json"})  # fmt: skip
# Tables that lock this desk: a copy is opened by whoever holds it, and a restore keeps the lock that is there.
LOCKS = ("passphrase", "api_tokens")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the snapshot: its path inside the desk (with ``/``), where its bytes lie, and its digest if known."""

    path: str
    source: Path
    bytes: int
    sha256: str | None = None


@contextmanager
def taken(desk: Desk) -> Iterator[list[Member]]:
    """Yield the files of the desk as they stand now, until the block ends; the databases come first."""
    desk.folder.create()
    with tempfile.TemporaryDirectory(dir=desk.folder.temporary, prefix="backup-") as place:
        with desk.connection() as db, writing(db):
            found = [*_databases(desk.folder.root, Path(place)), *_segments(desk, db, Path(place))]
            found += _others(desk.folder.root, Path(place))
        yield found


def _member(path: str, source: Path, sha256: str | None = None) -> Member:
    return Member(path, source, source.stat().st_size, sha256)


def _databases(root: Path, place: Path) -> Iterator[Member]:
    for path in sorted(root.glob("*.db"), key=lambda one: one.name != DATABASE):
        target = place / path.name
        # A connection of its own, because ours holds the write lock.
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            if path.name == DATABASE:
                _prepare(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        yield _member(path.name, target)


def _prepare(copy: sqlite3.Connection) -> None:
    """Take out of the copy what holds only here, and write down what elsewhere would be guessed anew."""
    for table in LOCKS:
        copy.execute(f"DELETE FROM {table}")
    copy.execute("DELETE FROM jobs WHERE kind LIKE 'desk.%' AND state IN ('queued','running')")
    copy.execute("UPDATE jobs SET state = 'interrupted', finished = ? WHERE state IN ('queued','running')", (now(),))
    # This desk tells what waits; a copy that is opened later or elsewhere must not send it once more.
    copy.execute("UPDATE outbox SET state = 'dropped' WHERE state = 'waiting'")
    copy.execute(
        "INSERT OR IGNORE INTO settings (key, value, changed) VALUES (?, ?, ?)",
        (settings.SITE_ZONE.key, str(settings.SITE_ZONE.default), now()),
    )
    copy.commit()


def _segments(desk: Desk, db: Connection, place: Path) -> Iterator[Member]:
    for row in rows(db, "SELECT path, sha256 FROM segments ORDER BY id"):
        source = desk.folder.segments / row["path"]
        if source.is_file():
            yield _member(f"{SEGMENTS}/{row['path']}", _held(source, place / SEGMENTS / row["path"]), row["sha256"])


def _held(source: Path, name: Path) -> Path:
    """Give a file a second name, or a copy where the file system knows no second names (as on most sticks)."""
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, name)
    except OSError:
        shutil.copyfile(source, name)
    return name


def _others(root: Path, place: Path) -> Iterator[Member]:
    """Yield what else lies in the folder (reports, the site's handbook, packs), without following links."""
    left = LEFT_OUT | {SEGMENTS}
    for folder, inside, names in os.walk(root):
        at_top = Path(folder) == root
        inside[:] = sorted(one for one in inside if not (at_top and one in left) and not one.startswith("."))
        for name in sorted(names):
            source = Path(folder) / name
            path = source.relative_to(root).as_posix()
            if (at_top and (name in left or ".db" in name)) or name.startswith(".") or source.is_symlink():
                continue
            if source.is_file():
                target = place / "others" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
                yield _member(path, target)
