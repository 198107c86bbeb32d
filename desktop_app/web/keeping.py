"""The desk itself as a room of the house: its jobs and what can be started from anywhere. Nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from desktop_app.core.extension import Action, Extension, JobKind
from desktop_app.core.text import text
from desktop_app.core.version import VERSION

if TYPE_CHECKING:
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


extension = Extension(
    id="desk",
    title=text("Desk"),
    version=VERSION,
    own=True,
    jobs=(
        JobKind("desk.backup", text("Backup"), _backup),
        JobKind("desk.check", text("Check of a backup"), _check),
        JobKind("desk.carry", text("Desk to take along"), _carry),
    ),
    actions=(
        Action(text("Back up the desk"), "backup.index", "archive", words=text("restore, copy, USB stick, move")),
        Action(text("Bring a file"), "door.index", "file", words=text("rules, pack, update, new version")),
        Action(text("Lock the desk"), "lock.lock", "lock", post=True, words=text("passphrase, away")),
        Action(text("Passphrase"), "lock.manage", "lock", words=text("lock, password")),
    ),
)
