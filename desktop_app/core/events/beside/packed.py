"""Short texts as numbers of eight bytes, so that thousands of values are sorted and added up without one object each.

A number stands for one text and a text for one number: at most seven bytes stand in it as they are, with their number
in the last byte; up to fifteen signs from ``.`` to ``;`` (digits, point, colon: addresses and numbers) take half a byte
each, and the last half byte is 15. Numbers of one kind sort as their texts do. Other texts have no number.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from desktop_app.core.spans import LOW, WORD, Codes, Ints, Mask, Spans, words

Keys = npt.NDArray[np.uint64]

SHORT = 7  # bytes
DIGITS = 15  # signs
_BEFORE, _BEHIND = 0x2D, 0x3C  # around the signs that take half a byte
_KIND = 0xF
# What stands in numbers: of bytes with none (0), as DuckDB reads them, and of half bytes.
_POINT = ord(".") - _BEFORE
_IN_NUMBERS = np.isin(np.arange(256), [0, *b" \t\n\v\f\r+-.0123456789eE_"])
_IN_DIGITS = np.isin(np.arange(16), [0, _POINT, *(one - _BEFORE for one in b"0123456789")])
_EACH = 0x0101_0101_0101_0101
_PORTION = 16_384  # values at a time


def _eight(byte: int) -> np.uint64:
    """Return a word of eight equal bytes."""
    return np.uint64(byte * _EACH)


_TOP, _FIRST, _OFFSET = _eight(0x80), _eight(0x80 - _BEFORE - 1), _eight(_BEFORE)
_LAST = _eight(0x80 - _BEHIND)
# Half bytes that stand in the lower half of each byte move together in three steps.
_HALF, _DIGITS = np.uint64(32), np.uint64(_KIND)
FEW = 512
_SELDOM = 16  # of so many numbers one may be none of those that were known beforehand
_SLOTS = 20  # bits
_FACTORS = (np.uint64(0x9E37_79B9_7F4A_7C15), np.uint64(0xC2B2_AE3D_27D4_EB4F), np.uint64(0x1656_67B1_9E37_79F9))
_STEPS = tuple(
    (np.uint64(shift), np.uint64(mask))
    for shift, mask in ((4, 0x00FF_00FF_00FF_00FF), (8, 0x0000_FFFF_0000_FFFF), (16, 0xFFFF_FFFF))
)


def pack(column: Spans) -> tuple[Keys, Mask]:
    """Return the number of each value, and which values have one; a missing value has none."""
    keys, known = np.empty(len(column), np.uint64), np.empty(len(column), bool)
    word = words(column.buffer)
    for at in range(0, len(column), _PORTION):
        rows = slice(at, at + _PORTION)
        keys[rows], known[rows] = _packed(word, column.start[rows], column.length[rows])
    return keys, known


def _packed(word: Keys, start: Ints, length: Ints) -> tuple[Keys, Mask]:
    """Pack some thousand values: what is looked at again is still in the processor's cache."""
    ends = LOW[np.clip(length, 0, WORD)]
    first = word[start] & ends
    keys = first.byteswap() | np.maximum(length, 0).view(np.uint64)
    known = (length >= 0) & (length <= SHORT)
    if int(length.max()) <= SHORT:
        return keys, known
    more = LOW[np.clip(length - WORD, 0, WORD)]
    high, fits = _halved(first, ends)
    low, also = _halved(word[start + WORD * (length > WORD)] & more, more)
    longer = (length > SHORT) & (length <= DIGITS)
    return np.where(longer, high << _HALF | low | _DIGITS, keys), known | (longer & fits & also)


def _halved(word: Keys, present: Keys) -> tuple[Keys, Mask]:
    """Return the signs of words in half a byte each, the first one highest, and whether all were such signs.

    Eight bytes are looked at in one addition: it sets the highest bit of each byte that lies behind a sign.
    """
    low = word & ~_TOP
    # Of each byte: it is no sign of ASCII, it lies behind the last sign, it lies before the first one.
    wrong = word | (low + _LAST) | ((low + _FIRST) ^ present)
    fits = wrong & _TOP == 0
    moved = (word - (_OFFSET & present)).byteswap()
    for shift, mask in _STEPS:
        moved = (moved | moved >> shift) & mask
    return moved, fits


def few(keys: Keys, some: Keys) -> tuple[Keys, Codes] | None:
    """Return the distinct numbers and each one's place among them, None where they are more than FEW.

    ``some`` of them tell beforehand which there are. A table as wide as a hash costs a tenth of sorting.
    """
    distinct = np.unique(some)
    for factor in _FACTORS:
        if len(distinct) > FEW:
            return None
        table = np.zeros(1 << _SLOTS, np.int16)
        table[_slots(distinct, factor)] = np.arange(len(distinct))
        codes = table[_slots(keys, factor)].astype(np.int32)
        others = keys[distinct[codes] != keys]
        if not len(others):
            return distinct, codes
        if len(others) * _SELDOM > len(keys):
            return None
        distinct = np.unique(np.concatenate((distinct, others)))
    return None


def _slots(keys: Keys, factor: np.uint64) -> npt.NDArray[np.intp]:
    return (keys * factor >> np.uint64(64 - _SLOTS)).astype(np.intp)


def may_be_numbers(keys: Keys) -> Mask:
    """Say which numbers stand for texts that have the signs of a number alone; not all of them are one."""
    signs = keys.astype(">u8").view(np.uint8).reshape(-1, WORD)
    halves = np.stack((signs >> 4, signs & _KIND), axis=2).reshape(-1, 2 * WORD)[:, :DIGITS]
    digits = _IN_DIGITS[halves].all(axis=1) & (np.count_nonzero(halves == _POINT, axis=1) <= 1)
    return np.where(keys & _KIND == _KIND, digits, _IN_NUMBERS[signs[:, :SHORT]].all(axis=1))


def unpack(keys: Iterable[int]) -> list[str]:
    """Return the texts that numbers stand for."""
    return [_text(key) for key in keys]


# What each half byte stands for, written as a digit of a hexadecimal number; 0 is none.
_SIGNS = str.maketrans({f"{half:x}": chr(_BEFORE + half) if half else "" for half in range(_KIND + 1)})


def _text(key: int) -> str:
    if key & _KIND == _KIND:
        return f"{key >> 4:x}".translate(_SIGNS)
    return key.to_bytes(WORD, "big")[: key & _KIND].decode()
