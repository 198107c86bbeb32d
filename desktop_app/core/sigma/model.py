"""The words of the Sigma engine: what goes in, what the pipeline gets out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Micros, Severity

Rows = npt.NDArray[np.int64]


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

    ``group_by``: the group-by fields of a correlation, in the order of the keys; ``fields``: names that the rule asks
    for, as it spells them; ``fingerprint``: fields that tell its findings apart beside rule, host and group-by.
    """

    id: str
    version: str
    title: str
    severity: Severity
    generates: bool
    is_correlation: bool
    fingerprint: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    pack: str = ""
    group_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A plain rule that holds of some events of a batch: their row numbers, ascending."""

    rule_id: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class CorrelationRow:
    """One match of a base rule, as a correlation counts it; ``row`` is the event's row in the batch."""

    rule_id: str
    base_id: str
    key: tuple[str, ...]
    row: int
    value: str | None


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
