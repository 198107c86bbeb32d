"""The drop folder at work: each file that lies still is imported by a job of its own."""

from __future__ import annotations

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import now
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.sources.drop_folder import DropFolder
from desktop_app.extensions.logs.store import live
from desktop_app.extensions.logs.store.live import LiveSource

AT_ONCE = 4  # jobs that wait at a time


def look(db: Connection, source: LiveSource, folder: DropFolder) -> int:
    """Import what is ready, and see what became of earlier imports; return how many events those brought."""
    events = sum(_settle(db, folder, job_id, name) for job_id, name in folder.jobs().items())
    for path in folder.ready()[: max(0, AT_ONCE - len(folder.jobs()))]:
        job_id = service.start_import(db, [str(path)], zone=source.config.get("zone") or None, dropped=source.id)
        folder.queued(path, job_id)
    if folder.cursor != live.cursor(db, source.id):
        with writing(db):
            live.set_cursor(db, source.id, folder.cursor)
            if events:
                live.count(db, source.id, events=events)
                live.tell(db, source.id, {"arrived": now()})
    return events


def _settle(db: Connection, folder: DropFolder, job_id: int, name: str) -> int:
    try:
        job = jobs.job(db, job_id)
    except UsageError:  # its row was cleared away
        folder.ended(name, well=True)
        return 0
    if job.active:
        return 0
    result = job.result or {}
    well = job.state == "done" and not any(one["error"] for one in result.get("files", ()))
    folder.ended(name, well=well)
    return int(result.get("events", 0))
