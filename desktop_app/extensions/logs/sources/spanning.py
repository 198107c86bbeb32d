"""Lines that stay bytes, and what cuts them: places of a byte in a block, classes of bytes, distinct numbers.

The formats that have a vectorised way (``*_spans``) read with these all lines of a block that are written strictly as
the format says; the rows that are not go the exact way, line by line, and both give the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times
from desktop_app.core.spans import LOW, PAD, WORD, Bytes, Ints, Mask, Spans, number_of, prefixes, words

_BOM = b"\xef\xbb\xbf"
_UTF8 = frozenset(("utf-8", "ascii"))
Words = npt.NDArray[np.uint64]
Place = tuple[Ints, Ints]  # where the values of a column begin, and their lengths
_PORTION = 8192
_PIECE = 1 << 18

_SHARE = 4  # one odd line in so many, and reading all of them line by line is quicker


class Lines(Spans):
    """Records that are bytes still; none is missing."""

    def take(self, rows: Ints) -> Lines:
        """Return some of them."""
        return Lines(self.buffer, self.start[rows], self.length[rows])

    @property
    def texts(self) -> list[str]:
        """All of them as text."""
        return cast("list[str]", self.values)


def records(lines: Lines) -> Sequence[str]:
    """Return lines as the ``raw`` of a batch of records."""
    return cast("Sequence[str]", lines)


def in_bytes(raw: Sequence[str]) -> Lines | None:
    """Return the records of a batch as lines, None where they are texts already."""
    return raw if isinstance(raw, Lines) else None


def cut_lines(data: bytes, encoding: str) -> Lines | None:
    """Cut whole lines as ``decode`` does, blank ones included; None where that needs a look at each of them."""
    return cut_padded(data + PAD, encoding)


def cut_padded(padded: bytes, encoding: str) -> Lines | None:
    """Do the same for lines with PAD behind them, which are not copied."""
    size = len(padded) - len(PAD)
    if encoding not in _UTF8 or padded.find(b"\0", 0, size) >= 0 or not _is_utf8(padded):
        return None
    buffer = np.frombuffer(padded, np.uint8)
    ends = _newlines(buffer[:size])
    if not padded.endswith(b"\n", 0, size):
        ends = np.append(ends, size)
    start = np.concatenate(([len(_BOM) if padded.startswith(_BOM) else 0], ends[:-1] + 1))
    if start[-1] == size:  # nothing but a mark
        start, ends = start[:-1], ends[:-1]
    if b"\r" in padded:
        while (returns := (buffer[ends - 1] == ord("\r")) & (ends > start)).any():
            ends = ends - returns
    return Lines(buffer, start, ends - start)


def _newlines(buffer: Bytes) -> Ints:
    """Find line feeds a piece at a time: memory that is used again costs less than memory the process has to get."""
    pieces = range(0, len(buffer), _PIECE)
    found = [np.flatnonzero(buffer[at : at + _PIECE] == ord("\n")) + at for at in pieces]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Cut:
    """Begin and length of each column of a format's rows; what holds of the rows that are ``fine``."""

    columns: list[Place]
    times: Times
    fine: Mask


def portions(lines: Lines) -> Iterator[tuple[int, int, Lines]]:
    """Yield some thousand lines at a time, so that what is looked at again and again stays in the processor's cache.

    With each come the row and the place in the buffer at which it begins.
    """
    for first in range(0, len(lines), _PORTION):
        start, length = lines.start[first : first + _PORTION], lines.length[first : first + _PORTION]
        low, high = int(start[0]), int(start[-1] + length[-1])
        yield first, low, Lines(lines.buffer[low : high + len(PAD)], start - low, length)


def in_portions(lines: Lines, cut: Callable[[Lines], Cut]) -> Cut:
    """Cut lines a portion at a time."""
    whole = Cut([], np.empty(len(lines), np.int64), np.empty(len(lines), bool))
    for first, low, portion in portions(lines):
        part, rows = cut(portion), slice(first, first + len(portion))
        while len(whole.columns) < len(part.columns):
            whole.columns.append((np.empty(len(lines), np.int64), np.empty(len(lines), np.int64)))
        for (start, length), (begins, sizes) in zip(part.columns, whole.columns, strict=True):
            np.add(start, low, out=begins[rows])
            sizes[rows] = length
        whole.times[rows], whole.fine[rows] = part.times, part.fine
    return whole


_TIMES = 8


class Places:
    """Where a byte stands in a buffer. Beyond its last place it stands at the buffer's end."""

    def __init__(self, buffer: Bytes, *wanted: str) -> None:
        end = len(buffer) - len(PAD)
        found = buffer[:end] == ord(wanted[0])
        for other in wanted[1:]:
            found |= buffer[:end] == ord(other)
        self._at = np.concatenate((np.flatnonzero(found), np.full(_TIMES, end, np.int64)))

    def first(self, start: Ints) -> Ints:
        """Return where it first stands at or after each place."""
        return self.times(start, 0)[0]

    def times(self, start: Ints, *numbers: int) -> list[Ints]:
        """Return where it stands for some times, the first being 0, at or after each place; at most _TIMES of them."""
        at = np.searchsorted(self._at[: 1 - _TIMES], start)
        return [self._at[number:][at] for number in numbers]


