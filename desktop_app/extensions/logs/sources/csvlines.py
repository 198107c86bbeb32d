"""Tables with a header: comma, semicolon, tab or bar between the columns, quotes around values that hold such signs.

A value in quotes may hold line ends, so a record may be several lines. A quote that never closes costs only its line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.model import Column, EventBatch, LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import roles
from desktop_app.extensions.logs.sources.columns import note_unparsed
from desktop_app.extensions.logs.sources.decode import LINE_BYTES, read_portions
from desktop_app.extensions.logs.sources.joining import settle
from desktop_app.extensions.logs.sources.names import file_name

SOURCE = LogSource(category="application", service="csv")

_DELIMITERS = ",;\t|"
_MOST_LINES = 1_000  # of one record
_MOST_COLUMNS = 1_000
_SAMPLE_RECORDS = 100
# A header names things: no times, no addresses, no numbers, no sentences.
_NAME = re.compile(r"[^\W\d][\w .@#%/()\[\]:*-]{0,63}")
_VALUE_LIKE = re.compile(r"\d{1,2}:\d\d|\d{4}-\d\d|\d+\.\d+\.\d+")


class CsvLines:
    """One record a row below the header."""

    id = "csv"
    growable = True
    title = text("Table with a header (CSV)")
    source = SOURCE

    def sniff(self, sample: Sample) -> float:
        """Return the share of records that have as many values as the header has names."""
        records = sample_records(sample)
        if len(records) < 2 or not (found := header(records[0])):
            return 0.0
        delimiter, names = found
        rows = [cells(record, delimiter) for record in records[1:]]
        share = sum(len(row) == len(names) for row in rows) / len(rows)
        telling = any(name.lower() in {*roles.TIME, *roles.LEVEL, *roles.MESSAGE} for name in names)
        return (0.85 if telling and len(names) > 2 else 0.7 if telling or len(names) > 3 else 0.5) * share

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into records; the header is not one of them but settles the columns."""
        joiner, offset = _Joiner(), 0
        broken: SourceUnreadable | None = None
        try:
            for portion in read_portions(stream, reading):
                offset = portion.records.offset
                yield from _below_header(*joiner.feed(portion.records), offset, reading)
                if portion.ended:
                    settle(joiner.open_since, portion, reading)
        except SourceUnreadable as error:
            broken = error
        yield from _below_header(*joiner.rest(), offset, reading)
        if broken is not None:
            raise broken

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Cut records into named columns; one that has another number of values keeps its text."""
        names: list[str] = reading.state.get("columns") or []
        delimiter = str(reading.state.get("delimiter", ","))
        nothing = [""] * len(names)
        rows = [cells(raw, delimiter) for raw in records.raw]
        wide = int(reading.state.get("width", len(names)))
        odd = sum(len(row) != wide for row in rows)
        if odd or wide > len(names):
            rows = [row[: len(names)] if len(row) == wide else nothing for row in rows]
        note_unparsed(reading, odd)
        flat = list(chain.from_iterable(rows))
        columns: dict[str, Column] = {
            name: [value or None for value in flat[at :: len(names)]] for at, name in enumerate(names) if name
        }
        return [roles.batch(records, reading, columns, self.source, file_name(reading.name))]


def sample_records(sample: Sample) -> list[str]:
    """Return the first records of a sample."""
    lines = [line for line in sample.lines[: _SAMPLE_RECORDS * 4] if line]
    joiner = _Joiner()
    raw, _ = joiner.feed(RecordBatch(lines, np.arange(len(lines), dtype=np.int64), 0))
    return list(raw[:_SAMPLE_RECORDS])


def header(record: str) -> tuple[str, list[str]] | None:
    """Return the delimiter and the names of a header, None where the line is none."""
    best: tuple[str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        names = [name.strip() for name in cells(record, delimiter)]
        if len(names) > (len(best[1]) if best else 1) and _are_names(names):
            best = (delimiter, names)
    return best


def _are_names(names: Sequence[str]) -> bool:
    folded = {name.lower() for name in names}
    return len(folded) == len(names) and all(_NAME.fullmatch(name) and not _VALUE_LIKE.search(name) for name in names)


def _unique(names: Sequence[str]) -> list[str]:
    """Columns without a name or with one already taken are numbered."""
    given: list[str] = []
    for at, name in enumerate(names, 1):
        free = name and name.lower() not in {one.lower() for one in given}
        given.append(name if free else f"column{at}")
    return given


def _below_header(
    raw: Sequence[str], ordinal: npt.NDArray[np.int64], offset: int, reading: Reading
) -> Iterator[RecordBatch]:
    """Yield records; the first one of a file is its header and settles the columns instead."""
    if raw and "columns" not in reading.state:
        _name_columns(raw[0], reading)
        raw, ordinal = raw[1:], ordinal[1:]
    if raw:
        yield RecordBatch(raw, ordinal, offset)


def _name_columns(record: str, reading: Reading) -> None:
    delimiter, names = header(record) or (",", cells(record, ","))
    reading.state |= {"delimiter": delimiter, "columns": _unique(names[:_MOST_COLUMNS])}
    if len(names) > _MOST_COLUMNS:
        reading.state["width"] = len(names)
        reading.note(
            text("Of %(all)s columns the first %(most)s became fields; the record itself holds all.", all=len(names),
                 most=_MOST_COLUMNS)
        )  # fmt: skip


def cells(record: str, delimiter: str) -> list[str]:
    """Cut one record; quotes only where there are any, because splitting is ten times as fast."""
    if '"' not in record:
        return record.split(delimiter)
    try:
        return next(csv.reader([f"{line}\n" for line in record.split("\n")], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return []


class _Joiner:
    """Joins the lines of records whose quotes are still open at the end of a line.

    Where the quotes do not close within reach, the line stands alone and the next ones are looked at afresh.
    """

    def __init__(self) -> None:
        self._open: deque[tuple[str, int]] = deque()
        self._size = self._quotes = 0
        self._raw: list[str] = []
        self._ordinal: list[int] = []

    @property
    def open_since(self) -> int | None:
        """The line on which the record begins that has not ended yet."""
        return self._open[0][1] if self._open else None

    def feed(self, batch: RecordBatch) -> tuple[Sequence[str], npt.NDArray[np.int64]]:
        """Take lines and return the records that are complete."""
        if not self._open and not any(line.count('"') % 2 for line in batch.raw):
            return batch.raw, batch.ordinal
        for line, ordinal in zip(batch.raw, batch.ordinal.tolist(), strict=True):
            self._line(line, ordinal)
        return self._taken()

    def rest(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """Return the lines that never became whole."""
        while self._open:
            self._give_up()
        return self._taken()

    def _taken(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        raw, ordinal = self._raw, np.array(self._ordinal, np.int64)
        self._raw, self._ordinal = [], []
        return raw, ordinal

    def _line(self, line: str, ordinal: int) -> None:
        self._open.append((line, ordinal))
        self._size += len(line)
        self._quotes += line.count('"')
        if self._quotes % 2 == 0:
            self._emit("\n".join(part for part, _ in self._open), self._open[0][1])
            self._clear()
        elif len(self._open) > _MOST_LINES or self._size > LINE_BYTES:
            self._give_up()

    def _give_up(self) -> None:
        waiting = list(self._open)
        self._clear()
        self._emit(*waiting[0])
        for line, ordinal in waiting[1:]:
            self._line(line, ordinal)

    def _emit(self, record: str, ordinal: int) -> None:
        self._raw.append(record)
        self._ordinal.append(ordinal)

    def _clear(self) -> None:
        self._open.clear()
        self._size = self._quotes = 0


CSV = CsvLines()
