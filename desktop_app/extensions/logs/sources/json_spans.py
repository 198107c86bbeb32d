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

from desktop_app.core.spans import LOW, PAD, WORD, Bytes, Ints, Mask, number_of, prefixes, words
from desktop_app.extensions.logs.sources.spanning import DIGITS, Lines, Place, made_of, portions

_MOST_SHAPES = 12
_MOST_LEAVES = 200
_MOST_DIGITS = 18  # fit into 64 bits whatever they are
_STRING = re.compile(r'"[^"]*"')
_TOKEN = re.compile(r'"[^"]*"(\s*:)?|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands around the values of an object: ``texts`` has one more than ``leaves``, their paths in the object."""

    texts: tuple[bytes, ...]
    leaves: tuple[tuple[str, ...], ...]
    quoted: tuple[bool, ...]

    @property
    def quotes(self) -> int:
        """How many quotes there are."""
        return sum(text.count(b'"') for text in self.texts)


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
    quotes = _Quotes(lines)
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


def _found(lines: Lines, left: Ints, shape: Shape, quotes: _Quotes) -> Found:
    alike = left[quotes.number[left] == shape.quotes]
    values, fine = _values(lines, alike, shape, quotes)
    if fine.all():
        return Found(shape, alike, tuple(values))
    return Found(shape, alike[fine], tuple((start[fine], length[fine]) for start, length in values))


def _strange(lines: Lines) -> Mask:
    """Say which rows hold a backslash, or what may not stand in a string as it is."""
    data = lines.buffer[: -len(PAD)]
    at = np.flatnonzero((data == ord("\\")) | (data < ord(" ")) & (data != ord("\n")))
    found = np.zeros(len(lines), bool)
    if len(at):
        row = np.searchsorted(lines.start, at, side="right") - 1
        at, row = at[row >= 0], row[row >= 0]
        found[row[at < lines.start[row] + lines.length[row]]] = True
    return found


class _Quotes:
    """Where the quotes of each row stand."""

    def __init__(self, lines: Lines) -> None:
        at = np.flatnonzero(lines.buffer[: -len(PAD)] == ord('"'))
        self._first = np.searchsorted(at, lines.start)
        self.number: Ints = np.searchsorted(at, lines.start + lines.length) - self._first
        # Behind the last one it stands at the end, so that a row may be asked for more than it has.
        self._at = np.append(at, np.full(int(self.number.max(initial=0)) + 1, len(lines.buffer) - len(PAD)))

    def one(self, rows: Ints, number: int) -> Ints:
        """Return where a quote stands in each of some rows."""
        return self._at[number:][self._first[rows]]


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


def _values(lines: Lines, rows: Ints, shape: Shape, quotes: _Quotes) -> tuple[list[Place], Mask]:
    """Return where the values of some rows lie, and in which of them everything around them is as it must be."""
    begins = _text_places(lines, rows, shape, quotes)
    fine = np.ones(len(rows), bool)
    for begin, text in zip(begins, shape.texts, strict=True):
        _hold(lines.buffer, begin, text, fine)
    values = []
    for number, quoted in enumerate(shape.quoted):
        start = begins[number] + len(shape.texts[number])
        length = begins[number + 1] - start
        fine &= length >= 0
        if not quoted:
            length = _plain(lines.buffer, start, length, fine)
        values.append((start, length))
    return values, fine


def _text_places(lines: Lines, rows: Ints, shape: Shape, quotes: _Quotes) -> list[Ints]:
    """Return where each text between values begins: each but the last holds the quotes of a key."""
    before = 0
    begins = [lines.start[rows]]
    for number, text in enumerate(shape.texts[:-1]):
        if number:
            begins.append(quotes.one(rows, before) - text.index(b'"'))
        before += text.count(b'"')
    return [*begins, lines.start[rows] + lines.length[rows] - len(shape.texts[-1])]


def _hold(buffer: Bytes, begin: Ints, text: bytes, fine: Mask) -> None:
    """Clear the mask where a text does not stand at its place."""
    view = words(buffer)
    last = len(view) - 1 - len(text)
    if len(begin) and not 0 <= begin.min() <= begin.max() <= last:
        begin = np.clip(begin, 0, max(last, 0))
    for at in range(0, len(text), WORD):
        part = text[at : at + WORD]
        fine &= view[begin + at] & LOW[len(part)] == number_of(part)


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
