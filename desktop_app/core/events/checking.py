"""Whether everything that is kept is what was written: segments, files beside them, and the evidence of findings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop_app.core.database import Connection, rows, value
from desktop_app.core.events import catalogue
from desktop_app.core.events.beside import counted
from desktop_app.core.events.segment import companions, counts_of
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import Text, text


def damages(folder: DataFolder, db: Connection, report: Callable[[int, int], None] | None = None) -> Iterator[Text]:
    """Yield one sentence for each thing that is not as it was kept; nothing is changed.

    ``report`` is told how many bytes of how many were read.
    """
    for path in catalogue.verify(folder, db, report):
        if (folder.segments / path).is_file():
            yield text("The event file %(path)s is damaged: it is not what was written.", path=path)
        else:
            yield text("The event file %(path)s is gone.", path=path)
    yield from _miscounted(folder, db)
    for path in _strangers(folder, db):
        yield text("The file %(path)s lies among the event files, and no import brought it.", path=path)
    for row in rows(db, "SELECT finding_id, event_id, raw, sha256 FROM evidence ORDER BY finding_id, event_id"):
        if hashlib.sha256(row["raw"].encode("utf-8", "surrogatepass")).hexdigest() != row["sha256"]:
            yield text("Evidence of the finding WD-%(finding)s was changed: event %(event)s.",
                       finding=row["finding_id"], event=row["event_id"])  # fmt: skip


def _miscounted(folder: DataFolder, db: Connection) -> Iterator[Text]:
    """Name the counts beside segments that are not what was written; where there are none, nothing is wrong."""
    for row in rows(db, "SELECT path, sha256 FROM segments ORDER BY id"):
        segment = folder.segments / row["path"]
        if counts_of(segment).is_file() and not counted.belongs(segment, row["sha256"]):
            yield text("The counts beside the event file %(path)s are damaged; the events are counted instead, "
                       "and the next start makes the counts anew.", path=row["path"])  # fmt: skip


def _strangers(folder: DataFolder, db: Connection) -> list[str]:
    """Return the files that no row names, unless an import is writing or they wait for their deletion."""
    if value(db, "SELECT count(*) FROM jobs WHERE state = 'running'"):
        return []
    known = {row["path"] for row in rows(db, "SELECT path FROM segments UNION SELECT path FROM doomed_files")}
    known |= {one.as_posix() for path in known for one in companions(Path(path))}
    found = [path.relative_to(folder.segments).as_posix() for path in folder.segments.rglob("*") if path.is_file()]
    return sorted(path for path in found if path not in known)


def amounts(db: Connection) -> tuple[int, int]:
    """Return how many segments and how many pieces of evidence there are to check."""
    return int(value(db, "SELECT count(*) FROM segments") or 0), int(value(db, "SELECT count(*) FROM evidence") or 0)
