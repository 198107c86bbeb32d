"""Correlations over tallies: pure, and exact for any order of arrival, because all tallies of a key are seen at once.

A tally is one match of a base rule. Windows slide: a firing is a smallest stretch of tallies, no longer than the
timespan, that fulfils the condition; stretches that share a tally are one firing. Conditions that more events can undo
(fewer than, exactly, not) are asked of the largest stretches instead. The timespan includes its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from desktop_app.core.model import Micros
from desktop_app.core.sigma.metrics import Collected, Counted, Distinct, Present
from desktop_app.core.sigma.model import Tally

PATH = ">"  # between the rules that lead from a correlation to a base of a base
Interval = tuple[int, int]  # first and last index, both included


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a correlation counts: a tally, or a firing of the correlation below it. ``ref``: which rule.

    A firing below stands for its burst, named by the items it is a stretch of and by its first and last index: a burst
    of n events has up to n firings, so spelling each one out would cost n * n.
    """

    time: Micros
    order: int
    ref: int
    value: str | None
    tallies: tuple[Tally, ...] = ()
    burst: tuple[Sequence[Item], int, int] | None = None


class State(Protocol):
    """A window's contents, changed one item at a time."""

    def add(self, item: Item) -> None:
        """Take an item in."""

    def remove(self, item: Item) -> None:
        """Let an item go."""

    def holds(self) -> bool:
        """Say whether the condition is fulfilled."""


_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "eq": lambda value, limit: value == limit,
    "neq": lambda value, limit: value != limit,
}


def comparison(comparisons: Sequence[Sequence[Any]]) -> Callable[[float], bool]:
    """Return the test that a correlation's condition puts to a number."""
    tests = [(_OPERATORS[name], number) for name, number in comparisons]
    return lambda value: all(test(value, number) for test, number in tests)


def _truth(expression: Any, present: set[str]) -> bool:
    if isinstance(expression, str):
        return expression in present
    sign, argument = expression
    if sign == "!":
        return not _truth(argument, present)
    found = (_truth(one, present) for one in argument)
    return all(found) if sign == "&" else any(found)


def _has_not(expression: Any) -> bool:
    return isinstance(expression, list) and (expression[0] == "!" or any(_has_not(one) for one in expression[1]))


def state_of(spec: Mapping[str, Any]) -> State:
    """Make the empty window of a correlation."""
    kind = spec["type"]
    if spec["expression"] is not None:
        refs = spec["refs"]
        return Present(lambda found: _truth(spec["expression"], {refs[one] for one in found}))
    test = comparison(spec["comparisons"])
    if kind.startswith("temporal"):
        return Present(lambda found: test(len(found)))
    if kind == "event_count":
        return Counted(test)
    if kind == "value_count":
        return Distinct(test)
    return Collected(kind.removeprefix("value_"), test, spec["percentile"] or 50)


def grows(spec: Mapping[str, Any]) -> bool:
    """Say whether more events can only fulfil the condition, never undo it."""
    if spec["expression"] is not None:
        return not _has_not(spec["expression"])
    counts = spec["type"] in ("event_count", "value_count", "temporal")
    return counts and all(name in ("gt", "gte") for name, _ in spec["comparisons"])


def smallest(items: Sequence[Item], span: int, state: State) -> Iterator[Interval]:
    """Yield, for each item that completes one, the shortest stretch that ends there and fulfils the condition."""
    start = 0
    for end, item in enumerate(items):
        state.add(item)
        while item.time - items[start].time > span:
            state.remove(items[start])
            start += 1
        if not state.holds():
            continue
        while True:
            state.remove(items[start])
            if start == end or not state.holds():
                state.add(items[start])
                break
            start += 1
        yield start, end


def largest(items: Sequence[Item], span: int, state: State) -> Iterator[Interval]:
    """Yield the stretches of at most ``span`` that no other contains and that fulfil the condition."""
    end = 0
    for start, item in enumerate(items):
        before = end
        while end < len(items) and items[end].time - item.time <= span:
            state.add(items[end])
            end += 1
        if (end > before or start == 0) and state.holds():
            yield start, end - 1
        state.remove(item)


