"""What the rules say of a batch, split by the segments it went into: counts, times, copies of events, base rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import numpy.typing as npt

from desktop_app.core.blocks import Block, build
from desktop_app.core.entities import common
from desktop_app.core.model import ORDINAL_BITS, EventBatch, Evidence, Micros, Times
from desktop_app.core.sigma.columns import MayHold
from desktop_app.core.sigma.model import Match, RuleInfo
from desktop_app.core.sigma.ruleset import RuleSet

MOST_COPIES = 4000  # of what one rule says of one segment
SAMPLE = 5  # evidence from each end of what one segment brings to one finding
CHART_POINTS = 60
LONGEST_VALUE = 500
MOST_VALUES = 80

Rows = npt.NDArray[np.int64]


@dataclass(slots=True)
class Hit:
    """What one segment brings to one finding of a plain rule."""

    rule: RuleInfo
    asset: str
    group: tuple[tuple[str, str], ...]
    count: int
    first: Micros
    last: Micros
    times: tuple[tuple[Micros, int], ...]
    evidence: list[Evidence]
    values: Mapping[str, str]
    same: Mapping[str, str]


@dataclass(slots=True)
class SegmentHits:
    """Everything that the rules say of one segment; ``base``: matches that correlations build on."""

    hits: list[Hit] = field(default_factory=list)
    base: list[Block] = field(default_factory=list)


def chart(times: Times) -> tuple[tuple[Micros, int], ...]:
    """Count times in at most CHART_POINTS equal spans, whole seconds wide."""
    first, last = int(times.min()), int(times.max())
    step = max(1_000_000, -(-(last - first + 1) // CHART_POINTS // 1_000_000) * 1_000_000)
    starts, counts = np.unique((times - first) // step, return_counts=True)
    return tuple((first + int(start) * step, int(count)) for start, count in zip(starts, counts, strict=True))


def _sample(picked: Rows, groups: int) -> list[int]:
    """Choose what is copied of the rows of one group; where a rule has very many groups, the last row only."""
    each = min(SAMPLE, MOST_COPIES // (2 * groups))
    if not each:
        return [int(picked[-1])]
    return picked.tolist() if len(picked) <= 2 * each else [*picked[:each].tolist(), *picked[-each:].tolist()]


def evidence(batch: EventBatch, row: int, event_id: int) -> Evidence:
    """Copy one event of a batch, with the digest of its raw record."""
    raw = batch.raw[row] or batch.message[row] or ""
    fields = {name: one for name, column in batch.fields.items() if (one := column[row]) is not None}
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    return Evidence(event_id, int(batch.time[row]), batch.host[row], batch.source[row], raw, fields, digest)


def quotable(one: Evidence) -> dict[str, str]:
    """Return what texts may quote of an event."""
    named = {"host": one.host or "", "source": one.source or ""}
    quoted = dict(list(one.fields.items())[:MOST_VALUES])
    return {name: value[:LONGEST_VALUE] for name, value in (named | quoted).items()}


def _grouped(batch: EventBatch, rule: RuleInfo, found: Rows, name: str) -> dict[tuple[str, ...], Rows]:
    """Split matching rows by asset, whatever the case of its name, and the extra fields of the rule's fingerprint.

    The rows of each group are in the order of time.
    """
    ordered = found[np.lexsort((batch.ordinal[found], batch.time[found]))]
    rows = ordered.tolist()
    columns = [batch.fields.get(one, [None] * len(batch)) for one in rule.fingerprint]
    keys = (((batch.host[row] or name).lower(), *(column[row] or "" for column in columns)) for row in rows)
    numbers: defaultdict[tuple[str, ...], int] = defaultdict(count().__next__)
    codes = np.fromiter(map(numbers.__getitem__, keys), np.int64, len(rows))
    ends = np.cumsum(np.bincount(codes))[:-1]
    return dict(zip(numbers, np.split(ordered[np.argsort(codes, kind="stable")], ends), strict=True))


def examine(
    ruleset: RuleSet,
    batch: EventBatch,
    parts: Sequence[Rows],
    file_id: int,
    name: str,
    *,
    may_hold: MayHold | None = None,
) -> Iterator[SegmentHits]:
    """Apply the rules once to a batch and yield what they say of each of its parts.

    ``may_hold``: what is known of the texts of the batch, as ``Columns`` takes it.
    """
    matches = ruleset.examine(batch, may_hold)
    for part in parts:
        inside = np.zeros(len(batch), dtype=bool)
        inside[part] = True
        said = SegmentHits()
        for match in matches:
            found = match.rows[inside[match.rows]]
            if len(found):
                _collect(ruleset, batch, Match(match.rule_id, found), (file_id << ORDINAL_BITS, name), said)
        yield said


def _collect(ruleset: RuleSet, batch: EventBatch, match: Match, file: tuple[int, str], said: SegmentHits) -> None:
    base, name = file
    for counted in ruleset.correlation_rows(match, batch):
        if ruleset.rules[counted.rule_id].generates:
            said.base.append(build(counted, batch.time[counted.rows], base | batch.ordinal[counted.rows]))
    rule = ruleset.rules[match.rule_id]
    if not rule.generates:
        return
    groups = _grouped(batch, rule, match.rows, name)
    for key, found in groups.items():
        copies = [evidence(batch, row, base | int(batch.ordinal[row])) for row in _sample(found, len(groups))]
        said.hits.append(_hit(batch, rule, (batch.host[found[0]] or name, *key[1:]), found, copies))


def _hit(batch: EventBatch, rule: RuleInfo, key: tuple[str, ...], found: Rows, copies: list[Evidence]) -> Hit:
    times = batch.time[found]
    return Hit(
        rule=rule,
        asset=key[0],
        group=tuple(zip(rule.fingerprint, key[1:], strict=True)),
        count=len(found),
        first=int(times[0]),
        last=int(times[-1]),
        times=chart(times),
        evidence=copies,
        values=quotable(copies[-1]),
        same=_same(batch, found, copies),
    )


def _same(batch: EventBatch, found: Rows, copies: Sequence[Evidence]) -> dict[str, str]:
    """Return the fields that have one value in all of the rows; most that differ do so among the copies already."""
    likely = common([one.fields for one in copies])
    if len(copies) == len(found):
        return likely
    rows = found.tolist()
    every = {name: set(map(batch.fields[name].__getitem__, rows)) for name in likely}
    return {name: value for name, value in likely.items() if len(every[name]) == 1}
