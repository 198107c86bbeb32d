"""What lies beside segments and is lacking, made afterwards by a job: after an older version, or a loss."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.core import jobs
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.beside import counted, grams
from desktop_app.core.events.layout import column_of
from desktop_app.core.events.segment import Segment
from desktop_app.core.jobs import JobContext
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

JOB = "desk.index"
_TITLE = text("Index for searches")


def lacking(folder: DataFolder, db: Connection) -> list[Segment]:
    """Return the segments that searches see and whose bit set or counts are not there, or another segment's."""
    return [one for one in catalogue.live(db) if not _has_all(folder.segments / one.path, one)]


def _has_all(path: Path, segment: Segment) -> bool:
    return grams.belongs(path, segment.sha256) and counted.belongs(path, segment.sha256)


def queue(folder: DataFolder, db: Connection) -> int | None:
    """Queue the job where there is something to do and it does not wait already; return it."""
    if rows(db, "SELECT 1 FROM jobs WHERE kind = ? AND state IN ('queued', 'running')", [JOB]):
        return None
    if not lacking(folder, db):
        return None
    with writing(db):
        return jobs.enqueue(db, JOB, _TITLE, {})


def run(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make what is lacking, a segment at a time; one that cannot be read stays without."""
    del params
    folder, missing, made = context.desk.folder, list[Missing](), 0
    wanted = lacking(folder, context.db)
    for done, segment in enumerate(wanted):
        context.check()
        context.progress(done, len(wanted), _TITLE)
        for _, batch in context.desk.events.load(context.db, [segment.id], missing=missing):
            _make(folder.segments / segment.path, segment, batch)
            made += 1
    return {"segments": made, "unreadable": len(missing)}


def _make(path: Path, segment: Segment, batch: EventBatch) -> None:
    if not grams.belongs(path, segment.sha256):
        grams.write(path, segment.sha256, batch.raw, batch.message)
    if not counted.belongs(path, segment.sha256):
        columns = {name: getattr(batch, name) for name in counted.FIXED}
        columns |= {column_of(name): batch.fields[name] for name in batch.fields if counted.is_asked(name)}
        found = {name: counted.count_again(column) for name, column in columns.items()}
        counted.write(path, segment.sha256, {name: one for name, one in found.items() if one is not None})
