"""Pages of events, newest first, by key: never by offset, so that page 10,000 costs what page 1 does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.results import Key, Page, Record
from desktop_app.core.events.answers.windows import FIRST_SEGMENTS, windows
from desktop_app.core.events.engine import Engine, Statement, source
from desktop_app.core.events.rows import fetch_ids, shorten
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.compiler import Clause, Condition, both, compile_node
from desktop_app.core.events.terms.nodes import Span
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import Micros

SLICES = 4096


@dataclass(frozen=True, slots=True)
class _Direction:
    """Reading towards older events (``sign`` -1) or newer ones (1), from ``key`` on, without it."""

    sign: int
    key: Key | None

    def condition(self) -> Clause:
        if self.key is None:
            return True
        to = "<" if self.sign < 0 else ">"
        time, event_id = self.key
        sql = f"(time {to}= make_timestamp(?::BIGINT) AND (time {to} make_timestamp(?::BIGINT) OR id {to} ?))"
        return Condition(sql, (time, time, event_id))

    def beyond(self, segment: Segment) -> bool:
        """Tell whether the segment lies wholly on the other side of the key."""
        if self.key is None:
            return False
        return segment.min_time > self.key[0] if self.sign < 0 else segment.max_time < self.key[0]

    def order(self) -> str:
        word = "DESC" if self.sign < 0 else "ASC"
        return f"ORDER BY 1 {word}, 2 {word}"


Found = tuple[Micros, int, int]  # time, event id, segment id


def page(engine: Engine, db: Connection, plan: Plan, *, after: Key | None, before: Key | None, limit: int) -> Page:
    """Return up to ``limit`` events after a key (older) or before one (newer); without a key, the newest."""
    direction = _Direction(1, before) if before is not None else _Direction(-1, after)
    found = _keys(engine, db, plan, direction, limit=limit + 1)
    more = len(found) > limit
    shown = found[:limit] if direction.sign < 0 else found[:limit][::-1]
    rows = _rows(engine, db, plan, shown)
    newer = more if before is not None else after is not None
    older = more if before is None else True
    newest, oldest = (shown[0][:2], shown[-1][:2]) if shown else (None, None)
    missing = tuple(plan.missing)
    return Page(rows, newest if newer else None, oldest if older else None, not missing, missing, plan.total)


def _keys(engine: Engine, db: Connection, plan: Plan, direction: _Direction, *, limit: int) -> list[Found]:
    """Return the first keys in reading order, looking through as little time as it takes."""
    segments = [one for one in plan.segments if not direction.beyond(one)]
    found: list[Found] = []
    start = direction.key[0] if direction.key is not None else None
    for first, end in _spans(plan, segments, start, newest_first=direction.sign < 0):
        some = [one for one in segments if one.min_time < end and one.max_time >= first]
        if some:
            within = both(direction.condition(), compile_node(Span("time", first, end), lambda _: ("time",)))
            found += _step(engine, db, plan, some, within=within, order=direction.order(), limit=limit - len(found))
        if len(found) == limit:
            break
    return found


def _spans(
    plan: Plan, segments: Sequence[Segment], start: Micros | None, *, newest_first: bool
) -> Iterator[tuple[Micros, Micros]]:
    """Yield the spans to look through. What is rare is hardly found in the first one, so few segments are one span."""
    if plan.rare and 0 < len(segments) <= FIRST_SEGMENTS:
        yield min(one.min_time for one in segments), max(one.max_time for one in segments) + 1
    else:
        yield from windows(segments, start, newest_first=newest_first)


def _step(
    engine: Engine, db: Connection, plan: Plan, some: list[Segment], *, within: Clause, order: str, limit: int
) -> list[Found]:
    part_plan = Plan(plan.only(some), 0)
    numbered: list[Segment] = []

    def build(parts: Sequence[Part]) -> Statement:
        numbered[:] = [segment for part in parts for segment in part.segments]
        narrowed = [_narrow(part, within) for part in parts]
        statement, params = _numbered(engine, narrowed)
        return f"{statement} {order} LIMIT {int(limit)}", params

    rows = engine.over(db, part_plan, build)
    plan.missing += part_plan.missing
    plan.without(one.segment for one in part_plan.missing)
    return [(time, event_id, numbered[number].id) for time, event_id, number in rows]


def _narrow(part: Part, clause: Clause) -> Part:
    joined = both(part.condition or True, clause)
    return Part(part.segments, joined if isinstance(joined, Condition) else None, part.columns)


def _numbered(engine: Engine, parts: Sequence[Part]) -> Statement:
    """Select time, id and the running number of the segment over all parts."""
    starts: dict[int, int] = {}
    total = 0
    for part in parts:
        starts[id(part)] = total
        total += len(part.segments)
    return source(parts, engine.path, lambda part: f"epoch_us(time), id, file_index + {starts[id(part)]}")


def _rows(engine: Engine, db: Connection, plan: Plan, shown: Sequence[Found]) -> list[Record]:
    wanted: dict[int, list[int]] = {}
    for _, event_id, segment_id in shown:
        wanted.setdefault(segment_id, []).append(event_id)
    rows = fetch_ids(engine, db, plan, wanted)
    return [shorten(rows[event_id]) for _, event_id, _ in shown if event_id in rows]


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many events lie in each of some thousand slices of time, newest slice first.

    Slice ``n`` covers ``start + (slices - 1 - n) * step`` and the ``step`` microseconds from there. ``before[n]``
    events are newer than it; the last entry of ``before`` is the total.
    """

    start: Micros
    step: Micros
    before: npt.NDArray[np.int64]

    @property
    def total(self) -> int:
        """The number of events."""
        return int(self.before[-1])

    def slice_of(self, position: int) -> int:
        """Return the slice in which the event at a position (0 is the newest) lies."""
        return int(np.searchsorted(self.before, position, side="right")) - 1

    def bounds(self, first: int, last: int) -> tuple[Micros, Micros]:
        """Return the half-open span of time of the slices from ``first`` to ``last``, both included."""
        slices = len(self.before) - 1
        return self.start + (slices - 1 - last) * self.step, self.start + (slices - first) * self.step


