"""JSON lines a block at a time: objects written like one that was parsed, with other values in the same places.

Between two values stands the same text in all of them: quotes, key, colon, commas, braces. A row in which each of these
texts is where it must be holds the values in between; one with a backslash, a list, or a number that JSON would write
otherwise goes the exact way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from desktop_app.core.spans import LOW, PAD, WORD, Bytes, Ints, Mask, gathered, number_of, prefixes
from desktop_app.extensions.logs.sources.spanning import DIGITS, Ahead, Lines, Place, made_of, portions

_MOST_SHAPES = 12
_MOST_LEAVES = 200
_SHARE = 2  # where fewer rows than one in so many go on, the others are not looked at any further
_STRETCH = 32  # bytes of a text that are compared together; more than PAD holds would not do
_MOST_DIGITS = 18  # fit into 64 bits whatever they are
_STRING = re.compile(r'"[^"]*"')
_TOKEN = re.compile(r'"[^"]*"(\s*:)?|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands around the values of an object: ``texts`` has one more than ``leaves``, their paths in the object."""

    texts: tuple[bytes, ...]
    leaves: tuple[tuple[str, ...], ...]
    quoted: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one shape, and where each leaf's values lie in them."""

    shape: Shape
    rows: Ints
    values: tuple[Place, ...]


def shapes(lines: Lines) -> Iterator[Found]:
    """Yield the rows that can be read at once, shape by shape; those that are never named are odd."""
    known: list[Shape] = []
    for first, low, portion in portions(lines):
        for found in _shapes(portion, known):
            yield Found(found.shape, found.rows + first, tuple((start + low, size) for start, size in found.values))


def _shapes(lines: Lines, known: list[Shape]) -> Iterator[Found]:
    """Try the shapes that were seen before, then what the first line that is left looks like."""
    quotes = Ahead(lines.buffer, '"')
    left = np.flatnonzero(~_strange(lines))
    tried = 0
    for _ in range(_MOST_SHAPES):
        if not len(left):
            return
        first = int(left[0])
        if tried == len(known):
            shape = shape_of(lines[first] or "")
            if shape is None:
                left = left[1:]
                continue
            known.append(shape)
        found = _found(lines, left, known[tried], quotes)
        tried += 1
        left = _without(left, found.rows)
        if tried == len(known) and len(left) and left[0] == first:
            left = left[1:]  # not even its own shape can read it
        if len(found.rows):
            yield found


def _without(rows: Ints, others: Ints) -> Ints:
    if len(rows) == len(others):
        return rows[:0]
    kept = np.ones(int(rows[-1]) + 1, bool)
    kept[others] = False
    return rows[kept[rows]]


def _found(lines: Lines, left: Ints, shape: Shape, quotes: Ahead) -> Found:
    rows, values = _values(lines, left, shape, quotes)
    return Found(shape, rows, tuple(values))


def _strange(lines: Lines) -> Mask:
    """Say which rows hold a backslash, or what may not stand in a string as it is."""
    data = lines.buffer[: -len(PAD)]
    found = np.zeros(len(lines), bool)
    # Mostly what is below a space ends a line, and is as many as the lines.
    if np.count_nonzero(data < ord(" ")) < len(lines) and not (data == ord("\\")).any():
        return found
    at = np.flatnonzero((data == ord("\\")) | (data < ord(" ")) & (data != ord("\n")))
    if len(at):
        row = np.searchsorted(lines.start, at, side="right") - 1
        at, row = at[row >= 0], row[row >= 0]
        found[row[at < lines.start[row] + lines.length[row]]] = True
    return found


def shape_of(line: str) -> Shape | None:
    """Parse an object and cut it into its values and what stands around them; None where it is not so simple."""
    try:
        parsed = orjson.loads(line)
    except ValueError:
        return None
    if not isinstance(parsed, dict) or "[" in _STRING.sub("", line):
        return None
    leaves = tuple(_paths(parsed))
    texts, quoted, at = [], [], 0
    for token in _TOKEN.finditer(line):
        if token[1] is None:
            inside = token[0].startswith('"')
            texts.append(line[at : token.start() + inside].encode())
            quoted.append(inside)
            at = token.end() - inside
    if len(texts) != len(leaves) or not 0 < len(leaves) <= _MOST_LEAVES:  # a key may stand twice
        return None
    return Shape((*texts, line[at:].encode()), leaves, tuple(quoted))


