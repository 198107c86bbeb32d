"""Atoms that may hold anywhere in an event: a glance over all raw records tells the few that are worth reading.

Such an atom is decided over the raw record, over the same with JSON's escapes undone, and over the message. A backslash
that is undone stood before a quote or another backslash, so a run of letters without these is in the raw record
wherever it is in the undone one. The glance does without lower case: it sets one bit of each byte, which makes small
letters of large ones and lets pass a little too much.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from desktop_app.core.model import Column
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.lots import Literals, Whole, joined
from desktop_app.core.sigma.matcher import ColumnMatcher
from desktop_app.core.sigma.tree import Node
from desktop_app.core.spans import RARE, Coded, Spans

_TOGETHER = 4_096  # records that are looked at together
_FOLD = np.uint8(0x20)


class KeywordMatcher:
    """All keywords of some rules. ``atoms``: number of the atom -> atom."""

    def __init__(self, atoms: Mapping[int, Node]) -> None:
        self._matcher = ColumnMatcher(atoms)
        self._latest: tuple[list[str], _Glance] | None = None

    def match(self, columns: Columns) -> dict[int, Whole]:
        """Return, for each atom that holds of any event, the rows of those."""
        rows = np.arange(len(columns), dtype=np.int64)
        if (runs := self._matcher.runs) is not None:
            looked_for = self._glance([one for one in (*runs, *RARE) if columns.may_hold(one)])
            rows = rows[:0] if looked_for is None else np.union1d(*map(looked_for.holding, columns.lines_of_events()))
        owners, texts = [], []
        for row, text in columns.texts(rows.tolist()):
            owners.append(row)
            texts.append(text)
        owner = np.array(owners, np.int64)
        return {number: np.unique(owner[found]) for number, found in self._matcher.match(texts).items()}

    def _glance(self, runs: list[str]) -> _Glance | None:
        """Return what looks for some of the runs; the events of one log mostly leave the same few to look for."""
        if not runs:  # no text is read
            return None
        if self._latest is None or self._latest[0] != runs:
            self._latest = runs, _Glance(runs)
        return self._latest[1]


class _Glance:
    """Runs of letters; those of RARE are looked for in what is not ASCII alone."""

    def __init__(self, runs: list[str]) -> None:
        plain = [one for one in runs if one not in RARE]
        self._plain = Literals([_folded(one.encode()) for one in plain]) if plain else None
        self._every = Literals([_folded(one.encode()) for one in runs])

    def holding(self, column: Column) -> Whole:
        """Return the rows whose text may hold any of the runs."""
        if isinstance(column, Coded) and len(column.texts) <= len(column):
            return np.flatnonzero(np.isin(column.codes, self.holding(column.texts)))
        found = [np.zeros(0, np.int64)]
        for start in range(0, len(column), _TOGETHER):
            text, ends = _some(column, start)
            looked_for = self._plain if text.isascii() else self._every
            if looked_for is not None:
                _, begin, end = looked_for.find(_folded(text))
                inside = np.searchsorted(ends, begin, "right")
                found.append(np.unique(inside[end <= ends[inside]]) + start)
        return np.concatenate(found)


def _some(column: Column, start: int) -> tuple[bytes, Whole]:
    """Return the next texts, and where each of them ends; one byte at least lies between two."""
    if isinstance(column, Spans):
        part = Spans(column.buffer, column.start[start : start + _TOGETHER], column.length[start : start + _TOGETHER])
        ends = part.start + np.maximum(part.length, 0)
        if part.in_sequence() and (part.start[1:] > ends[:-1]).all():
            return part.buffer[part.start[0] : ends[-1]].tobytes(), ends - part.start[0]
        data = column.buffer.data
        pieces = [data[a:b] for a, b in zip(part.start.tolist(), ends.tolist(), strict=True)]
        return b"\n".join(pieces), np.cumsum(np.maximum(part.length, 0) + 1) - 1
    return joined([one or "" for one in column[start : start + _TOGETHER]])


def _folded(text: bytes) -> bytes:
    return (np.frombuffer(text, np.uint8) | _FOLD).tobytes()
