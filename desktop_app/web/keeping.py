"""The desk itself as a room of the house: its jobs and what can be started from anywhere. Nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop_app.core.extension import Action, Extension, Health, JobKind, SlowWayBack
from desktop_app.core.text import text
from desktop_app.core.version import VERSION

if TYPE_CHECKING:
    from desktop_app.core.database import Connection
    from desktop_app.core.desk import Desk
    from desktop_app.core.jobs import JobContext

Params = Mapping[str, Any]


def _backup(context: JobContext, params: Params) -> Params:
    from desktop_app.core.backup.work import run_backup

    return run_backup(context, params)


def _check(context: JobContext, params: Params) -> Params:
    from desktop_app.core.backup.work import run_check

    return run_check(context, params)


def _carry(context: JobContext, params: Params) -> Params:
    from desktop_app.core.backup.work import run_carry

    return run_carry(context, params)


def _retention(context: JobContext, params: Params) -> Params:
    from desktop_app.core.keeping.retiring import run

    return run(context, params)


def _retention_back(context: JobContext, params: Params) -> Params:
    from desktop_app.core.keeping.retiring import run_back

    return run_back(context, params)


def _verify(context: JobContext, params: Params) -> Params:
    from desktop_app.core.keeping.verifying import run

    return run(context, params)


def _index(context: JobContext, params: Params) -> Params:
    from desktop_app.core.keeping.indexing import run

    return run(context, params)


def _revert_retention(desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.core.keeping.retiring import revert

    return revert(desk, db, before)


def _put_back_files(desk: Desk, db: Connection, before: Params) -> Sequence[str]:
    from desktop_app.core.bringing.filing import put_back

    return put_back(desk, db, before)


def _retention_size(db: Connection, before: Params) -> int:
    from desktop_app.core.keeping.retiring import size

    return size(db, before)


def _health(desk: Desk) -> tuple[Health, ...]:
    from desktop_app.core.keeping import verifying

    with desk.connection() as db:
        last = verifying.last(db)
    if last is None:
        return ()
    return (Health(text("Check of the event files"), verifying.trouble(last)),)


extension = Extension(
    id="desk",
    title=text("Desk"),
    version=VERSION,
    own=True,
    jobs=(
        JobKind("desk.backup", text("Backup"), _backup),
        JobKind("desk.check", text("Check of a backup"), _check),
        JobKind("desk.carry", text("Desk to take along"), _carry),
        JobKind("desk.retention", text("Retention of events"), _retention, resumes=True),
        JobKind("desk.retention_back", text("Undo"), _retention_back, resumes=True),
        JobKind("desk.verify", text("Check of the event files"), _verify),
        JobKind("desk.index", text("Index for searches"), _index, resumes=True),
    ),
    health=_health,
    ways_back={"retention": _revert_retention, "auto.retention": _revert_retention, "files": _put_back_files},
    slow_ways_back={
        name: SlowWayBack("desk.retention_back", _retention_size) for name in ("retention", "auto.retention")
    },
    actions=(
        Action(text("Back up the desk"), "backup.index", "archive", words=text("restore, copy, USB stick, move")),
        Action(text("Retention"), "retention.index", "archive", words=text("keep, delete, old, disk, size, verify")),
        Action(
            text("Bring a file"),
            "door.index",
            "file",
            words=text("rules, pack, update, new version, handbook pages, template, settings, export"),
        ),
        Action(text("Lock the desk"), "lock.lock", "lock", post=True, words=text("passphrase, away")),
        Action(text("Passphrase"), "lock.manage", "lock", words=text("lock, password")),
    ),
)
