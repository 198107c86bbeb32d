"""Formats whose lines are told one by one: what a line says as a dictionary, and events made of these.

A format cuts a line into ``Told``: ECS names and values, and under names that begin with ``@`` what becomes a column of
every event. Lines that it cannot read keep their text and the time of the line before.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.text import Text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import stamps
from desktop_app.extensions.logs.sources.columns import (
    Lines,
    admits,
    level_of,
    note_unparsed,
    pick,
    present,
    split_addresses,
)
from desktop_app.extensions.logs.sources.names import file_name
from desktop_app.extensions.logs.sources.times import INVALID, VALID, Cache, clf_codes, iso_codes, resolve

Told = dict[str, str | None]
TIME, LEVEL, MESSAGE, HOST, PROGRAM, KIND = "@time", "@level", "@message", "@host", "@program", "@kind"

LONGEST = 1 << 16  # characters of a line that are read; all of it is kept as raw text
SAMPLE_LINES = 200
_SAMPLE_LONGEST = 4096
_HOPELESS = 0.55  # what a format would have to be sure of, with a little less than what it is chosen for


ANY = "any"


def any_code(value: str) -> int:
    """Read a time by itself, however it is written."""
    first = int(iso_codes([value])[0])
    if first > VALID:
        return first
    way = stamps.choose([value])
    found = way.find(value) if way else None
    return stamps.read(found) if found else INVALID


def codes(column: Sequence[str | None], stamp: str) -> Times:
    """Read a column of times that are written in the way of that name (``stamps.STAMPS``)."""
    if stamp == "iso":
        return iso_codes(column)
    if stamp == "clf":
        return clf_codes(column)
    if stamp == ANY:
        cache = Cache(any_code)
        return np.array([cache[value] if value else INVALID for value in column], np.int64)
    way = stamps.by_id(stamp)

    def read(value: str) -> int:
        found = way.find(value) if way else None
        return stamps.read(found) if found else INVALID

    cache = Cache(read)
    return np.array([cache[value] if value else INVALID for value in column], np.int64)


def with_sides(fields: Mapping[str, Column]) -> dict[str, Column]:
    """Put what stands under ``source.address`` and ``destination.address`` where ECS has addresses and names."""
    made = {name: column for name, column in fields.items() if not name.endswith(".address")}
    for side in ("source", "destination", "client", "server"):
        if column := fields.get(f"{side}.address"):
            made = {**split_addresses(column, side), **made}
    return made


class CutLines(Lines, ABC):
    """A format that cuts a line at a time. What differs from format to format is said below the names.

    ``program`` is what wrote the lines where they do not say (None: the file's own name); ``stamp`` how times are
    written; ``sure`` how much a sample is worth in which every line reads well.
    """

    id: str
    title: Text
    log_source: LogSource
    program: str | None = None
    stamp: str = "iso"
    sure: float = 0.96
    longest: int = LONGEST
    levels: Mapping[str, str] = MappingProxyType({})

    @abstractmethod
    def cut(self, line: str) -> Told | None:
        """Return what a line says, None where it is none of the format's."""

    def log_source_of(self, kind: str) -> LogSource:  # noqa: ARG002 - for formats of one kind it is the same for all
        """Return the log source of the lines of a kind, where a format has several."""
        return self.log_source

    def belongs(self, line: str) -> bool:  # noqa: ARG002 - most formats have no such lines
        """Say whether a line that cannot be read may stand in such a file, such as a comment."""
        return False

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that read well and have a time, 0 where nobody would choose a format for it."""
        lines = [line[:_SAMPLE_LONGEST] for line in sample.lines[:SAMPLE_LINES] if line.strip()]
        if (told := self._hopeful(lines)) is None:
            return 0.0
        good = self.times(told) > VALID
        hits = [bool(fine) or self.belongs(line) for fine, line in zip(good, lines, strict=True)]
        return self.sure * sum(hits) / len(lines) if good.any() else 0.0

    def _hopeful(self, lines: Sequence[str]) -> list[Told | None] | None:
        """Cut lines; None as soon as too many of them are none of the format's: most formats a file is not of."""
        told: list[Told | None] = []
        left = len(lines) * (1 - _HOPELESS / self.sure)
        for line in lines:
            told.append(self.cut(line))
            if told[-1] is None and not self.belongs(line):
                left -= 1
                if left < 0:
                    return None
        return told

    def times(self, told: Sequence[Told | None]) -> Times:
        """Read the times of lines."""
        return codes([said.get(TIME) if said else None for said in told], self.stamp)

    def level(self, word: str | None) -> str | None:
        """Return our level for the word or number of a line."""
        return self.levels.get(word or "") or level_of(word)

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Cut the lines and put what they say into columns; one batch a log source."""
        told = self.told(records, reading)
        found = self.times(told)
        note_unparsed(reading, sum(said is None for said in told))
        return list(self._batches(records, reading, told, resolve(found, records.ordinal, reading)))

    def told(self, records: RecordBatch, reading: Reading) -> list[Told | None]:  # noqa: ARG002 - some need it
        """Cut the lines of a batch."""
        return [self.cut(raw if len(raw) <= self.longest else raw[: self.longest]) for raw in records.raw]

    def _batches(
        self, records: RecordBatch, reading: Reading, told: Sequence[Told | None], times: Times
    ) -> Iterator[EventBatch]:
        kinds: dict[LogSource, list[int]] = {}
        known = Sources(self)
        for row, said in enumerate(told):
            kinds.setdefault(known[(said or {}).get(KIND) or ""], []).append(row)
        for source, rows in kinds.items():
            part = RecordBatch(pick(records.raw, rows), records.ordinal[rows], records.offset)
            yield self._batch(source, part, reading, [told[row] for row in rows], times[rows])

    def _batch(
        self, source: LogSource, records: RecordBatch, reading: Reading, told: Sequence[Told | None], times: Times
    ) -> EventBatch:
        columns = spread(told, reading)
        nothing: Column = [None] * len(told)
        name = self.program or file_name(reading.name)
        return EventBatch(
            log_source=source,
            time=times,
            ordinal=records.ordinal,
            source=[said or name for said in columns.pop(PROGRAM, nothing)],
            host=columns.pop(HOST, nothing),
            level=[self.level(word) for word in columns.pop(LEVEL, nothing)],
            message=columns.pop(MESSAGE, nothing),
            raw=records.raw,
            fields=present(with_sides({name: column for name, column in columns.items() if name[0] != "@"})),
            zone_assumed=reading.zone_assumed,
        )


class Sources(dict[str, LogSource]):
    """The log source of each kind of line."""

    def __init__(self, format_: CutLines) -> None:
        super().__init__()
        self._format = format_

    def __missing__(self, kind: str) -> LogSource:
        """Ask the format once a kind."""
        found = self[kind] = self._format.log_source_of(kind)
        return found


def spread(told: Sequence[Told | None], reading: Reading) -> dict[str, Column]:
    """Put what lines say into columns; the names that a file brings are counted and have an end."""
    columns: dict[str, list[str | None]] = {}
    refused: set[str] = set()
    for row, said in enumerate(told):
        for name, value in (said or {}).items():
            if not value or name in refused:
                continue
            column = columns.get(name)
            if column is None:
                if name[0] != "@" and not admits(reading, name):
                    refused.add(name)
                    continue
                column = columns[name] = [None] * len(told)
            column[row] = value
    return dict(columns)


def expression(*parts: str) -> re.Pattern[str]:
    """Compile an expression for a whole line. A group ``source__port`` is ECS's ``source.port``, ``time_`` is @time."""
    return re.compile("".join(parts), re.ASCII | re.DOTALL)


class PatternLines(CutLines):
    """A format whose lines one of a few expressions reads."""

    expressions: tuple[re.Pattern[str], ...]

    def __init__(self) -> None:
        self._ways = [(one.fullmatch, tuple(_name(group) for group in one.groupindex)) for one in self.expressions]

    def cut(self, line: str) -> Told | None:
        """Return what the first expression that reads the line finds."""
        for match, names in self._ways:
            if found := match(line):
                return self.refine(dict(zip(names, found.groups(), strict=True)))
        return None

    def refine(self, told: Told) -> Told | None:
        """Look again at what was found; None where it is no such line after all."""
        return told


def _name(group: str) -> str:
    return f"@{group[:-1]}" if group.endswith("_") else group.replace("__", ".")
