"""A live source that follows the systemd journal: ``journalctl --follow``, from behind what was stored last."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections import deque
from contextlib import suppress
from typing import Any

from desktop_app.core.errors import SourceUnreadable, WatchdeskError
from desktop_app.core.model import now
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.feed import Portion, texts_of

MOST_WAITING = 50_000  # entries; journalctl waits when nobody takes them
LONGEST_ENTRY = 1 << 20
_COMMAND = ("--follow", "--no-pager", "-q", "-o", "json")


class JournalFollow:
    """A live source of kind ``journald``. The first time it begins with what is written from now on."""

    gapless = True

    def __init__(self, cursor: dict[str, Any]) -> None:
        self._cursor = str(cursor.get("cursor") or "")
        self.problem: WatchdeskError | None = None
        self.address = "journalctl"
        self._entries: deque[bytes] = deque()
        self._room = threading.Condition()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start journalctl; SourceUnreadable where there is none."""
        program = shutil.which("journalctl")
        if program is None:
            raise SourceUnreadable(
                text("This system has no systemd journal."), why=text("There is no program journalctl.")
            )
        where = f"--after-cursor={self._cursor}" if self._cursor else "--lines=0"
        environment = {**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}
        self._process = subprocess.Popen(
            [program, *_COMMAND, where], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._read, args=(self._process,), name="journal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End journalctl."""
        with self._room:
            self._stopped = True
            self._room.notify()
        if self._process is not None:
            with suppress(OSError):
                self._process.terminate()
            self._process.wait()
        if self._thread is not None:
            self._thread.join()

    def waiting(self) -> int:
        """Return how many entries wait."""
        return len(self._entries)

    def take(self, most: int) -> Portion | None:
        """Return the next entries."""
        with self._room:
            taken = [self._entries.popleft() for _ in range(min(most, len(self._entries)))]
            self._room.notify()
        if not taken:
            return None
        self._cursor = _cursor_of(taken[-1]) or self._cursor
        at = now()
        return Portion(
            texts_of(taken), ("live:journald", "systemd journal"), "journal", at, at, sum(map(len, taken)),
            cursor={"cursor": self._cursor},
        )  # fmt: skip

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        output = process.stdout
        if output is None:
            return
        with output:
            while line := output.readline(LONGEST_ENTRY):
                with self._room:
                    self._room.wait_for(lambda: len(self._entries) < MOST_WAITING or self._stopped)
                    if self._stopped:
                        return
                    if entry := line.rstrip():
                        self._entries.append(entry)
        if not self._stopped:
            self.problem = SourceUnreadable(
                text("The journal could not be read."), why=text("journalctl has ended."),
                fix=text("Try journalctl in a terminal; it is started again in a moment."),
            )  # fmt: skip


def _cursor_of(entry: bytes) -> str | None:
    try:
        found = json.loads(entry)
    except ValueError:
        return None
    cursor = found.get("__CURSOR") if isinstance(found, dict) else None
    return cursor if isinstance(cursor, str) else None
