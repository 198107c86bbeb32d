"""Columns of text that stay bytes: where each value begins in a shared buffer, and how long it is.

What reads a log a block at a time makes no object a value: a column is two arrays over the bytes of the block. Values
become text when somebody asks for them; detection asks for the distinct ones (``encoded``), the writer for none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

PAD = bytes(64)  # behind the last value of a buffer, so that what is looked at beside a value is there
# The only letters beyond ASCII whose lower case has an ASCII letter in it.
RARE = ("\u0130", "\u212a")
WORD = 8
LOW = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], np.uint64)  # the first bytes of a word
_SIZE = np.uint64(56)  # where a number that holds at most seven bytes keeps how many
_SPARSE = 16  # bytes that a buffer may hold for each one of the values in it
_HANDY = 256  # distinct values: with fewer a column is handed on as codes
_APART = 1_000  # bytes a value; of what lies farther apart each value is copied by itself


def words(buffer: Bytes) -> npt.NDArray[np.uint64]:
    """Return the eight bytes (little-endian) at each place of a padded buffer, without copying them."""
    first = buffer[:WORD].view("<u8")
    return np.lib.stride_tricks.as_strided(first, (len(buffer) - WORD + 1,), (1,), writeable=False)


def gathered(buffer: Bytes, start: Ints, number: int) -> npt.NDArray[np.uint64]:
    """Return so many words from each place of a padded buffer on, a row each; reading one costs as much as four."""
    items = buffer[: WORD * number].view(np.dtype((np.void, WORD * number)))
    every = np.lib.stride_tricks.as_strided(items, (len(buffer) - WORD * number + 1,), (1,), writeable=False)
    return every[start].view("<u8").reshape(len(start), number)


def prefixes(buffer: Bytes, start: Ints, length: Ints) -> npt.NDArray[np.uint64]:
    """Return the first eight bytes of each value as one number, zeros behind a shorter one."""
    return words(buffer)[start] & LOW[np.minimum(np.maximum(length, 0), WORD)]  # half the cost of np.clip


def number_of(literal: bytes) -> np.uint64:
    """Return at most eight bytes as ``prefixes`` gives them."""
    return np.uint64(int.from_bytes(literal, "little"))


def letters_at(data: bytes, places: Ints) -> Ints:
    """Return where letters begin in UTF-8, of each of which it is known how many stand before it."""
    further = np.flatnonzero((np.frombuffer(data, np.uint8) & 0xC0) == 0x80)
    of = further - np.arange(1, len(further) + 1)  # the number of the letter that such a byte is a part of
    found: Ints = places + np.searchsorted(of, places)
    return found


class Spans(Sequence["str | None"]):
    """A column of UTF-8 text. ``length`` is -1 for a missing value; ``buffer`` ends with PAD."""

    def __init__(self, buffer: Bytes, start: Ints, length: Ints) -> None:
        self.buffer = buffer
        self.start = start
        self.length = length
        self._values: list[str | None] | None = None
        self._encoded: tuple[list[str], Codes] | None = None

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Spans:
        """Make a column of texts. UnicodeEncodeError where one holds a lone surrogate."""
        joined = "".join(filter(None, texts))
        data = joined.encode()
        length = np.array([-1 if one is None else len(one) for one in texts], np.int64)
        ends = np.cumsum(np.maximum(length, 0))
        start = ends - np.maximum(length, 0)
        if len(data) > len(joined):
            start, ends = letters_at(data, start), letters_at(data, ends)
            length = np.where(length < 0, length, ends - start)
        return cls(np.frombuffer(data + PAD, np.uint8), start, length)

    @property
    def values(self) -> list[str | None]:
        """All values as text."""
        if self._values is None:
            self._values = list(self._decoded())
        return self._values

    def _decoded(self) -> Iterator[str | None]:
        if not len(self.start):
            return
        low, high = int(self.start.min()), int((self.start + np.maximum(self.length, 0)).max())
        if high - low > _SPARSE * int(np.maximum(self.length, 0).sum()):
            # A copy of what lies between would cost more.
            part, begins, sizes = self.buffer.data, self.start.tolist(), self.length.tolist()
            yield from (bytes(part[a : a + n]).decode() if n >= 0 else None for a, n in zip(begins, sizes, strict=True))
            return
        data = self.buffer[low:high].tobytes()
        starts, ends = (self.start - low).tolist(), (self.start - low + self.length).tolist()
        if data.isascii():
            text = data.decode("ascii")
            yield from (text[a:b] if b >= a else None for a, b in zip(starts, ends, strict=True))
        else:
            yield from (data[a:b].decode() if b >= a else None for a, b in zip(starts, ends, strict=True))

    def _one(self, row: int) -> str | None:
        size = int(self.length[row])
        start = int(self.start[row])
        return self.buffer[start : start + size].tobytes().decode() if size >= 0 else None

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.values)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...
    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return Spans(self.buffer, self.start[index], self.length[index]).values
        return self._one(index) if self._values is None else self._values[index]

    def count(self, value: Any) -> int:
        """Return how many values equal one; how many are missing for None."""
        return int(np.count_nonzero(self.length < 0)) if value is None else self.values.count(value)

    @property
    def missing(self) -> Mask:
        """Which values are missing."""
        return self.length < 0

    def take(self, rows: Ints) -> Spans:
        """Return some rows."""
        return Spans(self.buffer, self.start[rows], self.length[rows])

    def apart(self) -> Spans:
        """Return the same values in a buffer of their own, which holds nothing else."""
        sizes = np.maximum(self.length, 0)
        data = b"".join(self.take(np.flatnonzero(sizes)).pieces())
        return Spans(np.frombuffer(data + PAD, np.uint8), np.cumsum(sizes) - sizes, self.length)

    def in_sequence(self) -> bool:
        """Say whether the values lie one behind the other, with little between them and none missing."""
        if not len(self) or (self.length < 0).any() or (np.diff(self.start) < self.length[:-1]).any():
            return False
        return int(self.start[-1] + self.length[-1] - self.start[0]) <= 1.25 * int(self.length.sum()) + len(self)

    def encoded(self) -> tuple[list[str], Codes]:
        """Return the distinct values, in an order that follows from them, and each row's index into these or -1."""
        if self._encoded is None:
            self._encoded = self._encode()
        return self._encoded

    @property
    def coded(self) -> Coded | None:
        """The same column as codes, where its distinct values are known already and few."""
        if self._encoded is None or len(self._encoded[0]) > _HANDY:
            return None
        return Coded(*self._encoded)

    def _encode(self) -> tuple[list[str], Codes]:
        rows = np.flatnonzero(self.length >= 0)
        if len(rows) == len(self):
            return _numbered(self)
        texts, found = _numbered(self.take(rows))
        codes = np.full(len(self), -1, np.int32)
        codes[rows] = found
        return texts, codes

    def pieces(self) -> list[bytes]:
        """Return the bytes of all values, none of which is missing."""
        if not len(self):
            return []
        ends = self.start + self.length
        low, high = int(self.start.min()), int(ends.max())
        if high - low > _APART * len(self):
            data = self.buffer.data
            return [bytes(data[a:b]) for a, b in zip(self.start.tolist(), ends.tolist(), strict=True)]
        near = self.buffer[low:high].tobytes()
        return [near[a:b] for a, b in zip((self.start - low).tolist(), (ends - low).tolist(), strict=True)]


