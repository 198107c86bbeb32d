"""A live source that follows the channels of this computer's Windows event log, each from behind its last record.

Prepared after Microsoft's description and tried against a stand-in for Windows' calls (``winevent_api``) alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from desktop_app.core.errors import SourceUnreadable, WatchdeskError
from desktop_app.core.model import now
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.feed import Loss, Portion
from desktop_app.extensions.logs.sources.hosts.winxml import WINDOWS_XML
from desktop_app.extensions.logs.sources.local_windows import CHANNELS
from desktop_app.extensions.logs.sources.winevent_api import EventLog, WindowsLog

POLL_SECONDS = 1.0
MOST_AT_ONCE = 5_000
_NUMBER = re.compile(r"<EventRecordID>(\d{1,19})</EventRecordID>")


class WinEventFollow:
    """A live source of kind ``winevent``. The first time it begins with what is written from now on.

    The cursor holds the number of the last record of each channel. Channels that the account may not read are left
    out; more rights are never asked for.
    """

    gapless = True

    def __init__(self, cursor: dict[str, Any], log: Callable[[], EventLog] = WindowsLog) -> None:
        self._behind: dict[str, int] = {name: int(number) for name, number in (cursor.get("records") or {}).items()}
        self._open = log
        self._log: EventLog | None = None
        self._channels: list[str] = []
        self._todo: list[str] = []
        self._looked = float("-inf")
        self.problem: WatchdeskError | None = None
        self.address = "wevtapi"

    def start(self) -> None:
        """Find the channels that can be read; SourceUnreadable where there is none."""
        self._log = self._open()
        for channel in CHANNELS:
            newest = self._log.newest(channel)
            if newest is None:
                continue
            self._channels.append(channel)
            last = _number(newest) or 0
            if self._behind.setdefault(channel, last) > last:  # it was cleared and counts anew
                self._behind[channel] = 0
        if not self._channels:
            raise SourceUnreadable(
                text("No channel of the Windows event log can be read."),
                why=text("This account may read none of them, or the service of the event log does not run."),
                fix=text("Let the account be a member of the group Event Log Readers."),
            )

    def stop(self) -> None:
        """Let go of the log."""
        self._log = None
        self._todo = []

    def waiting(self) -> int:
        """Return 0: how many records wait is not known before they are read."""
        return 0

    def take(self, most: int) -> Portion | None:
        """Return the next events of the first channel that has any."""
        if self._log is None:
            return None
        if not self._todo and time.monotonic() - self._looked >= POLL_SECONDS:
            self._looked = time.monotonic()
            self._todo = list(self._channels)
        while self._todo:
            channel = self._todo[0]
            found = self._log.after(channel, self._behind[channel], min(most, MOST_AT_ONCE))
            numbered = [(number, event) for event in found or () if (number := _number(event)) is not None]
            if numbered:
                return self._portion(channel, numbered)
            self._todo.pop(0)
        return None

    def _portion(self, channel: str, found: list[tuple[int, str]]) -> Portion:
        at, before = now(), self._behind[channel]
        # Windows overwrites its oldest events: numbers that are missing behind the last one are gone for good.
        lost = found[0][0] - before - 1 if before else 0
        losses = [Loss(at, at, lost, "rotated")] if lost > 0 else []
        self._behind[channel] = found[-1][0]
        raw = [event for _, event in found]
        return Portion(
            raw, (f"live:winevent:{channel}", channel), WINDOWS_XML.id, at, at, sum(map(len, raw)),
            cursor={"records": dict(self._behind)}, losses=losses,
        )  # fmt: skip


def _number(event: str) -> int | None:
    found = _NUMBER.search(event)
    return int(found[1]) if found else None
