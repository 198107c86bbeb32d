"""Counts of searches, kept while the program runs: segments never change, so only those that came since are read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias, TypeVar

from desktop_app.core.events.beside.tally import Tally, added
from desktop_app.core.events.terms.scope import MARKS, Plan, Search, parsed

Counts: TypeAlias = Mapping[Any, int]  # what was counted -> how many events
Answer: TypeAlias = Counts | Tally
One = TypeVar("One", Counts, Tally)
Run: TypeAlias = Callable[[Plan, Sequence[int]], Sequence[One]]

MOST_VALUES = 400_000  # in all answers together; some 100 bytes each
_NUMBERS = 6  # values of a tally take as much memory as one of a mapping
LARGEST = 100_000  # values of one answer; a longer one may be cut, so nothing is added to it


class Remembered:
    """Keeps what was counted, by question, with the segments in which it was counted; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[frozenset[int], Any]] = OrderedDict()
        self._values = 0

    def ask(self, search: Search, questions: Sequence[Hashable], plan: Plan, run: Run[One], nothing: One) -> list[One]:
        """Answer questions about a search over the segments of its plan, none of them known to be broken.

        ``run`` counts in the segments of the plan that it is given, for the questions of the places that it is given;
        questions that lack the same segments are counted together. What it cannot read goes to ``plan.missing``.
        ``nothing`` is the answer where there is no segment.
        """
        held = {one.id: one for one in plan.segments}
        keys = [(search, one) for one in questions]
        known = [self._known(key, held.keys(), nothing) for key in keys]
        found = [counts for _, counts in known]
        lacking: dict[frozenset[int], list[int]] = {}
        for place, (counted, _) in enumerate(known):
            lacking.setdefault(frozenset(held.keys() - counted), []).append(place)
        # Pins and tags change without a segment that changes.
        lasting = not MARKS & {one.lower() for one in parsed(search.query, search.filters).fields}
        for ids, places in lacking.items():
            if not ids:
                continue
            part = Plan(plan.only(held[one] for one in ids), plan.total, bounds=plan.bounds)
            for place, fresh in zip(places, run(part, places), strict=True):
                if _cut(fresh) and found[place]:
                    found[place] = run(Plan(plan.only(held.values()), plan.total, bounds=plan.bounds), [place])[0]
                else:
                    found[place] = _sum(found[place], fresh)
                if lasting and not part.missing:
                    self._keep(keys[place], frozenset(held), found[place])
            plan.missing += part.missing
        return found

    def _known(self, key: Hashable, held: AbstractSet[int], nothing: One) -> tuple[frozenset[int], One]:
        """Return what is kept, with its segments; nothing where one of them is gone, for no sum tells its share.

        An answer that may be cut is that of its very segments.
        """
        with self._lock:
            known = self._kept.get(key)
            if known is None or not (known[0] == held if _cut(known[1]) else known[0] <= held):
                return frozenset(), nothing
            self._kept.move_to_end(key)
            return known

    def _keep(self, key: Hashable, segments: frozenset[int], counts: Answer) -> None:
        with self._lock:
            self._values += _weight(counts) - _weight(self._kept.pop(key, (None, {}))[1])
            self._kept[key] = segments, counts
            while self._values > MOST_VALUES:
                self._values -= _weight(self._kept.popitem(last=False)[1][1])


def _cut(answer: Answer) -> bool:
    return answer.cut if isinstance(answer, Tally) else len(answer) > LARGEST


def _weight(answer: Answer) -> int:
    """Return how many values of a mapping take as much memory."""
    return len(answer) if not isinstance(answer, Tally) else len(answer.texts) + -(-len(answer.keys) // _NUMBERS)


def _sum(one: One, other: One) -> One:
    if not len(one):
        return other
    if isinstance(one, Tally):
        return added([one, other])
    summed = dict(one)
    for name, number in other.items():
        summed[name] = summed.get(name, 0) + number
    return summed
