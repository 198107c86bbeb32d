"""All rules about one log source: their atoms numbered, their trees bound to the numbers, a plan a kind of event.

Windows tells kinds of events apart by channel and event id: for each pair the rules are folded once, and only those
that may be about it are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.keywords import KeywordMatcher
from desktop_app.core.sigma.logsources import Target, targets
from desktop_app.core.sigma.matcher import ColumnMatcher, is_dear
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.plan import Plan, numbers_in
from desktop_app.core.sigma.tree import KEYWORDS, Node, conjunction, disjunction, rewrite

CHANNEL, EVENT_ID = "channel", "eventid"
Constants = tuple[str | None, str | None]  # channel and event id


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as it reads for one of its targets. ``known``: whether channel or event id decide a part of it."""

    rule_id: str
    target: Target
    tree: Node
    known: bool


class Book:
    """The rules about one log source. A bound atom is ``("a", number)``; equal nodes are one object."""

    def __init__(self, source: LogSource, by_source: Mapping[tuple[str, ...], Iterable[RuleSource]]) -> None:
        self.atoms: list[Node] = []
        self.dear: set[int] = set()
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._nodes: dict[Node, Node] = {}
        self._dear_nodes: set[int] = set()  # by identity
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._any_id: list[Entry] = []
        self._plans: dict[Constants | None, Plan] = {}
        self._columns: dict[str, dict[int, Node]] = defaultdict(dict)
        self._matchers: dict[str, ColumnMatcher] = {}
        self._keywords: KeywordMatcher | None = None
        self._decided: dict[tuple[int, str | None], bool] = {}
        for words, rules in by_source.items():
            for target in targets(*words):
                if target.covers(source):
                    self._add(target, rules)

    def _add(self, target: Target, rules: Iterable[RuleSource]) -> None:
        asks = self._bind(target.asks, {})
        for rule in rules:
            tree = self._shared(conjunction([asks, self._bind(rule.compiled["tree"], target.names)]))
            if tree is False:
                continue
            known = any(self.atoms[number][1] in (CHANNEL, EVENT_ID) for number in numbers_in(tree))
            entry = Entry(rule.id, target, tree, known)
            ids = {str(one) for one in target.event_ids} or (self._ids_of(tree) if known else None)
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

    # --- binding ------------------------------------------------------------------------------------------------------

    def _bind(self, node: Node, names: Mapping[str, str]) -> Node:
        """Give fields the names of their columns and replace atoms by their numbers."""
        if isinstance(node, bool):
            return node
        if node[0] == "a":
            return self._one(("a", self._number(renamed(node, names))))
        if node[0] == "!":
            return self._one(("!", self._bind(node[1], names)))
        return self._one((node[0], self._in_order(self._bind(one, names) for one in node[1])))

    def _in_order(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """Sort the parts of a node: atoms are cheap and often decide; negations come late, and dear atoms last."""

        def place(one: Node) -> tuple[bool, int]:
            if isinstance(one, bool):
                return False, 0
            return self.is_dear(one), "a&|!".index(one[0])

        return tuple(sorted(nodes, key=place))

    def _one(self, node: Node) -> Node:
        """Return the node that stands for all that are equal, so that what is found of it is found once."""
        known = self._nodes.setdefault(node, node)
        if known is node and self._asks_dear(node):
            self._dear_nodes.add(id(node))
        return known

    def _asks_dear(self, node: Node) -> bool:
        if node[0] == "a":
            return node[1] in self.dear
        return self.is_dear(node[1]) if node[0] == "!" else any(map(self.is_dear, node[1]))

    def is_dear(self, node: Node) -> bool:
        """Say whether a bound node asks for a dear atom."""
        return id(node) in self._dear_nodes

    def _number(self, atom: Node) -> int:
        _, column, kind, argument, cased = atom
        key = (column, kind, tuple(argument) if isinstance(argument, list) else argument, cased)
        number = self._numbers.setdefault(key, len(self.atoms))
        if number == len(self.atoms):
            self.atoms.append(atom)
            self.dear.update([number] if is_dear(atom) else [])
            if kind not in ("ex", "fr"):
                self._columns[column][number] = atom
        return number

    # --- what is asked of it ------------------------------------------------------------------------------------------

    def matcher(self, column: str) -> ColumnMatcher:
        """Return what judges the values of a column."""
        if column not in self._matchers:
            self._matchers[column] = ColumnMatcher(self._columns[column])
        return self._matchers[column]

    @property
    def keywords(self) -> KeywordMatcher:
        """What looks through whole events."""
        if self._keywords is None:
            self._keywords = KeywordMatcher(self._columns[KEYWORDS])
        return self._keywords

    def plan(self, constants: Constants | None) -> Plan:
        """Return what to look for in events of one channel and event id; None: events that have neither."""
        if constants not in self._plans:
            some = self._by_id.get((constants[1] or "").lower(), []) if constants else []
            entries = self._any_id + some if constants else self.entries()
            self._plans[constants] = Plan(self.atoms, self.dear, self._folded(entries, constants))
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
        return trees[0] if len(trees) == 1 else self._shared(disjunction(trees))

    def _fold(self, tree: Node, constants: Constants) -> Node:
        """Decide the atoms about channel and event id."""

        def leaf(one: Node) -> Node:
            _, column, kind, _, _ = self.atoms[one[1]]
            if column not in (CHANNEL, EVENT_ID) or kind == "fr":
                return one
            return self._decide(one[1], constants[column == EVENT_ID])

        return self._shared(rewrite(tree, leaf))

    def _decide(self, number: int, value: str | None) -> bool:
        if (number, value) not in self._decided:
            atom = self.atoms[number]
            there = value is not None and (atom[2] == "ex" or check_of(atom)(value, value.lower()))
            self._decided[number, value] = there
        return self._decided[number, value]

    def _shared(self, node: Node) -> Node:
        if isinstance(node, bool) or node[0] == "a":
            return node
        inner = self._shared(node[1]) if node[0] == "!" else self._in_order(self._shared(one) for one in node[1])
        return self._one((node[0], inner))


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """Return an atom over columns: the rule's names, in lower case, are looked up."""
    _, field, kind, argument, cased = node
    column = names.get(field.lower(), field.lower())
    if kind == "fr":
        other = argument[0].lower()
        argument = [names.get(other, other), argument[1], argument[2]]
    return ["a", column, kind, argument, cased]


def _applies(target: Target, constants: Constants | None) -> bool:
    if constants is None:
        return not target.channels and not target.event_ids
    channel, event_id = constants
    if target.channels and (channel or "").lower() not in target.channels:
        return False
    return not target.event_ids or event_id in {str(one) for one in target.event_ids}
