"""What can be wrong with a backup, told in sentences."""

from __future__ import annotations

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.text import Text, text


class BackupFailed(WatchdeskError):
    """A backup could not be written; what was there before is as it was."""


class BackupUnusable(WatchdeskError):
    """A file cannot be restored from. Nothing of the desk was touched."""


class WrongPassphrase(BackupUnusable):
    """The backup is sealed and the words do not open it."""


def damaged(detail: Text) -> BackupUnusable:
    """Return the error of a backup that is not what was written."""
    return BackupUnusable(
        text("This backup is damaged."),
        why=detail,
        fix=text("Use another copy of it, or an older backup. The present desk was not touched."),
    )
