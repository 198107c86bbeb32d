"""The words of the Sigma engine: what goes in, what the pipeline gets out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Micros, Severity

Rows = npt.NDArray[np.int64]

# Raised by 1 whenever compiled rules or their meaning change: older ones are then made again.
ENGINE = 1


@dataclass(frozen=True, slots=True)
class RuleSource:
    """One rule as the catalogue hands it over. ``enabled`` False: only there because a correlation may build on it."""

    id: str
    version: str
    title: str
    severity: Severity
    compiled: Mapping[str, Any]
    pack: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What the pipeline and the pages know of a rule. ``generates``: its matches become findings of their own.

    ``group_by``: the group-by fields of a correlation, in the order of the keys; ``fingerprint``: fields that tell its
    findings apart beside rule, host and group-by.
    """

    id: str
    version: str
    title: str
    severity: Severity
    generates: bool
    is_correlation: bool
    fingerprint: tuple[str, ...] = ()
    pack: str = ""
    group_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A plain rule that holds of some events of a batch: their row numbers, ascending."""

    rule_id: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class CorrelationRows:
    """The matches of one base rule that a correlation counts, whatever their key: arrays of equal length.

    ``rows``: their rows in the batch; ``groups``: the index of each one's key in ``keys``, of which some may be unused;
    ``distinct`` and ``codes``: what is counted of each, as an index into the values; no values at all where only the
    events themselves are counted.
    """

    rule_id: str
    base_id: str
    rows: Rows
    groups: npt.NDArray[np.int64]
    keys: Sequence[tuple[str, ...]]
    distinct: Sequence[str | None] = ()
    codes: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Tallied:
    """Tallies of many groups of one correlation, sorted by group and time: arrays of equal length.

    ``refs``: the number of the rule directly below that each leads to; ``codes``: the number of the value that is
    counted, the same in all groups, -1 where there is none.
    """

    groups: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64]
    refs: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """Stored tallies of one base rule in one segment, sorted by time and event: arrays of equal length.

    ``distinct`` and ``codes`` as in CorrelationRows.
    """

    base_id: str
    segment_id: int
    times: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64]
    distinct: tuple[str | None, ...] = ()
    codes: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    def __len__(self) -> int:
        """Return the number of tallies."""
        return len(self.times)

    def between(self, start: Micros, end: Micros) -> slice:
        """Return where the tallies of a span lie, both ends included."""
        return slice(int(np.searchsorted(self.times, start, "left")), int(np.searchsorted(self.times, end, "right")))

    def cut(self, part: slice) -> Series:
        """Return a stretch of the series."""
        codes = self.codes[part] if self.distinct else self.codes
        return Series(self.base_id, self.segment_id, self.times[part], self.events[part], self.distinct, codes)

    def tallies(self) -> list[Tally]:
        """Return the tallies one by one."""
        values = [self.distinct[code] for code in self.codes.tolist()] if self.distinct else [None] * len(self)
        return [
            Tally(time, event, self.segment_id, self.base_id, value)
            for time, event, value in zip(self.times.tolist(), self.events.tolist(), values, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Tally:
    """One match of a base rule, as stored: ``base_id`` is the path to the rule, ``value`` what is counted of it."""

    time: Micros
    event_id: int
    segment_id: int
    base_id: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that a correlation came true, with the tallies it rests on and what its title may quote."""

    first: Micros
    last: Micros
    tallies: tuple[Tally, ...]
    values: Mapping[str, str]
