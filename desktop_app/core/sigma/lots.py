"""Values that are searched as one text: where each of them lies in it, and which literals stand where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from desktop_app.core.spans import letters_at

Whole = npt.NDArray[np.int64]

LOT = 8_192  # values that are searched together
LOT_LETTERS = 1 << 22
# A long text is searched in pieces, so that the list of what stands in it stays small.
PIECE = 1 << 18
# Above this an automaton that reads one table a letter grows too large: 128,000 letters take 190 MB and save a quarter.
_SMALL = 20_000


class Lot:
    """Some values, and the same in lower case. Letters may take another room there."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        self.lower = [value.lower() for value in values]

    @cached_property
    def _joined(self) -> tuple[bytes, Whole]:
        return joined(self.lower)

    @property
    def text(self) -> bytes:
        """All values in lower case, a line each, in UTF-8."""
        return self._joined[0]

    @property
    def ends(self) -> Whole:
        """Where in the text each value ends."""
        return self._joined[1]

    @cached_property
    def begins(self) -> Whole:
        """Where in the text each value begins."""
        return np.concatenate(([0], self.ends[:-1] + 1))


def joined(texts: Sequence[str]) -> tuple[bytes, Whole]:
    """Return texts a line each, in UTF-8, and where each of them ends."""
    data = "\n".join(texts).encode("utf-8", "surrogatepass")
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    ends: Whole = np.cumsum(sizes + 1) - 1
    return data, ends if not len(ends) or ends[-1] == len(data) else letters_at(data, ends)


def lots(values: Sequence[str]) -> Iterator[tuple[int, Lot]]:
    """Cut values into lots of bounded size; yields where in ``values`` each begins."""
    sizes = np.fromiter(map(len, values), np.int64, len(values))
    start = 0
    while start < len(values):
        reach = int(np.searchsorted(np.cumsum(sizes[start : start + LOT]), LOT_LETTERS, "right"))
        end = start + max(1, reach)
        yield start, Lot(values[start:end])
        start = end


class Literals:
    """Literals, looked for in bytes all at once; texts in UTF-8."""

    def __init__(self, literals: Sequence[str] | Sequence[bytes]) -> None:
        self._literals = [one if isinstance(one, bytes) else one.encode("utf-8", "surrogatepass") for one in literals]
        self._longest = max(map(len, self._literals), default=0)
        self._automaton: ahocorasick_rs.BytesAhoCorasick | None = None

    def find(self, text: bytes) -> tuple[Whole, Whole, Whole]:
        """Return all places, overlapping ones too, as (number of the literal, begin, end)."""
        parts = [self._piece(text, at) for at in range(0, len(text), PIECE)] if self._literals else []
        found = np.concatenate(parts) if parts else np.zeros((0, 3), np.int64)
        return found[:, 0], found[:, 1], found[:, 2]

    def _piece(self, text: bytes, at: int) -> Whole:
        whole = len(text) <= PIECE
        places = self._search(text if whole else text[at : at + PIECE + self._longest])
        found = np.fromiter(chain.from_iterable(places), np.int64, 3 * len(places)).reshape(-1, 3)
        found[:, 1:] += at
        return found

    def _search(self, piece: bytes) -> list[tuple[int, int, int]]:
        if self._automaton is None:
            kinds = ahocorasick_rs.Implementation
            self._automaton = ahocorasick_rs.BytesAhoCorasick(
                self._literals,
                matchkind=ahocorasick_rs.MatchKind.Standard,
                implementation=kinds.DFA if sum(map(len, self._literals)) < _SMALL else kinds.ContiguousNFA,
            )
        return self._automaton.find_matches_as_indexes(piece, overlapping=True)
