"""The event store as the rest of the program uses it: search, count, look up, load, export."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from desktop_app.core.database import Connection, rows
from desktop_app.core.errors import StoreError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.remembered import Remembered
from desktop_app.core.events.answers.results import Facets, Histogram, Key, Missing, Page, Record
from desktop_app.core.events.beside.grams import Sieve
from desktop_app.core.events.layout import fold
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.scope import MARKS, Plan, Search, parsed, plan
from desktop_app.core.model import EventBatch, LogSource, Micros, Times
from desktop_app.core.paths import DataFolder

if TYPE_CHECKING:
    from desktop_app.core.events.answers.pages import Timeline
    from desktop_app.core.events.answers.tables import Statistics, Table
    from desktop_app.core.events.answers.templates import Templates
    from desktop_app.core.events.answers.unusual import Unusual
    from desktop_app.core.events.beside.tally import Tally
    from desktop_app.core.events.engine import Engine
    from desktop_app.core.events.terms.questions import Question

__all__ = ["EventStore", "Facets", "Histogram", "Key", "Missing", "Page", "Search"]

KEPT_TIMELINES = 16
NEAR_END = 500  # events that are read from the oldest on sooner than all are counted by their times
MOST_COMPARED = 24  # fields; DuckDB numbers the grouping sets in the bits of one integer
SPANS = 60  # at most, where a question asks by time without saying how long a span is


class EventStore:
    """Searches over the segments of one data folder; safe to share between threads, each with its own ``db``.

    What cannot be read never makes an answer quietly smaller: ``page`` and ``histogram`` say in their result what is
    missing; the others raise the StoreError that names the segment, unless the caller passes a list ``missing``, which
    then receives it while the rest answers. A query that cannot be understood raises UsageError. DuckDB is loaded at
    the first question, not at the start of the program.
    """

    def __init__(self, folder: DataFolder, sieve: Sieve | None = None) -> None:
        self.folder = folder
        self._timelines: OrderedDict[tuple[Search, tuple[int, ...]], Timeline] = OrderedDict()
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._counts = Remembered()
        self._sieve = sieve or Sieve(folder.segments)

    @property
    def engine(self) -> Engine:
        """The engine, made when it is first needed."""
        from desktop_app.core.events.engine import Engine

        with self._lock:
            if self._engine is None:
                self._engine = Engine(self.folder)
            return self._engine

    def close(self) -> None:
        """Let go of every file."""
        if self._engine is not None:
            self._engine.close()

    def forget(self) -> None:
        """Forget what was counted, as a start does: what is asked next is read from the segments."""
        self._counts = Remembered()

    def interrupt(self, thread: int | None = None) -> int:
        """End what one thread (``threading.get_ident()``), or every thread, is asking: it gets ``Cancelled``."""
        return self.engine.interrupt(thread)

    def _plan(self, db: Connection, search: Search, *, also: Sequence[str] = ()) -> Plan:
        return plan(db, search, also=also, sieve=self._sieve)

    def page(
        self, db: Connection, search: Search, *, after: Key | None = None, before: Key | None = None, limit: int = 100
    ) -> Page:
        """Return up to ``limit`` events, newest first: the newest, those after a key (older) or before one (newer)."""
        from desktop_app.core.events.answers.pages import page

        with self.engine.call():
            return page(self.engine, db, self._plan(db, search), after=after, before=before, limit=limit)

    def seek(
        self, db: Connection, search: Search, position: int, *, missing: list[Missing] | None = None
    ) -> Key | None:
        """Return the key with which ``page(after=key)`` begins at the event ``position`` from the newest (0).

        None while the search finds nothing; positions beyond the end are taken as the end.
        """
        from desktop_app.core.events.answers.pages import seek

        found: list[Missing] = []
        with self.engine.call():
            if key := self._near_end(db, search, position):
                return key
            line = self._timeline(db, search, found)
            key = seek(self.engine, db, line, lambda *span: self._planned(db, search, span, found), position)
        _report(found, missing)
        return key

    def count(self, db: Connection, search: Search, *, missing: list[Missing] | None = None) -> int:
        """Return how many events the search finds."""
        from desktop_app.core.events.answers.aggregates import count

        made = self._plan(db, search)
        with self.engine.call():
            number = count(self.engine, db, made, search, self._counts)
        _report(made.missing, missing)
        return number

    def histogram(self, db: Connection, search: Search, buckets: int = 120) -> Histogram:
        """Return counts by time and level in at most ``buckets`` steps of a round length.

        Where a search leaves an end of its time open, the steps are those of what it finds, not of all there is.
        """
        from desktop_app.core.events.answers.aggregates import histogram, narrowed, span, with_room

        with self.engine.call():
            found = histogram(self.engine, db, self._plan(db, search), search, buckets=buckets, kept=self._counts)
            around = narrowed(found, search)
            hits = None if around is None else span(self.engine, db, self._plan(db, around))
            if around is None or hits is None:
                return found
            start, end = with_room(hits, search, buckets)
            within = dataclasses.replace(around, start=start, end=end)
            finer = histogram(self.engine, db, self._plan(db, within), within, buckets=buckets, kept=self._counts)
            return dataclasses.replace(finer, missing=found.missing)

    def span(self, db: Connection, search: Search) -> tuple[Micros, Micros] | None:
        """Return the times of the first and the last event of a search, None where it finds none."""
        from desktop_app.core.events.answers.aggregates import span

        with self.engine.call():
            return span(self.engine, db, self._plan(db, search))

    def facets(
        self, db: Connection, search: Search, fields: Sequence[str], limit: int = 10, *,
        missing: list[Missing] | None = None,
    ) -> Facets:  # fmt: skip
        """Return for each field (fixed columns too) its ``limit`` commonest values with their counts."""
        from desktop_app.core.events.answers.facets import facets

        made = self._plan(db, search, also=fields)
        with self.engine.call():
            counted = facets(self.engine, db, made, search, fields, kept=self._counts, limit=limit)
        _report(made.missing, missing)
        return counted

    def fields(self, db: Connection, search: Search, *, missing: list[Missing] | None = None) -> list[tuple[str, int]]:
        """Return every field that the search's events have, with how many have it, commonest first."""
        from desktop_app.core.events.answers.aggregates import field_counts

        made = self._plan(db, search)
        with self.engine.call():
            counted = field_counts(self.engine, db, made, search, self._counts)
        _report(made.missing, missing)
        return counted

    def table(self, db: Connection, search: Search, question: Question) -> Table:
        """Answer a question about everything that a search finds: numbers by value and by time."""
        from desktop_app.core.events.answers.adding import asks_plainly
        from desktop_app.core.events.answers.aggregates import round_step, time_range
        from desktop_app.core.events.answers.tables import table

        if asks_plainly(question) and (found := self._added(db, search, question)) is not None:
            return found
        made = self._plan(db, search, also=question.fields)
        step = question.every
        if step == 0:
            step = round_step(*time_range(made, search), SPANS)[0]
        with self.engine.call():
            return table(self.engine, db, made, question, step=step)

    def _added(self, db: Connection, search: Search, question: Question) -> Table | None:
        """Answer a question from what is counted of its fields; None where that is not sure or something is missing."""
        from desktop_app.core.events.answers.adding import table
        from desktop_app.core.events.answers.facets import tallies

        made, names = self._plan(db, search, also=question.fields), question.fields
        with self.engine.call():
            found = tallies(self.engine, db, made, search, names, kept=self._counts)
            missing = [*made.missing]
            events = self.count(db, search, missing=missing)
        return None if missing else table(question, dict(zip(names, found, strict=True)), events)

    def _tally(self, db: Connection, search: Search, field: str) -> Tally | None:
        """Return how often each value of a field stands in what a search finds; None where that is not sure."""
        from desktop_app.core.events.answers.facets import tallies

        made = self._plan(db, search, also=[field])
        [found] = tallies(self.engine, db, made, search, [field], kept=self._counts)
        return None if made.missing or found.cut else found

    def statistics(self, db: Connection, search: Search, field: str, *, limit: int = 20) -> Statistics:
        """Return what a field holds among the events of a search, with its ``limit`` commonest values."""
        from desktop_app.core.events.answers import held
        from desktop_app.core.events.answers.tables import statistics

        made = self._plan(db, search, also=[field])
        with self.engine.call():
            if fold(field) == "level":  # one that is not there is counted as one, and is no value here
                return statistics(self.engine, db, made, field, limit=limit, tally=None)
            tally = self._tally(db, search, field)
            counted = None if tally is None else held.statistics(self.engine, db, made, field, limit=limit, tally=tally)
            return counted or statistics(self.engine, db, made, field, limit=limit, tally=tally)

    def templates(self, db: Connection, search: Search) -> Templates:
        """Return what kinds of messages a search finds, the commonest first."""
        from desktop_app.core.events.answers.templates import templates

        with self.engine.call():
            return templates(self.engine, db, self._plan(db, search))

    def unusual(self, db: Connection, search: Search, window: tuple[Micros, Micros], fields: Sequence[str]) -> Unusual:
        """Return what is more or less frequent in a window than in the rest of a search's time."""
        from desktop_app.core.events.answers.unusual import ranked, values

        with self.engine.call():
            counted, here, there = values(
                self.engine, db, self._plan(db, search, also=fields), fields[:MOST_COMPARED], window
            )
        inside = dataclasses.replace(search, start=window[0], end=window[1])
        everywhere = {one.text: one.count for one in self.templates(db, search).found}
        within = {one.text: one.count for one in self.templates(db, inside).found}
        counted += [("", text, within.get(text, 0), count - within.get(text, 0)) for text, count in everywhere.items()]
        return ranked(counted, here, there)

    def event(self, db: Connection, event_id: int | str) -> dict[str, Any] | None:
        """Return one event whole, with ``file`` (name, path, member, format, zone, zone_assumed, import_id)."""
        found = self.events(db, [event_id])
        return found[0] if found else None

    def events(
        self, db: Connection, ids: Iterable[int | str], *, missing: list[Missing] | None = None
    ) -> list[dict[str, Any]]:
        """Return events by id in the order asked for, each as ``event`` does; unknown ids are left out."""
        from desktop_app.core.events.rows import fetch_ids
        from desktop_app.core.events.terms.scope import Part

        wanted = [int(one) for one in ids]
        segments: dict[int, Segment] = {}
        asked: dict[int, list[int]] = {}
        for one in dict.fromkeys(wanted):
            for segment in catalogue.holding(db, one):
                segments[segment.id] = segment
                asked.setdefault(segment.id, []).append(one)
        made = Plan([Part(tuple(segments.values()), None, {})], len(segments))
        with self.engine.call():
            self.engine.set_aside(db, made)
            found = fetch_ids(self.engine, db, made, asked)
        _report(made.missing, missing)
        files = {one: _file(db, one >> 32) for one in found}
        return [{**found[one], "file": files[one]} for one in wanted if one in found]

    def load(
        self,
        db: Connection,
        segment_ids: Sequence[int],
        *,
        missing: list[Missing] | None = None,
        together: Callable[[LogSource], AbstractSet[str]] = lambda _source: frozenset(),
    ) -> Iterator[tuple[Segment, EventBatch]]:
        """Return segments as batches in the order of the event ids; their columns are read when asked for.

        ``together``: which fields of a log source, in lower case, are read at once as soon as one is asked for.
        A column of a segment that vanishes after this raises StoreError where it is read.
        """
        from desktop_app.core.events.stored import batch

        for segment in catalogue.by_ids(db, segment_ids):
            try:
                made = batch(self.engine, db, segment, together(segment.log_source))
            except StoreError as error:
                _report([Missing(segment, error)], missing)
                continue
            yield segment, made

    def ingested(self, db: Connection, segment: Segment) -> Times:
        """Return when each event of a segment came into the desk, in the order of the event ids."""
        from desktop_app.core.events.stored import ingested

        return ingested(self.engine, db, segment)

    def export(
        self, db: Connection, search: Search, format: Literal["csv", "json"],  # noqa: A002 - the word callers expect
 stream: BinaryIO, *,
        missing: list[Missing] | None = None, change: Callable[[Record], Record] | None = None,
    ) -> int:  # fmt: skip
        """Write every event the search finds, newest first; return how many. CSV cells are safe from formulas.

        ``change`` is done to each event on its way out.
        """
        from desktop_app.core.events.answers import export

        found: list[Missing] = []
        with self.engine.call():
            line = self._timeline(db, search, found)
            rows = export.events(self.engine, db, line, lambda *span: self._planned(db, search, span, found))
            rows = map(change, rows) if change is not None else rows
            if format == "json":
                written = export.write_json(rows, stream)
            else:
                names = [name for name, _ in self.fields(db, search, missing=found)]
                written = export.write_csv(rows, names, stream)
        _report(found, missing)
        return written

    def _near_end(self, db: Connection, search: Search, position: int) -> Key | None:
        """Return the key of a position among the last events; None for others, and where something is missing."""
        from desktop_app.core.events.answers.aggregates import count
        from desktop_app.core.events.answers.pages import near_end

        counted, made = self._plan(db, search), self._plan(db, search)
        rest = count(self.engine, db, counted, search, self._counts) - position
        if counted.missing or not 0 < rest <= NEAR_END:
            return None
        key = near_end(self.engine, db, made, rest)
        return None if made.missing else key

    def _timeline(self, db: Connection, search: Search, missing: list[Missing]) -> Timeline:
        """Return the search's timeline, from memory while neither the search nor the store has changed."""
        from desktop_app.core.events.answers.pages import timeline

        made = self._plan(db, search)
        key = (search, tuple(segment.id for segment in made.segments))
        with self._lock:
            if known := self._timelines.get(key):
                self._timelines.move_to_end(key)
                return known
        line = timeline(self.engine, db, made)
        missing += made.missing
        # Pins and tags change without a segment that changes.
        if not made.missing and not MARKS & {one.lower() for one in parsed(search.query, search.filters).fields}:
            with self._lock:
                self._timelines[key] = line
                while len(self._timelines) > KEPT_TIMELINES:
                    self._timelines.popitem(last=False)
        return line

    def _planned(self, db: Connection, search: Search, span: tuple[Micros, Micros], missing: list[Missing]) -> Plan:
        """Plan the search for a span of time within its own; what is missing is gathered in ``missing``."""
        start = span[0] if search.start is None else max(search.start, span[0])
        end = span[1] if search.end is None else min(search.end, span[1])
        made = self._plan(db, dataclasses.replace(search, start=start, end=end))
        made.missing = missing
        return made


def _report(found: Iterable[Missing], missing: list[Missing] | None) -> None:
    """Hand over what could not be read, once a segment, or raise the first when nobody takes it."""
    for one in found:
        if missing is None:
            raise one.error
        if all(known.segment.id != one.segment.id for known in missing):
            missing.append(one)


def _file(db: Connection, file_id: int) -> dict[str, Any]:
    query = "SELECT name, path, member, format, zone, zone_assumed, import_id FROM files WHERE id = ?"
    found = rows(db, query, (file_id,))
    return {**found[0], "zone_assumed": bool(found[0]["zone_assumed"])} if found else {}
