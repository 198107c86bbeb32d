"""When something recurs: every hour, day, week or month at a time of the site. Pure: no clock, no database.

A time that a change to summer time leaves out is taken as long after the change as it would have been; a time that
comes twice counts once, the first time.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, micros, moment
from desktop_app.core.text import Text, text

Every = Literal["hour", "day", "week", "month"]
HOUR = 3_600_000_000
EVERY: tuple[Every, ...] = get_args(Every)

WEEKDAYS = (
    text("every Monday at %(time)s"),
    text("every Tuesday at %(time)s"),
    text("every Wednesday at %(time)s"),
    text("every Thursday at %(time)s"),
    text("every Friday at %(time)s"),
    text("every Saturday at %(time)s"),
    text("every Sunday at %(time)s"),
)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often, and when. ``hour`` and ``minute`` are of the site's day (an hourly one uses the minute alone).

    ``weekday`` 0 is Monday; ``day`` 1 to 31 is a day of the month, its last one where the month is shorter.
    Raises UsageError for values that name no time.
    """

    every: Every = "day"
    hour: int = 0
    minute: int = 0
    weekday: int = 0
    day: int = 1

    def __post_init__(self) -> None:
        named = 0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.weekday < 7 and 1 <= self.day <= 31
        if self.every not in EVERY or not named:
            raise UsageError(text("This names no time of a schedule."), fix=text("Choose a day, and a time as 06:30."))

    def to_json(self) -> dict[str, object]:
        """Return what ``from_json`` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Cadence:
        """Read back a stored cadence."""
        numbers = {name: int(str(stored[name])) for name in ("hour", "minute", "weekday", "day")}
        return cls(cast("Every", stored["every"]), **numbers)

    def told(self) -> Text:
        """Say how often, as a sentence reads it."""
        time = f"{self.hour:02d}:{self.minute:02d}"
        if self.every == "hour":
            return text("every hour at minute %(minute)s", minute=f"{self.minute:02d}")
        if self.every == "week":
            return Text(WEEKDAYS[self.weekday].id, {"time": time})
        if self.every == "month":
            return text("every month on day %(day)s at %(time)s", day=self.day, time=time)
        return text("every day at %(time)s", time=time)


def next_after(cadence: Cadence, after: Micros, zone: ZoneInfo) -> Micros:
    """Return the first time strictly after a moment."""
    return next(one for one in _around(cadence, after, zone) if one > after)


def last_until(cadence: Cadence, until: Micros, zone: ZoneInfo) -> Micros:
    """Return the last time at or before a moment."""
    return [one for one in _around(cadence, until, zone) if one <= until][-1]


def before(cadence: Cadence, slot: Micros, zone: ZoneInfo) -> Micros:
    """Return the time before one: what lies between the two is the period that a run looks back on."""
    return last_until(cadence, slot - 1, zone)


def _around(cadence: Cadence, at: Micros, zone: ZoneInfo) -> list[Micros]:
    """Return times in order, at least one on either side of a moment."""
    if cadence.every == "hour":
        hour = micros(moment(at).astimezone(zone).replace(minute=cadence.minute, second=0, microsecond=0))
        return [hour + shift * HOUR for shift in (-1, 0, 1)]
    today = moment(at).astimezone(zone).date()
    time = dt.time(cadence.hour, cadence.minute)
    return sorted(micros(dt.datetime.combine(day, time, zone)) for day in _days(cadence, today))


def _days(cadence: Cadence, today: dt.date) -> Iterator[dt.date]:
    if cadence.every == "month":
        for shift in (-1, 0, 1):
            year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
            yield dt.date(year, month + 1, min(cadence.day, calendar.monthrange(year, month + 1)[1]))
        return
    step = 7 if cadence.every == "week" else 1
    off = (cadence.weekday - today.weekday()) % 7 if cadence.every == "week" else 0
    for shift in (-step, 0, step):
        yield today + dt.timedelta(days=off + shift)
