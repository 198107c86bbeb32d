"""Evidence as lines: what a person reads of a record, with the values that made the rule fire marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from desktop_app.core.findings import FindingRow
from desktop_app.core.model import Evidence

SHOWN_FIRST, SHOWN_LAST = 3, 2
LONGEST_LINE = 400
SHORTEST_MARK = 3  # single letters and digits would be marked all over the line
# What tells most about a Windows event comes first in its line; what every event carries tells nothing there.
_LEADING = ("EventID", "TargetUserName", "IpAddress", "WorkstationName", "Image", "CommandLine", "ServiceName",
            "ImagePath", "TaskName", "ThreatName", "SubjectUserName", "User", "DestinationIp", "TargetFilename",
            "TargetObject", "ScriptBlockText")  # fmt: skip
EVERYWHERE = frozenset({"Channel", "Computer", "EventRecordID", "Level", "Provider_Name", "Provider_Guid", "Keywords",
                         "Opcode", "Task", "Version", "Execution_ProcessID", "Execution_ThreadID"})  # fmt: skip
_NOTHING = frozenset({"-", "(null)"})  # what Windows writes where it has nothing to say
_WORDS = ("message", "msg", "MESSAGE")
# The time stands before the line already, and the host beside it: what the line says must not be pushed out of sight.
_STAMPED = re.compile(r"(?:<\d{1,3}>(?:\d )?)?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)? +")
_KIND = ("EventID", "event.action", "event.outcome")


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its line as (text, whether it is marked), and the copy that it comes from.

    ``hit`` says that it differs in kind from the first one: the success after the failures.
    """

    parts: tuple[tuple[str, bool], ...]
    copy: Evidence
    hit: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """The first and the last records; ``hidden`` lie between them and are not shown."""

    first: tuple[Line, ...]
    hidden: int
    last: tuple[Line, ...]


def line(copy: Evidence, marks: Iterable[str] = ()) -> str:
    """Return a record as one line: text without its leading time and host, a structured record by what tells most."""
    structured = copy.raw.lstrip().startswith(("{", "["))
    flat = _from_fields(copy, frozenset(marks)) if structured else _unstamped(" ".join(copy.raw.split()), copy.host)
    return flat if len(flat) <= LONGEST_LINE else flat[:LONGEST_LINE] + "…"


def _unstamped(flat: str, host: str | None) -> str:
    stamp = _STAMPED.match(flat)
    rest = flat[stamp.end() :] if stamp else ""
    if not rest:
        return flat
    return rest.removeprefix(f"{host} ") if host else rest


def _words(raw: str) -> str:
    """Return the sentence that a JSON record carries, empty where it has none."""
    try:
        record = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ""
    named = (record.get(name) for name in _WORDS) if isinstance(record, dict) else ()
    return next((" ".join(one.split()) for one in named if isinstance(one, str) and one), "")


def _kind(copy: Evidence) -> tuple[str | None, ...]:
    return tuple(copy.fields.get(name) for name in _KIND)


def _from_fields(copy: Evidence, marks: frozenset[str]) -> str:
    """Return the values that made the rule fire, then the telling ones, then the others by name.

    Noughts and single letters tell nothing without their name, even where the rule quotes them.
    """
    filled = {name: " ".join(one.split()) for name, one in copy.fields.items() if one and one not in _NOTHING}
    telling = {one for one in marks if len(one) >= SHORTEST_MARK}
    first = [name for name in filled if name == "EventID"] + [name for name in filled if filled[name] in telling]
    leading = list(dict.fromkeys([*first, *(name for name in _LEADING if name in filled)]))
    others = sorted(filled.keys() - set(leading) - EVERYWHERE)
    told = [filled[name] for name in leading] + [f"{name}={filled[name]}" for name in others]
    if "EventID" not in filled:
        told.insert(0, _words(copy.raw))
    return "  ".join(one for one in told if one) or " ".join(copy.raw.split())


def marked(shown: str, values: Iterable[str], shortest: int = SHORTEST_MARK) -> tuple[tuple[str, bool], ...]:
    """Cut a line into (text, marked) so that each of the values stands out, whatever its case."""
    wanted = sorted({one for one in values if len(one) >= shortest}, key=len, reverse=True)
    if not wanted:
        return ((shown, False),)
    found = re.compile("(" + "|".join(re.escape(one) for one in wanted) + ")", re.IGNORECASE)
    pieces = found.split(shown)
    return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)


def wanted(row: FindingRow, told: str) -> list[str]:
    """Return the values of a finding to be marked: its group's, and those that the rule's own words (``told``) quote.

    A rule hands on every field of its event; marking all of them would mark the whole line.
    """
    quoted = [one for one in row.values.values() if len(one) >= SHORTEST_MARK and one != row.asset and one in told]
    return [*(one for _, one in row.group), *quoted]


def lines(copies: Sequence[Evidence], count: int, marks: Iterable[str]) -> Lines:
    """Return the records to show of a finding with ``count`` matches; ``copies`` are in the order of time."""
    wanted_marks = list(marks)
    made = [
        Line(marked(line(copy, wanted_marks), wanted_marks), copy, _kind(copy) != _kind(copies[0])) for copy in copies
    ]
    if count <= SHOWN_FIRST + SHOWN_LAST and len(made) == count:
        return Lines(tuple(made), 0, ())
    first, last = made[:SHOWN_FIRST], made[SHOWN_FIRST:][-SHOWN_LAST:]
    return Lines(tuple(first), max(0, count - len(first) - len(last)), tuple(last))
