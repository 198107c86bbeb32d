"""Times of fixed width, read from the bytes of a whole block at once; the codes are those of ``times``.

What is not written strictly is left to ``times``, which reads the same stamps one by one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times
from desktop_app.core.spans import Bytes, Ints, Mask
from desktop_app.extensions.logs.sources.spanning import per_distinct, windows
from desktop_app.extensions.logs.sources.times import INVALID, LOCAL, MONTHS, SECOND, VALID, YEARLESS, day_micros

_CLF = 26  # 10/Oct/2000:13:55:36 -0700
_BSD = 15  # Jun 14 15:16:01
_ISO = 19  # 2024-05-01T12:00:00
_FRACTION = 9
_MINUTE = 60 * SECOND
_TENS = 10 ** np.arange(_FRACTION + 1)

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


def _clock(digits: Window, first: int) -> Read:
    """Read ``13:55:36`` from a column on; a leap second is the next second."""
    hour, minute, second = (_number(digits, first + at, first + at + 1) for at in (0, 3, 6))
    fine = _all_digits(digits, *(first + at for at in (0, 1, 3, 4, 6, 7)))
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
    window = windows(buffer, start, _CLF)
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {2: "/", 6: "/", 11: ":", 14: ":", 17: ":", 20: " "})
    fine &= _all_digits(digits, 0, 1, 7, 8, 9, 10, 22, 23, 24, 25)
    fine &= (window[:, 21] == ord("+")) | (window[:, 21] == ord("-"))
    clock, right = _clock(digits, 12)
    key = _month(window, 3) << 24 | _number(digits, 7, 8, 9, 10) << 8 | _number(digits, 0, 1)
    fine &= right
    offset = (_number(digits, 22, 23) * 60 + _number(digits, 24, 25)) * _MINUTE
    offset = np.where(window[:, 21] == ord("-"), -offset, offset)
    return _finished(per_distinct(np.where(fine, key, 0), _named_day) + clock - offset, fine)


def bsd(buffer: Bytes, start: Ints) -> Read:
    """Read ``Jun 14 15:16:01`` from each place on."""
    window = windows(buffer, start, _BSD)
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {3: " ", 6: " ", 9: ":", 12: ":"}) & _all_digits(digits, 5)
    blank = window[:, 4] == ord(" ")
    fine &= blank | _all_digits(digits, 4)
    fine &= (window[:, 0] - np.uint8(ord("A")) < 26) & (window[:, 1:3] - np.uint8(ord("a")) < 26).all(axis=1)
    day = np.where(blank, 0, digits[:, 4].astype(np.int64)) * 10 + digits[:, 5]
    clock, right = _clock(digits, 7)
    key = _month(window, 0) << 24 | 2000 << 8 | day
    return _finished(per_distinct(np.where(fine & right, key, 0), _named_day) + clock + YEARLESS, fine & right)


def _plain_day(key: int) -> int:
    return day_micros(key >> 16, key >> 8 & 0xFF, key & 0xFF)


def iso(buffer: Bytes, start: Ints, length: Ints) -> Read:
    """Read ``2024-05-01T12:00:00``, then a fraction and a zone, both optional."""
    window = windows(buffer, start, _ISO)
    digits = window - np.uint8(ord("0"))
    fine = _has(window, {4: "-", 7: "-", 13: ":", 16: ":"}) & _all_digits(digits, 0, 1, 2, 3, 5, 6, 8, 9)
    fine &= ((window[:, 10] == ord("T")) | (window[:, 10] == ord(" "))) & (length >= _ISO)
    clock, right = _clock(digits, 11)
    key = _number(digits, 0, 1, 2, 3) << 16 | _number(digits, 5, 6) << 8 | _number(digits, 8, 9)
    fine &= right
    rest, right = _rest(buffer, start + _ISO, length - _ISO)
    fine &= right
    return _finished(per_distinct(np.where(fine, key, 0), _plain_day) + clock + rest, fine)


def _rest(buffer: Bytes, start: Ints, length: Ints) -> Read:
    """Read a fraction and a zone that end with the value. LOCAL is added where no zone stands."""
    micros = np.zeros(len(start), np.int64)
    begins = np.zeros(len(start), np.int64)
    pointed = np.flatnonzero((length > 0) & ((buffer[start] == ord(".")) | (buffer[start] == ord(","))))
    fine = np.ones(len(start), bool)
    if len(pointed):
        micros[pointed], begins[pointed] = _fractions(buffer, start[pointed] + 1, length[pointed] - 1)
        fine[pointed] = begins[pointed] > 1
    zone, right = _zones(buffer, start + begins, length - begins)
    return micros + zone, fine & right


def _fractions(buffer: Bytes, start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Return the microseconds that digits say, and how long they are with the point before them."""
    digits = windows(buffer, start, _FRACTION) - np.uint8(ord("0"))
    inside = (digits < 10) & (np.arange(_FRACTION) < length[:, None])
    inside = np.logical_and.accumulate(inside, axis=1)
    kept = np.where(inside[:, :6], digits[:, :6], 0).astype(np.int64)
    return kept @ _TENS[5::-1], inside.sum(axis=1) + 1


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
