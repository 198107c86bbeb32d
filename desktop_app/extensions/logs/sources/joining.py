"""Records of several lines: a line that begins no record of its own belongs to the one before.

So a stack trace stays with the line that it explains. A record that has not ended may still grow with its file: the
reading is settled before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.decode import LINE_BYTES, Portion, read_portions

MOST_LINES = 1_000  # of one record
# What follows the line that it belongs to in the logs of Java, Python, .NET, Go and databases.
_FOLLOWING = (
    " ",
    "\t",
    "Caused by:",
    "Traceback (",
    "...",
    "}",
    ")",
    "]",
    "Suppressed:",
    "During handling of",
    "goroutine ",
)


def follows(line: str) -> bool:
    """Say whether a line looks as if it went on with the one before."""
    return line.startswith(_FOLLOWING) or _is_exception(line)


def _is_exception(line: str) -> bool:
    """``java.io.IOException: closed``, ``ValueError: x``: a dotted name that ends so, then a colon or nothing."""
    name = line.partition(":")[0]
    return name.endswith(("Exception", "Error", "Warning", "Interrupt", "Exit")) and " " not in name


class Joiner:
    """Joins lines to records as they come."""

    def __init__(self, begins: Callable[[str], bool]) -> None:
        self._begins = begins
        self._open: list[str] = []
        self._size = 0
        self.open_since: int | None = None

    def feed(self, batch: RecordBatch) -> tuple[list[str], list[int]]:
        """Take lines and return the records that ended, with the line that each began on."""
        raw: list[str] = []
        ordinals: list[int] = []
        for line, ordinal in zip(batch.raw, batch.ordinal.tolist(), strict=True):
            if self._full(len(line)) or self._begins(line):
                self._end(raw, ordinals)
                self.open_since = ordinal
            self._open.append(line)
            self._size += len(line) + 1
            self.open_since = self.open_since or ordinal
        return raw, ordinals

    def rest(self) -> tuple[list[str], list[int]]:
        """Return the record that nothing ended, if there is one."""
        raw: list[str] = []
        ordinals: list[int] = []
        self._end(raw, ordinals)
        return raw, ordinals

    def _full(self, more: int) -> bool:
        return len(self._open) >= MOST_LINES or (bool(self._open) and self._size + more > LINE_BYTES)

    def _end(self, raw: list[str], ordinals: list[int]) -> None:
        if self._open and self.open_since is not None:
            raw.append("\n".join(self._open))
            ordinals.append(self.open_since)
        self._open, self._size, self.open_since = [], 0, None


def read_joined(stream: BinaryIO, reading: Reading, begins: Callable[[str], bool]) -> Iterator[RecordBatch]:
    """Cut a stream into records; ``begins`` says of a line whether one begins there. Ordinals are their first lines."""
    joiner, offset = Joiner(begins), 0
    broken: SourceUnreadable | None = None
    try:
        for portion in read_portions(stream, reading):
            offset = portion.records.offset
            yield from _batch(*joiner.feed(portion.records), offset)
            if portion.ended:
                settle(joiner.open_since, portion, reading)
    except SourceUnreadable as error:
        broken = error
    yield from _batch(*joiner.rest(), offset)
    if broken is not None:
        raise broken


def _batch(raw: list[str], ordinals: list[int], offset: int) -> Iterator[RecordBatch]:
    if raw:
        yield RecordBatch(raw, np.array(ordinals, np.int64), offset)


def settle(open_since: int | None, portion: Portion, reading: Reading) -> None:
    """Settle a reading before the record that has not ended: a grown file is read on from its beginning."""
    if open_since is None:
        reading.settle(portion.records.offset, portion.after - 1)
    elif open_since >= portion.first and (offset := portion.start_of(open_since)) is not None:
        reading.settle(offset, open_since - 1)
