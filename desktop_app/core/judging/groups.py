"""Groups of a correlation with their tallies in hand: what is judged anew, and what a finding then rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from desktop_app.core.database import Connection
from desktop_app.core.judging import blocks, tallies
from desktop_app.core.judging.blocks import Mask, Whole
from desktop_app.core.judging.claims import KEPT_EVIDENCE
from desktop_app.core.judging.tallies import Head
from desktop_app.core.model import Contribution, Micros, Times
from desktop_app.core.sigma.model import Series
from desktop_app.core.sigma.ruleset import RuleSet

EVER = (np.iinfo(np.int64).min, np.iinfo(np.int64).max)

Span = tuple[Micros, Micros]


@dataclass(slots=True)
class Part:
    """The tallies of a group in one block: they begin at ``start`` of it. ``fired``: which are part of a firing."""

    head: Head
    start: int
    series: Series
    fired: Mask
    changed: bool = False


class Group:
    """The tallies of one correlation that share the values of its group-by, as far as they are loaded.

    ``brought``: what its finding holds of each segment, as it stood before.
    """

    def __init__(self, ruleset: RuleSet, rule_id: str, values: Sequence[str]) -> None:
        self._ruleset = ruleset
        self.rule = ruleset.rules[rule_id]
        self.values = values
        self.pairs = tuple(zip(self.rule.group_by, values, strict=True))
        self.parts: list[Part] = []
        self.brought: dict[int, Contribution] = {}
        # The segments that may contribute otherwise than they did, and what the texts quote of the last firing.
        self.affected: set[int] = set()
        self.quoted: Mapping[str, str] = {}

    def stretch(self, first: Micros, last: Micros) -> Span | None:
        """Return from when to when a change can matter: on both sides up to a pause that nothing reaches across."""
        if not self.parts:
            return None
        reach = self._ruleset.reach(self.rule.id)
        times = np.sort(np.concatenate([one.series.times for one in self.parts]))
        low = int(np.searchsorted(times, first - reach, "left"))
        high = int(np.searchsorted(times, last + reach, "right")) - 1
        if low > high:
            return None
        pauses = np.flatnonzero(np.diff(times) > reach)
        before, after = pauses[pauses < low], pauses[pauses >= high]
        start = int(before[-1]) + 1 if len(before) else 0
        end = int(after[0]) if len(after) else len(times) - 1
        return int(times[start]), int(times[end])

    def judge(self, stretch: Span) -> None:
        """Mark the tallies of a stretch that are part of a firing."""
        cuts = [one.series.between(*stretch) for one in self.parts]
        inside = [(one, cut) for one, cut in zip(self.parts, cuts, strict=True) if cut.stop > cut.start]
        series = [one.series.cut(cut) for one, cut in inside]
        masks, self.quoted = self._ruleset.judge(self.rule.id, series, self.values)
        for (one, cut), mask in zip(inside, masks, strict=True):
            self.affected.add(one.series.segment_id)
            if not np.array_equal(one.fired[cut], mask):
                one.fired[cut] = mask
                one.changed = True

    def final(self, loaded: Callable[[Contribution], bool]) -> Micros | None:
        """Return the time of the last tally that is part of a firing; ``loaded``: whether a segment is in hand."""
        here = [int(one.series.times[one.fired][-1]) for one in self.parts if one.fired.any()]
        return max([*here, *(one.last for one in self.elsewhere(loaded))], default=None)

    def elsewhere(self, loaded: Callable[[Contribution], bool]) -> list[Contribution]:
        """Return what segments that are not in hand bring to the finding."""
        return [one for one in self.brought.values() if one.segment_id not in self.affected and not loaded(one)]

    def events(self) -> Whole:
        """Return the events in hand that are part of a firing, in the order of their times."""
        times = np.concatenate([one.series.times[one.fired] for one in self.parts])
        events = np.concatenate([one.series.events[one.fired] for one in self.parts])
        ordered = events[np.lexsort((events, times))]
        # One event may be a tally of several base rules.
        once: Whole = ordered[np.diff(ordered, prepend=-1) != 0]
        return once

    def times(self, segment_id: int) -> Times:
        """Return the times of the events of a segment that are part of a firing; an event counts once."""
        held = [one for one in self.parts if one.series.segment_id == segment_id]
        if not held:
            return np.zeros(0, np.int64)
        events = np.concatenate([one.series.events[one.fired] for one in held])
        times = np.concatenate([one.series.times[one.fired] for one in held])
        return np.sort(times[np.unique(events, return_index=True)[1]])

    def ends(self) -> list[int]:
        """Return the first and the last events that are part of a firing: as many as a finding keeps."""
        events = self.events().tolist()
        return list(dict.fromkeys([*events[:KEPT_EVIDENCE], *events[-KEPT_EVIDENCE:]]))

    def outermost(self, loaded: Callable[[Contribution], bool]) -> set[int]:
        """Return the segments not in hand whose events may be among the first or the last of the finding."""
        others = self.elsewhere(loaded)
        firsts = sorted(one.first for one in others)[:KEPT_EVIDENCE]
        lasts = sorted(one.last for one in others)[-KEPT_EVIDENCE:]
        # Each segment brings one event at least, at its first time and at its last.
        return {one.segment_id for one in others if one.first <= firsts[-1] or one.last >= lasts[0]}


class Held:
    """Groups of one correlation, loaded as far back and forth as anybody has asked.

    ``keys``: what is known of the groups' keys, by hash; a group of which nothing is left has no other name.
    """

    def __init__(self, db: Connection, ruleset: RuleSet, rule_id: str, hashes: Whole, keys: Mapping[int, str]) -> None:
        self._db = db
        self._ruleset = ruleset
        self._rule_id = rule_id
        self._hashes = hashes
        self._bases = ruleset.bases(rule_id)
        self._reach = ruleset.reach(rule_id)
        self._whole = tallies.reach(db, rule_id)
        self._blocks: set[int] = set()
        self._segments: set[int] = set()
        self._covered: Span | None = None
        self._groups: dict[int, Group | None] = {}
        for number, one in enumerate(hashes.tolist()):
            if one in keys:
                self._add(number, keys[one])

    def __iter__(self) -> Iterator[tuple[int, Group]]:
        """Yield the groups that the rule as it is now counts by, each with its number."""
        return iter([(number, group) for number, group in sorted(self._groups.items()) if group is not None])

    def loaded(self, one: Contribution) -> bool:
        """Say whether all that a segment brings is in hand."""
        if one.segment_id in self._segments:
            return True
        return self._covered is not None and self._covered[0] <= one.last and one.first <= self._covered[1]

    def covers(self, span: Span) -> bool:
        """Say whether everything that reaches a span is in hand."""
        low, high = self._covered or (0, 0)
        from_, until = max(span[0] - self._reach, EVER[0]), min(span[1] + self._reach, EVER[1])
        return self._covered is not None and low <= from_ and until <= high

    def cover(self, span: Span) -> None:
        """Load what lies in a span and what reaches it; twice as much as is in hand already, so that few steps do."""
        low, high = max(span[0] - self._reach, EVER[0]), min(span[1] + self._reach, EVER[1])
        if self._covered is not None:
            length = self._covered[1] - self._covered[0]
            low = max(EVER[0], min(low, self._covered[0] - length)) if low < self._covered[0] else self._covered[0]
            high = min(EVER[1], max(high, self._covered[1] + length)) if high > self._covered[1] else self._covered[1]
        self._load(tallies.heads(self._db, self._rule_id, self._bases, low, high))
        self._covered = (
            EVER[0] if low <= self._whole[0] else low,
            EVER[1] if high >= self._whole[1] else high,
        )

    def load_segments(self, segment_ids: Iterable[int]) -> None:
        """Load what the groups have in some segments."""
        wanted = sorted(set(segment_ids) - self._segments)
        if wanted:
            self._load(tallies.heads_of(self._db, self._rule_id, self._bases, wanted))
            self._segments.update(wanted)

    def flush(self) -> None:
        """Store which tallies are part of a firing, where that changed."""
        changed: dict[int, tuple[Head, list[tuple[int, Mask]]]] = {}
        for part in (part for _, group in self for part in group.parts if part.changed):
            changed.setdefault(part.head.id, (part.head, []))[1].append((part.start, part.fired))
            part.changed = False
        for head, places in changed.values():
            tallies.mark(self._db, head, places)

    def _load(self, heads: Iterable[Head]) -> None:
        for head in heads:
            if head.id not in self._blocks:
                self._blocks.add(head.id)
                self._segments.add(head.segment_id)
                self._load_block(head)

    def _load_block(self, head: Head) -> None:
        hashes, ends = tallies.index(self._db, head.id)
        held, places = blocks.find(hashes, self._hashes)
        if not len(held):
            return
        self._name(held.tolist(), places.tolist(), head)
        times, events = tallies.times(self._db, head.id), tallies.events(self._db, head.id)
        distinct, codes = tallies.counted(self._db, head.id)
        fired = tallies.fired(self._db, head)
        begin = blocks.starts(ends)[places].tolist()
        for number, start, end in zip(held.tolist(), begin, ends[places].tolist(), strict=True):
            group = self._groups[number]
            if group is not None:
                cut = slice(start, end)
                values, meant = blocks.compact(distinct, codes[cut]) if distinct else ((), codes[:0])
                # Copies, so that the arrays of the whole block need not stay.
                series = Series(head.base_id, head.segment_id, times[cut].copy(), events[cut].copy(), values,
                                meant.astype(np.int32))  # fmt: skip
                group.parts.append(Part(head, start, series, fired[cut].copy()))

    def _name(self, numbers: Sequence[int], places: Sequence[int], head: Head) -> None:
        if all(number in self._groups for number in numbers):
            return
        keys = tallies.keys(self._db, head.id)
        for number, place in zip(numbers, places, strict=True):
            if number not in self._groups:
                self._add(number, str(keys[place]))

    def _add(self, number: int, key: str) -> None:
        values = orjson.loads(key)
        # A rule that was changed since may group by other fields: what it had counted is only forgotten.
        fits = len(values) == len(self._ruleset.group_by(self._rule_id))
        self._groups[number] = Group(self._ruleset, self._rule_id, values) if fits else None
