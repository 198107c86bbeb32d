"""What ``auth`` tells of messages, told once for all of a block that differ in digits alone.

No expression of ``auth_patterns`` tells one digit from another, except right behind a letter (``EXT4-fs``); a test
holds them to that. So all other digits are written as the same one, each distinct message is read once, and what stands
where in it stands there in all of its kind. Messages in other scripts, very long ones and those that repeat another one
go through ``auth`` itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.core.model import Column
from desktop_app.core.spans import Bytes, Coded, Codes, Ints, Mask, Spans, patched
from desktop_app.extensions.logs.sources.auth import FIRST_WORDS, LONGEST, REPEATERS, Found, extract, field_of, tell
from desktop_app.extensions.logs.sources.auth_patterns import TABLES
from desktop_app.extensions.logs.sources.columns import present
from desktop_app.extensions.logs.sources.spanning import begins

_TOLD = frozenset(TABLES)
_ASCII = 0x80
_ONE, _CAPITAL = np.uint8(ord("1")), np.uint8(ord("a") - ord("A"))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message says: its level, what it means, and its values as field, begin and length."""

    level: str | None
    constants: Mapping[str, str]
    places: tuple[tuple[str, int, int], ...]


def auth_rows(program: Coded, message: Spans, programs: frozenset[str]) -> Mask:
    """Say which lines belong to the authentication log, as ``auth.is_auth`` does."""
    return _one_of(program, programs) | begins(message, ("pam_", "PAM "))


def extracted(program: Coded, message: Spans) -> Found:
    """Do as ``auth.extract`` does; columns that would hold nothing are left out."""
    message = Spans(message.buffer, message.start, np.maximum(message.length, 0))  # a missing one says nothing either
    rows = np.flatnonzero(_one_of(program, _TOLD) | begins(message, FIRST_WORDS))
    alone = _alone(message.take(rows))
    found = _told(program, message, rows[~alone])
    odd = rows[alone]
    return _with(found, message, odd, _one_by_one(program.take(odd), message.take(odd))) if len(odd) else found


def _one_by_one(program: Coded, message: Spans) -> Found:
    found = extract(program.values, [one or "" for one in message.values])
    return Found(present(found.fields), found.level)


def _one_of(program: Coded, names: frozenset[str]) -> Mask:
    return np.array([*(one in names for one in program.texts), False])[program.codes]


def _alone(message: Spans) -> Mask:
    """Say which messages stand for no other."""
    found = (message.length > LONGEST) | begins(message, sorted(REPEATERS))
    if len(message) and int(message.buffer.max()) >= _ASCII:
        at = np.flatnonzero(message.buffer >= _ASCII)
        found |= np.searchsorted(at, message.start) < np.searchsorted(at, message.start + message.length)
    return found


def _folded(buffer: Bytes) -> Bytes:
    """Write all digits as the same one, but those right behind a letter."""
    digit = buffer - np.uint8(ord("0")) < 10
    digit[1:] &= ((buffer[:-1] | _CAPITAL) - np.uint8(ord("a"))) >= 26
    made = buffer.copy()
    np.putmask(made, digit, _ONE)
    return made


def _told(program: Coded, message: Spans, rows: Ints) -> Found:
    """Tell each kind of message once."""
    said = message.take(rows)
    texts, codes = Spans(_folded(message.buffer), said.start, said.length).encoded()
    kinds = codes.astype(np.int64) * (len(program.texts) + 1) + program.codes[rows]
    distinct, which = np.unique(kinds, return_inverse=True)
    names = [*program.texts, None]
    # A missing program has the code -1: one text's kinds lie from the place before its first program on.
    each = [divmod(kind + 1, len(names)) for kind in distinct.tolist()]
    kept = [_once(names[code - 1], texts[text]) for text, code in each]
    return _spread(kept, which, message, rows)


def _once(program: str | None, message: str) -> _Said:
    level, pattern, found = tell(program, message)
    if pattern is None or found is None:
        return _Said(level, {}, ())
    places = []
    for number, name in enumerate(pattern.names, 1):
        begin, end = found.span(number)
        if end > begin:
            places.append((field_of(name, found[number]), begin, end - begin))
    return _Said(level, dict(pattern.constants), tuple(places))


def _spread(kept: Sequence[_Said], which: Ints, message: Spans, rows: Ints) -> Found:
    """Put what each kind says into columns of all rows."""
    places: dict[str, tuple[Ints, Ints]] = {}
    constants: dict[str, list[str | None]] = {}
    for kind, said in enumerate(kept):
        for name, begin, length in said.places:
            if name not in places:
                places[name] = np.zeros(len(kept), np.int64), np.full(len(kept), -1, np.int64)
            places[name][0][kind], places[name][1][kind] = begin, length
        for name, text in said.constants.items():
            constants.setdefault(name, [None] * len(kept))[kind] = text
    fields: dict[str, Column] = {}
    for name, (starts, lengths) in places.items():
        start, sizes = message.start.copy(), np.full(len(message), -1, np.int64)
        start[rows] += starts[which]
        sizes[rows] = lengths[which]
        fields[name] = Spans(message.buffer, start, sizes)
    for name, texts in constants.items():
        fields[name] = _coded(texts, which, rows, len(message))
    return Found(fields, _coded([one.level for one in kept], which, rows, len(message)))


def _coded(texts: Sequence[str | None], which: Ints, rows: Ints, size: int) -> Coded:
    table = {text: code for code, text in enumerate(dict.fromkeys(one for one in texts if one is not None))}
    codes: Codes = np.full(size, -1, np.int32)
    codes[rows] = np.array([table.get(one or "", -1) for one in texts], np.int32)[which]
    return Coded(list(table), codes)


def _with(found: Found, message: Spans, rows: Ints, others: Found) -> Found:
    """Add what was told one by one of some rows."""
    size, nothing = len(message), [None] * len(rows)
    fields: dict[str, Column] = {}
    spans: dict[str, tuple[Ints, Ints]] = {}
    for name in dict.fromkeys((*found.fields, *others.fields)):
        column = found.fields.get(name)
        if isinstance(column, Coded):
            fields[name] = _also(column, rows, others.fields.get(name, nothing))
        elif isinstance(column, Spans):
            spans[name] = column.start, column.length
        else:
            spans[name] = message.start, np.full(size, -1, np.int64)
    texts = [others.fields.get(name, nothing) for name in spans]
    fields |= dict(zip(spans, patched(message.buffer, list(spans.values()), rows, texts), strict=True))
    level = found.level
    return Found(fields, _also(level, rows, others.level) if isinstance(level, Coded) else level)


def _also(column: Coded, rows: Ints, texts: Column) -> Coded:
    table = {text: code for code, text in enumerate(column.texts)}
    codes = column.codes.copy()
    codes[rows] = [-1 if one is None else table.setdefault(one, len(table)) for one in texts]
    return Coded(list(table), codes)
