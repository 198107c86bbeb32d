"""Taught formats at work: lines cut by a pattern, tables whose columns a person has named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from desktop_app.core.model import EventBatch
from desktop_app.core.text import Text
from desktop_app.extensions.logs.model import Format, Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import csvlines, cutting, roles
from desktop_app.extensions.logs.sources.cutting import CutLines, Told
from desktop_app.extensions.logs.sources.taught import definition as defined
from desktop_app.extensions.logs.sources.taught import dissect
from desktop_app.extensions.logs.sources.taught.definition import Definition, Table
from desktop_app.extensions.logs.sources.times import VALID

# What becomes a column of every event.
_COLUMNS = {
    defined.TIME: cutting.TIME,
    "log.level": cutting.LEVEL,
    "message": cutting.MESSAGE,
    "host.name": cutting.HOST,
    "process.name": cutting.PROGRAM,
}
# The more signs of its own a line must have, the surer it is that it was meant; a format of ours that reads a file
# wholly comes before a pattern that would read almost anything.
_LEAST, _MOST, _A_SIGN = 0.88, 0.99, 0.02


class TaughtLines(CutLines):
    """Lines that a pattern cuts."""

    def __init__(self, one: Definition) -> None:
        self.id, self.title = one.format_id, Text(one.title)
        self.log_source, self.stamp = one.log_source, one.time or cutting.ANY
        self._pattern = dissect.read(one.pattern)
        self.sure = min(_MOST, _LEAST + _A_SIGN * self._pattern.fixed)

    def cut(self, line: str) -> Told | None:
        """Return what the pattern finds in a line; one with a trace below it is told by its first."""
        first, _, rest = line.partition("\n")
        found = self._pattern.cut(first)
        if found is None:
            return None
        told: Told = {_COLUMNS.get(name, name): value for name, value in found.items()}
        if rest and told.get(cutting.MESSAGE):
            told[cutting.MESSAGE] = f"{told[cutting.MESSAGE]}\n{rest}"
        return told


class TaughtTable(csvlines.CsvLines):
    """A table whose columns a person has named."""

    def __init__(self, one: Definition, table: Table) -> None:
        self.id, self.title = one.format_id, Text(one.title)
        self.source = one.log_source
        self._table = table

    def sniff(self, sample: Sample) -> float:
        """Return how many of the first records have the columns; a header must be the one that was taught."""
        records = csvlines.sample_records(sample)
        rows = [csvlines.cells(one, self._table.delimiter) for one in records]
        if self._table.header and rows:
            if tuple(one.strip() for one in rows[0]) != self._table.names:
                return 0.0
            rows = rows[1:]
        return _MOST * self._share(rows) if rows else 0.0

    def _share(self, rows: Sequence[Sequence[str]]) -> float:
        """Return the share of rows that have all columns and a time."""
        fitting = [row for row in rows if len(row) == len(self._table.columns)]
        at = self._table.columns.index(defined.TIME)
        times = roles.column_codes([row[at] or None for row in fitting])
        return int((times > VALID).sum()) / len(rows)

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into records; without a header the first one is an event as well."""
        if not self._table.header:
            reading.state |= self._columns()
        return super().collect(stream, reading)

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Put records into the columns that were named, whatever the header calls them."""
        reading.state |= self._columns()
        return super().normalize(records, reading)

    def _columns(self) -> dict[str, object]:
        return {"delimiter": self._table.delimiter, "columns": list(self._table.columns)}


def format_of(one: Definition) -> Format:
    """Return the format that a definition tells of."""
    return TaughtLines(one) if one.table is None else TaughtTable(one, one.table)
