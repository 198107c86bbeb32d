"""The rules that are switched on, ready to run over batches: what the pipeline sees of Sigma."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.core.collector import collector_paused
from desktop_app.core.model import EventBatch, LogSource
from desktop_app.core.sigma.binding import CHANNEL, EVENT_ID
from desktop_app.core.sigma.book import Book, Constants
from desktop_app.core.sigma.columns import Columns, Encoded, MayHold, Rows
from desktop_app.core.sigma.correlate import PATH, firings
from desktop_app.core.sigma.correlation_rows import Links, counted_rows, resolve
from desktop_app.core.sigma.fields import DERIVED
from desktop_app.core.sigma.glance import Glance, Possible
from desktop_app.core.sigma.judge import Mask, bursts, counts_only, least, possible, promising
from desktop_app.core.sigma.judged import Judged
from desktop_app.core.sigma.logsources import targets
from desktop_app.core.sigma.model import CorrelationRows, Firing, Match, RuleInfo, RuleSource, Series, Tallied, Tally
from desktop_app.core.text import Text

_WINDOWS = LogSource("windows", "", "")


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a batch that share what rules are folded by."""

    source: LogSource
    constants: Constants | None
    rows: Rows


class RuleSet:
    """Rules compiled and linked. ``problems``: correlations that cannot run, each with its reason."""

    def __init__(self, sources: Iterable[RuleSource]) -> None:
        every = {source.id: source for source in sources}
        self._plain = {one.id: one for one in every.values() if one.compiled["kind"] == "plain"}
        self._links: Links = resolve(
            {one.id: one.compiled for one in every.values()}, {one.id for one in every.values() if one.enabled}
        )
        self.problems: Mapping[str, Text] = self._links.problems
        self.rules: Mapping[str, RuleInfo] = {
            one.id: self._info(one) for one in every.values() if one.id not in self.problems
        }
        self._by_source: dict[tuple[str, ...], list[RuleSource]] = defaultdict(list)
        for one in self._plain.values():
            if one.enabled or one.id in self._links.paths:
                self._by_source[tuple(one.compiled["source"])].append(one)
        self._books: dict[LogSource, Book] = {}
        self._needed: dict[LogSource, frozenset[str]] = {}
        self._last: tuple[EventBatch, Columns] | None = None

    @classmethod
    def empty(cls) -> RuleSet:
        """Return no rules, for imports that shall not detect."""
        return cls(())

    def group_by(self, rule_id: str) -> tuple[str, ...]:
        """Return the names of a correlation's group-by fields, in the order of its keys."""
        return self.rules[rule_id].group_by

    def related(self, ids: Iterable[str]) -> frozenset[str]:
        """Return rules with all that correlations join them to, however far: nothing else depends on them.

        Correlations that cannot run are among them always: what they lack may have come or gone.
        """
        found = {*ids, *self.problems}
        families = [{rule_id, *spec["refs"]} for rule_id, spec in self._links.specs.items()]
        while more := [one for one in families if found & one and not one <= found]:
            found.update(*more)
        return frozenset(found)

    def _columns(self, batch: EventBatch) -> Columns:
        # The pipeline asks for the rows of each match of the batch it has just had examined.
        if self._last is None or self._last[0] is not batch:
            self._last = (batch, Columns(batch))
        return self._last[1]

    def _info(self, source: RuleSource) -> RuleInfo:
        compiled = source.compiled
        correlation = compiled["kind"] == "correlation"
        return RuleInfo(
            id=source.id,
            version=source.version,
            title=source.title,
            severity=source.severity,
            generates=source.enabled and source.id not in self._links.silenced,
            is_correlation=correlation,
            fingerprint=tuple(compiled["fingerprint"]),
            pack=source.pack,
            group_by=tuple(compiled["group"]) if correlation else (),
        )

    def examine(self, batch: EventBatch, may_hold: MayHold | None = None) -> list[Match]:
        """Return the plain rules that match, bases of correlations included, each with its rows.

        ``may_hold``: what is known of the texts of the batch, as ``Columns`` takes it.
        """
        if may_hold is not None:
            self._last = (batch, Columns(batch, may_hold))
        columns = self._columns(batch)
        found: dict[str, list[Rows]] = defaultdict(list)
        judged: dict[LogSource, Judged] = {}
        for part in _parts(batch, columns):
            book = self._book(part.source)
            said = judged.setdefault(part.source, Judged(book, columns))
            for rule_id, rows in book.plan(part.constants).run(said, part.rows):
                found[rule_id].append(rows)
        return [
            Match(rule_id, rows[0] if len(rows) == 1 else np.sort(np.concatenate(rows)))
            for rule_id, rows in sorted(found.items())
        ]

    def forget(self) -> None:
        """Let go of the batch that was examined last, when nothing more will be asked about it."""
        self._last = None

    def _book(self, source: LogSource) -> Book:
        if source not in self._books:
            with collector_paused():
                self._books[source] = Book(source, self._by_source)
        return self._books[source]

    def possible(self, source: LogSource, glance: Glance) -> bool:
        """Say whether any rule may match events of a log source that were only glanced at."""
        # What has an event id where a file holds anything at all is a Windows event.
        sources = {source, source if source.product else _WINDOWS}
        return any(Possible(self._book(one), glance).any() for one in sources)

    def values(self, batch: EventBatch) -> dict[str, Encoded]:
        """Return the columns of a batch that were looked at, encoded."""
        return self._columns(batch).encoded()

    def needed(self, source: LogSource) -> frozenset[str]:
        """Return the columns, in lower case, that any rule could ask of a log source: the others need not be read."""
        if source not in self._needed:
            self._needed[source] = self._asked(source)
        return self._needed[source]

    def _asked(self, source: LogSource) -> frozenset[str]:
        asked = {CHANNEL, EVENT_ID} | self._book(source).columns()
        return frozenset(asked | {DERIVED[name][0] for name in asked if name in DERIVED})

    def correlation_rows(self, match: Match, batch: EventBatch) -> list[CorrelationRows]:
        """Return what the matches of a base rule add to the correlations above it."""
        if match.rule_id not in self._links.paths:
            return []
        source = self._plain[match.rule_id].compiled["source"]
        names: dict[str, str] = {}
        for target in targets(*source):
            if target.covers(batch.log_source):
                names.update(target.names)
        return counted_rows(self._links, match.rule_id, match.rows, self._columns(batch), names)

    def correlate(self, rule_id: str, tallies: Sequence[Tally], key: Sequence[str] = ()) -> list[Firing]:
        """Return each time a correlation came true, from all tallies of one key; exact for any order of arrival.

        ``values`` of a firing: ``count`` (events), one count a base rule under its name, ``distinct`` and ``values`` of
        a value_count, and the group-by fields where ``key`` is given.
        """
        spec = self._links.specs[rule_id]
        result = []
        for events, counted in firings(self._links.specs, rule_id, tallies):
            values = {"count": str(len(events)), **self._counts(rule_id, events)}
            if spec["type"] == "value_count":
                distinct = sorted({item.value for item in counted if item.value is not None})
                values |= {"distinct": str(len(distinct)), "values": ", ".join(distinct[:10])}
            values |= dict(zip(spec["group"], key, strict=False))
            result.append(Firing(events[0].time, events[-1].time, events, values))
        return result

    def judge(
        self, rule_id: str, series: Sequence[Series], key: Sequence[str] = ()
    ) -> tuple[list[Mask], Mapping[str, str]]:
        """Return for each series which tallies are part of a firing, and the values of the last firing.

        The same answer as ``correlate`` gives, which stays the measure; most groups never need it.
        """
        spec = self._links.specs[rule_id]
        silent = [np.zeros(len(one), dtype=bool) for one in series]
        if not possible(self._links.specs, rule_id, series):
            return silent, {}
        if counts_only(self._links.specs, rule_id):
            fired, last = bursts(series, spec)
            return fired, self._burst_values(rule_id, series, last, key)
        found = self.correlate(rule_id, [tally for one in series for tally in one.tallies()], key)
        covered = {tally for firing in found for tally in firing.tallies}
        fired = [np.array([tally in covered for tally in one.tallies()], dtype=bool) for one in series]
        return fired, found[-1].values if found else {}

    def _burst_values(
        self, rule_id: str, series: Sequence[Series], burst: Sequence[Mask], key: Sequence[str]
    ) -> dict[str, str]:
        """Return the values of a burst, from which tallies belong to it."""
        if not any(mask.any() for mask in burst):
            return {}
        counts = dict.fromkeys(self._links.names_below(rule_id), 0)
        for one, mask in zip(series, burst, strict=True):
            counts[self._links.base_name(one.base_id)] += int(mask.sum())
        values = {"count": str(sum(counts.values())), **{name: str(number) for name, number in counts.items()}}
        return values | dict(zip(self._links.specs[rule_id]["group"], key, strict=False))

    def least(self, rule_id: str) -> int:
        """Return how many tallies a group of a correlation must hold before it can fire."""
        return least(self._links.specs, rule_id)

    def bases(self, rule_id: str) -> dict[str, int]:
        """Return the paths from a correlation to its plain rules, each with the number of the rule that it begins with.

        Tallies under other paths were counted by the rule as it once was.
        """
        chains = [chain[1:] for held in self._links.paths.values() for chain in held if chain[0] == rule_id]
        refs = {ref: number for number, ref in enumerate(self._links.specs[rule_id]["refs"])}
        return {PATH.join(chain): refs[chain[0]] for chain in chains}

    def promising(self, rule_id: str, tallied: Tallied) -> Rows:
        """Return the groups, as numbered in ``tallied``, in which a correlation may fire; the others surely don't."""
        return promising(self._links.specs, rule_id, tallied, self.reach(rule_id))

    def reach(self, rule_id: str) -> int:
        """Return the longest time, in µs, over which one tally can matter to another, correlations below included."""
        spec = self._links.specs[rule_id]
        return int(spec["span"]) + max((self.reach(ref) for ref in spec["refs"] if ref in self._links.specs), default=0)

    def _counts(self, rule_id: str, events: Sequence[Tally]) -> dict[str, str]:
        counts = dict.fromkeys(self._links.names_below(rule_id), 0)
        for event in events:
            name = self._links.base_name(event.base_id)
            counts[name] = counts.get(name, 0) + 1
        return {name: str(number) for name, number in counts.items()}


def _parts(batch: EventBatch, columns: Columns) -> Iterator[_Part]:
    """Split a batch of Windows events by channel and event id, others not at all."""
    every: Rows = np.arange(len(batch), dtype=np.int64)
    ids = columns.get("eventid")
    if ids is None:
        if len(batch):
            yield _Part(batch.log_source, None, every)
        return
    windows = batch.log_source if batch.log_source.product else _WINDOWS
    channels = columns.get("channel")
    width = len(ids.values) + 1
    codes = ids.codes.astype(np.int64) if channels is None else channels.codes.astype(np.int64) * width + ids.codes
    order = np.argsort(codes, kind="stable")
    borders = np.flatnonzero(np.diff(codes[order])) + 1
    for rows in np.split(order, borders):
        first = int(rows[0])
        event_id = ids.values[ids.codes[first]] if ids.codes[first] >= 0 else None
        channel = (
            channels.values[channels.codes[first]] if channels is not None and channels.codes[first] >= 0 else None
        )
        # Where a file holds anything at all, what has an event id is a Windows event and the rest is not.
        source = windows if event_id is not None else batch.log_source
        yield _Part(source, (channel, event_id), every[rows])
