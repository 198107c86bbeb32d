"""Syslog without PRI, a block at a time: the columns of ``syslog_lines`` for strict lines of its first two shapes."""

from __future__ import annotations

from functools import partial

import numpy as np

from desktop_app.core.spans import Ints, Mask
from desktop_app.extensions.logs.sources.spanning import DIGITS, Cut, Kind, Lines, Place, Places, in_portions, made_of
from desktop_app.extensions.logs.sources.times import LOCAL
from desktop_app.extensions.logs.sources.times_spans import bsd, iso

_BSD = 15  # bytes of a time as RFC 3164 has it
_LONGEST_TAG = 64
_PRINTED = Kind("!", "~")


def cut(lines: Lines, *, numeric: bool) -> Cut:
    """Cut the lines of a block; the columns are those of a row. ``numeric``: their times are ISO 8601."""
    return in_portions(lines, partial(_cut, numeric=numeric))


def _cut(lines: Lines, *, numeric: bool) -> Cut:
    buffer, start = lines.buffer, lines.start
    end = start + lines.length
    spaces = Places(buffer, " ")
    if numeric:
        stamp_end = spaces.first(start)
        times, fine = iso(buffer, start, stamp_end - start)
        fine &= (times < LOCAL // 2) & (buffer[start + 10] == ord("T"))
    else:
        stamp_end = start + _BSD
        times, fine = bsd(buffer, start)
        fine &= buffer[stamp_end] == ord(" ")
    host_end = spaces.first(stamp_end + 1)
    tag = host_end + 1
    stop = Places(buffer, " ", ":", "[").first(tag)
    fine &= (host_end > stamp_end + 1) & made_of(buffer, tag, stop - tag, _PRINTED, most=_LONGEST_TAG)
    pid, after, right = _pid(lines, stop)
    fine &= right & (after <= end)
    message = after + (buffer[after] == ord(" "))
    nothing = (start, np.full(len(start), -1, np.int64))
    host = stamp_end + 1, host_end - stamp_end - 1
    said = np.minimum(message, end), np.maximum(end - message, 0)
    return Cut([nothing, nothing, host, (tag, stop - tag), pid, nothing, nothing, said], times, fine)


def _pid(lines: Lines, stop: Ints) -> tuple[Place, Ints, Mask]:
    """Read ``[123]:`` or ``:`` where a program's name stops; return also where that ends, and whether it is so."""
    buffer = lines.buffer
    colon = buffer[stop] == ord(":")
    opened = buffer[stop] == ord("[")
    closed = Places(buffer, "]").first(stop + 1) if opened.any() else stop
    length = np.where(opened, closed - stop - 1, -1)
    numbered = opened & (buffer[closed + 1] == ord(":")) & made_of(buffer, stop + 1, length, DIGITS)
    return (stop + 1, length), np.where(opened, closed + 2, stop + 1), colon | numbered
