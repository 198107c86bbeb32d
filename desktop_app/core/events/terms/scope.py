"""What a search asks, and which segments it concerns: settled from the catalogue before any file is opened."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.beside.grams import Sieve
from desktop_app.core.events.layout import column_of, fold
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms import kept
from desktop_app.core.events.terms.compiler import Clause, Condition, both, compile_node, fixed_column
from desktop_app.core.events.terms.nodes import And, Exists, Ids, Node, Not, Or, Query, Span, Value
from desktop_app.core.events.terms.query import parse
from desktop_app.core.model import Micros

_RARE = 4  # of so many segments, a sieve leaves at most one
MARKS = frozenset({"tag", "pinned"})


@dataclass(frozen=True, slots=True)
class Search:
    """One search: query text, filters (query terms, all of which must hold), and ``start <= time < end`` in µs UTC.

    ``among``: the ids of the only segments to look at, None for all.
    """

    query: str = ""
    filters: tuple[str, ...] = ()
    start: Micros | None = None
    end: Micros | None = None
    among: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Segments that one condition fits; ``condition`` None means every event of them.

    ``columns`` names, for each field that the search or its caller asks about (folded), the columns it lies in.
    """

    segments: tuple[Segment, ...]
    condition: Condition | None
    columns: Mapping[str, tuple[str, ...]]

    def of(self, segments: Iterable[Segment]) -> Part:
        """Return the same part over some of its segments."""
        return Part(tuple(segments), self.condition, self.columns)


@dataclass(slots=True)
class Plan:
    """The parts of one search. ``total`` counts the segments of its time range, readable or not.

    ``bounds`` are the first and last times of what was asked, also of segments that turned out to hold none of it.
    ``rare`` says that what is asked stands in few of the segments.
    """

    parts: list[Part]
    total: int
    missing: list[Missing] = field(default_factory=list)
    bounds: tuple[Micros, Micros] | None = None
    rare: bool = False

    @property
    def segments(self) -> list[Segment]:
        """All segments that have to be read."""
        return [segment for part in self.parts for segment in part.segments]

    def without(self, gone: Iterable[Segment]) -> None:
        """Leave segments out from now on."""
        ids = {segment.id for segment in gone}
        kept = (part.of(one for one in part.segments if one.id not in ids) for part in self.parts)
        self.parts = [part for part in kept if part.segments]

    def of(self, parts: Iterable[Part]) -> Plan:
        """Return a plan of some of the parts, which misses nothing yet."""
        return Plan(list(parts), self.total, bounds=self.bounds)

    def only(self, wanted: Iterable[Segment]) -> list[Part]:
        """Return the parts reduced to some of the segments."""
        ids = {segment.id for segment in wanted}
        kept = (part.of(one for one in part.segments if one.id in ids) for part in self.parts)
        return [part for part in kept if part.segments]


@functools.lru_cache(maxsize=256)
def parsed(query: str, filters: tuple[str, ...]) -> Query:
    """Return the query and its filters as one tree. Raises QueryError."""
    every = [parse(one) for one in (query, *filters)]
    return Query(And(tuple(one.root for one in every)), frozenset().union(*(one.fields for one in every)))


def plan(db: Connection, search: Search, *, also: Sequence[str] = (), sieve: Sieve | None = None) -> Plan:
    """Settle which segments the search concerns and what it asks of each; ``also`` are fields the caller reads.

    A ``sieve`` takes those out that cannot hold the words of the search.
    """
    query = _resolved(db, parsed(search.query, search.filters))
    segments = catalogue.live(db, start=search.start, end=search.end, among=search.among)
    columns = _Columns(db, [*query.fields, *also])
    groups: dict[tuple[frozenset[str], bool], list[Segment]] = {}
    for segment in segments:
        groups.setdefault((columns.held_by(segment), _inside(segment, search)), []).append(segment)
    parts = []
    for (held, inside), members in groups.items():
        known = columns.known(held)
        clause = compile_node(query.root, lambda name, known=known: known[fold(name)])  # type: ignore[misc]  # bound per group
        clause = both(clause, True if inside else _period(search))
        if clause is not False:
            parts.append(Part(tuple(members), clause if isinstance(clause, Condition) else None, known))
    made = Plan(parts, len(segments))
    if asked := made.segments:
        made.bounds = min(one.min_time for one in asked), max(one.max_time for one in asked)
    if sieve is not None:
        made.parts = made.only(sieve.sift(asked, query.root))
        made.rare = len(made.segments) * _RARE <= len(asked)
    return made


def _resolved(db: Connection, query: Query) -> Query:
    """Return a query whose terms about pins and tags name the events; a field of such a name counts as well."""
    return query if not MARKS & {fold(one) for one in query.fields} else Query(_kept(db, query.root), query.fields)


def _kept(db: Connection, node: Node) -> Node:
    if isinstance(node, Not):
        return Not(_kept(db, node.node))
    if isinstance(node, And | Or):
        return type(node)(tuple(_kept(db, one) for one in node.nodes))
    if not isinstance(node, Value | Exists) or fold(node.field) not in MARKS:
        return node
    return Or((node, _marked(db, node)))


def _marked(db: Connection, node: Value | Exists) -> Node:
    wanted = node.text if isinstance(node, Value) else "*"
    if fold(node.field) == "tag":
        return Ids(frozenset(kept.tagged(db, wanted)))
    ids = Ids(frozenset(kept.pinned(db)))
    return Not(ids) if wanted.lower() in {"false", "no", "0"} else ids


def _inside(segment: Segment, search: Search) -> bool:
    after = search.start is None or search.start <= segment.min_time
    return after and (search.end is None or segment.max_time < search.end)


def _period(search: Search) -> Clause:
    return compile_node(Span("time", search.start, search.end), lambda _: ("time",))


class _Columns:
    """Which columns a field asked for may lie in, segment by segment."""

    def __init__(self, db: Connection, names: Sequence[str]) -> None:
        self._spellings = catalogue.spellings(db, names)
        self._fixed = {fold(name): fixed_column(name) for name in names}
        every = sorted({one for spelled in self._spellings.values() for one in spelled})
        self._holders = catalogue.holders(db, every)

    def held_by(self, segment: Segment) -> frozenset[str]:
        return frozenset(self._holders.get(segment.id, ()))

    def known(self, held: frozenset[str]) -> dict[str, tuple[str, ...]]:
        found = {}
        for name, spelled in self._spellings.items():
            fixed = self._fixed[name]
            own = tuple(column_of(one) for one in spelled if one in held)
            found[name] = own if fixed is None else (fixed, *own)
        return found
