"""The words of the house as types: Record, Event, Match, Finding.

Hot paths work on batches, never on one object an event: a batch is a set of columns of some ten thousand rows.
Times are int64 microseconds since 1970 UTC everywhere inside the program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

Micros = int
Times = npt.NDArray[np.int64]
Column = Sequence[str | None]

# id = file << ORDINAL_BITS | ordinal: the same record of the same imported file has the same id after a resume.
ORDINAL_BITS = 32

LEVELS = ("critical", "error", "warning", "info", "debug")


class Severity(IntEnum):
    """OCSF severity_id."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class Status(StrEnum):
    """OCSF status of a finding."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    SUPPRESSED = "suppressed"
    RESOLVED = "resolved"
    ARCHIVED = "archived"


class Verdict(StrEnum):
    """What a person concluded; never merged with the status."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    BENIGN = "benign"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class LogSource:
    """What kind of log an event is, in Sigma's three words; empty where it does not apply.

    Segments never mix log sources. Examples: windows//security, linux//auth, //…/webserver.
    """

    product: str = ""
    category: str = ""
    service: str = ""

    @property
    def name(self) -> str:
        """Stable name used in the catalogue and in file names: the words joined by ``-``."""
        return "-".join(part or "any" for part in (self.product, self.category, self.service))


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Normalised events of one log source, as columns of equal length.

    ``time`` int64 µs UTC; ``ordinal`` the record's number in its file (line from 1; EventRecordID for EVTX) and unique
    in it; ``source`` the application or channel that wrote it (sshd, nginx, Security); ``host`` the machine;
    ``level`` one of LEVELS or None; ``message`` the readable part, None where it equals ``raw``; ``raw`` the record
    as read. ``fields`` holds one column a field: ECS names for text logs, Windows' own names for Windows events;
    values are text, a missing value is None. ``zone_assumed`` says that the lines carried no zone of their own.
    """

    log_source: LogSource
    time: Times
    ordinal: npt.NDArray[np.int64]
    source: Column
    host: Column
    level: Column
    message: Column
    raw: Column
    fields: Mapping[str, Column]
    zone_assumed: bool = False

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.time)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A copy of one event that a finding rests on. ``sha256`` is over ``raw`` in UTF-8."""

    event_id: int
    time: Micros
    host: str | None
    source: str | None
    raw: str
    fields: Mapping[str, str]
    sha256: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one segment adds to one finding."""

    segment_id: int
    count: int
    first: Micros
    last: Micros
    times: tuple[tuple[Micros, int], ...] = ()  # counts by start of a short span, for the small chart


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of one finding, complete for the segments named: it replaces what they had contributed.

    ``group`` holds the group-by values of a correlation (in order; for a plain rule the extra fields of its
    fingerprint); ``asset`` is the host, or the source's name where there is none; ``values`` are what title and texts
    of the rule may quote. ``correlated``: a correlation's claim, about its group whatever the asset; ``silent`` are the
    segments that no longer contribute to it. ``same`` are the fields that have this one value in every event of the
    claim; left empty they are told from the evidence, where that is all there is.
    """

    rule_id: str
    rule_version: str
    severity: Severity
    asset: str
    group: tuple[tuple[str, str], ...]
    contributions: tuple[Contribution, ...]
    evidence: tuple[Evidence, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    correlated: bool = False
    silent: frozenset[int] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict)


def micros(moment: dt.datetime) -> Micros:
    """Return an aware datetime as microseconds since 1970 UTC, exactly."""
    delta = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


_FIRST, _LAST = micros(dt.datetime.min.replace(tzinfo=dt.UTC)), micros(dt.datetime.max.replace(tzinfo=dt.UTC))


def moment(value: Micros) -> dt.datetime:
    """Return microseconds since 1970 UTC as an aware datetime; before year 1 and after 9999, the nearest that there is.

    A log may say any time: the ends of a span around its last moment need not be times any more.
    """
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=min(max(value, _FIRST), _LAST))


def stamp(value: Micros | None) -> str | None:
    """Return a moment as ISO 8601 in UTC."""
    return None if value is None else moment(value).isoformat().replace("+00:00", "Z")


def local(value: Micros, zone: dt.tzinfo) -> dt.datetime:
    """Return a moment in the time of a zone; in UTC at the two ends of time where that zone has none."""
    try:
        return moment(value).astimezone(zone)
    except OverflowError:
        return moment(value)


def now() -> Micros:
    """Return the present, in microseconds UTC; work that must be repeatable takes the clock of its context instead."""
    return micros(dt.datetime.now(dt.UTC))
