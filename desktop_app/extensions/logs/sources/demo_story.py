"""The stage of the sample data: its clock, its people, its machines and the moments when something happens."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.core.model import Micros, moment

Line = tuple[Micros, str]  # when, and the text of one record

SEED = 20_260_101
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
LENGTH = 48 * HOUR
QUIET_END = 3 * MINUTE  # between the last event and now

ATTACKER = "203.0.113.77"
SCANNER = "198.51.100.23"
FOOTHOLD = "10.20.4.31"  # web01, from where the gateway is attacked
PEOPLE = ("m.weber", "li.na", "j.ortega", "a.kowalski", "chen.wei")

# Hours before now.
WEB_SCAN = 10.2
SSH_GUESSING = 9.4
DISK_FULL = 5.6
GATEWAY_GUESSING = 3.2
LOCKOUT = 7.5


@dataclass(frozen=True, slots=True)
class Story:
    """The moment it is told, and its dice."""

    now: Micros
    dice: random.Random

    @property
    def end(self) -> Micros:
        """Return when the last event may be."""
        return self.now - QUIET_END

    def before(self, hours: float, seconds: float = 0.0) -> Micros:
        """Return the moment some hours before now, and some seconds after that."""
        return self.now - int(hours * HOUR) + int(seconds * SECOND)

    def moments(self, count: int, *, day: float = 4.0) -> list[Micros]:
        """Return moments over the whole time, sorted, ``day`` times denser in working hours (UTC) than at night."""
        first, last = self.now - LENGTH, self.end
        found: list[Micros] = []
        while len(found) < count:
            time = self.dice.randrange(first, last)
            if 6 <= time // HOUR % 24 < 18 or self.dice.random() < 1 / day:
                found.append(time)
        return sorted(found)

    def burst(self, start: Micros, count: int, every: float) -> Iterator[Micros]:
        """Yield moments about ``every`` seconds apart."""
        time = start
        for _ in range(count):
            yield time
            time += int(every * SECOND * self.dice.uniform(0.4, 1.6))


def iso(time: Micros) -> str:
    """Return a time as modern syslog daemons write it."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S.%f}+00:00"


def zulu(time: Micros) -> str:
    """Return a time as Windows and most programs write it."""
    return f"{moment(time):%Y-%m-%dT%H:%M:%S.%f}Z"


def clf(time: Micros) -> str:
    """Return a time as web servers write it; English month names whatever the language of the machine."""
    when: dt.datetime = moment(time)
    month = _MONTHS[when.month * 3 - 3 : when.month * 3]
    return f"{when:%d}/{month}/{when:%Y:%H:%M:%S} +0000"
