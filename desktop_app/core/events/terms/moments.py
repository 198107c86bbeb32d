"""Times as people type them into a search."""

from __future__ import annotations

import datetime as dt
import re

from desktop_app.core.model import Micros, micros

TIME_FIELDS = frozenset({"time", "@timestamp", "ingested", "event.ingested"})

_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,6})\d*)?)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.IGNORECASE,
)
_LENGTHS = (("second", dt.timedelta(seconds=1)), ("minute", dt.timedelta(minutes=1)), ("hour", dt.timedelta(hours=1)))


def span(value: str) -> tuple[Micros, Micros] | None:
    """Return the half-open span that a time names (a year, a day, a minute ...), or None when it is no time.

    ISO 8601, in UTC unless it says otherwise.
    """
    found = _TIME.fullmatch(value.strip())
    if not found:
        return None
    try:
        start, end = _bounds(found)
    except (ValueError, OverflowError):
        return None
    return micros(start), micros(end)


def _bounds(found: re.Match[str]) -> tuple[dt.datetime, dt.datetime]:
    number = {name: int(found[name]) for name in ("year", "month", "day", "hour", "minute", "second") if found[name]}
    start = dt.datetime(**{"month": 1, "day": 1, **number}, tzinfo=_zone(found["zone"]))
    if fraction := found["fraction"]:
        start += dt.timedelta(microseconds=int(fraction.ljust(6, "0")))
        return start, start + dt.timedelta(microseconds=10 ** (6 - len(fraction)))
    for name, length in _LENGTHS:
        if name in number:
            return start, start + length
    if "day" in number:
        return start, start + dt.timedelta(days=1)
    return start, _next(start, whole_year="month" not in number)


def _next(start: dt.datetime, *, whole_year: bool) -> dt.datetime:
    if whole_year or start.month == 12:
        return start.replace(year=start.year + 1, month=1)
    return start.replace(month=start.month + 1)


def _zone(spelled: str | None) -> dt.tzinfo:
    if not spelled or spelled.upper() == "Z":
        return dt.UTC
    digits = spelled[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if spelled[0] == "-" else offset)
