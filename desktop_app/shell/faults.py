"""Notes of crashes: what no code of ours catches is written down, and the next start can mention it."""

from __future__ import annotations

import datetime as dt
import faulthandler
import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType

from desktop_app.core import crashes
from desktop_app.core.paths import DataFolder

log = logging.getLogger(__name__)


class FaultWatch:
    """Writes notes from begin() to end(). Also collects what a fault below Python left in the run before."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._path = folder.logs / f"fault-{os.getpid()}.txt"
        self._file = None if faulthandler.is_enabled() else self._path
        self._hooks = (sys.excepthook, threading.excepthook)

    def begin(self) -> list[Path]:
        """Start to watch; return the notes that runs before this one left below Python."""
        left = collect(self._folder)
        self._stream = self._path.open("w", encoding="utf-8")
        if self._file is not None:
            faulthandler.enable(self._stream)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        return left

    def end(self) -> None:
        """Stop watching; a run that ended well leaves nothing."""
        sys.excepthook, threading.excepthook = self._hooks
        if self._file is not None:
            faulthandler.disable()
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self._note(error)
        self._hooks[0](kind, error, trace)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._note(args.exc_value)
        self._hooks[1](args)

    def _note(self, error: BaseException) -> None:
        try:
            log.error("Unexpected fault, note written: %s", crashes.write_note(self._folder, error).name)
        except OSError:
            log.exception("Unexpected fault, and no note could be written")


def collect(folder: DataFolder) -> list[Path]:
    """Turn what a killed interpreter wrote into dated notes and return them; empty files only tell of a hard end."""
    found = []
    for fault in sorted(folder.logs.glob("fault-*.txt")):
        if fault.stat().st_size == 0:
            fault.unlink()
            continue
        stamp = dt.datetime.fromtimestamp(fault.stat().st_mtime, dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
        found.append(fault.rename(fault.with_name(fault.name.replace("fault-", f"crash-{stamp}-"))))
    return found
