"""Times of fixed width, read from the bytes of a whole block at once; the codes are those of ``times``.

What is not written strictly is left to ``times``, which reads the same stamps one by one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times
from desktop_app.core.spans import LOW, WORD, Bytes, Ints, Mask, gathered, number_of, prefixes, words
from desktop_app.extensions.logs.sources.spanning import Words, per_distinct, windows
from desktop_app.extensions.logs.sources.times import INVALID, LOCAL, MONTHS, SECOND, VALID, YEARLESS, day_micros

_CLF = 26  # 10/Oct/2000:13:55:36 -0700
_BSD_DAY = 7  # of Jun 14 15:16:01
_ISO_DAY = 11
_ISO = 19  # 2024-05-01T12:00:00
_MINUTE = 60 * SECOND
_HALF, _THREE, _FIVE = np.uint64(32), np.uint64(24), np.uint64(40)  # bits of so many bytes

Window = npt.NDArray[np.uint8]
Read = tuple[Times, Mask]


def _number(digits: Window, *columns: int) -> Ints:
    """Return the number that stands in some columns."""
    value = digits[:, columns[0]].astype(np.int64)
    for column in columns[1:]:
        value = value * 10 + digits[:, column]
    return value


def _all_digits(digits: Window, *columns: int) -> Mask:
    fine: Mask = np.logical_and.reduce([digits[:, column] < 10 for column in columns])
    return fine


def _has(window: Window, signs: dict[int, str]) -> Mask:
    fine = np.ones(len(window), bool)
    for column, sign in signs.items():
        fine &= window[:, column] == ord(sign)
    return fine


def _changes(*columns: Words) -> Ints:
    """Return the rows that differ from the one before: what stands in the others need not be read again."""
    new = np.zeros(len(columns[0]), bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _again(read: Read, rows: Ints, size: int) -> Read:
    """Repeat what was read of some rows in those that follow them."""
    times = np.diff(np.append(rows, size))
    return np.repeat(read[0], times), np.repeat(read[1], times)


_MIDNIGHT, _COLONS = number_of(b"00:00:00"), number_of(b"\x76\x76\x7f\x76\x76\x7f\x76\x76")
_ZEROS, _BEYOND_NINE = number_of(b"00000000"), number_of(b"\x76" * 8)
_HIGH, _BYTE, _TEN, _EIGHT = number_of(b"\x80" * 8), np.uint64(0xFF), np.uint64(10), np.uint64(8)


def _pairs(digits: Words) -> Words:
    """Return in each byte the number that its digit and that of the next byte make."""
    pairs: Words = digits * _TEN + (digits >> _EIGHT)
    return pairs


def _at(word: Words, place: int) -> Ints:
    """Return one byte of each word, the first one being 0."""
    return ((word >> np.uint64(8 * place)) & _BYTE).view(np.int64)


def _clock(word: Words) -> Read:
    """Read ``13:55:36`` from the eight bytes of each word; a leap second is the next second."""
    digits = word ^ _MIDNIGHT
    fine = (digits | (digits + _COLONS)) & _HIGH == 0
    pairs = _pairs(digits)
    hour, minute, second = _at(pairs, 0), _at(pairs, 3), _at(pairs, 6)
    fine &= (hour < 24) & (minute < 60) & (second <= 60)
    return (hour * 3600 + minute * 60 + second) * SECOND, fine


def _month(window: Window, first: int) -> Ints:
    letters = window[:, first : first + 3].astype(np.int64)
    return letters[:, 0] << 16 | letters[:, 1] << 8 | letters[:, 2]


def _named_day(key: int) -> int:
    """Read a day whose key is its month's letters, its year and its number."""
    month, year, day = key >> 24, key >> 8 & 0xFFFF, key & 0xFF
    name = month.to_bytes(3, "big").decode("latin-1").lower()
    return day_micros(year, MONTHS.get(name, 0), day)


def _finished(codes: Times, fine: Mask) -> Read:
    fine = fine & (codes > VALID)
    return np.where(fine, codes, INVALID), fine


def clf(buffer: Bytes, start: Ints) -> Read:
    """Read ``10/Oct/2000:13:55:36 -0700`` from each place on; return the codes, and where one stands."""
    first, second, third, fourth = gathered(buffer, start, 4).T
    clock, fine = _clock(second >> _HALF | third << _HALF)
    rows = _changes(first, second & LOW[4], third >> _HALF, fourth & LOW[2])
    day, right = _again(_clf_day(windows(buffer, start[rows], _CLF)), rows, len(start))
    return _finished(day + clock, fine & right)


def _clf_day(window: Window) -> Read:
    """Read all but the clock."""
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {2: "/", 6: "/", 11: ":", 20: " "})
    fine &= _all_digits(digits, 0, 1, 7, 8, 9, 10, 22, 23, 24, 25)
    fine &= (window[:, 21] == ord("+")) | (window[:, 21] == ord("-"))
    key = _month(window, 3) << 24 | _number(digits, 7, 8, 9, 10) << 8 | _number(digits, 0, 1)
    offset = (_number(digits, 22, 23) * 60 + _number(digits, 24, 25)) * _MINUTE
    offset = np.where(window[:, 21] == ord("-"), -offset, offset)
    return per_distinct(np.where(fine, key, 0), _named_day) - offset, fine


