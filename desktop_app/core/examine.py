"""What the rules say of a batch, split by the segments it went into: counts, times, copies of events, base rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from desktop_app.core.blocks import Block, build
from desktop_app.core.entities import common
from desktop_app.core.model import ORDINAL_BITS, EventBatch, Evidence, Micros, Times
from desktop_app.core.sigma.model import Match, RuleInfo
from desktop_app.core.sigma.ruleset import RuleSet

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


def _sample(picked: Sequence[int]) -> list[int]:
    return list(picked) if len(picked) <= 2 * SAMPLE else [*picked[:SAMPLE], *picked[-SAMPLE:]]


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


def _grouped(batch: EventBatch, rule: RuleInfo, found: Sequence[int], name: str) -> Mapping[tuple[str, ...], list[int]]:
    """Split matching rows by asset, whatever the case of its name, and the extra fields of the rule's fingerprint."""
    columns = [batch.fields.get(field, [None] * len(batch)) for field in rule.fingerprint]
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in found:
        asset = (batch.host[row] or name).lower()
        groups[asset, *(column[row] or "" for column in columns)].append(row)
    return groups


def examine(
    ruleset: RuleSet, batch: EventBatch, parts: Sequence[Rows], file_id: int, name: str
) -> Iterator[SegmentHits]:
    """Apply the rules once to a batch and yield what they say of each of its parts."""
    matches = ruleset.examine(batch)
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
    for key, found in _grouped(batch, rule, match.rows.tolist(), name).items():
        said.hits.append(_hit(batch, rule, key[1:], found, file))


def _hit(batch: EventBatch, rule: RuleInfo, key: tuple[str, ...], found: list[int], file: tuple[int, str]) -> Hit:
    base, name = file
    found.sort(key=lambda row: (int(batch.time[row]), int(batch.ordinal[row])))
    times = batch.time[found]
    copies = [evidence(batch, row, base | int(batch.ordinal[row])) for row in _sample(found)]
    return Hit(
        rule=rule,
        asset=batch.host[found[0]] or name,
        group=tuple(zip(rule.fingerprint, key, strict=True)),
        count=len(found),
        first=int(times[0]),
        last=int(times[-1]),
        times=chart(times),
        evidence=copies,
        values=quotable(copies[-1]),
        same=_same(batch, found, copies),
    )


def _same(batch: EventBatch, found: list[int], copies: Sequence[Evidence]) -> dict[str, str]:
    """Return the fields that have one value in all of the rows; most that differ do so among the copies already."""
    likely = common([one.fields for one in copies])
    if len(copies) == len(found):
        return likely
    return {name: value for name, value in likely.items() if all(batch.fields[name][row] == value for row in found)}
