"""What the rules say of a batch, split by the segments it went into: counts, times, copies of events, base rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import numpy.typing as npt

from desktop_app.core.entities import common
from desktop_app.core.judging.blocks import Block, build
from desktop_app.core.model import ORDINAL_BITS, Column, EventBatch, Evidence, Micros, Times
from desktop_app.core.sigma.columns import MayHold
from desktop_app.core.sigma.model import Match, RuleInfo
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.spans import Held

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


def copied(batch: EventBatch, rows: Rows, base: int) -> dict[int, Evidence]:
    """Copy events of a batch, with the digests of their raw records; ``base`` and an ordinal make an event's id."""
    if not len(rows):
        return {}  # nor is a stored column read for nothing
    names = list(batch.fields)
    columns = [_some(column, rows) for column in batch.fields.values()]
    fields = [
        {name: one for name, one in zip(names, found, strict=True) if one is not None}
        for found in (zip(*columns, strict=True) if columns else [()] * len(rows))
    ]
    fixed = zip(*(_some(one, rows) for one in (batch.host, batch.source, batch.raw, batch.message)), strict=True)
    ids, times = (base | batch.ordinal[rows]).tolist(), batch.time[rows].tolist()
    made = {}
    for row, event_id, time, said, (host, source, raw, message) in zip(
        rows.tolist(), ids, times, fields, fixed, strict=True
    ):
        text = raw or message or ""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        made[row] = Evidence(event_id, time, host, source, text, said, digest)
    return made


def _some(column: Column, rows: Rows) -> Sequence[str | None]:
    return column.take(rows).values if isinstance(column, Held) else [column[row] for row in rows.tolist()]


def quotable(one: Evidence) -> dict[str, str]:
    """Return what texts may quote of an event: the same whether it is just read or was stored."""
    named = {"host": one.host or "", "source": one.source or ""}
    quoted = dict(sorted(one.fields.items())[:MOST_VALUES])
    return {name: value[:LONGEST_VALUE] for name, value in (named | quoted).items()}


def _grouped(batch: EventBatch, rule: RuleInfo, found: Rows, name: str) -> dict[tuple[str, ...], Rows]:
    """Split matching rows by asset, whatever the case of its name, and the extra fields of the rule's fingerprint.

    The rows of each group are in the order of time.
    """
    ordered = found[np.lexsort((batch.ordinal[found], batch.time[found]))]
    hosts = [(one or name).lower() for one in _some(batch.host, ordered)]
    missing = [""] * len(hosts)
    extra = [_some(batch.fields[one], ordered) if one in batch.fields else missing for one in rule.fingerprint]
    keys = zip(hosts, *([one or "" for one in column] for column in extra), strict=True)
    numbers: defaultdict[tuple[str, ...], int] = defaultdict(count().__next__)
    codes = np.fromiter(map(numbers.__getitem__, keys), np.int64, len(hosts))
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
        said, found = SegmentHits(), list[_Found]()
        for match in matches:
            rows = match.rows[inside[match.rows]]
            if len(rows):
                found += _collect(ruleset, batch, Match(match.rule_id, rows), (file_id << ORDINAL_BITS, name), said)
        # An event that several rules match is copied once.
        wanted = np.array(sorted({row for one in found for row in one.sample}), np.int64)
        copies = copied(batch, wanted, file_id << ORDINAL_BITS)
        said.hits += [_hit(batch, one, [copies[row] for row in one.sample]) for one in found]
        yield said


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of one group of a rule's matches, in the order of time, and those of them that are copied."""

    rule: RuleInfo
    key: tuple[str, ...]
    rows: Rows
    sample: list[int]


def _collect(
    ruleset: RuleSet, batch: EventBatch, match: Match, file: tuple[int, str], said: SegmentHits
) -> Iterator[_Found]:
    """Yield the groups of a match; what correlations build on goes to ``said``."""
    base, name = file
    for counted in ruleset.correlation_rows(match, batch):
        if ruleset.rules[counted.rule_id].generates:
            said.base.append(build(counted, batch.time[counted.rows], base | batch.ordinal[counted.rows]))
    rule = ruleset.rules[match.rule_id]
    if not rule.generates:
        return
    groups = _grouped(batch, rule, match.rows, name)
    for key, found in groups.items():
        yield _Found(rule, (batch.host[found[0]] or name, *key[1:]), found, _sample(found, len(groups)))


def _hit(batch: EventBatch, found: _Found, copies: list[Evidence]) -> Hit:
    times = batch.time[found.rows]
    return Hit(
        rule=found.rule,
        asset=found.key[0],
        group=tuple(zip(found.rule.fingerprint, found.key[1:], strict=True)),
        count=len(found.rows),
        first=int(times[0]),
        last=int(times[-1]),
        times=chart(times),
        evidence=copies,
        values=quotable(copies[-1]),
        same=_same(batch, found.rows, copies),
    )


def _same(batch: EventBatch, found: Rows, copies: Sequence[Evidence]) -> dict[str, str]:
    """Return the fields that have one value in all of the rows; most that differ do so among the copies already."""
    likely = common([one.fields for one in copies])
    if len(copies) == len(found):
        return likely
    every = {name: set(_some(batch.fields[name], found)) for name in likely}
    return {name: value for name, value in likely.items() if len(every[name]) == 1}
