"""Beside each segment: which runs of five bytes its texts hold, so that a search need not open what cannot answer it.

The bit set covers ``raw`` and ``message``. A text is found in a segment only if all its runs are in the set; the set
may say yes to more. Bit 5 of every byte is set before, which makes small letters of capital ones (and of other signs
yet other ones: that only costs a needless look). The file ``<segment>.grams``: MAGIC, one byte with the number of bits
of a run's number (and _PLAIN where no text holds any letter of RARE), the SHA-256 of the segment, the SHA-256 of the
set, the set. One that is missing or not what was written answers yes to everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.events.segment import NewSegment, Segment, beside
from desktop_app.core.events.terms.compiler import LONG_WORD, json_spellings
from desktop_app.core.events.terms.nodes import And, Node, Or, Word
from desktop_app.core.model import Column
from desktop_app.core.spans import PAD, RARE, Bytes, Coded, Ints, Spans

SIZE = 5
BITS = 21
MAGIC = b"WDGRAMS1"
_HEAD = len(MAGIC) + 1 + 32 + 32
_PLAIN = 0x80
_FEWEST = 10
_FULL = 0.25  # of the bits; a set is halved while it stays below
_CHUNK = 1 << 17
_BETWEEN = 64  # bytes between two values that are marked with them
_FOLD = 0x20
_FIRST, _LAST = np.uint32(0x9E37_79B1), np.uint32(0x85EB_CA77)
_BYTE = np.uint32(0xFF)

Table = npt.NDArray[np.bool_]
Given = Column | npt.NDArray[np.object_]
# What a set is asked: runs that must all be in it, "&" or "|" of such, or True where it can tell nothing.
Asked = bool | tuple[str, list["Asked"]] | list[int]


# --- making -----------------------------------------------------------------------------------------------------------


def table_of(texts: Iterable[Bytes]) -> Table:
    """Return the set of runs in some texts, as one truth value a bit."""
    table = np.zeros(1 << BITS, bool)
    scratch = _Scratch()
    for text in texts:
        for first in range(0, len(text) - SIZE + 1, _CHUNK):
            scratch.mark(table, text[first : first + _CHUNK + SIZE - 1])
    return table


class _Scratch:
    """Arrays that are used again for each chunk of a text: getting memory anew costs as much as what is done in it."""

    def __init__(self) -> None:
        words = _CHUNK // 4 + 2
        self._folded = np.zeros(4 * words, np.uint8)
        self._words, self._first, self._last = (np.zeros(words, "<u4") for _ in range(3))
        self._places = np.zeros(words, np.intp)

    def mark(self, table: Table, text: Bytes) -> None:
        """Mark the runs of at most _CHUNK places, four words' alignments one after the other."""
        folded = self._folded[: len(text)]
        np.bitwise_or(text, np.uint8(_FOLD), out=folded)
        for shift in range(min(4, len(text) - SIZE + 1)):
            number = (len(text) - SIZE - shift) // 4 + 1
            self._align(shift, number)
            table[self._numbered(number)] = True

    def _align(self, shift: int, number: int) -> None:
        """Copy the text from a place on: words that are read where they are not aligned cost more."""
        size = 4 * number + 4  # the byte behind the last word is the lowest one of another
        self._words.view(np.uint8)[:size] = self._folded[shift : shift + size]

    def _numbered(self, number: int) -> npt.NDArray[np.intp]:
        """Do as ``_numbers`` does for each word and the byte behind it, which is the next word's lowest one."""
        first, last, places = self._first[:number], self._last[:number], self._places[:number]
        np.multiply(self._words[:number], _FIRST, out=first)
        np.bitwise_and(self._words[1 : number + 1], _BYTE, out=last)
        last *= _LAST
        first ^= last
        first >>= np.uint32(32 - BITS)
        places[:] = first
        return places


