"""JSON objects out of a stream, however the file strings them together: one a line, one array, or indented.

The stream is never parsed as one value: an array of any length passes through a buffer of one object.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import orjson

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import BATCH_BYTES, BATCH_ROWS, Reading, RecordBatch
from desktop_app.extensions.logs.sources.decode import read_lines

CHUNK = 1 << 20
LARGEST = 8 << 20  # characters of one object
SAMPLE_OBJECTS = 5
_LOOK = 1 << 14  # characters of a sample

# A whole string, one that the buffer's end cuts, or a brace; nothing else decides where an object ends.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}]', re.DOTALL)


class Splitter:
    """Finds the outermost objects in text that arrives in pieces."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0  # what was looked at
        self._start = 0  # where the open object begins
        self._depth = 0

    def feed(self, piece: str) -> list[str]:
        """Take more text and return the objects that are complete now."""
        self._text += piece
        found = []
        for token in _TOKEN.finditer(self._text, self._at):
            self._at = token.start()
            mark = token[0]
            if mark == "{":
                self._start = self._at if not self._depth else self._start
                self._depth += 1
            elif mark == "}":
                if self._depth == 1:
                    found.append(self._text[self._start : token.end()])
                self._depth = max(self._depth - 1, 0)
            elif token.end() == len(self._text):
                break  # perhaps only the first part of a string: looked at again with what follows
            self._at = token.end()
        self._forget()
        return found

    def _forget(self) -> None:
        """Keep the open object alone."""
        keep = self._start if self._depth else self._at
        self._text = self._text[keep:]
        self._at -= keep
        self._start = 0

    @property
    def rest(self) -> str:
        """Return the end of what was fed, from the open object on or after the last whole one."""
        return self._text

    @property
    def pending(self) -> int:
        """Return the size of the object that has not ended, 0 where none is open."""
        return len(self._text) if self._depth else 0


def first_objects(head: str) -> list[Any]:
    """Return the first objects of a sample, parsed."""
    found = []
    whole = Splitter().feed(head[:_LOOK])  # mostly enough, and a whole sample takes twenty times as long
    if len(whole) < SAMPLE_OBJECTS and len(head) > _LOOK:
        whole = Splitter().feed(head) if "{" in head else []
    for raw in whole[:SAMPLE_OBJECTS]:
        try:
            found.append(orjson.loads(raw))
        except ValueError:
            found.append(None)
    return found


def read_objects(stream: BinaryIO, reading: Reading, *, spans: bool = False) -> Iterator[RecordBatch]:
    """Yield the objects of a file as records. Ordinals are lines where each is one object, else they count objects.

    What breaks off is kept up to there, with the reason in ``reading.error``; ``spans`` as for ``read_lines``.
    """
    beginning = stream.read(CHUNK)
    whole = _Joined(beginning, stream)
    if ONE_A_LINE not in reading.state:
        first = beginning.decode(reading.encoding, "replace").lstrip("\ufeff\r\n\t ").partition("\n")[0]
        reading.state[ONE_A_LINE] = _is_object(first)
    if reading.state[ONE_A_LINE]:
        yield from read_lines(whole, reading, spans=spans)  # type: ignore[arg-type] # read is all it takes
    else:
        yield from _Pieces(whole, reading)


ONE_A_LINE = "one_a_line"  # in the reading's state: how the file strings its objects together


class _Joined:
    """A stream whose beginning was read already."""

    def __init__(self, beginning: bytes, stream: BinaryIO) -> None:
        self._beginning = beginning
        self._stream = stream

    def read(self, size: int) -> bytes:
        if self._beginning:
            part, self._beginning = self._beginning[:size], self._beginning[size:]
            return part
        return self._stream.read(size)


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False


class _Pieces:
    """Cuts a stream into objects wherever they stand."""

    def __init__(self, stream: _Joined, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading
        self._decoder = codecs.getincrementaldecoder(reading.encoding)("replace")
        self._splitter = Splitter()
        self._next = reading.first_ordinal
        self._offset = 0
        self._chunk = b""
        self._raw: list[str] = []

    def __iter__(self) -> Iterator[RecordBatch]:
        """Yield the objects that are whole."""
        size = 0
        while self._read():
            for found in self._splitter.feed(self._decoder.decode(self._chunk)):
                self._raw.append(found)
                size += len(found)
                if len(self._raw) >= BATCH_ROWS:
                    yield self._batch()
                    size = 0
            if self._splitter.pending > LARGEST:
                break
            if size > BATCH_BYTES:
                yield from self._settled_batch()
                size = 0
        if self._raw:
            yield from self._settled_batch()
        self._end()

    def _read(self) -> bool:
        try:
            chunk = self._stream.read(CHUNK)
        except SourceUnreadable as broken:
            self._reading.error, chunk = broken, b""
        except (OSError, EOFError):
            self._reading.error, chunk = _unfinished(self._reading.name), b""
        self._offset += len(chunk)
        self._chunk = chunk or self._chunk
        return bool(chunk)

    def _batch(self) -> RecordBatch:
        raw, self._raw = self._raw, []
        first, self._next = self._next, self._next + len(raw)
        return RecordBatch(raw, np.arange(first, self._next, dtype=np.int64), self._offset)

    def _settled_batch(self) -> Iterator[RecordBatch]:
        """Yield what is there, then settle the reading before what is left of the last chunk."""
        yield self._batch()
        rest = self._splitter.rest.encode(self._reading.encoding, "replace") + self._decoder.getstate()[0]
        if self._chunk.endswith(rest):  # else the open object began in an earlier chunk, or is not in the encoding
            self._reading.settle(self._offset - len(rest), self._next - 1)

    def _end(self) -> None:
        if self._splitter.pending:
            self._reading.error = self._reading.error or _unfinished(self._reading.name)
        if self._reading.error and self._next == self._reading.first_ordinal:
            raise self._reading.error


def _unfinished(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        text("%(name)s ends in the middle of a record.", name=name),
        why=text("The file was cut off, or one record in it is larger than any real one."),
        fix=text("Import a fresh copy of it; what stands before that point is kept."),
    )
