"""Trees of rules bound to the columns of a log source: atoms numbered, equal nodes made one object.

A bound atom is ``("a", number)``, the other nodes are ``("!", node)`` and ``("&" or "|", (nodes))``. What is known of a
node is known of it wherever it stands, so it is found out once. Thousands of rules are bound at each start: what is
done for each of their atoms is kept to the least.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from desktop_app.core.sigma.matcher import is_dear
from desktop_app.core.sigma.tree import Node

CHANNEL, EVENT_ID = "channel", "eventid"
PRESENCE = ("ex", "fr")  # kinds of atoms that ask whether fields are there, not for their values
Gate = frozenset[int]  # atoms of which at least one must hold


class Names(dict[str, str]):
    """What the names of rules are called in a log source, looked up without case; others stay what they are."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._known = names

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        self[name] = self._known.get(lower, lower)
        return self[name]


def renamed(node: Node, names: Names) -> Node:
    """Return an atom over columns."""
    _, field, kind, argument, cased = node
    if kind == "fr":
        argument = [names[argument[0]], *argument[1:]]
    return ["a", names[field], kind, argument, cased]


class Binder:
    """Atoms and nodes. ``dear``: atoms that are only decided where a rule still depends on them."""

    def __init__(self) -> None:
        self.atoms: list[Node] = []
        self.dear: set[int] = set()
        self.columns: dict[str, dict[int, Node]] = defaultdict(dict)  # atoms that ask for values, by what they ask of
        self._numbers: dict[tuple[Any, ...], Node] = {}
        self._nodes: dict[tuple[Any, ...], Node] = {}
        # By identity: nodes that stand for their equals, nodes with a dear atom, nodes with one about channel or event
        # id, atoms that are not dear.
        self._ours: set[int] = set()
        self._dear_nodes: set[int] = set()
        self._known_nodes: set[int] = set()
        self._cheap: set[int] = set()
        self._gates: dict[int, Gate | None] = {}

    def bind(self, node: Node, names: Names) -> Node:
        """Give fields the names of their columns and replace atoms by their numbers."""
        if isinstance(node, bool):
            return node
        if node[0] == "a":
            return self._atom(node, names)
        if node[0] == "!":
            return self._one("!", self.bind(node[1], names))
        atom = self._atom
        return self._one(node[0], [atom(one, names) if one[0] == "a" else self.bind(one, names) for one in node[1]])

    def shared(self, node: Node) -> Node:
        """Return what stands for a node that was made of bound ones."""
        if isinstance(node, bool) or node[0] == "a" or id(node) in self._ours:
            return node
        if node[0] == "!":
            return self._one("!", self.shared(node[1]))
        return self._one(node[0], [self.shared(one) for one in node[1]])

    def is_dear(self, node: Node) -> bool:
        """Say whether a bound node asks for a dear atom."""
        return id(node) in self._dear_nodes

    def is_known(self, node: Node) -> bool:
        """Say whether channel or event id decide a part of a bound node."""
        return id(node) in self._known_nodes

    def gate(self, node: Node) -> Gate | None:
        """Return atoms of which at least one must hold for a bound node to hold; None where there are no such atoms."""
        if isinstance(node, bool) or node[0] == "!":
            return None
        if id(node) not in self._gates:
            self._gates[id(node)] = self._gate(node)
        return self._gates[id(node)]

    def _gate(self, node: Node) -> Gate | None:
        if node[0] == "a":
            return frozenset((node[1],))
        if node[0] == "|" and self._cheap.issuperset(map(id, node[1])):
            return frozenset([number for _, number in node[1]])
        if node[0] == "&" and id(node[1][0]) in self._cheap:
            return frozenset((node[1][0][1],))  # none can be smaller
        gates = [self.gate(one) for one in node[1]]
        if node[0] == "&":
            return min((gate for gate in gates if gate is not None), key=self._cost, default=None)
        return None if any(gate is None for gate in gates) else frozenset().union(*(gate for gate in gates if gate))

    def _cost(self, gate: Gate) -> tuple[int, int]:
        return len(gate & self.dear), len(gate)

    def _one(self, sign: str, inner: Any) -> Node:
        """Return the node that stands for all that are equal, so that what is found of it is found once."""
        parts = (inner,) if sign == "!" else self._in_order(inner)
        ids = [*map(id, parts)]
        key = (sign, *ids)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = (sign, inner if sign == "!" else parts)
            self._ours.add(id(node))
            for some in (self._dear_nodes, self._known_nodes):
                if not some.isdisjoint(ids):
                    some.add(id(node))
        return node

    def _in_order(self, nodes: list[Node]) -> tuple[Node, ...]:
        """Sort the parts of a node: atoms are cheap and often decide; negations come late, and dear atoms last."""
        if not self._cheap.issuperset(map(id, nodes)):
            nodes.sort(key=lambda one: (id(one) in self._dear_nodes, "a&|!".index(one[0])))
        return tuple(nodes)

    def _atom(self, node: Node, names: Names) -> Node:
        atom = renamed(node, names)
        _, column, kind, argument, cased = atom
        key = (column, kind, tuple(argument) if isinstance(argument, list) else argument, cased)
        known = self._numbers.get(key)
        return self._new(key, atom) if known is None else known

    def _new(self, key: tuple[Any, ...], atom: Node) -> Node:
        number = len(self.atoms)
        made = self._numbers[key] = ("a", number)
        self.atoms.append(atom)
        if is_dear(atom):
            self.dear.add(number)
            self._dear_nodes.add(id(made))
        else:
            self._cheap.add(id(made))
        if atom[1] in (CHANNEL, EVENT_ID):
            self._known_nodes.add(id(made))
        if atom[2] not in PRESENCE:
            self.columns[atom[1]][number] = atom
        return made


def numbers_in(trees: Iterable[Node]) -> set[int]:
    """Return the numbers of the atoms of bound trees."""
    found, waiting = set[int](), [one for one in trees if not isinstance(one, bool)]
    while waiting:
        sign, inner = waiting.pop()
        if sign == "a":
            found.add(inner)
        elif sign == "!":
            waiting.append(inner)
        else:
            found.update([one[1] for one in inner if one[0] == "a"])
            waiting += [one for one in inner if one[0] != "a"]
    return found
