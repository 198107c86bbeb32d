"""A live source that imports what is put into a folder, once it has stopped growing.

What was seen stands in the cursor. An import knows a file by its content, so one that is asked for twice after a crash
brings nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop_app.core.errors import SourceUnreadable, WatchdeskError
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.feed import Portion

SETTLED_SECONDS = 3.0
DONE, FAILED = "imported", "not-imported"  # folders into which files are moved
MOST_FILES = 10_000


class DropFolder:
    """A live source of kind ``drop``: it gives files, not records."""

    gapless = True

    def __init__(self, config: Mapping[str, Any], cursor: dict[str, Any]) -> None:
        self._folder = Path(str(config["path"]))
        self._moves = config.get("after") == "move"
        self.cursor: dict[str, Any] = cursor if "files" in cursor else {"files": {}}
        self.problem: WatchdeskError | None = None
        self.address = str(self._folder)
        self._growing: dict[str, tuple[list[int], float]] = {}

    def start(self) -> None:
        """Look whether the folder is there."""
        if not self._folder.is_dir():
            raise SourceUnreadable(
                text("There is no folder %(path)s.", path=str(self._folder)),
                fix=text("Make it, or choose another one."),
            )

    def stop(self) -> None:
        """Nothing is held open."""

    def waiting(self) -> int:
        """Return 0: it gives no records."""
        return 0

    def take(self, most: int) -> Portion | None:
        """Return nothing: what lies here is imported by jobs."""
        del most
        return None

    def ready(self) -> list[Path]:
        """Return the files that are new, or have changed, and have stopped growing."""
        moment, found = time.monotonic(), list[Path]()
        seen = {}
        for path in sorted(self._folder.iterdir())[:MOST_FILES]:
            with suppress(OSError):  # gone in this moment
                told = path.stat()
                state = [told.st_size, told.st_mtime_ns]
                if not path.is_file() or path.name.startswith(".") or self._known(path.name, state):
                    continue
                before, since = self._growing.get(path.name, (state, moment))
                since = moment if before != state else since
                seen[path.name] = (state, since)
                if moment - since >= SETTLED_SECONDS and told.st_size:
                    found.append(path)
        self._growing = seen
        return found

    def _known(self, name: str, state: list[int]) -> bool:
        entry = self.cursor["files"].get(name)
        return entry is not None and (entry["state"] == state or entry["job"] is not None)

    def queued(self, path: Path, job_id: int) -> None:
        """Remember that a job imports a file."""
        told = path.stat()
        self.cursor["files"][path.name] = {"state": [told.st_size, told.st_mtime_ns], "job": job_id}

    def jobs(self) -> dict[int, str]:
        """Return the jobs that import files, with the name of the file of each."""
        return {entry["job"]: name for name, entry in self.cursor["files"].items() if entry["job"] is not None}

    def ended(self, name: str, *, well: bool) -> None:
        """Note that a file was imported, and move it where that was asked for."""
        entry = self.cursor["files"][name]
        entry["job"] = None
        if not self._moves:
            return
        target = self._folder / (DONE if well else FAILED)
        try:
            target.mkdir(exist_ok=True)
            (self._folder / name).rename(_free(target / name))
        except OSError:
            return  # read-only, or gone: it is known by its size and time
        del self.cursor["files"][name]


def _free(wanted: Path) -> Path:
    """Return a path that no file has."""
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path
