"""Access logs without a virtual host in front, a block at a time: the columns of ``access`` for strict lines."""

from __future__ import annotations

import re

import numpy as np

from desktop_app.core.spans import LOW, Bytes, Ints, Mask, Spans, number_of, words
from desktop_app.extensions.logs.sources.spanning import (
    CAPITALS,
    DIGITS,
    NUMBERS,
    Cut,
    Lines,
    Place,
    Places,
    in_portions,
    made_of,
)
from desktop_app.extensions.logs.sources.times_spans import clf

_IS_ADDRESS = re.compile(r"[\d.]+|[\da-fA-F:.]*:[\da-fA-F:.]*").fullmatch
_STAMP = 26
_HTTP = b"HTTP/"
# Of the eight bytes behind the request: a space, three digits, a space.
_SPACES, _BLANKS = np.uint64(0xFF_0000_00FF), np.uint64(0x20_0000_0020)
_CODE = np.uint64(0x00_FFFF_FF00)


def cut(lines: Lines) -> Cut:
    """Cut the lines of a block; the columns are those of ``access``'s rows."""
    return in_portions(lines, _cut)


def _cut(lines: Lines) -> Cut:
    buffer, start = lines.buffer, lines.start
    end = start + lines.length
    # Within the brackets stands one space, one behind them: what follows is the request.
    address_end, identity_end, user_end, method_end, url_end = Places(buffer, " ").times(start, 0, 1, 2, 5, 6)
    quotes = Places(buffer, '"').times(start, *range(6))
    times, fine = clf(buffer, user_end + 2)
    opened = user_end + _STAMP + 4
    fine &= (buffer[user_end + 1] == ord("[")) & (buffer[opened - 2] == ord("]")) & (buffer[opened - 1] == ord(" "))
    fine &= (quotes[0] == opened) & (address_end > start)
    fine &= (identity_end > address_end + 1) & (user_end > identity_end + 1)
    closed = quotes[1]
    method = opened + 1, method_end - opened - 1
    url = method_end + 1, url_end - method_end - 1
    fine &= _is_request(buffer, method, url, closed) & (closed < end)
    status, size, referrer, agent, right = _answer(buffer, end, quotes[1:])
    fine &= right
    address, domain = _who(buffer, start, address_end - start, fine)
    user = _dashed(buffer, identity_end + 1, user_end - identity_end - 1)
    nothing = (start, np.full(len(start), -1, np.int64))
    return Cut([nothing, address, domain, user, nothing, method, url, status, size, referrer, agent], times, fine)


def _dashed(buffer: Bytes, start: Ints, length: Ints) -> Place:
    """A dash stands for nothing."""
    return start, np.where((length == 1) & (buffer[start] == ord("-")), -1, length)


def _is_request(buffer: Bytes, method: Place, url: Place, closed: Ints) -> Mask:
    """Say which requests are written ``GET /path HTTP/1.1``."""
    proto = url[0] + url[1] + 1
    version = proto + len(_HTTP)
    fine = made_of(buffer, *method, CAPITALS) & (method[1] >= 3) & (url[1] > 0)
    fine &= words(buffer)[proto] & LOW[len(_HTTP)] == number_of(_HTTP)
    return fine & made_of(buffer, version, closed - version, NUMBERS)


def _answer(buffer: Bytes, end: Ints, quotes: list[Ints]) -> tuple[Place, Place, Place, Place, Mask]:
    """Cut ``200 512 "referrer" "agent" ...`` behind a first quote, or what the common format has of it."""
    closed, first, second, third, last = quotes
    common = first >= end
    status = closed + 2
    size = closed + 6
    size_end = np.where(common, end, first - 1)
    said = words(buffer)[closed + 1]
    fine = (said & _SPACES == _BLANKS) & DIGITS.fill(said, np.full(len(said), _CODE))
    none = (size_end == size + 1) & (buffer[size] == ord("-"))
    fine &= none | made_of(buffer, size, size_end - size, DIGITS)
    follows = (last < end) & (buffer[size_end] == ord(" ")) & (third == second + 2) & (buffer[second + 1] == ord(" "))
    follows &= (last + 1 == end) | (buffer[last + 1] == ord(" "))
    fine &= common | follows
    referrer, agent = _dashed(buffer, first + 1, second - first - 1), _dashed(buffer, third + 1, last - third - 1)
    return (
        (status, np.full(len(status), 3)),
        (size, np.where(none, -1, size_end - size)),
        (referrer[0], np.where(common, -1, referrer[1])),
        (agent[0], np.where(common, -1, agent[1])),
        fine,
    )


def _who(buffer: Bytes, start: Ints, length: Ints, fine: Mask) -> tuple[Place, Place]:
    """Tell addresses from names; names of version 6 and of hosts are looked at once each."""
    address = made_of(buffer, start, length, NUMBERS)
    others = np.flatnonzero(fine & ~address)
    if len(others):
        names, codes = Spans(buffer, start[others], length[others]).encoded()
        address[others] = np.array([_IS_ADDRESS(name) is not None for name in names])[codes]
    return (start, np.where(address, length, -1)), (start, np.where(address, -1, length))
