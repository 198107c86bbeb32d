"""logfmt (``level=info msg="..."``, nothing else on the line) and lines that are mostly ``name=value``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources import roles
from desktop_app.extensions.logs.sources.columns import level_of
from desktop_app.extensions.logs.sources.cutting import ANY, HOST, LEVEL, MESSAGE, PROGRAM, TIME, CutLines, Told
from desktop_app.extensions.logs.sources.pairs import made_of

_ROLES = (
    (TIME, roles.TIME),
    (LEVEL, roles.LEVEL),
    (MESSAGE, roles.MESSAGE),
    (HOST, roles.HOST),
    (PROGRAM, roles.PROGRAM),
)
_STARTS = re.compile(r"[A-Za-z_@][\w.@/-]{0,99}=", re.ASCII)
_TIME = re.compile(
    r"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?"
    r"|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?)\]?",
    re.ASCII,
)


def with_roles(said: dict[str, str]) -> Told:
    """Return pairs with those that are time, level, message, host and program under the names of these too."""
    lower = {name.lower(): name for name in reversed(said)}
    told: Told = dict(said)
    for role, names in _ROLES:
        name = _first(lower, names)
        if name is not None:
            told[role] = said[name]
            if role in {MESSAGE, LEVEL}:
                told.pop(name, None)
    return told


def level_in(said: dict[str, str]) -> str | None:
    """Return the word for the level among pairs."""
    name = _first({name.lower(): name for name in reversed(said)}, roles.LEVEL)
    return None if name is None else said[name]


def _first(lower: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((lower[one] for one in names if one in lower), None)


class Logfmt(CutLines):
    """Pairs and nothing else."""

    id = "logfmt"
    title = text("logfmt")
    log_source = LogSource(category="application", service="logfmt")
    program = None
    stamp = ANY
    sure = 0.9

    def cut(self, line: str) -> Told | None:
        """Read the pairs of a line that begins with one and has a time or a level."""
        if _STARTS.match(line) is None:
            return None
        told = with_roles(made_of(line) or {})
        return told if {TIME, LEVEL} & told.keys() else None


class KeyValue(CutLines):
    """A time, perhaps more, then mostly pairs."""

    id = "keyvalue"
    title = text("Lines of name=value")
    log_source = LogSource(category="application", service="keyvalue")
    program = None
    stamp = ANY
    sure = 0.8

    def cut(self, line: str) -> Told | None:
        """Read the pairs; a time and a level before them count as such."""
        said = made_of(line)
        if said is None:
            return None
        told = with_roles(said)
        if before := _TIME.match(line):
            told[TIME] = before[1]
        words = line[before.end() if before else 0 :][:80].replace("[", " ").replace("]", " ").split()
        if LEVEL not in told and (word := next((one for one in words[:3] if level_of(one) and len(one) > 1), None)):
            told[LEVEL] = word
        return told if TIME in told else None


LOGFMT, KEY_VALUE = Logfmt(), KeyValue()
FORMATS = (LOGFMT, KEY_VALUE)
