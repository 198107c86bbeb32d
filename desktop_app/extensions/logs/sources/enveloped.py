"""What devices and servers send by syslog: a message of a shape of its own, with or without the header before it."""

from __future__ import annotations

import re
from abc import abstractmethod

from desktop_app.extensions.logs.sources.columns import SYSLOG_LEVELS
from desktop_app.extensions.logs.sources.cutting import ANY, HOST, LEVEL, TIME, CutLines, Told
from desktop_app.extensions.logs.sources.syslog_lines import tidy

_REACH = 400  # characters in which the message must begin
_HEAD = re.compile(
    r"(?:<(?P<pri>\d{1,3})>)?(?:\d{1,2} )?(?:\d+: )?[*.]?"
    r"(?:(?:(?P<bsd>[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    r"|(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)):? ?)?"
    r"(?:(?P<host>[^\s:=\[\"%]+)(?=[\s:]|$))?",
    re.ASCII,
)


class EnvelopedLines(CutLines):
    """A format told by a mark anywhere near the beginning of a line; what stands before it is the header."""

    mark: re.Pattern[str]
    within = ""  # what every mark holds, where looking for that first is much quicker
    stamp = ANY

    @abstractmethod
    def inner(self, head: str, found: re.Match[str]) -> Told | None:
        """Return what the message says: ``found`` is the mark in the line, ``head`` the text before it."""

    def cut(self, line: str) -> Told | None:
        """Read the header, then the message."""
        near = self.mark.search(line, 0, _REACH) if self.within in line else None
        if near is None:
            return None
        found = self.mark.match(line, near.start()) or near  # the mark itself may reach further
        head = line[: found.start()]
        said = self.inner(head, found)
        if said is None:
            return None
        outer = header(head)
        return {**outer, **{name: value for name, value in said.items() if value}}


def header(head: str) -> Told:
    """Return time, host and level of a header of syslog."""
    found = _HEAD.match(head)
    if found is None:
        return {}
    pri, bsd, iso, host = found.group("pri", "bsd", "iso", "host")
    told: Told = {TIME: iso or (tidy(bsd) if bsd else None), HOST: host if bsd or iso else None}
    if pri and int(pri) < 192:
        told[LEVEL] = SYSLOG_LEVELS[int(pri) % 8]
    return told


def keep(names: dict[str, str], found: dict[str, str], prefix: str = "") -> Told:
    """Return pairs under ECS names where there are such, under their own with a prefix otherwise."""
    told: Told = {}
    for name, value in found.items():
        told.setdefault(names.get(name) or f"{prefix}{name}", value)
    return told