def bsd(buffer: Bytes, start: Ints) -> Read:
    """Read ``Jun 14 15:16:01`` from each place on."""
    word = words(buffer)
    clock, fine = _clock(word[start + _BSD_DAY])
    rows = _changes(word[start] & LOW[_BSD_DAY])
    day, right = _again(_bsd_day(windows(buffer, start[rows], _BSD_DAY)), rows, len(start))
    return _finished(day + clock + YEARLESS, fine & right)


def _bsd_day(window: Window) -> Read:
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {3: " ", 6: " "}) & _all_digits(digits, 5)
    blank = window[:, 4] == ord(" ")
    fine &= blank | _all_digits(digits, 4)
    fine &= (window[:, 0] - np.uint8(ord("A")) < 26) & (window[:, 1:3] - np.uint8(ord("a")) < 26).all(axis=1)
    day = np.where(blank, 0, digits[:, 4].astype(np.int64)) * 10 + digits[:, 5]
    return per_distinct(np.where(fine, _month(window, 0) << 24 | 2000 << 8 | day, 0), _named_day), fine


def _plain_day(key: int) -> int:
    return day_micros(key >> 16, key >> 8 & 0xFF, key & 0xFF)


def iso(buffer: Bytes, start: Ints, length: Ints) -> Read:
    """Read ``2024-05-01T12:00:00``, then a fraction and a zone, both optional."""
    first, second, third = gathered(buffer, start, 3).T
    clock, fine = _clock(second >> _THREE | third << _FIVE)
    fine &= length >= _ISO
    rows = _changes(first, second & LOW[3])
    day, right = _again(_iso_day(windows(buffer, start[rows], _ISO_DAY)), rows, len(start))
    rest, known = _rest(buffer, start + _ISO, length - _ISO)
    return _finished(day + clock + rest, fine & right & known)


def _iso_day(window: Window) -> Read:
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {4: "-", 7: "-"}) & _all_digits(digits, 0, 1, 2, 3, 5, 6, 8, 9)
    fine &= (window[:, 10] == ord("T")) | (window[:, 10] == ord(" "))
    key = _number(digits, 0, 1, 2, 3) << 16 | _number(digits, 5, 6) << 8 | _number(digits, 8, 9)
    return per_distinct(np.where(fine, key, 0), _plain_day), fine


def _rest(buffer: Bytes, start: Ints, length: Ints) -> Read:
    """Read a fraction and a zone that end with the value. LOCAL is added where no zone stands."""
    micros = np.zeros(len(start), np.int64)
    begins = np.zeros(len(start), np.int64)
    pointed = np.flatnonzero((length > 0) & ((buffer[start] == ord(".")) | (buffer[start] == ord(","))))
    fine = np.ones(len(start), bool)
    if len(pointed):
        micros[pointed], begins[pointed] = _fractions(buffer, start[pointed] + 1, length[pointed] - 1)
        fine[pointed] = begins[pointed] > 1
    behind, left = start + begins, length - begins
    rows = _changes(prefixes(buffer, behind, left), left.view(np.uint64))
    zone, right = _again(_zones(buffer, behind[rows], left[rows]), rows, len(start))
    return micros + zone, fine & right


def _fractions(buffer: Bytes, start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Return the microseconds that digits say, and how long they are with the point before them."""
    digits = prefixes(buffer, start, length) ^ _ZEROS
    ends = (digits | (digits + _BEYOND_NINE)) & _HIGH
    rows = _changes(ends)
    number = np.array([_bytes_before(one) for one in ends[rows].tolist()], np.int64)
    number = np.repeat(number, np.diff(np.append(rows, len(start))))
    pairs = _pairs(digits & LOW[np.minimum(number, 6)])
    micros = _at(pairs, 0) * 10_000 + _at(pairs, 2) * 100 + _at(pairs, 4)
    long = np.flatnonzero(number == WORD)
    if len(long):
        ninth = (buffer[start[long] + WORD] - np.uint8(ord("0")) < 10) & (length[long] > WORD)
        number[long] += ninth
    return micros, number + 1


def _bytes_before(sign: int) -> int:
    """Return how many bytes of a word stand before the first one whose highest bit is set."""
    return ((sign & -sign).bit_length() - 1) // 8 if sign else WORD


def _zones(buffer: Bytes, start: Ints, length: Ints) -> Read:
    """Read ``Z``, ``+02:00`` or ``+0200``; LOCAL where nothing stands."""
    window = windows(buffer, start, 6)
    digits = window - np.uint8(ord("0"))
    colon = (length == 6) & (window[:, 3] == ord(":"))
    minute = np.where(colon, _number(digits, 4, 5), _number(digits, 3, 4))
    signed = (window[:, 0] == ord("+")) | (window[:, 0] == ord("-"))
    signed &= _all_digits(digits, 1, 2) & (digits[:, 4] < 10)
    signed &= np.where(colon, digits[:, 5] < 10, (length == 5) & (digits[:, 3] < 10))
    offset = (_number(digits, 1, 2) * 60 + minute) * _MINUTE
    offset = np.where(window[:, 0] == ord("-"), offset, -offset)
    utc = (length == 1) & (window[:, 0] == ord("Z"))
    value = np.where(signed, offset, np.where(length == 0, LOCAL, 0))
    return value, signed | utc | (length == 0)
