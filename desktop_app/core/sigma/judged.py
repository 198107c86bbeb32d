"""What the atoms of a book say of one batch: each distinct value is judged once, however many rules and rows there are.

Nothing here is done for an atom that holds of no value, nor for a column that no plan asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma.columns import Columns, Encoded, Rows
from desktop_app.core.sigma.keywords import KeywordMatcher
from desktop_app.core.sigma.matcher import ColumnMatcher
from desktop_app.core.sigma.tree import KEYWORDS, Node
from desktop_app.core.spans import RARE

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
_FEW = 8  # where every eighth line is worth a look, the column is encoded


class Matchers(Protocol):
    """What judges values: the book of the rules."""

    @property
    def atoms(self) -> Sequence[Node]:
        """All atoms, by their numbers."""
        ...

    @property
    def dear(self) -> AbstractSet[int]:
        """Which of them are only decided where a rule still depends on them."""
        ...

    def is_dear(self, node: Node) -> bool:
        """Say whether a bound node asks for any of these."""
        ...

    def matcher(self, column: str) -> ColumnMatcher:
        """Return what judges the values of a column."""
        ...

    @property
    def keywords(self) -> KeywordMatcher:
        """What looks through whole events."""
        ...


class Hits:
    """Which atoms hold of which values of a column, or of which rows where no column was encoded for it.

    Dear atoms are decided value by value, when a rule still depends on them.
    """

    def __init__(
        self, found: Mapping[int, Whole], encoded: Encoded | None = None, matcher: ColumnMatcher | None = None
    ) -> None:
        self._found = found
        self._encoded = encoded
        self._matcher = matcher
        sizes = [len(one) for one in found.values()]
        self._atoms = np.repeat(np.array(list(found), np.int64), sizes)
        self._where = np.concatenate([np.zeros(0, np.int64), *found.values()]).astype(np.int64)
        self._decided: dict[int, tuple[Mask, Mask]] = {}  # atom -> which values are decided, and of which it holds

    def among(self, rows: Rows | None, size: int) -> Sequence[int]:
        """Return the atoms that hold, or if dear may hold, of any of some rows of a batch (None: of all ``size``)."""
        if rows is None:
            return list(self._found)
        if self._encoded is None:
            seen = _marked(rows, size)
        else:
            seen = _marked(self._encoded.codes[rows], len(self._encoded.values) + 1)
        found: list[int] = np.unique(self._atoms[seen[self._where]]).tolist()
        return found

    def mask(self, number: int, rows: Rows | None, size: int) -> Mask:
        """Return of which of some rows an atom holds; not for a dear one of encoded values."""
        if self._encoded is None:
            mask = _marked(self._found[number], size)
            return mask if rows is None else mask[rows]
        # The last place stands for the events without the field.
        lookup = _marked(self._found[number], len(self._encoded.values) + 1)
        found: Mask = lookup[self._codes(rows)]
        return found

    def dear(self, number: int, rows: Rows | None, within: Mask | None) -> Mask:
        """Return of which of some rows a dear atom holds; the answer is right for the rows in ``within``."""
        if self._encoded is None or self._matcher is None:
            raise AssertionError  # others were decided when they were looked at
        if number not in self._decided:
            size = len(self._encoded.values) + 1
            self._decided[number] = ~_marked(self._found[number], size), np.zeros(size, dtype=bool)
        decided, holds = self._decided[number]
        codes = self._codes(rows)
        asked = _marked(codes if within is None else codes[within], len(decided))
        open_ = np.flatnonzero(asked & ~decided)
        if len(open_):
            holds[self._matcher.decide(number, self._encoded.values, open_)] = True
            decided[open_] = True
        found: Mask = holds[codes]
        return found

    @property
    def is_open(self) -> bool:
        """Whether dear atoms are still to be decided."""
        return self._matcher is not None

    def _codes(self, rows: Rows | None) -> npt.NDArray[np.int32]:
        if self._encoded is None:
            raise AssertionError
        return self._encoded.codes if rows is None else self._encoded.codes[rows]


def _marked(places: npt.NDArray[Any], size: int) -> Mask:
    marked = np.zeros(size, dtype=bool)
    marked[places] = True
    return marked


class Judged:
    """One batch as the atoms of a book see it."""

    def __init__(self, book: Matchers, columns: Columns) -> None:
        self.atoms = book.atoms
        self.is_dear = book.is_dear
        self.columns = columns
        self._book = book
        self._hits: dict[str, Hits | None] = {}

    def hits(self, column: str) -> Hits | None:
        """Return what holds of a column; None where no event has it or nothing holds."""
        if column not in self._hits:
            found = self._look(column)
            self._hits[column] = found if found is not None and found.among(None, 0) else None
        return self._hits[column]

    def _look(self, column: str) -> Hits | None:
        if column == KEYWORDS:
            return Hits(self._book.keywords.match(self.columns))
        if self._absent(column):
            return None
        lines = self.columns.lines(column)
        rows = self._book.matcher(column).holding(lines) if lines is not None else None
        if lines is not None and rows is not None and len(rows) * _FEW <= len(lines):
            # Of a long text only the few lines that matter are looked at.
            found = self._book.matcher(column).match([lines[row] or "" for row in rows.tolist()])
            return Hits({number: rows[codes] for number, codes in found.items()})
        encoded = self.columns.get(column)
        if encoded is None:  # nor is a matcher made for it
            return None
        matcher = self._book.matcher(column)
        return Hits(matcher.look(encoded.values), encoded, matcher)

    def _absent(self, column: str) -> bool:
        """Say whether a column of raw records or messages is known to hold nothing that is looked for in it."""
        if not self.columns.is_known(column):
            return False
        runs = self._book.matcher(column).runs
        return runs is not None and not any(map(self.columns.may_hold, (*runs, *RARE)))

    def is_open(self, number: int, hits: Hits) -> bool:
        """Say whether it is still to be decided of which values an atom holds."""
        return hits.is_open and number in self._book.dear

    def codes(self, column: str, rows: Rows | None) -> npt.NDArray[np.int32] | None:
        """Return the codes of a column for some rows, None where none of them has the field."""
        encoded = self.columns.get(column)
        if encoded is None:
            return None
        codes = encoded.codes if rows is None else encoded.codes[rows]
        return codes if (codes >= 0).any() else None

    def compared(self, column: str, argument: Sequence[Any], rows: Rows | None, *, cased: bool) -> Mask | None:
        """Compare two fields of the same event, each pair of distinct values once; None where no event has both."""
        other, starts, ends = argument
        left, right = self.columns.get(column), self.columns.get(other)
        left_codes, right_codes = self.codes(column, rows), self.codes(other, rows)
        if left is None or right is None or left_codes is None or right_codes is None:
            return None
        width = len(right.values) + 1
        pairs, back = np.unique(left_codes.astype(np.int64) * width + right_codes, return_inverse=True)
        truth = np.zeros(len(pairs), dtype=bool)
        both = (left_codes >= 0) & (right_codes >= 0)
        for position in np.unique(back[both]):
            code, other_code = divmod(int(pairs[position]), width)
            truth[position] = _related(
                left.values[code], right.values[other_code], starts=starts, ends=ends, cased=cased
            )
        found: Mask = truth[back] & both
        return found


def _related(value: str, other: str, *, starts: bool, ends: bool, cased: bool) -> bool:
    if not cased:
        value, other = value.lower(), other.lower()
    if starts and ends:
        return other in value
    if starts:
        return value.startswith(other)
    return value.endswith(other) if ends else value == other