def _paths(parsed: dict[str, Any], above: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in parsed.items():
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))
        else:
            yield (*above, key)


def _values(lines: Lines, rows: Ints, shape: Shape, quotes: Ahead) -> tuple[Ints, list[Place]]:
    """Return the rows in which all that stands around values is as it must be, and where the values lie."""
    begin = lines.start[rows]
    fine = np.ones(len(rows), bool)
    values: list[Place] = []
    for number, quoted in enumerate(shape.quoted):
        text, behind = shape.texts[number], shape.texts[number + 1]
        _hold(lines.buffer, begin, text, fine)
        if np.count_nonzero(fine) * _SHARE < len(fine):
            rows, begin, values, fine = rows[fine], begin[fine], _kept(values, fine), fine[fine]
        start = np.minimum(begin + len(text), len(lines.buffer) - len(PAD))
        begin = _behind(lines, rows, start, quotes, behind)
        if number + 1 == len(shape.quoted):
            begin = _at_the_end(lines, rows, begin, behind, fine)
        values.append((start, _length(lines.buffer, start, begin - start, fine, quoted=quoted)))
    _hold(lines.buffer, begin, shape.texts[-1], fine)
    return (rows, values) if fine.all() else (rows[fine], _kept(values, fine))


def _kept(values: Sequence[Place], fine: Mask) -> list[Place]:
    return [(start[fine], length[fine]) for start, length in values]


def _behind(lines: Lines, rows: Ints, start: Ints, quotes: Ahead, text: bytes) -> Ints:
    """Return where the text behind values begins: the next quote is the first one in it."""
    if b'"' in text:
        return quotes.first(start) - text.index(b'"')
    return lines.start[rows] + lines.length[rows] - len(text)


def _at_the_end(lines: Lines, rows: Ints, begin: Ints, text: bytes, fine: Mask) -> Ints:
    """Clear the mask where the last text does not end the row."""
    end = lines.start[rows] + lines.length[rows]
    fine &= begin + len(text) == end
    return end - len(text)


def _length(buffer: Bytes, start: Ints, length: Ints, fine: Mask, *, quoted: bool) -> Ints:
    fine &= length >= 0
    return length if quoted else _plain(buffer, start, length, fine)


def _hold(buffer: Bytes, begin: Ints, text: bytes, fine: Mask) -> None:
    """Clear the mask where a text does not stand at its place."""
    last = len(buffer) - len(PAD) - len(text)
    if not len(begin) or last < 0:
        fine[:] = False
        return
    begin = np.clip(begin, 0, last)
    for at in range(0, len(text), _STRETCH):
        part = text[at : at + _STRETCH]
        pieces = [part[first : first + WORD] for first in range(0, len(part), WORD)]
        found = gathered(buffer, begin + at if at else begin, len(pieces))
        for number, piece in enumerate(pieces):
            word = found[:, number]
            fine &= (word if len(piece) == WORD else word & LOW[len(piece)]) == number_of(piece)


_TRUE, _FALSE, _NULL = number_of(b"true"), number_of(b"false"), number_of(b"null")


def _plain(buffer: Bytes, start: Ints, length: Ints, fine: Mask) -> Ints:
    """Return the lengths of values without quotes, -1 for null; clear the mask where one needs a closer look."""
    start = np.clip(start, 0, len(buffer) - len(PAD))
    word = prefixes(buffer, start, length)
    null = (word == _NULL) & (length == len("null"))
    named = null | ((word == _TRUE) & (length == len("true"))) | ((word == _FALSE) & (length == len("false")))
    minus = (buffer[start] == ord("-")).astype(np.int64)
    digits, first = length - minus, start + minus
    whole = made_of(buffer, first, digits, DIGITS, most=_MOST_DIGITS)
    whole &= (buffer[first] != ord("0")) | ((digits == 1) & (minus == 0))
    fine &= named | whole
    return np.where(null, -1, length)
