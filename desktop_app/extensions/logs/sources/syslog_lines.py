"""How one line of syslog is cut: an expression for each of the three shapes, and a careful way for odd lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.core.model import Column
from desktop_app.extensions.logs.sources.columns import Row, Shape, level_of
from desktop_app.extensions.logs.sources.times import MONTHS

# The columns of a row: pri, time, host, program, pid, message id, structured data, message.
WIDTH = 8
_NOTHING: Row = (None,) * WIDTH

_PRI = r"(?:<(\d{1,3})>)"
_BSD_TIME = r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"
# T and zone are required: a space and no zone is how programs write logs of their own.
_ISO_TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d))"
_REST = r"([^ ]+) ([^\s:\[]+)(?:\[(\d+)\])?: ?(.*)"
_WORD = r"(?:-|([!-~]+))"  # RFC 5424: printable ASCII, a dash for nothing
_DATA = r'(?:-|((?:\[[^\]"]*(?:"(?:[^"\\]|\\.)*"[^\]"]*)*\])+))'


def _shape(expression: str, *places: int) -> Shape:
    return Shape(re.compile(expression, re.DOTALL).fullmatch, places)


SHAPES = (
    _shape(rf"{_BSD_TIME} {_REST}", 1, 2, 3, 4, 7),
    _shape(rf"{_ISO_TIME} {_REST}", 1, 2, 3, 4, 7),
    _shape(rf"{_PRI}{_BSD_TIME} {_REST}", 0, 1, 2, 3, 4, 7),
    _shape(rf"{_PRI}{_ISO_TIME} {_REST}", 0, 1, 2, 3, 4, 7),
    _shape(
        rf"<(\d{{1,3}})>\d{{1,2}} (?:-|{_ISO_TIME}) {_WORD} {_WORD} {_WORD} {_WORD} {_DATA}(?: \ufeff?(.*))?",
        *range(WIDTH),
    ),
)
WITHOUT_PRI = SHAPES[:2]
_BSD_ANY = r"([A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?):?"
_ODD = re.compile(rf"{_PRI}?(?:\*|\.)?(?:{_BSD_ANY}|{_ISO_TIME}) (.*)", re.DOTALL).fullmatch
_ODD_TAG = re.compile(
    r"([^ ]+) ([^:\[\]]{1,64}?)(?:\(\d+\))?(?:\[(\d+)\])?(?: \([^()]*\))?: ?(.*)", re.DOTALL
).fullmatch
_REPEATED = re.compile(r"(?:--- )?last message repeated")
_YEAR = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(.*)")
_ELEMENT = re.compile(r'\[([^ \]"=]+)((?: [^ \]"=]+="(?:[^"\\]|\\.)*")*)\]')
_PARAM = re.compile(r' ([^ \]"=]+)="((?:[^"\\]|\\.)*)"')
_MOST_PARAMS = 200  # columns that structured data may add to a batch


def fastest(lines: Sequence[str]) -> Shape:
    """Return the shape that reads most of some lines."""
    return max(SHAPES, key=lambda shape: sum(shape.match(line) is not None for line in lines))


def careful(line: str) -> Row:
    """Cut a line of any shape: programs with spaces, a year in the time, no program at all."""
    for shape in SHAPES:
        if found := shape.match(line):
            row: list[str | None] = [None] * WIDTH
            for place, value in zip(shape.places, found.groups(), strict=True):
                row[place] = value
            return tuple(row)
    found = _ODD(line)
    if found is None:
        return _NOTHING
    pri, bsd, iso, rest = found.groups()
    stamp = iso or tidy(bsd)
    if _REPEATED.match(rest):
        return (pri, stamp, None, None, None, None, None, rest)
    if tag := _ODD_TAG(rest):
        host, program, pid, message = tag.groups()
        return (pri, stamp, host, program, pid, None, None, message)
    host, _, message = rest.partition(" ")
    return (pri, stamp, host, None, None, None, None, message)


def is_plausible(row: Row) -> bool:
    """Say whether a row names a program, and a host where other kinds of logs have their level."""
    host, program = row[2], row[3]
    return program is not None and level_of((host or "").strip("[]")) is None


def tidy(stamp: str) -> str:
    """``Jun 4 2024 15:16:01`` becomes ISO 8601; without a year the day takes two places."""
    found = _YEAR.fullmatch(stamp)
    if found is None:
        return stamp
    month, day, year, clock = found.groups()
    if year and month.lower() in MONTHS:
        return f"{year}-{MONTHS[month.lower()]:02d}-{int(day):02d} {clock}"
    return f"{month} {int(day):2d} {clock}"


def program_name(tag: str | None) -> str | None:
    """``sshd(pam_unix)`` is sshd, ``/usr/sbin/cron`` is cron; ``postfix/smtpd`` stays."""
    if tag is None:
        return None
    name = tag.partition("(")[0] or tag
    return name.rpartition("/")[2] or name if name.startswith("/") else name


def structured(column: Sequence[str | None]) -> dict[str, Column]:
    """Read structured data (RFC 5424, 6.3) into one column a parameter."""
    columns: dict[str, list[str | None]] = {}
    if column.count(None) == len(column):
        return {}
    for row, data in enumerate(column):
        for element, params in _ELEMENT.findall(data) if data else ():
            for name, value in _PARAM.findall(params):
                key = f"log.syslog.structured_data.{element}.{name}"
                if key in columns or len(columns) < _MOST_PARAMS:
                    columns.setdefault(key, [None] * len(column))[row] = re.sub(r'\\(["\\\]])', r"\1", value)
    return dict(columns)