def ordered(items: Sequence[Item], span: int, refs: Sequence[str]) -> Iterator[Interval]:
    """Yield the shortest stretches in which the rules occur in the order given."""
    names: dict[str, int] = {}
    wanted = [names.setdefault(ref, position) for position, ref in enumerate(refs)]
    begun: list[int | None] = [None] * len(wanted)
    for end, item in enumerate(items):
        for position in range(len(wanted) - 1, -1, -1):
            if wanted[position] != item.ref:
                continue
            begun[position] = end if position == 0 else begun[position - 1]
            start = begun[position]
            if position == len(wanted) - 1 and start is not None and item.time - items[start].time <= span:
                yield start, end


def intervals(spec: Mapping[str, Any], items: Sequence[Item]) -> list[Interval]:
    """Return all stretches that fulfil a correlation, in the order of their ends."""
    if spec["type"] == "temporal_ordered" and spec["expression"] is None:
        return list(ordered(items, spec["span"], spec["refs"]))
    search = smallest if grows(spec) else largest
    return list(search(items, spec["span"], state_of(spec)))


def merged(found: Sequence[Interval]) -> list[Interval]:
    """Join stretches that share an item."""
    joined: list[Interval] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _inner_items(
    specs: Mapping[str, Any], inner_id: str, ref: int, tallies: Sequence[tuple[Tally, Any]]
) -> Iterator[Item]:
    """Run a correlation below another: a stretch counts where it ends, and stands for its whole burst until then."""
    groups: dict[tuple[str, ...], list[tuple[Tally, Any]]] = {}
    for tally, value in tallies:
        key, below = value
        groups.setdefault(tuple(key), []).append((tally, below))
    for members in groups.values():
        items = _items(specs, inner_id, members)
        found = intervals(specs[inner_id], items)
        bursts = merged(found)
        current = 0
        for _, end in found:
            while bursts[current][1] < end:
                current += 1
            yield Item(items[end].time, items[end].order, ref, None, burst=(items, bursts[current][0], end))


def _covered(items: Sequence[Item]) -> set[Tally]:
    """Return the tallies that items stand for, each burst spelled out once."""
    found = {tally for item in items for tally in item.tallies}
    bursts: dict[int, tuple[Sequence[Item], list[Interval]]] = {}
    for item in items:
        if item.burst is not None:
            below, begin, end = item.burst
            bursts.setdefault(id(below), (below, []))[1].append((begin, end))
    for below, stretches in bursts.values():
        for begin, end in merged(stretches):
            found |= _covered(below[begin : end + 1])
    return found


def _items(specs: Mapping[str, Any], rule_id: str, tallies: Sequence[tuple[Tally, Any]]) -> list[Item]:
    """Turn the tallies of one key of a correlation into what it counts, in order of time and event."""
    spec = specs[rule_id]
    position = {ref: number for number, ref in reversed(list(enumerate(spec["refs"])))}
    below: dict[str, list[tuple[Tally, Any]]] = {}
    items: list[Item] = []
    for tally, value in tallies:
        path = tally.base_id.split(PATH)
        ref = path[path.index(rule_id) + 1] if rule_id in path else path[0]
        if ref not in position:
            continue
        if ref in specs:
            below.setdefault(ref, []).append((tally, value))
        else:
            items.append(Item(tally.time, tally.event_id, position[ref], value, (tally,)))
    for ref, members in below.items():
        items.extend(_inner_items(specs, ref, position[ref], members))
    return sorted(items, key=lambda item: (item.time, item.order, item.ref))


def _decode(tally: Tally) -> Any:
    """Return what a tally counts: text, or [key, what it counts] for each correlation in between."""
    return orjson.loads(tally.value) if PATH in tally.base_id and tally.value is not None else tally.value


def firings(
    specs: Mapping[str, Any], rule_id: str, tallies: Sequence[Tally]
) -> list[tuple[tuple[Tally, ...], list[Item]]]:
    """Return each firing as its tallies, in order, and the items counted. ``specs``: all correlations, by id."""
    items = _items(specs, rule_id, [(tally, _decode(tally)) for tally in tallies])
    result = []
    for start, end in merged(intervals(specs[rule_id], items)):
        counted = items[start : end + 1]
        result.append(
            (tuple(sorted(_covered(counted), key=lambda one: (one.time, one.event_id, one.base_id))), counted)
        )
    return result
