"""A search's result as CSV or JSON lines, streamed newest first: memory holds a slice of time, never the result."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

import orjson

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.pages import Timeline, slices_of
from desktop_app.core.events.answers.results import Record
from desktop_app.core.events.engine import Engine
from desktop_app.core.events.rows import by_source, fetch_all
from desktop_app.core.events.terms.compiler import Condition
from desktop_app.core.events.terms.scope import Plan
from desktop_app.core.model import Micros, moment

SLICE_ROWS = 20_000
FLUSH = 1 << 20  # characters
HEADER = ("time", "id", "host", "source", "level", "message")
# What a spreadsheet takes for a formula, full-width signs included; a number or a lone dash is none.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_HARMLESS = re.compile(r"-|[+-]?\d+([.,]\d+)?")


def events(
    engine: Engine, db: Connection, line: Timeline, within: Callable[[Micros, Micros], Plan]
) -> Iterator[Record]:
    """Return every event of a search, newest first. ``within`` plans the search for a span of time."""
    for start, end in slices_of(line, SLICE_ROWS):
        found = _slice(engine, db, within(start, end))
        found.sort(key=lambda row: (row["time"], int(row["id"])), reverse=True)
        yield from found


def _slice(engine: Engine, db: Connection, plan: Plan) -> list[Record]:
    found: list[Record] = []
    engine.set_aside(db, plan)
    for part in list(plan.parts):
        condition = part.condition or Condition("TRUE")
        for segments in by_source(part.segments):
            found += fetch_all(engine, db, plan, segments, condition)
    return found


def write_csv(rows: Iterable[Record], fields: Sequence[str], stream: BinaryIO) -> int:
    """Write CSV with a header, in UTF-8 with the mark that spreadsheets need; return the number of events."""
    written = 0
    # The fixed columns keep their names; a field that is called the same says that it is one.
    names = [f"field.{name}" if name in {*HEADER, "raw"} else name for name in fields]
    stream.write(b"\xef\xbb\xbf")
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow([*HEADER, *(safe(name) for name in names), "raw"])
    for row in rows:
        lines.writerow(_cells(row, fields))
        written += 1
        if buffer.tell() > FLUSH:
            _flush(buffer, stream)
    _flush(buffer, stream)
    return written


def _cells(row: Record, fields: Sequence[str]) -> list[str]:
    present = row["fields"]
    own = [safe(present[name]) if name in present else "" for name in fields]
    return [
        _clock(row["time"]),
        row["id"],
        *(safe(row[name] or "") for name in HEADER[2:]),
        *own,
        safe(row["raw"] or ""),
    ]


def _flush(buffer: io.StringIO, stream: BinaryIO) -> None:
    stream.write(buffer.getvalue().encode("utf-8"))
    buffer.seek(0)
    buffer.truncate()


def safe(value: str) -> str:
    """Return the cell so that no spreadsheet computes it: an apostrophe in front of what looks like a formula."""
    return "'" + value if _FORMULA.match(value) and not _HARMLESS.fullmatch(value) else value


def write_note(format: str, note: str, stream: BinaryIO) -> None:  # noqa: A002 - the word callers expect
    """End a file with a sentence about itself: a line of CSV with that one cell, a JSON object with ``note``."""
    if format == "json":
        stream.write(orjson.dumps({"note": note}) + b"\n")
        return
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([note])
    _flush(buffer, stream)


def write_json(rows: Iterable[Record], stream: BinaryIO) -> int:
    """Write JSON lines, one event each, which Watchdesk itself reads; return the number of events."""
    written = 0
    for row in rows:
        shown = {**{name: row[name] for name in HEADER}, "raw": row["raw"], "fields": row["fields"]}
        stream.write(orjson.dumps({**shown, "time": _clock(row["time"])}) + b"\n")
        written += 1
    return written


def _clock(time: Micros) -> str:
    return moment(time).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