def _numbered(column: Spans) -> tuple[list[str], Codes]:
    """Do as ``Spans.encoded`` does where no value is missing."""
    if len(column) and int(column.length.max()) < WORD:
        keys = prefixes(column.buffer, column.start, column.length) | column.length.astype(np.uint64) << _SIZE
        firsts, codes = _distinct_words(keys)
        return column.take(firsts).values, codes  # type: ignore[return-value]  # none of them is missing
    # A value that is not known yet gets the next number by being asked for: one pass, and none of it in Python.
    numbers: defaultdict[bytes, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(numbers.__getitem__, column.pieces()), np.int32, len(column))
    return [one.decode() for one in numbers], codes


_FEW = 8


def _distinct_words(keys: npt.NDArray[np.uint64]) -> tuple[Ints, Codes]:
    """Return where distinct numbers first stand, and each one's index among them."""
    if (few := _few_words(keys)) is not None:
        return few
    found = np.unique(keys)
    codes = np.searchsorted(found, keys).astype(np.int32)
    firsts = np.zeros(len(found), np.int64)
    firsts[codes[::-1]] = np.arange(len(keys) - 1, -1, -1)  # the first one is written last
    return firsts, codes


def _few_words(keys: npt.NDArray[np.uint64]) -> tuple[Ints, Codes] | None:
    """Do the same where they are few, as levels are: comparing all with each costs less than sorting them."""
    codes = np.full(len(keys), -1, np.int32)
    firsts: list[int] = []
    while len(firsts) <= _FEW:
        left = codes < 0
        at = int(left.argmax()) if len(left) else 0
        if not len(left) or not left[at]:
            order = np.argsort(keys[firsts]).astype(np.int32)
            return np.array(firsts, np.int64)[order], np.argsort(order).astype(np.int32)[codes]
        np.copyto(codes, np.int32(len(firsts)), where=keys == keys[at])
        firsts.append(at)
    return None