_NEAR = 4  # times that some sixty bytes are looked at before all places are listed
_ONE = np.uint64(1)


class Ahead:
    """Where a byte stands next in a buffer: for a byte that is frequent, as quotes are in JSON.

    A bit for each place: looking ahead costs less than listing all places, most of which are asked for once.
    """

    def __init__(self, buffer: Bytes, wanted: str) -> None:
        self._found = buffer[: len(buffer) - len(PAD)] == ord(wanted)
        bits = np.packbits(self._found, bitorder="little")
        self._bits = words(np.concatenate((bits, np.zeros(2 * WORD, np.uint8))))
        self._places: Ints | None = None

    def first(self, start: Ints) -> Ints:
        """Return where it first stands at or after each place, none of which is behind the buffer's end: else there."""
        return self._first(start, _NEAR)

    def _first(self, start: Ints, tries: int) -> Ints:
        word = self._bits[start >> 3] >> (start & 7).view(np.uint64)
        place: Ints = start + np.bitwise_count((word - _ONE) & ~word)
        far = np.flatnonzero(word == 0)
        if len(far):
            at = np.minimum((start[far] & -WORD) + 64, len(self._found))
            place[far] = self._first(at, tries - 1) if tries else self._listed(at)
        return place

    def _listed(self, start: Ints) -> Ints:
        """Look it up among all places: what is far away is not worth looking at piece by piece."""
        if self._places is None:
            self._places = np.append(np.flatnonzero(self._found), len(self._found))
        return self._places[np.searchsorted(self._places, start)]


def windows(buffer: Bytes, start: Ints, width: int) -> npt.NDArray[np.uint8]:
    """Return ``width`` bytes from each place on, a row each."""
    view = np.lib.stride_tricks.as_strided(buffer, (len(buffer) - width + 1, width), (1, 1), writeable=False)
    return view[start]


def _all_bytes(value: int) -> np.uint64:
    return np.uint64(value * 0x0101_0101_0101_0101)


_HIGH = _all_bytes(0x80)
_ONES = _all_bytes(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """The characters from ``low`` to ``high`` in ASCII, without ``but``."""

    low: str
    high: str
    but: str = ""

    def fill(self, word: Words, held: Words) -> Mask:
        """Say which words are made of these characters alone, where ``held`` has its bits set."""
        word = (word & held) | (_all_bytes(ord(self.low)) & ~held)
        above = word + _all_bytes(0x80 - ord(self.low))
        beyond = word + _all_bytes(0x7F - ord(self.high))
        fine: Mask = above & ~beyond & ~word & _HIGH == _HIGH
        if self.but:
            other = word ^ _all_bytes(ord(self.but))
            fine &= (other - _ONES) & ~other & _HIGH == 0
        return fine


DIGITS = Kind("0", "9")
NUMBERS = Kind(".", "9", but="/")
CAPITALS = Kind("A", "Z")


def made_of(buffer: Bytes, start: Ints, length: Ints, kind: Kind, most: int = 16) -> Mask:
    """Say which values hold at least one byte, at most ``most``, and characters of one kind alone."""
    view = words(buffer)
    fine = kind.fill(view[start], LOW[np.minimum(np.maximum(length, 0), WORD)]) & (length > 0) & (length <= most)
    rows = np.flatnonzero(fine & (length > WORD))
    reached = WORD
    while len(rows):
        fine[rows] = kind.fill(view[start[rows] + reached], LOW[np.minimum(length[rows] - reached, WORD)])
        reached += WORD
        rows = rows[fine[rows] & (length[rows] > reached)]
    return fine


def per_distinct(keys: Ints, read: Callable[[int], int]) -> Ints:
    """Read each distinct number once; those of neighbours are mostly equal."""
    if not len(keys):
        return keys
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    distinct, which = np.unique(keys[begins], return_inverse=True)
    found = np.array([read(key) for key in distinct.tolist()], np.int64)
    return np.repeat(found[which], np.diff(np.append(begins, len(keys))))


def mostly(fine: Mask) -> bool:
    """Say whether so many lines were read that the vectorised way pays."""
    return int(np.count_nonzero(fine)) * _SHARE >= len(fine) * (_SHARE - 1)


def begins(message: Spans, words: Sequence[str]) -> Mask:
    """Say which messages begin with the first eight bytes of any word."""
    first = prefixes(message.buffer, message.start, message.length)
    found = np.zeros(len(message), bool)
    for word in {one.encode()[:WORD] for one in words}:
        found |= first & LOW[len(word)] == number_of(word)
    return found
