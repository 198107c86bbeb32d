"""The folder's lock: whoever holds it runs the queued jobs. The system lets go of it however the holder ends."""

from __future__ import annotations

import sys
from typing import IO

from desktop_app.core.paths import DataFolder


class FolderLock:
    """An exclusive lock on a file of the data folder, held until ``release`` or the end of the process."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: DataFolder) -> FolderLock | None:
        """Take the lock, or return None at once when another process holds it."""
        folder.create()
        file = folder.lock.open("a+b")
        if lock(file):
            return cls(file)
        file.close()
        return None

    def release(self) -> None:
        """Let go."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[bytes]) -> bool:
        """Lock a file for this process alone; false at once where another one holds it."""
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock(file: IO[bytes]) -> bool:
        """Lock a file for this process alone; false at once where another one holds it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
