"""Teaching a format: sample lines of a file, what a pattern or a table makes of them, and what could be read by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources import csvlines, cutting, roles, stamps
from desktop_app.extensions.logs.sources.taught import definition, dissect
from desktop_app.extensions.logs.sources.taught.definition import TIME, Definition, Table
from desktop_app.extensions.logs.sources.taught.formats import format_of
from desktop_app.extensions.logs.sources.times import VALID

SAMPLE_LINES = 200
LONGEST_LINE = 2_000
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A sample line as it was read: its time in µs UTC and its columns by name; None where it did not fit."""

    line: str
    time: Micros | None
    columns: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a format made of sample lines: how many ``fit`` of ``total``, how many of these have a time (``timed``)."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    fit: int
    timed: int


def sample_of(desk: Desk, db: Connection, file_id: int) -> list[str]:
    """Return the first lines of a file that was imported, as they are stored."""
    for segment in store.segment_ids(db, file_ids=[file_id])[:1]:
        for _, batch in desk.events.load(db, [segment]):
            return cleaned("\n".join(raw or "" for raw in list(batch.raw)[:SAMPLE_LINES]))
    return []


def cleaned(lines: str) -> list[str]:
    """Return the lines of a text that say anything, as many and as long as a trial takes."""
    return [line[:LONGEST_LINE] for line in lines.splitlines() if line.strip()][:SAMPLE_LINES]


def table_of(lines: Sequence[str]) -> Table | None:
    """Return the columns that lines seem to have, each by the name of its header; None where they are no table."""
    if len(lines) < 2:
        return None
    if found := csvlines.header(lines[0]):
        delimiter, names = found
        if len(csvlines.cells(lines[1], delimiter)) == len(names):
            columns = _guessed(names, [csvlines.cells(line, delimiter) for line in lines[1:]])
            return Table(delimiter, header=True, names=tuple(names), columns=tuple(columns))
    width, delimiter = max((_width(lines, one), one) for one in definition.DELIMITERS)
    if width < 2:
        return None
    columns = _guessed([""] * width, [csvlines.cells(line, delimiter) for line in lines])
    return Table(delimiter, header=False, names=(), columns=tuple(columns))


def _width(lines: Sequence[str], delimiter: str) -> int:
    """Return how many columns all lines have; 0 where they differ."""
    widths = {len(csvlines.cells(line, delimiter)) for line in lines}
    return widths.pop() if len(widths) == 1 else 0


def _guessed(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Name columns by what their header calls them; what is known under another name gets that of ECS, once.

    Where no header tells of the time, it is the first column that holds times.
    """
    known = {TIME: roles.TIME, "log.level": roles.LEVEL, "message": roles.MESSAGE, "host.name": roles.HOST}
    made: list[str] = []
    for name in names:
        role = next((role for role, words in known.items() if name.lower() in words and role not in made), "")
        made.append(role or (name if dissect.NAME.fullmatch(name) else ""))
    if TIME not in made and (at := _first_of_times(rows, len(names))) is not None:
        made[at] = TIME
    return made


def _first_of_times(rows: Sequence[Sequence[str]], width: int) -> int | None:
    whole = [row for row in rows if len(row) == width]
    for at in range(width if whole else 0):
        if (roles.column_codes([row[at] or None for row in whole]) > VALID).all():
            return at
    return None


def try_on(told: Definition, lines: Sequence[str], zone: dt.tzinfo = dt.UTC) -> tuple[Definition, Trial]:
    """Read lines by a format; returns it with the way in which its times are written, and what it made of the lines.

    ``zone``: of lines that name none. UsageError says what is wrong with the format.
    """
    checked = definition.checked(told)
    cut = _cut_table(checked.table, lines) if checked.table else _cut_lines(checked.pattern, lines)
    times = [(said or {}).get(TIME) or "" for said in cut]
    way = stamps.choose([one for one in times if one])
    settled = replace(checked, time=way.id if way and not checked.table else "")
    codes = cutting.codes(times, settled.time or cutting.ANY)
    names = tuple(dict.fromkeys(name for said in cut if said for name in said))
    rows = tuple(
        Row(line, _moment(line, settled, zone) if code > VALID else None, said)
        for line, said, code in list(zip(lines, cut, codes.tolist(), strict=True))[:SHOWN]
    )
    fit = sum(said is not None for said in cut)
    return settled, Trial(names, rows, len(lines), fit, int(np.count_nonzero(codes > VALID)))


def _cut_lines(pattern: str, lines: Sequence[str]) -> list[dict[str, str] | None]:
    read = dissect.read(pattern)
    return [read.cut(line) for line in lines]


def _cut_table(table: Table, lines: Sequence[str]) -> list[dict[str, str] | None]:
    rows = [csvlines.cells(line, table.delimiter) for line in lines]
    return [
        {name: value for name, value in zip(table.columns, row, strict=True) if name}
        if len(row) == len(table.columns)
        else None
        for row in rows
    ]


def _moment(line: str, told: Definition, zone: dt.tzinfo) -> Micros:
    """Return the time that an event of this line would have."""
    reading = Reading(name="sample", zone=zone, reference=now())
    batch = format_of(told).normalize(RecordBatch([line], np.array([1]), 0), reading)
    return int(batch[0].time[0])


def plain_files(db: Connection, limit: int = 20) -> list[store.FileRow]:
    """Return the newest files that no format was found for: what teaching is for."""
    return store.files_of_format(db, "plain", limit)


def checked_title(title: str) -> str:
    """Return a name for a format without what stands around it. UsageError where it is empty."""
    if not title.strip():
        raise UsageError(text("Give the format a name."), fix=text("Such as the program that writes these lines."))
    return title.strip()
