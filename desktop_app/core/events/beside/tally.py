"""How often values stand somewhere: short ones are numbers (``packed``), of which a million are added up at once."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from desktop_app.core.events.beside.packed import Keys, pack, unpack
from desktop_app.core.spans import Spans

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Values and how many events have each.

    ``keys`` (rising, each once) with ``counts`` are the values that have a number, ``texts`` all the others. ``cut``
    says that rarer ones may have been left out: such a tally says what is commonest and cannot be added to.
    """

    keys: Keys = field(default_factory=lambda: np.empty(0, np.uint64))
    counts: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    texts: Mapping[str, int] = field(default_factory=dict)
    cut: bool = False

    @classmethod
    def of(cls, counted: Mapping[str, int], *, cut: bool = False) -> Tally:
        """Make one of texts. UnicodeEncodeError where one holds a lone surrogate."""
        texts = list(counted)
        return cls.of_values(texts, Spans.of(texts), np.fromiter(counted.values(), np.int64, len(texts)), cut=cut)

    @classmethod
    def of_values(cls, texts: Sequence[str | None], values: Spans, counts: Numbers, *, cut: bool = False) -> Tally:
        """Make one of values, as texts and as bytes, and how many events have each.

        A value may stand there twice, a missing one counts nothing.
        """
        keys, known = pack(values)
        others = np.flatnonzero(~known)
        kept: dict[str, int] = {}
        for place, number in zip(others.tolist(), counts[others].tolist(), strict=True):
            text = texts[place]
            if text is not None:
                kept[text] = kept.get(text, 0) + number
        return cls(*_joined(keys[known], counts[known]), kept, cut)

    @classmethod
    def of_keys(cls, keys: Keys, texts: Mapping[str, int]) -> Tally:
        """Make one of the number of every single event, and of texts that have none."""
        keys = np.sort(keys)
        firsts = _firsts(keys)
        return cls(keys[firsts], np.diff(firsts, append=len(keys)), texts)

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self.keys) + len(self.texts)

    @property
    def events(self) -> int:
        """How many events have a value."""
        return int(self.counts.sum()) + sum(self.texts.values())

    def commonest(self, limit: int) -> list[tuple[str, int]]:
        """Return the commonest values with their counts; of equally common ones those that sort first."""
        places = np.arange(len(self.keys))
        if 0 < limit < len(places):
            least = np.partition(self.counts, -limit)[-limit]
            # Numbers of one kind sort as their texts do, so the first of each kind are enough of the least common.
            equal = [np.flatnonzero((self.counts == least) & kind)[:limit] for kind in _kinds(self.keys)]
            places = np.concatenate((np.flatnonzero(self.counts > least), *equal))
        counted = zip(unpack(self.keys[places].tolist()), self.counts[places].tolist(), strict=True)
        return heapq.nsmallest(limit, [*counted, *self.texts.items()], key=lambda one: (-one[1], one[0]))

    def values(self) -> dict[str, int]:
        """Return all values, which costs an object each."""
        return dict(zip(unpack(self.keys.tolist()), self.counts.tolist(), strict=True)) | dict(self.texts)


def added(tallies: Sequence[Tally]) -> Tally:
    """Add up tallies, none of which is cut."""
    filled = [one for one in tallies if len(one)]
    if len(filled) == 1:
        return filled[0]
    keys, counts = _joined(
        np.concatenate([np.empty(0, np.uint64), *(one.keys for one in filled)]),
        np.concatenate([np.empty(0, np.int64), *(one.counts for one in filled)]),
    )
    return Tally(keys, counts, _texts(one.texts for one in filled))


def _texts(many: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in many:
        for value, number in one.items():
            found[value] = found.get(value, 0) + number
    return found


def _joined(keys: Keys, counts: Numbers) -> tuple[Keys, Numbers]:
    """Sort numbers and add up the counts of equal ones."""
    if not len(keys):
        return keys, counts
    order = np.argsort(keys, kind="stable")  # what is sorted piece by piece is merged, an eighth of the work
    keys = keys[order]
    firsts = _firsts(keys)
    return keys[firsts], np.add.reduceat(counts[order], firsts)


def _firsts(keys: Keys) -> npt.NDArray[np.intp]:
    """Return where the runs of equal numbers begin."""
    return np.flatnonzero(np.concatenate((np.ones(min(1, len(keys)), bool), keys[1:] != keys[:-1])))


def _kinds(keys: Keys) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    digits = keys & np.uint64(0xF) == np.uint64(0xF)
    return digits, ~digits
