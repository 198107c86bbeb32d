"""Moments and durations as sentences: stored in UTC, shown in the time of the site."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from desktop_app.core import model
from desktop_app.core.model import Micros, micros
from desktop_app.core.text import Text, ntext, text

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def local(time: Micros, zone: ZoneInfo) -> dt.datetime:
    """Return a moment in the time of the site."""
    return model.local(time, zone)


def midnight(date: dt.date, zone: ZoneInfo) -> Micros:
    """Return the first moment of a day of the site."""
    return micros(dt.datetime.combine(date, dt.time(), zone))


def stamp(time: Micros, zone: ZoneInfo) -> str:
    """Return date and time to the second, without the offset: ``2026-11-22 14:31:07``."""
    return f"{local(time, zone):%Y-%m-%d %H:%M:%S}"


def iso(time: Micros, zone: ZoneInfo) -> str:
    """Return the machine-readable form with its offset, for ``<time datetime>``."""
    return local(time, zone).isoformat(timespec="milliseconds")


def fine(time: Micros, zone: ZoneInfo) -> str:
    """Return the time of day to the millisecond: ``14:31:07.340``."""
    return f"{local(time, zone):%H:%M:%S.%f}"[:-3]


def offset(time: Micros, zone: ZoneInfo) -> str:
    """Return the distance from UTC at a moment: ``UTC+8``, ``UTC+5:30``, ``UTC``."""
    shift = local(time, zone).utcoffset() or dt.timedelta()
    minutes = int(shift.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" if minutes else "") + (f":{rest:02d}" if rest else "")


def clock(time: Micros, zone: ZoneInfo, now: Micros) -> Text:
    """Say when something was: today and yesterday by name, other days by date."""
    when, present = local(time, zone), local(now, zone)
    days = (present.date() - when.date()).days
    if days == 0:
        return text("today %(time)s", time=f"{when:%H:%M:%S}")
    if days == 1:
        return text("yesterday %(time)s", time=f"{when:%H:%M:%S}")
    return text("%(date)s %(time)s", date=f"{when:%Y-%m-%d}", time=f"{when:%H:%M:%S}")


def age(time: Micros, now: Micros) -> Text:
    """Say how old something is, briefly: for a column of its own."""
    passed = max(now - time, 0)
    if passed < MINUTE:
        return text("now")
    if passed < HOUR:
        return text("%(num)s min", num=passed // MINUTE)
    if passed < DAY:
        return text("%(num)s h", num=passed // HOUR)
    return text("%(num)s d", num=passed // DAY)


def ago(time: Micros, now: Micros) -> Text:
    """Say how long ago something was, as a sentence reads it."""
    passed = now - time
    if passed < MINUTE:
        return text("just now")
    if passed < HOUR:
        return ntext("%(num)s minute ago", "%(num)s minutes ago", num=passed // MINUTE)
    if passed < DAY:
        return ntext("%(num)s hour ago", "%(num)s hours ago", num=passed // HOUR)
    return ntext("%(num)s day ago", "%(num)s days ago", num=passed // DAY)


def span(length: Micros) -> Text:
    """Say how long something took, in its two largest units."""
    if length < SECOND:
        return text("%(num)s ms", num=length // 1000)
    seconds = length // SECOND
    if seconds < 60:
        return text("%(num)s s", num=seconds)
    if seconds < 3600:
        return text("%(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60)
    if seconds < 86_400:
        return text("%(hours)s h %(minutes)s min", hours=seconds // 3600, minutes=seconds % 3600 // 60)
    return text("%(days)s d %(hours)s h", days=seconds // 86_400, hours=seconds % 86_400 // 3600)
