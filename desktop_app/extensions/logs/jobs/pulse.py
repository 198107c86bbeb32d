"""How a live source fares: its rate, its lag, how long its pauses usually are, and whether it has fallen silent."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from desktop_app.core.model import Micros, moment
from desktop_app.extensions.logs.store.live import MINUTE, silence

SECOND = 1_000_000
WINDOW = MINUTE  # over which the rate is told
ENOUGH = 20  # arrivals until something was learned; a file of a thousand lines that came at once tells of no pauses
FADES = 0.98  # a pause that was long once is forgotten in a hundred shorter ones

SILENT = "source-silent"
Said = tuple[Mapping[str, str], str, str]  # fields, message and level of an event of our own


class Pulse:
    """Listens to one source; ``pause`` and ``arrived`` are what was known of it before. Times in µs UTC."""

    def __init__(self, pause: Micros, arrived: Micros | None, at: Micros) -> None:
        self._pause = pause
        self._arrived = arrived
        self._since = at  # when we began to listen: nothing before is silence
        self._recent: deque[tuple[Micros, int]] = deque()
        self._lag: Micros | None = None
        self._heard = ENOUGH if pause else 0
        self.silent_since: Micros | None = None

    def begin(self, at: Micros) -> None:
        """Note that somebody listens from now on."""
        self._since = at

    def heard(self, first: Micros, last: Micros, events: int, newest: Micros | None) -> Micros | None:
        """Note what arrived; return since when it had been silent, if it had."""
        before = max(self._arrived or 0, self._since)
        pause = max(0, first - before)
        was, self.silent_since = self.silent_since, None
        # What was silence to us is no usual pause; half of it counts, so that a rare source is learned in the end.
        self._pause = max(int(self._pause * FADES), pause // 2 if was else pause)
        self._arrived = last
        self._heard += 1
        self._recent.append((last, events))
        self._lag = None if newest is None else last - newest
        return was

    def threshold(self, configured: int | None) -> Micros | None:
        """Return after how long a pause is silence: the configured minutes (0: never), else what was learned."""
        if configured is not None:
            return configured * MINUTE or None
        if self._heard < ENOUGH:
            return None
        return silence(self._pause)

    def silent(self, configured: int | None, at: Micros) -> Said | None:
        """Return what is to be noted when the source has just fallen silent."""
        limit = self.threshold(configured)
        since = max(self._arrived or 0, self._since)
        if limit is None or self.silent_since is not None or at - since < limit:
            return None
        self.silent_since = since
        minutes = str((at - since) // MINUTE)
        began = f"{moment(since):%Y-%m-%d %H:%M:%SZ}"
        fields = {"event.action": SILENT, "watchdesk.silent_minutes": minutes, "watchdesk.silent_since": began}
        return fields, f"No record has come for {minutes} min", "warning"

    def back(self, since: Micros) -> Said:
        """Return what is to be noted when a silent source is heard again."""
        minutes = str(max(0, (self._arrived or since) - since) // MINUTE)
        fields = {"event.action": "source-heard-again", "watchdesk.silent_minutes": minutes}
        return fields, f"Records come again after {minutes} min", "info"

    def told(self, at: Micros) -> Mapping[str, Any]:
        """Return what the table of live sources holds of this."""
        while self._recent and self._recent[0][0] < at - WINDOW:
            self._recent.popleft()
        seconds = max(1.0, min(at - self._since, WINDOW) / SECOND)
        rate = sum(events for _, events in self._recent) / seconds
        # What was not learned yet must not hold after a restart either.
        learned = self._pause if self._heard >= ENOUGH else 0
        return {"rate": round(rate, 2), "lag": self._lag, "pause": learned}
