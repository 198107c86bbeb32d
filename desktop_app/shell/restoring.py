"""Having a data folder to oneself, for what exchanges its files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.shell.instance import DeskLock


class InUse(WatchdeskError):
    """A desk is open on the folder, or a command works on it."""


@contextmanager
def alone(folder: DataFolder) -> Iterator[None]:
    """Hold both locks of a folder while the block lasts. Raises InUse where another process has one of them."""
    desk, jobs = DeskLock.take(folder), FolderLock.take(folder)
    try:
        if desk is None or jobs is None:
            raise InUse(
                text("This desk is in use."),
                why=text("Watchdesk is open on %(path)s, or a command works on it.", path=str(folder.root)),
                fix=text("Restore from its page Backup in Settings, or close it and try again."),
            )
        yield
    finally:
        for lock in (jobs, desk):
            if lock is not None:
                lock.release()
