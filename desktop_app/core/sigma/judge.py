"""Judging many tallies at once, as arrays: what can be told without looking at each of them.

``correlate`` is the full account of a correlation. Here stand three shortcuts that give the same answer: which of many
groups can fire at all, whether one of them can (a guessed password that was never followed by a success), and plain
counting, vectorised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma.correlate import PATH, comparison, grows
from desktop_app.core.sigma.model import Series, Tallied

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Specs = Mapping[str, Mapping[str, Any]]


def _below(rule_id: str, series: Sequence[Series]) -> dict[str, list[Series]]:
    """Split series by the rule directly below a correlation that they lead to."""
    found: dict[str, list[Series]] = {}
    for one in series:
        path = one.base_id.split(PATH)
        found.setdefault(path[path.index(rule_id) + 1] if rule_id in path else path[0], []).append(one)
    return found


def possible(specs: Specs, rule_id: str, series: Sequence[Series]) -> bool:
    """Say whether a correlation could fire if all its tallies fell into one window. Errs on the side of yes."""
    spec = specs[rule_id]
    if not grows(spec) and spec["type"] != "temporal_ordered":
        return True
    present = [
        ref for ref, members in _below(rule_id, series).items()
        if ref in spec["refs"] and (ref not in specs or possible(specs, ref, members))
    ]  # fmt: skip
    if spec["expression"] is not None:
        return bool(present)
    if spec["type"] == "temporal_ordered":
        return set(spec["refs"]) <= set(present)
    test = comparison(spec["comparisons"])
    if spec["type"] == "temporal":
        return test(len(present))
    if any(ref in specs for ref in spec["refs"]):
        return bool(present)
    return test(_most(spec, series))


def _most(spec: Mapping[str, Any], series: Sequence[Series]) -> int:
    """Return the largest number that a count over plain rules could reach."""
    if spec["type"] == "value_count":
        return len({value for one in series for value in one.distinct if value is not None})
    return sum(map(len, series))


def threshold(spec: Mapping[str, Any]) -> int:
    """Return the least whole number that fulfils comparisons of the kinds gt and gte; at least 1."""
    wanted = (math.floor(number) + 1 if name == "gt" else math.ceil(number) for name, number in spec["comparisons"])
    return int(max(1, *wanted))


def least(specs: Specs, rule_id: str) -> int:
    """Return how many tallies a group must hold before its correlation can fire; 1 where that cannot be told."""
    spec = specs[rule_id]
    below = sorted(least(specs, ref) if ref in specs else 1 for ref in spec["refs"])
    if spec["type"] == "temporal_ordered" and spec["expression"] is None:
        return sum(below)
    if spec["expression"] is not None or not grows(spec):
        return 1
    # Firings of the correlation below may share their tallies, all but one.
    return sum(below[: threshold(spec)]) if spec["type"] == "temporal" else below[0] + threshold(spec) - 1


def promising(specs: Specs, rule_id: str, tallied: Tallied, reach: int) -> Whole:
    """Return the groups in which a correlation may fire. Errs on the side of yes; ``reach`` as RuleSet says it."""
    spec = specs[rule_id]
    groups, times, kind = tallied.groups, tallied.times, spec["type"]
    ordered = kind == "temporal_ordered" and spec["expression"] is None
    if spec["expression"] is not None or not (grows(spec) or ordered):
        return np.unique(groups)
    if kind.startswith("temporal"):
        needed = len(set(spec["refs"])) if ordered else threshold(spec)
        return _various(groups, times, tallied.refs, reach, needed)
    if kind == "value_count" and not any(ref in specs for ref in spec["refs"]):
        held = tallied.codes >= 0
        return _various(groups[held], times[held], tallied.codes[held], spec["span"], threshold(spec))
    return _crowded(groups, times, reach, least(specs, rule_id))


def _crowded(groups: Whole, times: Whole, span: int, needed: int) -> Whole:
    """Return the groups with so many tallies within a span."""
    if len(groups) < needed:
        return groups[:0]
    begin, end = slice(0, len(groups) - needed + 1), slice(needed - 1, None)
    return np.unique(groups[end][(groups[begin] == groups[end]) & (times[end] - times[begin] <= span)])


def _various(groups: Whole, times: Whole, codes: Whole, span: int, needed: int) -> Whole:
    """Return the groups with so many different codes within a span."""
    count = len(groups)
    if count < needed or count * (span + 1) >= np.iinfo(np.int64).max:
        return np.unique(groups) if count >= needed else groups[:0]
    # On one axis for all groups, where whatever lies farther apart than the span lies just so far apart.
    gaps = np.where(np.diff(groups) != 0, span + 1, np.minimum(np.diff(times), span + 1))
    axis = np.concatenate([[0], np.cumsum(gaps)])
    start = np.searchsorted(axis, axis - span, "left")
    before = _before(groups, codes)
    # An earlier tally of the same value is in the windows that end here and later, until they begin after it.
    twins = np.flatnonzero(before >= start)
    until = np.searchsorted(start, before[twins], "right")
    twice = np.bincount(twins, minlength=count + 1) - np.bincount(until, minlength=count + 1)
    distinct = np.arange(count) - start + 1 - np.cumsum(twice)[:count]
    return np.unique(groups[distinct >= needed])


def _before(groups: Whole, codes: Whole) -> Whole:
    """Return for each tally where the last one before it of the same group and value stands; -1 where there is none."""
    order = np.lexsort((codes, groups))  # stable, so that positions ascend
    same = (np.diff(groups[order]) == 0) & (np.diff(codes[order]) == 0)
    before = np.full(len(groups), -1, np.int64)
    before[order[1:][same]] = order[:-1][same]
    return before


def counts_only(specs: Specs, rule_id: str) -> bool:
    """Say whether a correlation only counts matches of plain rules, more being always enough."""
    spec = specs[rule_id]
    plain = spec["type"] == "event_count" and spec["expression"] is None
    return plain and grows(spec) and not any(ref in specs for ref in spec["refs"])


def bursts(series: Sequence[Series], spec: Mapping[str, Any]) -> tuple[list[Mask], list[Mask]]:
    """Return which tallies lie in a window with enough of them, and which of these belong to the last burst.

    A burst is a chain of windows that share a tally.
    """
    needed = threshold(spec)
    times = np.concatenate([one.times for one in series])
    order = np.lexsort((np.concatenate([one.events for one in series]), times))
    ordered = times[order]
    fired, last = np.zeros((2, len(times)), dtype=bool)
    if len(ordered) >= needed:
        starts = np.flatnonzero(ordered[needed - 1 :] - ordered[: len(ordered) - needed + 1] <= spec["span"])
        edges = np.bincount(starts, minlength=len(ordered) + 1) - np.bincount(
            starts + needed, minlength=len(ordered) + 1
        )
        fired[order] = np.cumsum(edges[:-1]) > 0
        last[order[_last_burst(starts, needed)]] = True
    bounds = np.cumsum([len(one) for one in series])[:-1]
    return np.split(fired, bounds), np.split(last, bounds)


def _last_burst(starts: npt.NDArray[np.int64], needed: int) -> slice:
    """Return which positions the last chain of windows covers, from where the windows start."""
    if not len(starts):
        return slice(0, 0)
    breaks = np.flatnonzero(np.diff(starts) >= needed)
    return slice(int(starts[breaks[-1] + 1] if len(breaks) else starts[0]), int(starts[-1]) + needed)
