"""Atoms that may hold anywhere in an event: a glance over all raw records tells the few that are worth reading.

Such an atom is decided over the raw record, over the same with JSON's escapes undone, and over the message. A backslash
that is undone stood before a quote or another backslash, so a run of letters without these is in the raw record
wherever it is in the undone one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from desktop_app.core.model import Column
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.lots import Literals, Whole
from desktop_app.core.sigma.matcher import ColumnMatcher, needed_literals
from desktop_app.core.sigma.tree import Node
from desktop_app.core.spans import Spans

_SHORTEST = 3
_RUN = re.compile(r'[^"\\\x80-\U0010ffff]+')
_TOGETHER = 4_096  # records that are looked at together
# The only letters beyond ASCII whose lower case has an ASCII letter in it.
_RARE = ("\u0130", "\u212a")
_RARE_BYTES = tuple(one.encode() for one in _RARE)


class KeywordMatcher:
    """All keywords of some rules. ``atoms``: number of the atom -> atom."""

    def __init__(self, atoms: Mapping[int, Node]) -> None:
        self._matcher = ColumnMatcher(atoms)
        runs = _runs(atoms)
        self._runs = None if runs is None else Literals(runs)

    def match(self, columns: Columns) -> dict[int, Whole]:
        """Return, for each atom that holds of any event, the rows of those."""
        raw, message = columns.lines_of_events()
        rows = np.arange(len(columns), dtype=np.int64)
        if self._runs is not None:
            rows = np.union1d(_holding(self._runs, raw), _holding(self._runs, message))
        owners, texts = [], []
        for row, text in columns.texts(rows.tolist()):
            owners.append(row)
            texts.append(text)
        owner = np.array(owners, np.int64)
        return {number: np.unique(owner[found]) for number, found in self._matcher.match(texts).items()}


def _runs(atoms: Mapping[int, Node]) -> list[str] | None:
    """Return texts of which each event that matters holds one; None where that cannot be said."""
    found: dict[str, None] = {}
    for node in atoms.values():
        needed = needed_literals(node)
        runs = [max(_RUN.findall(one), key=len, default="") for one in needed]
        if not runs or min(map(len, runs)) < _SHORTEST:
            return None
        found |= dict.fromkeys(runs)
    return list(found)


def _holding(runs: Literals, column: Column) -> Whole:
    """Return the rows whose text holds any of the runs."""
    found = [np.zeros(0, np.int64)]
    for start in range(0, len(column), _TOGETHER):
        text, begins, ends = _some(column, start)
        _, begin, end = runs.find(text)
        inside = np.searchsorted(begins, begin, "right") - 1
        found.append(np.unique(inside[end <= ends[inside]]) + start)
    return np.concatenate(found)


def _some(column: Column, start: int) -> tuple[bytes, Whole, Whole]:
    """Return the next texts in lower case as far as ASCII goes, and where each of them begins and ends."""
    if isinstance(column, Spans):
        part = column.take(np.arange(start, min(start + _TOGETHER, len(column))))
        if part.in_sequence():
            low, high = int(part.start[0]), int(part.start[-1] + part.length[-1])
            data = part.buffer[low:high].tobytes()
            if not any(one in data for one in _RARE_BYTES):
                return data.lower(), part.start - low, part.start + part.length - low
    return _joined([one or "" for one in column[start : start + _TOGETHER]])


def _joined(texts: Sequence[str]) -> tuple[bytes, Whole, Whole]:
    joined = "\n".join(texts)
    if not joined.isascii() and any(one in joined for one in _RARE):
        texts = [one.lower() for one in texts]
        joined = "\n".join(texts)
    data = joined.encode("utf-8", "surrogatepass").lower()
    length = np.fromiter(map(len, texts), np.int64, len(texts))
    if len(data) > len(joined):
        length = np.array([len(one.encode("utf-8", "surrogatepass")) for one in texts], np.int64)
    ends = np.cumsum(length + 1) - 1
    return data, ends - length, ends