class _Known:
    """What was found out about distinct values, shared by all columns that were taken from one."""

    missing: Mask | None = None  # the last one stands for -1
    table: Spans | None = None


class Coded(Sequence["str | None"]):
    """A column of few distinct values: ``codes`` are indices into ``texts``, -1 for a missing value."""

    def __init__(self, texts: Sequence[str | None], codes: Codes, known: _Known | None = None) -> None:
        self.texts = texts if isinstance(texts, list) else list(texts)
        self.codes = codes
        self._known = _Known() if known is None else known

    @classmethod
    def constant(cls, text: str | None, rows: int) -> Coded:
        """Return a column of one value."""
        return cls([text], np.zeros(rows, np.int32))

    @property
    def values(self) -> list[str | None]:
        """All values as text."""
        if len(self.codes) < len(self.texts):
            return [self.texts[code] if code >= 0 else None for code in self.codes.tolist()]
        table = [*self.texts, None]
        return [table[code] for code in self.codes.tolist()]

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.values)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...
    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return Coded(self.texts, self.codes[index]).values
        code = int(self.codes[index])
        return self.texts[code] if code >= 0 else None

    def count(self, value: Any) -> int:
        """Return how many values equal one, or are missing."""
        wanted = [code for code, text in enumerate([*self.texts, None]) if text == value]
        places = [code if code < len(self.texts) else -1 for code in wanted]
        return int(np.isin(self.codes, places).sum())

    @property
    def missing(self) -> Mask:
        """Which values are missing."""
        if self._known.missing is None:
            self._known.missing = np.array([one is None for one in self.texts] + [True])
        return self._known.missing[self.codes]

    @property
    def table(self) -> Spans:
        """The distinct values as bytes, made once for all that was taken. UnicodeEncodeError as for Spans."""
        if self._known.table is None:
            self._known.table = Spans.of(self.texts)
        return self._known.table

    def take(self, rows: Ints) -> Coded:
        """Return some rows."""
        return Coded(self.texts, self.codes[rows], self._known)

    @classmethod
    def joined(cls, parts: Sequence[Coded]) -> Coded:
        """Return columns one behind the other; a text that several have stands there several times."""
        texts: list[str | None] = []
        codes = [np.zeros(0, np.int32)]
        for one in parts:
            codes.append(np.where(one.codes < 0, np.int32(-1), one.codes + np.int32(len(texts))))
            texts += one.texts
        return cls(texts, np.concatenate(codes))

    def encoded(self) -> tuple[list[str], Codes]:
        """Return the distinct values, in the order of the texts, and each row's index into them or -1."""
        lookup = np.full(len(self.texts) + 1, -1, np.int32)
        used = np.zeros(len(self.texts) + 1, dtype=bool)
        used[self.codes] = True
        places = [code for code in np.flatnonzero(used[:-1]).tolist() if self.texts[code] is not None]
        numbers: defaultdict[str | None, int] = defaultdict(count().__next__)
        lookup[places] = np.fromiter(
            map(numbers.__getitem__, map(self.texts.__getitem__, places)), np.int32, len(places)
        )
        return list(numbers), lookup[self.codes]  # type: ignore[arg-type]  # the missing ones are not among these


Held = Spans | Coded


def held(column: Sequence[str | None]) -> Held:
    """Return a column as bytes or codes, made so where it is neither."""
    if isinstance(column, Spans | Coded):
        return column
    values = getattr(column, "values", column)
    return Spans.of(values if isinstance(values, list) else list(values))


def chosen(first: Mask, one: Spans, other: Spans) -> Spans:
    """Return values of ``one`` where ``first`` holds, else of ``other``; both over the same buffer."""
    return Spans(one.buffer, np.where(first, one.start, other.start), np.where(first, one.length, other.length))


def patched(
    buffer: Bytes, columns: Sequence[tuple[Ints, Ints]], rows: Ints, texts: Iterable[Sequence[str | None]]
) -> list[Spans]:
    """Put texts into some rows of columns over one buffer, which grows by them; ``texts`` has a list a column.

    UnicodeEncodeError where a text holds a lone surrogate.
    """
    if not len(rows):
        return [Spans(buffer, start, length) for start, length in columns]
    added = [Spans.of(one) for one in texts]
    offsets = np.cumsum([len(buffer), *(len(one.buffer) for one in added)])[:-1]
    grown = np.concatenate((buffer, *(one.buffer for one in added)))
    made = []
    for (start, length), one, offset in zip(columns, added, offsets.tolist(), strict=True):
        begins, sizes = start.copy(), length.copy()
        begins[rows], sizes[rows] = one.start + offset, one.length
        made.append(Spans(grown, begins, sizes))
    return made
