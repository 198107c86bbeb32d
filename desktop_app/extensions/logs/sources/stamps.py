"""Times in lines of no known format: a table of the ways in which programs write them.

Which way a file uses is settled once, over its first lines; a line in which it is not found has no time of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.extensions.logs.sources.times import (
    INVALID,
    LOCAL,
    MONTHS,
    YEARLESS,
    clock_micros,
    day_micros,
    epoch_micros,
    fraction_micros,
    offset_micros,
)

REACH = 160  # characters of a line in which its time is looked for
_FIRST_LINES = 500


@dataclass(frozen=True, slots=True)
class Stamp:
    """One way to write a time: an expression with groups y m d, h n s, f (fraction) or ms, z (zone), p (AM/PM), e."""

    id: str
    expression: re.Pattern[str]

    def find(self, line: str) -> re.Match[str] | None:
        """Find the time near the beginning of a line."""
        return self.expression.search(line, 0, REACH)


_BEFORE = r"(?<![\w.:-])"
_CLOCK = r"(?P<h>\d\d):(?P<n>\d\d):(?P<s>\d\d)"
_FRACTION = r"(?:[.,](?P<f>\d{1,9}))?"
_ZONE = r"(?: ?(?P<z>Z\b|UTC\b|GMT\b|[+-](?:0\d|1[0-4]):?[0-5]\d\b))?"
_NAME = r"(?P<m>[A-Z][a-z]{2})"
_AFTER = r"(?!\d)"


def _stamp(name: str, *parts: str) -> Stamp:
    return Stamp(name, re.compile("".join(parts), re.ASCII))


STAMPS = (
    _stamp(
        "iso",
        _BEFORE,
        r"(?P<y>\d{4})([-/.])(?P<m>\d\d)\2(?P<d>\d\d)[T _:-](?P<h>\d\d)([:.])(?P<n>\d\d)\6(?P<s>\d\d)",
        r"(?:[.,:](?P<f>\d{1,9}))?",
        _ZONE,
        _AFTER,
    ),
    _stamp(
        "compact",
        _BEFORE,
        r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)[-T _](?P<h>\d{1,2}):(?P<n>\d{1,2}):(?P<s>\d{1,2})",
        r"(?::(?P<ms>\d{1,3})|[.,](?P<f>\d{1,9}))?",
        _ZONE,
    ),
    _stamp(
        "basic",
        _BEFORE,
        r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)[T_-]?(?P<h>[012]\d)(?P<n>[0-5]\d)(?P<s>[0-5]\d)",
        _FRACTION,
        _ZONE,
        r"(?!\w)",
    ),
    _stamp("clf", _BEFORE, r"(?P<d>\d\d)[/-]", _NAME, r"[/-](?P<y>\d{4})[: ]", _CLOCK, _FRACTION, _ZONE),
    _stamp("words", _BEFORE, r"(?P<d>\d{1,2})[ -]", _NAME, r"[ -](?P<y>\d{4}),? ", _CLOCK, _FRACTION, _ZONE),
    _stamp("ctime", _BEFORE, _NAME, r" +(?P<d>\d{1,2}) ", _CLOCK, _FRACTION, r"(?: [A-Z]{3,4})? (?P<y>\d{4})\b"),
    _stamp(
        "american",
        _BEFORE,
        _NAME,
        r" (?P<d>\d{1,2}), (?P<y>\d{4}),? (?P<h>\d{1,2}):(?P<n>\d\d):(?P<s>\d\d)",
        r" ?(?P<p>[AaPp][Mm])?",
    ),
    _stamp("chinese", r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日 ?", _CLOCK, _FRACTION),
    _stamp(
        "us-half",
        _BEFORE,
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}),? (?P<h>\d{1,2}):(?P<n>\d\d):(?P<s>\d\d)",
        _FRACTION,
        r" ?(?P<p>[AaPp][Mm])",
    ),
    _stamp("day-first", _BEFORE, r"(?P<d>\d{1,2})([./-])(?P<m>\d{1,2})\2(?P<y>\d{4}),? ", _CLOCK, _FRACTION, _ZONE),
    _stamp("month-first", _BEFORE, r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4}),? ", _CLOCK, _FRACTION, _ZONE),
    _stamp(
        "loose",
        _BEFORE,
        r"(?P<y>\d{4})([/-])(?P<m>\d{1,2})\2(?P<d>\d{1,2}) (?P<h>\d{1,2}):(?P<n>\d\d):(?P<s>\d\d)",
        _FRACTION,
        r"(?: ?(?P<p>[AaPp][Mm]))?",
    ),
    _stamp("short-year", _BEFORE, r"(?P<y>\d\d)/(?P<m>\d\d)/(?P<d>\d\d) ", _CLOCK, _FRACTION),
    _stamp("digits", r"^(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d) (?P<h>[012]\d):?(?P<n>[0-5]\d):?(?P<s>[0-5]\d)\b"),
    _stamp("epoch", r"(?<![\w.-])(?P<e>1\d{9}(?:\d{3}|\d{6}|\d{9})?)(?:\.(?P<f>\d{1,9}))?(?![\w.-])"),
    _stamp("named", _BEFORE, _NAME, r" +(?P<d>\d{1,2}) (?P<y>\d{4}) ", _CLOCK, _FRACTION, _ZONE),
    _stamp("yearless", _BEFORE, _NAME, r" +(?P<d>\d{1,2}) ", _CLOCK, _FRACTION),
    _stamp("android", _BEFORE, r"(?P<m>\d\d)[-./](?P<d>\d\d) ", _CLOCK, _FRACTION),
    _stamp("glog", r"^[IWEF](?P<m>\d\d)(?P<d>\d\d) ", _CLOCK, _FRACTION),
)
_BY_ID = {stamp.id: stamp for stamp in STAMPS}


def choose(lines: Sequence[str]) -> Stamp | None:
    """Return the way that reads most of the first lines; the earlier one where two are nearly as good."""
    first = [line for line in lines[:_FIRST_LINES] if line]
    hits = [
        sum((found := stamp.find(line)) is not None and read(found) != INVALID for line in first) for stamp in STAMPS
    ]
    most = max(hits, default=0)
    return (
        next((stamp for stamp, hit in zip(STAMPS, hits, strict=True) if hit * 10 >= most * 9), None) if most else None
    )


def by_id(name: object) -> Stamp | None:
    """Return the way of that name."""
    return _BY_ID.get(str(name))


def read(found: re.Match[str]) -> int:
    """Turn a found time into the code that ``times.resolve`` understands; INVALID where it is no time."""
    part = found.groupdict()
    if part.get("e"):
        whole = epoch_micros(int(part["e"]))
        return whole if whole == INVALID else whole + fraction_micros(part.get("f"))
    clock = clock_micros(f"{_hour(part)}:{int(part['n']):02d}:{int(part['s']):02d}")
    midnight = day_micros(_year(part.get("y")), _month(part["m"]), int(part["d"]))
    if INVALID in {clock, midnight}:
        return INVALID
    fine = int(part["ms"]) * 1000 if part.get("ms") else fraction_micros(part.get("f"))
    return midnight + clock + fine + _flag(part)


def _flag(part: dict[str, str | None]) -> int:
    if not part.get("y"):
        return YEARLESS
    zone = part.get("z")
    return -offset_micros(zone) if zone else LOCAL


def _hour(part: dict[str, str]) -> int:
    half = (part.get("p") or "").lower()
    hour = int(part["h"])
    return hour % 12 + (12 if half == "pm" else 0) if half else hour


def _year(digits: str | None) -> int:
    if digits is None:
        return 2000
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else MONTHS.get(word.lower(), 0)
