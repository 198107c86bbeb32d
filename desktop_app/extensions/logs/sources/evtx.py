"""Windows event log files (EVTX)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.model import EventBatch
from desktop_app.core.spans import PAD
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import BATCH_BYTES, BATCH_ROWS, Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import evtx_blocks, winevents
from desktop_app.extensions.logs.sources.evtx_carve import SMALLEST_RECORD, next_block
from desktop_app.extensions.logs.sources.spanning import Lines, records

# In JSON a quote inside a value is escaped, so this text can only be the key itself; System's stands first.
_KEY = '"EventRecordID":'
_RECORD_ID = re.compile(r'"?(\d{1,19})"?[,}]')
_UPPER_HALF = 1 << 31


class Ordinals:
    """EventRecordIDs as numbers unique in their file.

    Forwarded and merged logs repeat them; a repeated number, and one too large for half of the range, is replaced by
    one counted up from 2^31. The column EventRecordID keeps what the event says.
    """

    def __init__(self) -> None:
        self._seen: list[npt.NDArray[np.int64]] = []
        self._next = _UPPER_HALF

    def unique(self, ids: list[int]) -> npt.NDArray[np.int64]:
        """Return one number for each id, different from all that were returned before."""
        asked = np.array([number if 0 < number < _UPPER_HALF else 0 for number in ids], dtype=np.int64)
        values, first = np.unique(asked, return_index=True)
        fresh = np.zeros(len(asked), dtype=bool)
        fresh[first] = ~self._known(values) & (values > 0)
        taken = np.sort(asked[fresh])
        if len(taken):
            self._seen.append(taken)
        others = np.flatnonzero(~fresh)
        asked[others] = np.arange(self._next, self._next + len(others))
        self._next += len(others)
        return asked

    def _known(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        known = np.zeros(len(values), dtype=bool)
        for seen in self._seen:
            if values[-1] >= seen[0] and values[0] <= seen[-1]:  # a log that only grows never gets here
                at = np.minimum(np.searchsorted(seen, values), len(seen) - 1)
                known |= seen[at] == values
        return known


def _number(position: int, data: str) -> int:
    at = data.find(_KEY)  # far quicker than to search by the expression
    found = _RECORD_ID.match(data, at + len(_KEY)) if at >= 0 else None
    return int(found[1]) if found else position


class _Read:
    """Records on their way into a batch: bytes, since as texts of their own they would lie in memory twice."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.size = 0
        self._parts: list[bytes] = []
        self._sizes: list[int] = []

    def add(self, found: list[tuple[int, str]]) -> None:
        """Append the records of a block."""
        texts = [data for _, data in found]
        self.ids += [_number(number, data) for number, data in found]
        joined = "".join(texts)
        part = joined.encode()
        self._sizes += map(len, texts) if len(part) == len(joined) else [len(one.encode()) for one in texts]
        self._parts.append(part)
        self.size += len(part)

    def lines(self) -> Lines:
        """Return all records."""
        buffer = np.frombuffer(b"".join((*self._parts, PAD)), np.uint8)
        length = np.array(self._sizes, np.int64)
        return Lines(buffer, np.cumsum(length) - length, length)


def _load(raw: str | bytes) -> Mapping[str, Any]:
    event = orjson.loads(raw)["Event"]
    if not isinstance(event, dict):
        raise TypeError(type(event))
    return event


class Evtx:
    """Event log files of Windows Vista and later."""

    id = "evtx"
    growable = False  # it is made of blocks; its events are told apart by their own numbers instead
    title = text("Windows event log (EVTX)")

    def sniff(self, sample: Sample) -> float:
        """Be sure of the file's mark, or of a block's where the file's header is gone; one may lie in anything."""
        if sample.head.startswith(evtx_blocks.FILE_MAGIC):
            return 1.0
        at = next_block(sample.head, 0)
        return 0.0 if at < 0 else 1.0 if at == evtx_blocks.HEADER_SIZE else 0.9

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Yield batches of the library's JSON. Damage is counted, told in one note, and never stops the rest.

        Raises SourceUnreadable where nothing in the stream is an event log.
        """
        damage = evtx_blocks.Damage()
        ordinals = Ordinals()
        read = _Read()
        consumed = 0
        for block, consumed in evtx_blocks.blocks(stream, damage, reading):
            if len(read.ids) + len(block) // SMALLEST_RECORD > BATCH_ROWS or read.size > BATCH_BYTES:
                yield RecordBatch(records(read.lines()), ordinals.unique(read.ids), consumed - len(block))
                read = _Read()
            read.add(evtx_blocks.records(block, damage))
        if read.ids:
            yield RecordBatch(records(read.lines()), ordinals.unique(read.ids), consumed)
        self._tell(damage, reading)

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn the library's JSON into columns, one batch a channel."""
        return winevents.normalize(records, reading, _load)

    def _tell(self, damage: evtx_blocks.Damage, reading: Reading) -> None:
        reading.skipped += damage.events
        if damage.foreign:
            reading.note(text("This is no whole event log file: blocks of one were found in it and read."))
        if damage:
            reading.note(
                text(
                    "Part of this file is damaged: blocks of 64 KiB affected: %(blocks)d, events known to be lost: "
                    "%(events)d. Everything else was read.",
                    blocks=damage.blocks,
                    events=damage.events,
                )
            )


EVTX = Evtx()
