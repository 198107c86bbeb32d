"""Trying a rule on stored events before it is saved: the same engine, the newest events first, until it is stopped."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.errors import Cancelled, UsageError
from desktop_app.core.events import catalogue as segments
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.model import ORDINAL_BITS, EventBatch, now
from desktop_app.core.rules import catalogue, exceptions, filters, hunting
from desktop_app.core.rules.cache import folder_of
from desktop_app.core.rules.reading import ReadRule
from desktop_app.core.sigma.model import Match, RuleSource, Tally
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.desk import Desk
    from desktop_app.core.events.segment import Segment

SHOWN = 20
MOST_TALLIES = 200_000
Report = Callable[[int, int], None]


@dataclass(slots=True)
class Trial:
    """What a trial found. ``matches`` of ``tried`` events, the newest of ``total``; ``ended``: it tried them all.

    ``events``: ids of the newest matching ones; of a correlation, of the last event of each firing.
    """

    total: int
    tried: int = 0
    matches: int = 0
    seconds: float = 0.0
    ended: bool = True
    correlation: bool = False
    events: list[int] = field(default_factory=list)
    unread: int = 0

    @property
    def most(self) -> bool:
        """Whether it matches so much that nobody could look at it all."""
        return self.tried >= 100 and self.matches * 10 > self.tried


def trial(desk: Desk, db: Connection, rule: ReadRule, report: Report) -> Trial:
    """Try a compiled rule on all stored events, the newest first.

    ``report`` is told how many of how many were tried; where it raises Cancelled, what was found so far is returned.
    """
    began = time.monotonic()
    live = segments.live(db)
    made = Trial(sum(one.events for one in live))
    ruleset = _ruleset(db, rule)
    finder = _Correlated(ruleset, rule.id) if ruleset.rules[rule.id].is_correlation else _Plain(rule.id)
    made.correlation = isinstance(finder, _Correlated)
    try:
        worth = _worth(desk, db, ruleset, live, made)
        for segment, batch in _batches(desk, db, worth, made, ruleset=ruleset, report=report):
            for match in ruleset.examine(batch):
                finder.add(ruleset, segment, batch, match)
            hunting.learn(desk.folder, ruleset, batch, {segment.sha256: None})
    except Cancelled:
        made.ended = False
    made.matches, made.events = finder.found()
    made.seconds = time.monotonic() - began
    return made


def _worth(desk: Desk, db: Connection, ruleset: RuleSet, live: Sequence[Segment], made: Trial) -> list[Segment]:
    """Return the segments that must be read; the others hold no match, so their events are tried."""
    worth = [one for one in live if hunting.may_match(db, desk.folder, ruleset, one)]
    made.tried = made.total - sum(one.events for one in worth)
    return worth


def _batches(
    desk: Desk, db: Connection, live: Sequence[Segment], made: Trial, *, ruleset: RuleSet, report: Report
) -> Iterator[tuple[Segment, EventBatch]]:
    """Yield stored events, the newest first; ``made`` notes how far it came."""
    missing: list[Missing] = []
    report(made.tried, made.total)
    with desk.events.engine.call():
        ids = [one.id for one in live]
        for segment, batch in desk.events.load(db, ids, missing=missing, together=ruleset.needed):
            yield segment, batch
            made.tried += len(batch)
            report(made.tried, made.total)
    made.unread = len(missing)


def _ruleset(db: Connection, rule: ReadRule) -> RuleSet:
    """Link a rule with those that it builds on, and no others."""
    compiled = rule.compiled or {}
    if compiled.get("kind") == "filter":
        raise UsageError(
            text("A filter finds nothing by itself, so it cannot be tried."),
            fix=text("Save it, and try a rule that it is for."),
        )
    excepted = exceptions.trees(db, now()).get(rule.id, [])
    mine = RuleSource(rule.id, rule.version, rule.title, catalogue.severity_of(rule.level),
                      exceptions.applied(compiled, excepted))  # fmt: skip
    others = [one for one in catalogue.compiled_sources(db, folder_of(db)) if one.id != rule.id]
    if compiled.get("kind") == "plain":
        return RuleSet(filters.applied([mine, *filter(filters.is_filter, others)]))
    return RuleSet([mine, *_below(compiled, filters.applied(others))])


def _below(compiled: Mapping[str, Any], others: Iterable[RuleSource]) -> list[RuleSource]:
    known: dict[str, RuleSource] = {}
    for one in others:
        known |= {one.id: one, str(one.compiled["name"]): one}
    found: dict[str, RuleSource] = {}
    waiting = list(compiled["refs"])
    while waiting:
        named = known.get(waiting.pop())
        if named is not None and named.id not in found:
            found[named.id] = named
            waiting += named.compiled.get("refs", [])
    return list(found.values())


class _Plain:
    """Counts what a plain rule matches, and keeps the newest of it."""

    def __init__(self, rule_id: str) -> None:
        self._rule_id = rule_id
        self._count = 0
        self._newest: list[tuple[int, int]] = []

    def add(self, _ruleset: RuleSet, segment: Segment, batch: EventBatch, match: Match) -> None:
        if match.rule_id != self._rule_id:
            return
        self._count += len(match.rows)
        times = batch.time[match.rows]
        some = match.rows[np.argsort(times, kind="stable")[-SHOWN:]]
        base = segment.file_id << ORDINAL_BITS
        self._newest += [(int(batch.time[row]), base | int(batch.ordinal[row])) for row in some.tolist()]
        self._newest = sorted(self._newest, reverse=True)[:SHOWN]

    def found(self) -> tuple[int, list[int]]:
        return self._count, [event for _, event in self._newest]


class _Correlated:
    """Gathers what the rules below a correlation match, by its keys."""

    def __init__(self, ruleset: RuleSet, rule_id: str) -> None:
        self._ruleset = ruleset
        self._rule_id = rule_id
        self._tallies: dict[tuple[str, ...], list[Tally]] = defaultdict(list)
        self._count = 0

    def add(self, ruleset: RuleSet, segment: Segment, batch: EventBatch, match: Match) -> None:
        base = segment.file_id << ORDINAL_BITS
        for counted in ruleset.correlation_rows(match, batch):
            if counted.rule_id != self._rule_id or self._count > MOST_TALLIES:
                continue
            self._count += len(counted.rows)
            coded = zip(counted.rows.tolist(), counted.groups.tolist(), range(len(counted.rows)), strict=True)
            for row, group, at in coded:
                value = counted.distinct[int(counted.codes[at])] if len(counted.distinct) else None
                tally = Tally(int(batch.time[row]), base | int(batch.ordinal[row]), segment.id, counted.base_id, value)
                self._tallies[counted.keys[group]].append(tally)

    def found(self) -> tuple[int, list[int]]:
        least, fired = self._ruleset.least(self._rule_id), list[tuple[int, int]]()
        for key, tallies in self._tallies.items():
            if len(tallies) >= least:
                ordered = sorted(tallies, key=lambda one: (one.time, one.event_id))
                for firing in self._ruleset.correlate(self._rule_id, ordered, key):
                    fired.append((firing.last, firing.tallies[-1].event_id))
        newest = sorted(fired, reverse=True)[:SHOWN]
        return len(fired), list(dict.fromkeys(event for _, event in newest))