def timeline(engine: Engine, db: Connection, plan: Plan) -> Timeline:
    """Count the events of a plan by slices of time."""
    segments = plan.segments
    if not segments:
        return Timeline(0, 1, np.zeros(1, dtype=np.int64))
    start, end = min(one.min_time for one in segments), max(one.max_time for one in segments)
    step = (end - start) // SLICES + 1
    slices = (end - start) // step + 1

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: "epoch_us(time) AS t")
        return f"SELECT (t - {start}) // {step} AS slice, count(*) FROM ({statement}) GROUP BY slice", params

    counts = np.zeros(slices, dtype=np.int64)
    for number, count in engine.over(db, plan, build):
        counts[slices - 1 - number] = count
    return Timeline(start, step, np.concatenate(([0], np.cumsum(counts))))


def seek(
    engine: Engine, db: Connection, line: Timeline, within: Callable[[Micros, Micros], Plan], position: int
) -> Key | None:
    """Return the key after which the page begins with the event at ``position`` (0 is the newest); None if empty."""
    if not line.total:
        return None
    position = max(0, min(position, line.total - 1))
    slice_number = line.slice_of(position)
    plan = within(*line.bounds(slice_number, slice_number))

    def build(parts: Sequence[Part]) -> Statement:
        statement, params = source(parts, engine.path, lambda _: "epoch_us(time) AS t, id")
        return f"{statement} ORDER BY t DESC, id DESC LIMIT 1 OFFSET ?", [
            *params,
            position - int(line.before[slice_number]),
        ]

    rows = engine.over(db, plan, build)
    # The key itself is not on the page that follows it, so it points just before the event.
    return (rows[0][0], rows[0][1] + 1) if rows else None


def near_end(engine: Engine, db: Connection, plan: Plan, rest: int) -> Key | None:
    """Return the key after which the last ``rest`` events of a plan come; None where it holds no more than these.

    Read from the oldest on, so that the last page of a long result needs no timeline of all of it.
    """
    found = _keys(engine, db, plan, _Direction(1, None), limit=rest + 1)
    return found[rest][:2] if len(found) > rest else None


def slices_of(line: Timeline, wanted: int) -> list[tuple[Micros, Micros]]:
    """Cut the timeline, newest first, into spans of about ``wanted`` events, so that each fits in memory."""
    spans, first, slices = [], 0, len(line.before) - 1
    while first < slices:
        last = max(first, bisect_right(line.before, line.before[first] + wanted, first + 1) - 2)
        if line.before[last + 1] > line.before[first]:
            spans.append(line.bounds(first, last))
        first = last + 1
    return spans
