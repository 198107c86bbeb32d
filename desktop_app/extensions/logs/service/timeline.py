"""One axis of time: findings, what people wrote and decided, kept events, and the events of many sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desktop_app.core import findings, marks
from desktop_app.core.cases import case_timeline
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.aggregates import round_step
from desktop_app.core.events.answers.tables import Table
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms.questions import Measure, Question
from desktop_app.core.findings import FindingRow
from desktop_app.core.model import Micros
from desktop_app.core.text import Text

BINS = 150  # of events; so many are drawn however many there are
SOURCES = 12  # the largest are followed
MOST = 5_000  # moments of one kind
MARGIN = 0.04  # of its length, on either side of a case
LEAST = 1_000  # µs
DRAWN = 250  # pieces of a lane
ROWS = 5  # of a lane, for what overlaps

Lane = Literal["finding", "kept", "written"]
LANES: tuple[Lane, ...] = ("finding", "kept", "written")
_WRITTEN: frozenset[case_timeline.Kind] = frozenset({"note", "task", "decision"})


@dataclass(frozen=True, slots=True)
class Moment:
    """Something with a place on the axis, from ``time`` to ``end`` (the same for a point).

    Of a finding ``finding`` holds its row; of a kept event ``event_id``; else ``words`` or a ``sentence`` say it.
    """

    lane: Lane
    time: Micros
    end: Micros
    finding: FindingRow | None = None
    finding_id: int | None = None
    event_id: int | None = None
    words: str = ""
    sentence: Text | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What lies between two moments (half-open); ``outside`` moments of a case lie elsewhere."""

    start: Micros
    end: Micros
    moments: tuple[Moment, ...]
    events: Table | None
    outside: int


def course(desk: Desk, db: Connection, search: Search, case_id: int | None = None) -> Course:
    """Return the course of a search, or of a case; without times of its own it shows all of it."""
    start, end = _bounds(desk, db, search, case_id)
    if end - start < LEAST:
        start, end = start - LEAST, end + LEAST
    every = list(_of_case(db, case_id)) if case_id is not None else list(_of_all(db, start, end))
    moments = sorted((one for one in every if one.time < end and one.end >= start), key=lambda one: one.time)
    step, _ = round_step(start, end, BINS)
    events = None
    if catalogue.totals(db).events:
        question = Question((Measure("count"),), ("source",), every=step, top=SOURCES)
        events = desk.events.table(db, replace(search, start=start, end=end), question)
    return Course(start, end, tuple(moments), events, len(every) - len(moments))


def _bounds(desk: Desk, db: Connection, search: Search, case_id: int | None) -> tuple[Micros, Micros]:
    whole: tuple[Micros, Micros] | None
    if search.start is not None and search.end is not None:
        return search.start, search.end
    if case_id is not None:
        seen = [one for one in _of_case(db, case_id) if one.lane != "written"] or list(_of_case(db, case_id))
        first, last = min((one.time for one in seen), default=0), max((one.end for one in seen), default=0)
        margin = int((last - first) * MARGIN) + LEAST
        whole = (first - margin, last + margin)
    else:
        whole = desk.events.span(db, search)
    start, end = whole or (desk.clock() - LEAST, desk.clock())
    return (start if search.start is None else search.start), (end + 1 if search.end is None else search.end)


def _of_all(db: Connection, start: Micros, end: Micros) -> Iterator[Moment]:
    wanted = findings.Filter(view="all", since=start, until=end, order="last")
    for row in findings.listing(db, wanted, MOST):
        yield Moment("finding", row.first_seen, row.last_seen, row, row.id)
    for mark in marks.listing(db, start=start, end=end, limit=MOST):
        words = mark.note or str(mark.event["message"] or mark.event["raw"])
        yield Moment("kept", mark.event["time"], mark.event["time"], event_id=mark.event_id, words=words)
    written = rows(db, "SELECT finding_id, time, text FROM notes WHERE time >= ? AND time < ? ORDER BY time LIMIT ?",
                   [start, end, MOST])  # fmt: skip
    for note in written:
        yield Moment("written", note["time"], note["time"], finding_id=note["finding_id"], words=note["text"])


def _of_case(db: Connection, case_id: int) -> Iterator[Moment]:
    for row in findings.listing(db, findings.Filter(view="all", case=case_id), MOST):
        yield Moment("finding", row.first_seen, row.last_seen, row, row.id)
    kept = rows(
        db,
        "SELECT DISTINCT e.event_id, e.time, e.raw FROM evidence e JOIN case_findings c ON c.finding_id = e.finding_id"
        " WHERE c.case_id = ? ORDER BY e.time LIMIT ?",
        [case_id, MOST],
    )
    for copy in kept:
        yield Moment("kept", copy["time"], copy["time"], event_id=copy["event_id"], words=copy["raw"])
    for one in case_timeline.timeline(db, case_id):
        if one.kind in _WRITTEN:
            yield Moment("written", one.time, one.time, finding_id=one.finding_id, words=one.words,
                         sentence=one.sentence)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bin:
    """Moments that lie so close that they are drawn as one; ``start`` and ``end`` are shares of the axis, 0 to 1."""

    start: float
    end: float
    moments: tuple[Moment, ...]


def bins(found: Course, lane: Lane, most: int = DRAWN) -> list[Bin]:
    """Return what is drawn of a lane: at most so many pieces of those that begin and end together, however many."""
    length = found.end - found.start
    grouped: dict[tuple[int, int], list[Moment]] = {}

    def place(time: Micros) -> int:
        return int(min(max(0, time - found.start), length) * most / length)

    own = [one for one in found.moments if one.lane == lane]
    for one in own:
        grouped.setdefault((place(one.time), place(one.end)), []).append(one)
    if len(grouped) > most:
        grouped = {}
        for one in own:
            grouped.setdefault((place(one.time), 0), []).append(one)
    return sorted((_bin(found, held) for held in grouped.values()), key=lambda one: (one.start, -one.end))


def stacked(drawn: Sequence[Bin], rows: int = ROWS) -> list[int]:
    """Return the row of each piece (in the order of their starts), so that few lie over one another."""
    ends = [0.0] * rows
    placed = []
    for one in drawn:
        row = next((number for number, end in enumerate(ends) if end <= one.start), rows - 1)
        ends[row] = max(ends[row], one.end, one.start + 1 / DRAWN)
        placed.append(row)
    return placed


def _bin(found: Course, held: Sequence[Moment]) -> Bin:
    length = found.end - found.start
    first = max(found.start, min(one.time for one in held))
    last = min(found.end, max(one.end for one in held))
    return Bin((first - found.start) / length, (last - found.start) / length, tuple(held))
