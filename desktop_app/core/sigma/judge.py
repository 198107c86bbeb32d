"""Judging many tallies at once, as arrays: what can be told without looking at each of them.

``correlate`` is the full account of a correlation. Here stand two shortcuts that give the same answer: a group that
cannot fire at all (a guessed password that was never followed by a success), and plain counting, vectorised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma.correlate import PATH, comparison, grows
from desktop_app.core.sigma.model import Series

Mask = npt.NDArray[np.bool_]
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
    return sum(len(one) for one in series)


def counts_only(specs: Specs, rule_id: str) -> bool:
    """Say whether a correlation only counts matches of plain rules, more being always enough."""
    spec = specs[rule_id]
    plain = spec["type"] == "event_count" and spec["expression"] is None
    return plain and grows(spec) and not any(ref in specs for ref in spec["refs"])


def bursts(series: Sequence[Series], spec: Mapping[str, Any]) -> tuple[list[Mask], tuple[int, int] | None]:
    """Return which tallies lie in a window with enough of them, and from when to when the last burst lasted."""
    needed = max(int(number) + (name == "gt") if float(number).is_integer() else int(-(-number // 1))
                 for name, number in spec["comparisons"])  # fmt: skip
    needed = max(needed, 1)
    times = np.concatenate([one.times for one in series])
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    if len(ordered) < needed:
        return [np.zeros(len(one), dtype=bool) for one in series], None
    starts = np.flatnonzero(ordered[needed - 1 :] - ordered[: len(ordered) - needed + 1] <= spec["span"])
    edges = np.zeros(len(ordered) + 1, np.int64)
    np.add.at(edges, starts, 1)
    np.add.at(edges, starts + needed, -1)
    inside = np.cumsum(edges[:-1]) > 0
    fired = np.zeros(len(times), dtype=bool)
    fired[order] = inside
    masks = np.split(fired, np.cumsum([len(one) for one in series])[:-1])
    return masks, _last_burst(ordered, starts, needed)


def _last_burst(ordered: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], needed: int) -> tuple[int, int] | None:
    """Return the first and the last time of the last chain of windows that share a tally."""
    if not len(starts):
        return None
    breaks = np.flatnonzero(np.diff(starts) >= needed)
    first = int(starts[breaks[-1] + 1] if len(breaks) else starts[0])
    return int(ordered[first]), int(ordered[int(starts[-1]) + needed - 1])
