"""The words of the logs extension as types: Sample, RecordBatch, Reading, Format.

A format is one small class a file below ``sources``. It says how sure it is of a sample, cuts a stream into records
and turns records into events, a batch at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import EventBatch, Micros
from desktop_app.core.text import Text

# No batch is larger than this in rows or in bytes of raw text, so that memory stays flat whatever the file holds.
BATCH_ROWS = 100_000
BATCH_BYTES = 24_000_000
SAMPLE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of an input: what a format is recognised by.

    ``head`` at most SAMPLE_BYTES; ``text`` the head decoded, None where it is binary; ``lines`` its whole lines
    without their ends (the last one may be cut), empty where it is binary; ``encoding`` as Python names it.
    """

    name: str
    head: bytes
    text: str | None = None
    lines: list[str] = field(default_factory=list)
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Untouched records as read: at most BATCH_ROWS of them and about BATCH_BYTES.

    ``ordinal`` numbers them in their file (the line a record begins on, from 1; EventRecordID for EVTX); ``offset``
    is how many bytes of the stream have been consumed up to the end of this batch. ``raw`` may be ``Lines`` of bytes,
    which become text when they are asked for; ``listed`` is for those who ask for all of it.
    """

    raw: Sequence[str]
    ordinal: npt.NDArray[np.int64]
    offset: int

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.raw)

    def listed(self) -> RecordBatch:
        """Return the same records as a list of texts."""
        return self if isinstance(self.raw, list) else replace(self, raw=list(self.raw))


@dataclass(frozen=True, slots=True)
class Settled:
    """Up to where nothing that a file may still grow by can change what was read of it.

    ``bytes`` of the file, the number of its last ``record`` before that, and the ``state`` of the reading there.
    """

    bytes: int = 0
    records: int = 0
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """One file being read: what was settled before, and what the format learnt on the way.

    ``zone`` is taken for lines without a zone of their own; the format then sets ``zone_assumed``. ``reference`` is
    the file's modification time, for lines without a year or without any time. ``skipped`` counts records that could
    not be kept at all; ``unparsed`` those kept as plain text only. ``state`` is what a format remembers from one
    batch to the next, values of JSON only: who normalises raw text from the store again gives the same state back
    (a CSV file's column names live there). ``first_offset`` and ``first_ordinal`` say where in the file the stream
    begins. ``vague`` says that something was guessed which more of the file would settle. ``arriving``: each line
    came by itself, perhaps from somebody else than the one before it, and ``reference`` is when.
    """

    name: str
    encoding: str = "utf-8"
    zone: dt.tzinfo = dt.UTC
    zone_assumed: bool = False
    reference: Micros = 0
    first_ordinal: int = 1
    first_offset: int = 0
    vague: bool = False
    arriving: bool = False
    settled: Settled = field(default_factory=Settled)
    skipped: int = 0
    unparsed: int = 0
    error: WatchdeskError | None = None
    notes: list[Text] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)

    def settle(self, offset: int, records: int) -> None:
        """Say that all before ``offset`` bytes of the stream was read for good, ``records`` the last number there.

        To be called when what was read so far has been normalised: the state is part of it.
        """
        if not self.vague:
            state = orjson.loads(orjson.dumps(self.state))  # a copy: what stands in it goes on changing
            self.settled = Settled(self.first_offset + offset, records, state)

    def note(self, sentence: Text) -> None:
        """Add a sentence for the person; one about ``num`` things adds to the number said before."""
        for index, said in enumerate(self.notes):
            if said.id == sentence.id and _others(said) == _others(sentence):
                if "num" in said.params:
                    num = int(str(said.params["num"])) + int(str(sentence.params["num"]))
                    self.notes[index] = replace(said, params={**said.params, "num": num})
                return
        self.notes.append(sentence)


def _others(sentence: Text) -> dict[str, object]:
    return {name: value for name, value in sentence.params.items() if name != "num"}


class Format(Protocol):
    """A kind of log file: recognised by content, cut into records, normalised into events.

    ``growable``: a longer file that begins with the same bytes is the same log, grown. Its collector then settles the
    reading wherever a later reading may go on.
    """

    id: str
    title: Text
    growable: bool

    def sniff(self, sample: Sample) -> float:
        """Return how sure the format is that the sample is its own, 0 to 1. Never raises."""

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into records.

        Where the input breaks off, what stood before is yielded; then SourceUnreadable is raised, or ``reading.error``
        says why.
        """

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn records into events: one batch a log source, every record in exactly one of them, in order."""
