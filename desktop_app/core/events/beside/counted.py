"""Beside each segment: how often the values of its columns stand in it, so that facets of whole segments open no file.

Counted while the columns are in hand: those of few values, which come as codes, and the fields that people ask for
(``ASKED``) where their values are short. A column that is left out is counted in the segment when somebody asks.

The file ``<segment>.counts``: MAGIC, the SHA-256 of the segment, the SHA-256 of the rest, the length of the head (four
bytes, little-endian), the head, the numbers. The head is JSON, ``{"column": {"at": 0, "values": 2, "bytes": 1,
"texts": {"a longer text": 3}}}``: from byte ``at`` of the numbers on lie ``values`` numbers of eight bytes (``packed``
says which text each stands for), then as many counts of ``bytes`` bytes each. A file that is missing or not what was
written costs the reading of the segment, nothing else.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.events.beside.packed import few, pack, unpack
from desktop_app.core.events.beside.tally import Tally
from desktop_app.core.events.layout import fold
from desktop_app.core.events.segment import counts_of
from desktop_app.core.model import Column
from desktop_app.core.spans import Coded, Spans

Given = Column | npt.NDArray[np.object_]

MAGIC = b"WDCOUNT1"
# Fields that answer who, from where, what and with which outcome come before others that merely are there.
ASKED = (
    "event.action", "event.outcome", "user.name", "source.ip", "EventID", "TargetUserName", "IpAddress", "LogonType",
    "http.response.status_code", "http.request.method", "url.original", "process.name", "error.code", "Image",
    "ServiceName", "SubjectUserName", "Channel", "user_agent.original", "log.syslog.facility.name",
)  # fmt: skip
FIXED = ("level", "host", "source")
MOST_VALUES = 1 << 18  # of one column
MOST_LETTERS = 1 << 16  # of the texts of one column that have no number
_HEAD = len(MAGIC) + 32 + 32
_SAMPLE = 1024
_ODD = 16  # one value in so many may be without a number
_OFTEN = frozenset(map(fold, ASKED))
_WIDTHS = (1, 2, 4, 8)


def is_asked(name: str) -> bool:
    """Say whether a field is asked for so often that it is counted whatever it takes."""
    return fold(name) in _OFTEN


def count(column: Given) -> tuple[Tally | None, Coded | None]:
    """Count the values of a column, None where that would cost more than it saves.

    A column of bytes in which few values stand comes with its codes, which spare the writer what was spent here.
    """
    coded: Coded | None = None
    if isinstance(column, Spans) and column.coded is not None:
        column = column.coded  # as where a format made another column of its values
    try:
        if isinstance(column, Spans):
            tally, coded = _of_spans(column)
        else:
            tally = _of_codes(column) if isinstance(column, Coded) else _of_texts(list(column))
    except UnicodeEncodeError:  # what is no text is written as another one
        return None, None
    wide = tally is not None and (len(tally) > MOST_VALUES or sum(map(len, tally.texts)) > MOST_LETTERS)
    return None if wide else tally, coded


def count_again(column: Given) -> Tally | None:
    """Count a column that was read back from a segment: what was written as codes comes as bytes, which may be long."""
    found, _ = count(column)
    if found is None and isinstance(column, Spans):
        found, _ = count(Coded(*column.encoded()))
    return found


def as_codes(column: Column) -> Column:
    """Return a column that was read back as the codes that it was written from, where many of its values are equal."""
    if isinstance(column, Spans) and len(column.encoded()[0]) * _ODD <= len(column):
        return Coded(*column.encoded())
    return column


def _of_codes(column: Coded) -> Tally | None:
    numbers = np.bincount(column.codes + 1, minlength=len(column.texts) + 1)[1:]
    used = np.flatnonzero(numbers)
    if len(used) > MOST_VALUES:
        return None
    texts = column.texts if len(used) == len(column.texts) else [column.texts[place] for place in used.tolist()]
    return Tally.of_values(texts, column.table.take(used), numbers[used])


def _of_texts(column: list[str | None]) -> Tally | None:
    some = column[:: max(1, len(column) // _SAMPLE)]
    if len(some) >= _SAMPLE and len(set(some)) * _ODD > len(some) * (_ODD - 1):
        return None
    return Tally.of({text: number for text, number in Counter(column).items() if text is not None})


def _of_spans(column: Spans) -> tuple[Tally | None, Coded | None]:
    """Count values by their numbers; a look at some of them tells whether that is worth while."""
    missing = column.missing
    rows = np.flatnonzero(~missing)
    if not len(rows):
        return Tally(), None
    some, known = pack(column.take(rows[:: max(1, len(rows) // _SAMPLE)]))
    if np.count_nonzero(~known) * _ODD > len(known):
        return None, None
    keys, known = pack(column)
    odd = np.flatnonzero(~(known | missing))
    if len(rows) < len(keys):
        keys[missing] = some[0]  # any that is known, for no other one is to be looked for
    if not len(odd) and (found := few(keys, some)) is not None:
        coded = Coded(unpack(found[0].tolist()), np.where(missing, np.int32(-1), found[1]))
        return _of_codes(coded), coded
    if len(odd) * _ODD > len(rows):
        return None, None
    texts = Counter(one for one in column.take(odd).values if one is not None)
    return Tally.of_keys(keys if len(rows) == len(keys) and not len(odd) else keys[known], texts), None


def write(segment: Path, sha256: str, counted: Mapping[str, Tally]) -> None:
    """Write what was counted, by the names of the columns. What goes wrong costs speed only, so it is let go."""
    head, numbers, at = dict[str, Any](), list[bytes](), 0
    for name, tally in counted.items():
        width = next(one for one in _WIDTHS if int(tally.counts.max(initial=0)) < 1 << 8 * one)
        head[name] = {"at": at, "values": len(tally.keys), "bytes": width, "texts": tally.texts}
        numbers += [tally.keys.astype("<u8").tobytes(), tally.counts.astype(f"<u{width}").tobytes()]
        at += len(tally.keys) * (8 + width)
    described = orjson.dumps(head)
    rest = b"".join((len(described).to_bytes(4, "little"), described, *numbers))
    with suppress(OSError):
        counts_of(segment).write_bytes(MAGIC + bytes.fromhex(sha256) + hashlib.sha256(rest).digest() + rest)


def read(segment: Path, sha256: str) -> dict[str, Tally] | None:
    """Return what the columns of a segment hold; None where there is no such file or it is not what was written."""
    try:
        content = counts_of(segment).read_bytes()
    except OSError:
        return None
    rest = memoryview(content)[_HEAD:]
    if content[:_HEAD] != MAGIC + bytes.fromhex(sha256) + hashlib.sha256(rest).digest():
        return None
    end = 4 + int.from_bytes(rest[:4], "little")
    numbers = rest[end:]
    return {name: _tally(numbers, one) for name, one in orjson.loads(rest[4:end]).items()}


def _tally(numbers: memoryview, found: Mapping[str, Any]) -> Tally:
    at, values, width = found["at"], found["values"], found["bytes"]
    keys = np.frombuffer(numbers, "<u8", values, at)
    counts = np.frombuffer(numbers, f"<u{width}", values, at + 8 * values).astype(np.int64)
    return Tally(keys, counts, found["texts"])


def belongs(segment: Path, sha256: str) -> bool:
    """Say whether the counts beside a segment are there and what was written for it."""
    return read(segment, sha256) is not None
