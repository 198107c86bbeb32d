"""What to look for in one kind of event: rules folded for a log source (and channel and event id), ready to run.

A rule is evaluated only when an atom without which it cannot hold (its gate) holds of any event, so that the cost of a
batch follows what is in it, not the number of rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma.columns import Columns, Rows
from desktop_app.core.sigma.matcher import ColumnMatcher, check_of
from desktop_app.core.sigma.tree import KEYWORDS, Node, rewrite

Mask = npt.NDArray[np.bool_]
Truth = Any  # bool or Mask: a constant stays a constant as long as it can


def fold(node: Node, constants: Mapping[str, str | None], names: Mapping[str, str]) -> Node:
    """Give fields the names of their columns and decide the atoms over columns whose only value is known."""

    def leaf(one: Node) -> Node:
        _, field, kind, argument, cased = one
        column = names.get(field.lower(), field.lower())
        if kind == "fr":
            other = argument[0].lower()
            return ["a", column, kind, [names.get(other, other), argument[1], argument[2]], cased]
        if column not in constants:
            return ["a", column, kind, argument, cased]
        value = constants[column]
        if value is None or kind == "ex":
            return value is not None
        return check_of(one)(value, value.lower())

    return rewrite(node, leaf)


def _key(node: Node) -> tuple[Any, ...]:
    _, column, kind, argument, cased = node
    return column, kind, tuple(argument) if isinstance(argument, list) else argument, cased


class Plan:
    """The rules for one kind of event. ``rules``: (rule id, folded tree), constants included."""

    def __init__(self, rules: Iterable[tuple[str, Node]]) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._atoms: list[Node] = []
        self._rules: list[tuple[str, Node]] = []
        self._gated: dict[int, list[int]] = defaultdict(list)
        self._open: list[int] = []
        for rule_id, tree in rules:
            self._add(rule_id, tree)
        self._by_column: dict[str, dict[int, Node]] = defaultdict(dict)
        for number, node in enumerate(self._atoms):
            if node[2] not in ("ex", "fr"):
                self._by_column[node[1]][number] = node
        self._presence = [number for number, node in enumerate(self._atoms) if node[2] in ("ex", "fr")]
        self._matchers: dict[str, ColumnMatcher] = {}

    def _add(self, rule_id: str, tree: Node) -> None:
        if tree is False:
            return
        bound = self._bind(tree)
        gate = _gate(bound)
        position = len(self._rules)
        self._rules.append((rule_id, bound))
        if gate is None:
            self._open.append(position)
        else:
            for number in gate:
                self._gated[number].append(position)

    def _bind(self, node: Node) -> Node:
        """Replace atoms by their numbers: ("a", number)."""
        if isinstance(node, bool):
            return node
        if node[0] == "a":
            key = _key(node)
            if key not in self._numbers:
                self._numbers[key] = len(self._atoms)
                self._atoms.append(node)
            return ("a", self._numbers[key])
        if node[0] == "!":
            return ("!", self._bind(node[1]))
        # Atoms are cheap and often decide; negations come last.
        return (node[0], sorted((self._bind(one) for one in node[1]), key=lambda one: "a&|!".index(one[0])))

    def __bool__(self) -> bool:
        """Say whether any rule is left."""
        return bool(self._rules)

    def _matcher(self, column: str) -> ColumnMatcher:
        if column not in self._matchers:
            self._matchers[column] = ColumnMatcher(self._by_column[column])
        return self._matchers[column]

    def run(self, columns: Columns, rows: Rows) -> Iterable[tuple[str, Rows]]:
        """Yield (rule id, rows that match) for the given rows of a batch."""
        run = _Run(self._atoms, columns, rows)
        for column, atoms in self._by_column.items():
            if column == KEYWORDS:
                run.match_keywords(self._matcher(column))
            elif atoms:
                run.match_column(column, self._matcher(column))
        run.match_presence(self._presence)
        candidates = set(self._open)
        for number in run.hits:
            candidates.update(self._gated.get(number, ()))
        for position in sorted(candidates):
            rule_id, tree = self._rules[position]
            truth = run.evaluate(tree)
            found = rows if truth is True else rows[:0] if truth is False else rows[truth]
            if len(found):
                yield rule_id, found


def _gate(node: Node) -> frozenset[int] | None:
    """Return atoms of which at least one must hold for the tree to hold; None where there are no such atoms."""
    if isinstance(node, bool) or node[0] == "!":
        return None
    if node[0] == "a":
        return frozenset((node[1],))
    gates = [_gate(one) for one in node[1]]
    if node[0] == "&":
        return min((gate for gate in gates if gate is not None), key=len, default=None)
    return None if any(gate is None for gate in gates) else frozenset().union(*(gate for gate in gates if gate))


_FEW = 8  # where every eighth line is worth a look, the column is encoded


class _Run:
    """One plan over some rows of one batch. ``hits``: atoms that hold of any event, with what decides their mask."""

    def __init__(self, atoms: Sequence[Node], columns: Columns, rows: Rows) -> None:
        self._atoms = atoms
        self._columns = columns
        self._rows = rows
        self._all = len(rows) == len(columns)
        self.hits: dict[int, Any] = {}
        self._masks: dict[int, Mask] = {}
        self._codes: dict[str, npt.NDArray[np.int32] | None] = {}

    def codes(self, column: str) -> npt.NDArray[np.int32] | None:
        """Return the codes of a column for the rows, None where none of them has the field."""
        if column not in self._codes:
            encoded = self._columns.get(column)
            codes = None if encoded is None else encoded.codes if self._all else encoded.codes[self._rows]
            self._codes[column] = None if codes is None or not (codes >= 0).any() else codes
        return self._codes[column]

    def match_column(self, column: str, matcher: ColumnMatcher) -> None:
        """Look at the distinct values of a column, or at once at the few lines of a long text that matter."""
        lines = self._columns.lines(column)
        rows = matcher.holding(lines) if lines is not None and self._all else None
        if lines is not None and rows is not None and len(rows) * _FEW <= len(lines):
            for number, found in matcher.match([lines[row] or "" for row in rows.tolist()]).items():
                self._masks[number] = np.zeros(len(self._rows), dtype=bool)
                self._masks[number][rows[found]] = True
                self.hits[number] = True
            return
        codes, encoded = self.codes(column), self._columns.get(column)
        if codes is None or encoded is None:
            return
        seen = np.zeros(len(encoded.values) + 1, dtype=bool)
        seen[codes] = True
        used = np.flatnonzero(seen[:-1])
        for number, found in matcher.match([encoded.values[code] for code in used]).items():
            self.hits[number] = used[found]

    def match_keywords(self, matcher: ColumnMatcher) -> None:
        """Look through whole events."""
        owners: list[int] = []
        texts: list[str] = []
        for position, text in self._columns.texts(self._rows.tolist()):
            owners.append(position)
            texts.append(text)
        owner = np.searchsorted(self._rows, np.asarray(owners, dtype=np.int64))
        for number, found in matcher.match(texts).items():
            mask = np.zeros(len(self._rows), dtype=bool)
            mask[owner[found]] = True
            self._masks[number] = mask
            self.hits[number] = True

    def match_presence(self, numbers: Iterable[int]) -> None:
        """Note which of the atoms that ask for fields, whatever their values, have them."""
        for number in numbers:
            _, column, kind, argument, _ = self._atoms[number]
            asked = [column] if kind == "ex" else [column, argument[0]]
            if all(self.codes(name) is not None for name in asked):
                self.hits[number] = True

    def evaluate(self, node: Node) -> Truth:
        """Return the truth of a bound tree over the rows: True, False or a mask."""
        if isinstance(node, bool):
            return node
        if node[0] == "a":
            return self._mask(node[1]) if node[1] in self.hits else False
        if node[0] == "!":
            truth = self.evaluate(node[1])
            return (not truth) if isinstance(truth, bool) else ~truth
        return self._all_of(node[1]) if node[0] == "&" else self._any_of(node[1])

    def _all_of(self, nodes: Sequence[Node]) -> Truth:
        result: Truth = True
        for node in nodes:
            truth = self.evaluate(node)
            if truth is False:
                return False
            if truth is not True:
                result = truth if result is True else result & truth
                if not result.any():
                    return False
        return result

    def _any_of(self, nodes: Sequence[Node]) -> Truth:
        result: Truth = False
        for node in nodes:
            truth = self.evaluate(node)
            if truth is True:
                return True
            if truth is not False:
                result = truth if result is False else result | truth
        return result

    def _mask(self, number: int) -> Mask:
        if number not in self._masks:
            _, column, kind, argument, cased = self._atoms[number]
            codes = self.codes(column)
            if codes is None:
                raise AssertionError  # only atoms that hit are asked, and those have a column
            if kind == "ex":
                self._masks[number] = codes >= 0
            elif kind == "fr":
                self._masks[number] = self._compare(column, argument, cased=cased)
            else:
                encoded = self._columns.get(column)
                lookup = np.zeros(len(encoded.values) + 1 if encoded else 1, dtype=bool)
                lookup[self.hits[number]] = True
                self._masks[number] = lookup[codes]
        return self._masks[number]

    def _compare(self, column: str, argument: Sequence[Any], *, cased: bool) -> Mask:
        """Compare two fields of the same event, each pair of distinct values once."""
        other, starts, ends = argument
        left, right = self._columns.get(column), self._columns.get(other)
        left_codes, right_codes = self.codes(column), self.codes(other)
        if left is None or right is None or left_codes is None or right_codes is None:
            return np.zeros(len(self._rows), dtype=bool)
        width = len(right.values) + 1
        pairs, back = np.unique(left_codes.astype(np.int64) * width + right_codes, return_inverse=True)
        truth = np.zeros(len(pairs), dtype=bool)
        both = (left_codes >= 0) & (right_codes >= 0)
        for position in np.unique(back[both]):
            code, other_code = divmod(int(pairs[position]), width)
            truth[position] = _related(
                left.values[code], right.values[other_code], starts=starts, ends=ends, cased=cased
            )
        return truth[back] & both


def _related(value: str, other: str, *, starts: bool, ends: bool, cased: bool) -> bool:
    if not cased:
        value, other = value.lower(), other.lower()
    if starts and ends:
        return other in value
    if starts:
        return value.startswith(other)
    return value.endswith(other) if ends else value == other
