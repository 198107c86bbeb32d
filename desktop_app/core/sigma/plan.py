"""What to look for in one kind of event: rules bound to the atoms of their book, ready to run.

A rule is evaluated only when an atom without which it cannot hold (its gate) holds of any event, so that the cost of a
batch follows what is in it, not the number of rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from desktop_app.core.sigma.binding import PRESENCE, Binder, Gate, numbers_in
from desktop_app.core.sigma.columns import Rows
from desktop_app.core.sigma.judged import Hits, Judged, Mask
from desktop_app.core.sigma.tree import Node

Truth = Any  # bool or Mask: a constant stays a constant as long as it can


class Plan:
    """The rules for one kind of event. ``rules``: (rule id, bound tree), constants included; ``bound``: what of."""

    def __init__(self, bound: Binder, rules: Iterable[tuple[str, Node]]) -> None:
        self._rules = [(rule_id, tree) for rule_id, tree in rules if tree is not False]
        self._gated: dict[int, list[int]] = defaultdict(list)
        self._open: list[int] = []
        for position, (_, tree) in enumerate(self._rules):
            self._add(position, bound.gate(tree))
        asked = numbers_in(tree for _, tree in self._rules)
        self._presence = sorted(one for one in asked if bound.atoms[one][2] in PRESENCE)
        self._columns = sorted({bound.atoms[one][1] for one in asked.difference(self._presence)})

    def _add(self, position: int, gate: Gate | None) -> None:
        if gate is None:
            self._open.append(position)
        for number in gate or ():
            self._gated[number].append(position)

    def __bool__(self) -> bool:
        """Say whether any rule is left."""
        return bool(self._rules)

    def run(self, judged: Judged, rows: Rows) -> Iterable[tuple[str, Rows]]:
        """Yield (rule id, rows that match) for the given rows of a batch, ascending."""
        run = _Run(judged, rows)
        run.look(self._columns, self._presence)
        candidates = set(self._open)
        for number in run.hits:
            candidates.update(self._gated.get(number, ()))
        for position in sorted(candidates):
            rule_id, tree = self._rules[position]
            truth = run.evaluate(tree)
            found = rows if truth is True else rows[:0] if truth is False else rows[truth]
            if len(found):
                yield rule_id, found


class _Run:
    """One plan over some rows of one batch. ``hits``: atoms that hold of any of them, with what knows their rows."""

    def __init__(self, judged: Judged, rows: Rows) -> None:
        self._judged = judged
        self._size = len(judged.columns)
        self._rows = None if len(rows) == self._size else rows
        self.hits: dict[int, Hits | None] = {}
        self._masks: dict[int, Mask] = {}
        self._truths: dict[int, Truth] = {}

    def look(self, columns: Iterable[str], presence: Iterable[int]) -> None:
        """Note which atoms hold of any of the rows, and which ask for fields that any of them has."""
        for column in columns:
            found = self._judged.hits(column)
            if found is not None:
                self.hits.update(dict.fromkeys(found.among(self._rows, self._size), found))
        there = {column: self._judged.codes(column, self._rows) is not None for column in self._asked(presence)}
        for number in presence:
            _, column, kind, argument, _ = self._judged.atoms[number]
            if there[column] and (kind == "ex" or there[argument[0]]):
                self.hits[number] = None

    def _asked(self, presence: Iterable[int]) -> set[str]:
        atoms = [self._judged.atoms[number] for number in presence]
        return {one[1] for one in atoms} | {one[3][0] for one in atoms if one[2] == "fr"}

    def evaluate(self, node: Node, within: Mask | None = None) -> Truth:
        """Return the truth of a bound tree over the rows: True, False or a mask, right for the rows in ``within``."""
        if isinstance(node, bool):
            return node
        if node[0] == "a":
            return self._atom(node[1], within) if node[1] in self.hits else False
        if within is None or not self._judged.is_dear(node):
            if id(node) not in self._truths:
                self._truths[id(node)] = self._evaluate(node, None)
            return self._truths[id(node)]
        return self._evaluate(node, within)

    def _evaluate(self, node: Node, within: Mask | None) -> Truth:
        if node[0] == "!":
            truth = self.evaluate(node[1], within)
            return (not truth) if isinstance(truth, bool) else ~truth
        return self._all_of(node[1], within) if node[0] == "&" else self._any_of(node[1], within)

    def _all_of(self, nodes: Sequence[Node], within: Mask | None) -> Truth:
        result: Truth = True
        for node in nodes:
            truth = self.evaluate(node, within)
            if truth is False:
                return False
            if truth is not True:
                result = truth if result is True else result & truth
                within = result if within is None else within & result
                if not within.any():
                    return False
        return result

    def _any_of(self, nodes: Sequence[Node], within: Mask | None) -> Truth:
        result: Truth = False
        for node in nodes:
            truth = self.evaluate(node, within)
            if truth is True:
                return True
            if truth is not False:
                result = truth if result is False else result | truth
        return result

    def _atom(self, number: int, within: Mask | None) -> Mask:
        found = self.hits[number]
        if found is not None and self._judged.is_open(number, found):
            return found.dear(number, self._rows, within)
        if number not in self._masks:
            self._masks[number] = self._made(number)
        return self._masks[number]

    def _made(self, number: int) -> Mask:
        found = self.hits[number]
        if found is not None:
            return found.mask(number, self._rows, self._size)
        _, column, kind, argument, cased = self._judged.atoms[number]
        if kind == "fr":
            mask = self._judged.compared(column, argument, self._rows, cased=cased)
        else:
            codes = self._judged.codes(column, self._rows)
            mask = None if codes is None else codes >= 0
        if mask is None:
            raise AssertionError  # only atoms whose fields are there are asked
        return mask
