"""All rules about one log source: their atoms numbered, their trees bound to the numbers, a plan a kind of event.

Windows tells kinds of events apart by channel and event id: for each pair the rules are folded once, and only those
that may be about it are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.binding import CHANNEL, EVENT_ID, Binder, Names
from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.keywords import KeywordMatcher
from desktop_app.core.sigma.logsources import Target, targets
from desktop_app.core.sigma.matcher import ColumnMatcher
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.plan import Plan
from desktop_app.core.sigma.tree import KEYWORDS, Node, conjunction, disjunction, rewrite

Constants = tuple[str | None, str | None]  # channel and event id


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as it reads for one of its targets. ``known``: whether channel or event id decide a part of it."""

    rule_id: str
    target: Target
    tree: Node
    known: bool


class Book:
    """The rules about one log source."""

    def __init__(self, source: LogSource, by_source: Mapping[tuple[str, ...], Iterable[RuleSource]]) -> None:
        self._bound = Binder()
        self.atoms, self.dear, self.is_dear = self._bound.atoms, self._bound.dear, self._bound.is_dear
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._any_id: list[Entry] = []
        self._plans: dict[Constants | None, Plan] = {}
        self._matchers: dict[str, ColumnMatcher] = {}
        self._keywords: KeywordMatcher | None = None
        self._decided: dict[tuple[int, str | None], bool] = {}
        for words, rules in by_source.items():
            for target in targets(*words):
                if target.covers(source):
                    self._add(target, rules)

    def _add(self, target: Target, rules: Iterable[RuleSource]) -> None:
        names, asks = Names(target.names), self._bound.bind(target.asks, Names({}))
        for rule in rules:
            tree = self._bound.bind(rule.compiled["tree"], names)
            if asks is not True:
                tree = self._bound.shared(conjunction([asks, tree]))
            if tree is not False:
                self._enter(Entry(rule.id, target, tree, self._bound.is_known(tree)))

    def _enter(self, entry: Entry) -> None:
        ids = {str(one) for one in entry.target.event_ids} or (self._ids_of(entry.tree) if entry.known else None)
        for one in ids or ():
            self._by_id[one].append(entry)
        if ids is None:
            self._any_id.append(entry)

    def _ids_of(self, tree: Node) -> frozenset[str] | None:
        """Return the event ids without one of which a tree cannot hold; None where it may hold of any."""
        if isinstance(tree, bool) or tree[0] == "!":
            return None
        if tree[0] == "a":
            _, column, kind, argument, cased = self.atoms[tree[1]]
            return frozenset((argument.lower(),)) if column == EVENT_ID and kind == "eq" and not cased else None
        found = [self._ids_of(one) for one in tree[1]]
        if tree[0] == "&":
            return min((ids for ids in found if ids is not None), key=len, default=None)
        return None if any(ids is None for ids in found) else frozenset().union(*(ids for ids in found if ids))

    # --- what is asked of it ------------------------------------------------------------------------------------------

    def matcher(self, column: str) -> ColumnMatcher:
        """Return what judges the values of a column."""
        if column not in self._matchers:
            self._matchers[column] = ColumnMatcher(self._bound.columns[column])
        return self._matchers[column]

    @property
    def keywords(self) -> KeywordMatcher:
        """What looks through whole events."""
        if self._keywords is None:
            self._keywords = KeywordMatcher(self._bound.columns[KEYWORDS])
        return self._keywords

    def columns(self) -> set[str]:
        """Return the columns that any rule asks for."""
        others = {atom[3][0] for atom in self.atoms if atom[2] == "fr"}
        return ({atom[1] for atom in self.atoms} | others) - {KEYWORDS}

    def plan(self, constants: Constants | None) -> Plan:
        """Return what to look for in events of one channel and event id; None: events that have neither."""
        if constants not in self._plans:
            some = self._by_id.get((constants[1] or "").lower(), []) if constants else []
            entries = self._any_id + some if constants else self.entries()
            self._plans[constants] = Plan(self._bound, self._folded(entries, constants))
        return self._plans[constants]

    def _every(self) -> list[Entry]:
        return list({id(one): one for some in self._by_id.values() for one in some}.values())

    def entries(self) -> list[Entry]:
        """Return all rules, each for each of its targets."""
        return self._any_id + self._every()

    def _folded(self, entries: Sequence[Entry], constants: Constants | None) -> list[tuple[str, Node]]:
        trees: dict[str, list[Node]] = defaultdict(list)
        for entry in entries:
            if not _applies(entry.target, constants):
                continue
            tree = self._fold(entry.tree, constants) if entry.known and constants else entry.tree
            if tree is not False:
                trees[entry.rule_id].append(tree)
        return [(rule_id, self._joined(found)) for rule_id, found in trees.items()]

    def _joined(self, trees: list[Node]) -> Node:
        return trees[0] if len(trees) == 1 else self._bound.shared(disjunction(trees))

    def _fold(self, tree: Node, constants: Constants) -> Node:
        """Decide the atoms about channel and event id."""

        def leaf(one: Node) -> Node:
            _, column, kind, _, _ = self.atoms[one[1]]
            if column not in (CHANNEL, EVENT_ID) or kind == "fr":
                return one
            return self._decide(one[1], constants[column == EVENT_ID])

        return self._bound.shared(rewrite(tree, leaf, lambda one: not self._bound.is_known(one)))

    def _decide(self, number: int, value: str | None) -> bool:
        if (number, value) not in self._decided:
            atom = self.atoms[number]
            there = value is not None and (atom[2] == "ex" or check_of(atom)(value, value.lower()))
            self._decided[number, value] = there
        return self._decided[number, value]


def _applies(target: Target, constants: Constants | None) -> bool:
    if constants is None:
        return not target.channels and not target.event_ids
    channel, event_id = constants
    if target.channels and (channel or "").lower() not in target.channels:
        return False
    return not target.event_ids or event_id in {str(one) for one in target.event_ids}
