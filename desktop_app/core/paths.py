"""Where things lie: the data folder of a desk, and the files shipped with the program."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import platformdirs

from desktop_app.core.errors import StoreError, system_says
from desktop_app.core.text import text

PORTABLE_NAME = "watchdesk-data"


def resource(*parts: str) -> Path:
    """Return a shipped file: from the bundle, from an installed wheel, or from the sources."""
    package = Path(__file__).resolve().parent.parent
    if parts and parts[0] == "ui" and not (package / "ui").is_dir():
        return package.parent.joinpath(*parts)
    return package.joinpath(*parts)


@dataclass(frozen=True)
class DataFolder:
    """The one folder that holds a desk. Nothing is created until ``create``."""

    root: Path

    @cached_property
    def database(self) -> Path:
        """Everything that a person decides and configures."""
        return self.root / "watchdesk.db"

    @cached_property
    def segments(self) -> Path:
        """The Parquet files of the event store."""
        return self.root / "segments"

    @cached_property
    def backups(self) -> Path:
        """Dated copies of the database, made before migrations."""
        return self.root / "backups"

    @cached_property
    def logs(self) -> Path:
        """The program's own log files and notes of crashes."""
        return self.root / "logs"

    @cached_property
    def cache(self) -> Path:
        """What can be made again: compiled rules."""
        return self.root / "cache"

    @cached_property
    def temporary(self) -> Path:
        """Files of running work; emptied at the start by whoever holds the lock."""
        return self.root / "tmp"

    @cached_property
    def lock(self) -> Path:
        """Held by the process that runs the queued jobs."""
        return self.root / "desk.lock"

    @cached_property
    def reports(self) -> Path:
        """Frozen reports."""
        return self.root / "reports"

    @property
    def portable(self) -> bool:
        """Whether the desk lies beside a program that is carried along, as on a USB stick."""
        return self.root.name == PORTABLE_NAME

    def create(self) -> DataFolder:
        """Make the folders, readable by their owner alone where the system knows such a thing; StoreError if not."""
        try:
            self._make()
        except OSError as error:
            raise StoreError(
                text("This desk cannot be written: %(path)s", path=str(self.root)),
                why=system_says(error),
                fix=text("Take the write protection off the stick or disk, or choose another folder with --data-dir."),
            ) from error
        return self

    def _make(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.segments, self.backups, self.logs, self.cache, self.temporary, self.reports):
            folder.mkdir(exist_ok=True, mode=0o700)
        # Folders that are there say nothing of whether they may be written.
        probe = self.temporary / f"probe-{os.getpid()}-{threading.get_ident()}"
        probe.touch()
        probe.unlink(missing_ok=True)


def data_folder(explicit: str | Path | None = None) -> DataFolder:
    """Return the folder asked for, else the one beside the executable (USB stick), else the platform's place."""
    if explicit is not None:
        return DataFolder(Path(explicit).expanduser().resolve())
    # The one-file form runs from a cache; its start program says where the file itself lies.
    program = Path(os.environ.get("WATCHDESK_EXECUTABLE") or sys.executable)
    beside = program.resolve().parent / PORTABLE_NAME
    if getattr(sys, "frozen", False) and beside.is_dir():
        return DataFolder(beside)
    return DataFolder(Path(platformdirs.user_data_dir("watchdesk", appauthor=False)))