def _numbers(first: npt.NDArray[np.uint32], last: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    found: npt.NDArray[np.uint32] = ((first * _FIRST) ^ (last * _LAST)) >> np.uint32(32 - BITS)
    return found


def folded(table: Table) -> Table:
    """Halve a set while it stays sparse, so that a small segment has a small one."""
    while len(table) > 1 << _FEWEST:
        half = table[: len(table) // 2] | table[len(table) // 2 :]
        if np.count_nonzero(half) > _FULL * len(half):
            break
        table = half
    return table


def texts_of(raw: Given, message: Given) -> Iterator[Bytes]:
    """Return the bytes of the texts of a batch, perhaps with others between them."""
    if not isinstance(raw, Spans):
        yield _joined(raw)
        yield _joined([one for one, whole in zip(message, raw, strict=True) if one and one not in (whole or "")])
        return
    yield from _covered(raw)
    if isinstance(message, Spans) and message.buffer is not raw.buffer:
        size = len(raw.buffer)
        # Mostly what was read one by one was put behind the block that all the other values lie in.
        grown = len(message.buffer) > size and np.array_equal(message.buffer[:size], raw.buffer)
        yield message.buffer[size:] if grown else message.buffer
    elif not isinstance(message, Spans):
        yield _joined(message.texts if isinstance(message, Coded) else set(message))


def _covered(raw: Spans) -> list[Bytes]:
    """Return the stretches of a buffer in which the values lie; what separates lines may lie between them."""
    if not len(raw):
        return []
    start, end = _ascending(raw.start), _ascending(raw.start + np.maximum(raw.length, 0))
    breaks = np.flatnonzero(start[1:] > end[:-1] + _BETWEEN)
    lows, highs = np.append(start[:1], start[breaks + 1]), np.append(end[breaks], end[-1:])
    found = [raw.buffer[low:high] for low, high in zip(lows.tolist(), highs.tolist(), strict=True)]
    # Marking costs something each time, so that many short stretches are better marked as one.
    return found if len(found) * _CHUNK <= 4 * sum(map(len, found)) else [np.concatenate(found)]


def _ascending(places: Ints) -> Ints:
    """Sort places, which mostly are in order: the lines of a file come one behind the other."""
    return places if (places[1:] >= places[:-1]).all() else np.sort(places)


def _joined(texts: Iterable[str | None]) -> Bytes:
    joined = "\n".join(one for one in texts if one)
    return np.frombuffer(joined.encode("utf-8", "replace") + PAD, np.uint8)


def write(segment: Path, sha256: str, raw: Given, message: Given) -> None:
    """Write the bit set of a segment. What goes wrong costs speed only, so it is let go."""
    texts = list(texts_of(raw, message))
    table = folded(table_of(texts))
    bits = np.packbits(table).tobytes()
    size = len(table).bit_length() - 1 | (0 if any(map(_has_rare, texts)) else _PLAIN)
    head = MAGIC + bytes([size]) + bytes.fromhex(sha256) + hashlib.sha256(bits).digest()
    with suppress(OSError):
        beside(segment).write_bytes(head + bits)


def _has_rare(text: Bytes) -> bool:
    data = text.tobytes()
    # To look for a single byte costs a thirtieth of looking for two.
    return any(all(byte in data for byte in one) and one in data for one in map(str.encode, RARE))


def belongs(segment: Path, sha256: str) -> bool:
    """Say whether the bit set beside a segment is there, of this version and the segment's own."""
    try:
        with beside(segment).open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return head[: len(MAGIC)] == MAGIC and head[len(MAGIC) + 1 : len(MAGIC) + 33] == bytes.fromhex(sha256)


# --- asking -----------------------------------------------------------------------------------------------------------


def runs_of(text: str, *, wild: bool = False) -> list[int]:
    """Return the numbers of the runs without which a text cannot be found, whatever the case of its letters."""
    found: set[int] = set()
    for fixed, letters in groupby(text, lambda char: not _varies(char, wild=wild)):
        piece = "".join(letters).encode("utf-8", "replace") if fixed else b""
        if len(piece) >= SIZE:
            data = np.frombuffer(piece, np.uint8) | np.uint8(_FOLD)
            first = np.lib.stride_tricks.sliding_window_view(data, 4)[:-1].copy().view("<u4")[:, 0]
            found.update(_numbers(first, data[4:].astype(np.uint32)).tolist())
    return sorted(found)


def _varies(char: str, *, wild: bool) -> bool:
    """A wildcard, or a letter whose other case has other bytes."""
    if char.isascii():
        return wild and char in "*?"
    return char.lower() != char or char.upper() != char


def _read(path: Path, sha256: str) -> tuple[Bytes, bool] | None:
    """Return the set in a file and whether no text holds any of RARE; None where it is not what was written."""
    data = path.read_bytes()
    head, bits = data[:_HEAD], data[_HEAD:]
    wanted = MAGIC + head[len(MAGIC) : len(MAGIC) + 1] + bytes.fromhex(sha256)
    if head != wanted + hashlib.sha256(bits).digest() or len(bits) * 8 != 1 << (head[len(MAGIC)] & ~_PLAIN):
        return None
    return np.frombuffer(bits, np.uint8), head[len(MAGIC)] & _PLAIN != 0


def may_hold(folder: Path, segments: Iterable[NewSegment | Segment]) -> Callable[[str], bool]:
    """Return what says of a text whether any event of some segments may hold it, case aside; errs on the side of yes.

    Letters that are not ASCII but in lower case, as the sign of the kelvin is a k, are not known by it: whether there
    are any is known of each of RARE.
    """
    found: list[tuple[Bytes, bool]] = []
    for segment in segments:
        try:
            known = _read(beside(folder / segment.path), segment.sha256)
        except OSError:
            known = None
        if known is None:
            return lambda _text: True
        found.append(known)

    def said(text: str) -> bool:
        if text in RARE:
            return not all(plain for _, plain in found)
        return any(_holds(bits, _runs_asked(text)) for bits, _ in found)

    return said


@lru_cache(maxsize=1 << 12)  # rules ask for the same words of each batch
def _runs_asked(text: str) -> Asked:
    return runs_of(text) or True


class Sieve:
    """Tells segments that cannot hold what a query asks for; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: dict[int, tuple[int, int]] = {}  # segment -> size and time of a set that is what was written

    def sift(self, segments: list[Segment], node: Node) -> list[Segment]:
        """Return the segments that may hold events for which a query is true."""
        asked = asked_of(node)
        return segments if asked is True else [one for one in segments if self._may_hold(one, asked)]

    def _may_hold(self, segment: Segment, asked: Asked) -> bool:
        path = beside(self._folder / segment.path)
        try:
            if not self._is_sound(segment, path):
                return True
            return _holds(np.memmap(path, np.uint8, "r", _HEAD), asked)
        except (OSError, ValueError):
            return True

    def _is_sound(self, segment: Segment, path: Path) -> bool:
        look = path.stat()
        if self._sound.get(segment.id) == (look.st_size, look.st_mtime_ns):
            return True
        if _read(path, segment.sha256) is None:
            return False
        self._sound[segment.id] = (look.st_size, look.st_mtime_ns)
        return True


def asked_of(node: Node) -> Asked:
    """Return what a query asks of a bit set: mostly nothing but the words it has."""
    if isinstance(node, And):
        return _joined_asks("&", [asked_of(one) for one in node.nodes])
    if isinstance(node, Or):
        return _joined_asks("|", [asked_of(one) for one in node.nodes])
    if not isinstance(node, Word) or len(node.text) > LONG_WORD:
        return True
    spelled = [node.text, *json_spellings(node.text)]
    return _joined_asks("|", [runs_of(one, wild=node.wild) or True for one in spelled])


def _joined_asks(kind: str, asks: list[Asked]) -> Asked:
    if kind == "|" and any(one is True for one in asks):
        return True
    kept: list[Asked] = [one for one in asks if one is not True]
    return (kind, kept) if kept or kind == "|" else True


def _holds(bits: Bytes, asked: Asked) -> bool:
    if isinstance(asked, bool):
        return asked
    if isinstance(asked, tuple):
        return (all if asked[0] == "&" else any)(_holds(bits, one) for one in asked[1])
    numbers = np.array(asked) & (len(bits) * 8 - 1)
    return bool((bits[numbers >> 3] & (0x80 >> (numbers & 7))).all())
