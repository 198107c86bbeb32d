"""From rows of a segment to the dictionaries that pages, exports and the command line show.

A row: ``id`` (text, as JavaScript rounds large numbers), ``time`` and ``ingested`` (int, µs UTC), ``source``, ``host``,
``level``, ``message`` (the record itself where it has no message of its own), ``raw``, ``fields`` (name to value, only
what is there) and ``cut`` (true when long values were shortened).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from desktop_app.core.database import Connection
from desktop_app.core.events.engine import Engine
from desktop_app.core.events.layout import FIXED, MESSAGE, field_of, quote
from desktop_app.core.events.results import Record
from desktop_app.core.events.scope import Plan
from desktop_app.core.events.segment import Segment

SHOWN = 8_192  # characters of a value in a list; the event's own page shows all of it

# The columns that need work come first, without names that a condition could take for the columns themselves.
_OTHERS = ", ".join(quote(name) for name in FIXED)
_SELECT = f"""SELECT id, epoch_us(time), epoch_us(ingested), source, host, level, {MESSAGE}, raw,
 * EXCLUDE ({_OTHERS}) FROM read_parquet(?) WHERE """
_PLAIN = 8


def fetch(engine: Engine, segment: Segment, condition: str, params: Sequence[Any]) -> list[Record]:
    """Return the events of one segment that meet a condition, whole, in no particular order."""
    names, rows = engine.records(_SELECT + condition, [[engine.path(segment)], *params])
    fields = [field_of(name) for name in names[_PLAIN:]]
    return [_record(row, fields) for row in rows]


def _record(row: Sequence[Any], fields: Sequence[str]) -> Record:
    event_id, time, ingested, source, host, level, message, raw = row[:_PLAIN]
    present = {name: value for name, value in zip(fields, row[_PLAIN:], strict=True) if value is not None}
    return {
        "id": str(event_id), "time": time, "ingested": ingested, "source": source, "host": host, "level": level,
        "message": message, "raw": raw, "fields": present, "cut": False,
    }  # fmt: skip


def fetch_ids(engine: Engine, db: Connection, plan: Plan, wanted: dict[int, list[int]]) -> dict[int, Record]:
    """Return events by id; ``wanted`` has event ids for each segment id. Broken segments go to ``plan.missing``."""
    found: dict[int, Record] = {}
    known = {segment.id: segment for segment in plan.segments}
    for segment_id, ids in wanted.items():
        if (segment := known.get(segment_id)) is None:
            continue  # set aside as broken
        try:
            # A list in the statement (of whole numbers of our own) skips row groups, a list parameter does not.
            rows = fetch(engine, segment, f"id IN ({', '.join(map(str, ids))})", ())
        except duckdb.Error as error:
            engine.blame(db, plan, [segment], error)
            continue
        found.update((int(row["id"]), row) for row in rows)
    return found


def shorten(row: Record) -> Record:
    """Return the row with its long values cut, and marked so when any was."""
    fields = {name: value[:SHOWN] for name, value in row["fields"].items()}
    texts = {name: row[name] and row[name][:SHOWN] for name in ("message", "raw")}
    cut = fields != row["fields"] or any(texts[name] != row[name] for name in texts)
    return {**row, **texts, "fields": fields, "cut": cut}
