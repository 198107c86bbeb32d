"""From rows of a segment to the dictionaries that pages, exports and the command line show.

A row: ``id`` (text, as JavaScript rounds large numbers), ``time`` and ``ingested`` (int, µs UTC), ``source``, ``host``,
``level``, ``message`` (the record itself where it has no message of its own), ``raw``, ``fields`` (name to value, only
what is there) and ``cut`` (true when long values were shortened).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.results import Record
from desktop_app.core.events.engine import Engine
from desktop_app.core.events.layout import FIXED, MESSAGE, field_of, quote
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.compiler import Condition
from desktop_app.core.events.terms.scope import Plan
from desktop_app.core.model import LogSource

SHOWN = 8_192  # characters of a value in a list; the event's own page shows all of it

# The columns that need work come first, without names that a condition could take for the columns themselves.
_OTHERS = ", ".join(quote(name) for name in FIXED)
_SELECT = f"""SELECT id, epoch_us(time), epoch_us(ingested), source, host, level, {MESSAGE}, raw,
 * EXCLUDE ({_OTHERS}) FROM read_parquet(?, union_by_name = true) WHERE """
_PLAIN = 8


def by_source(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Group segments by log source: those of one have much the same columns, and are read in one statement."""
    groups: dict[LogSource, list[Segment]] = {}
    for segment in segments:
        groups.setdefault(segment.log_source, []).append(segment)
    return list(groups.values())


def fetch_all(
    engine: Engine, db: Connection, plan: Plan, segments: list[Segment], condition: Condition
) -> list[Record]:
    """Return the events of segments that meet a condition, whole, in no particular order.

    Broken segments go to ``plan.missing``.
    """
    while segments:
        try:
            return _fetch(engine, segments, condition)
        except duckdb.Error as error:
            engine.blame(db, plan, segments, error)
            left = {one.id for one in plan.segments}
            segments = [one for one in segments if one.id in left]
    return []


def _fetch(engine: Engine, segments: Sequence[Segment], condition: Condition) -> list[Record]:
    paths = [engine.path(segment) for segment in segments]
    names, rows = engine.records(_SELECT + condition.sql, [paths, *condition.params])
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
    for segments in by_source(segment for segment in plan.segments if segment.id in wanted):
        ids = [event_id for segment in segments for event_id in wanted[segment.id]]
        # A list in the statement (of whole numbers of our own) skips row groups, a list parameter does not.
        condition = Condition(f"id IN ({', '.join(map(str, ids))})")
        found.update((int(row["id"]), row) for row in fetch_all(engine, db, plan, segments, condition))
    return found


def shorten(row: Record) -> Record:
    """Return the row with its long values cut, and marked so when any was."""
    fields = {name: value[:SHOWN] for name, value in row["fields"].items()}
    texts = {name: row[name] and row[name][:SHOWN] for name in ("message", "raw")}
    cut = fields != row["fields"] or any(texts[name] != row[name] for name in texts)
    return {**row, **texts, "fields": fields, "cut": cut}
