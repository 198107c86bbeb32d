"""Atoms over distinct values: one Aho-Corasick automaton a column over all of them, the rest looked at one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.checks import Check, check_of
from desktop_app.core.sigma.lots import Literals, Lot, Whole, lots
from desktop_app.core.sigma.networks import Networks
from desktop_app.core.sigma.tree import Node
from desktop_app.core.spans import Spans

# Letters that most values hold: to find each of them costs more than it spares.
_COMMON = frozenset(' :.-/\\"')
_RUN = re.compile(r'[^"\\\x80-\U0010ffff]+')  # what stands in a record however quotes and backslashes are written
_SHORTEST = 3
_TOGETHER = 1_000  # values that are looked at together, before each of them
_FEW = 8

Test = str | Check | None  # where a literal must stand (None: anywhere), or what decides once it is there
# What costs much a value; rules rarely come so far as to ask for it.
_DEAR = {"re", "wi", "tp", "lt", "le", "gt", "ge", "ne"}


def is_dear(node: Node) -> bool:
    """Say whether an atom is only decided where a rule still depends on it."""
    return node[2] in _DEAR


class ColumnMatcher:
    """All atoms that any rule asks of one column. ``atoms``: number of the atom -> atom."""

    def __init__(self, atoms: Mapping[int, Node]) -> None:
        self._atoms = atoms
        self._equal: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        self._letters: list[tuple[int, str]] = []
        self._edges: list[tuple[int, bool, int]] = []
        self._everywhere: list[int] = []
        self._dear = {number: node for number, node in atoms.items() if is_dear(node)}
        self._checks: dict[int, Check] = {}
        literals: dict[str, list[tuple[int, Test]]] = defaultdict(list)
        for number, node in atoms.items():
            self._add(number, node, literals)
        self._networks = Networks([(number, node[3]) for number, node in atoms.items() if node[2] == "ci"])
        self._literals = Literals(list(literals))
        self._wanted = list(literals.values())

    def _add(self, number: int, node: Node, literals: dict[str, list[tuple[int, Test]]]) -> None:
        _, _, kind, argument, cased = node
        if kind == "eq":
            self._equal[argument.lower()].append((number, argument if cased else None))
        elif kind == "co" and len(argument) == 1 and argument.isascii() and not cased:
            # One letter stands everywhere: it is looked for by itself.
            self._letters.append((number, argument.lower()))
        elif kind in ("sw", "ew") and len(argument) == 1 and argument.isascii() and not cased:
            self._edges.append((number, kind == "sw", ord(argument.lower())))
        elif kind in ("co", "sw", "ew") and argument:
            literals[argument.lower()].append((number, _position(kind) if not cased else check_of(node)))
        elif (needed := needed_literals(node)) and _COMMON.isdisjoint(needed):
            for literal in needed:
                literals[literal].append((number, None))
        elif kind != "ci":
            self._everywhere.append(number)

    def match(self, values: Sequence[str]) -> dict[int, Whole]:
        """Return, for each atom that holds of any value, the indices of those values, ascending."""
        found = self.look(values)
        for number in found.keys() & self._dear.keys():
            found[number] = self.decide(number, values, found[number])
        return {number: codes for number, codes in found.items() if len(codes)}

    def look(self, values: Sequence[str]) -> dict[int, Whole]:
        """Return the same, but for dear atoms the indices of all values of which they may hold."""
        found: dict[int, list[Whole]] = defaultdict(list)
        for start, lot in lots(values):
            for number, codes in self._look_at(lot):
                if len(codes):
                    found[number].append(codes + start)
        return {number: _distinct(parts) for number, parts in found.items()}

    def decide(self, number: int, values: Sequence[str], codes: Whole) -> Whole:
        """Return for which of the values at ``codes`` a dear atom holds."""
        check = self._check(number)
        opens = regex.opener(*self._dear[number][3]) if self._dear[number][2] == "re" else None
        held: list[int] = []
        for start in range(0, len(codes), _TOGETHER):
            some = codes[start : start + _TOGETHER].tolist()
            # Most often nothing of the kind is in any of them, which one search tells.
            if opens is None or len(some) < _FEW or opens("\n".join([values[code] for code in some])):
                held += [code for code in some if check(values[code], values[code].lower())]
        return np.array(held, np.int64)

    def _check(self, number: int) -> Check:
        if number not in self._checks:
            self._checks[number] = check_of(self._dear[number])
        return self._checks[number]

    def _look_at(self, lot: Lot) -> Iterator[tuple[int, Whole]]:
        """Yield atoms with indices of values for which they hold; an atom may come more than once."""
        if self._wanted:
            yield from self._match_literals(lot)
        if self._equal:
            yield from self._match_equal(lot)
        for number, letter in self._letters:
            yield number, _indices(code for code, value in enumerate(lot.lower) if letter in value)
        for number, at_start, byte in self._edges:
            yield number, _edged(lot, byte, at_start=at_start)
        for number in self._everywhere:
            yield number, np.arange(len(lot.values), dtype=np.int64)
        yield from self._networks.match(lot.values)

    def _match_equal(self, lot: Lot) -> Iterator[tuple[int, Whole]]:
        places: dict[str, list[int]] = defaultdict(list)
        for code, value in enumerate(lot.lower):
            if value in self._equal:
                places[value].append(code)
        for value, codes in places.items():
            for number, exact in self._equal[value]:
                yield number, _indices(code for code in codes if exact is None or exact == lot.values[code])

    def _match_literals(self, lot: Lot) -> Iterator[tuple[int, Whole]]:
        for literal, codes, at_start, at_end in _places(lot, self._literals):
            for number, test in self._wanted[literal]:
                if test is None:
                    yield number, codes
                elif test == "sw":
                    yield number, codes[at_start]
                elif test == "ew":
                    yield number, codes[at_end]
                elif callable(test):
                    exact = _distinct([codes]).tolist()
                    yield number, _indices(code for code in exact if test(lot.values[code], lot.lower[code]))

    @cached_property
    def runs(self) -> list[str] | None:
        """Texts of which each record that matters holds one, as it was read or with JSON's escapes undone, case aside.

        None where that cannot be said.
        """
        found: dict[str, None] = {}
        for node in self._atoms.values():
            runs = [max(_RUN.findall(one), key=len, default="") for one in needed_literals(node)]
            if not runs or min(map(len, runs)) < _SHORTEST:
                return None
            found |= dict.fromkeys(runs)
        return list(found)

    @cached_property
    def _in_lines(self) -> Literals | None:
        """What is looked for at once in lines as they lie in their file; None where not all of it can be."""
        needed = [needed_literals(node) if node[2] != "eq" else () for node in self._atoms.values()]
        return Literals(list(dict.fromkeys(one for some in needed for one in some))) if all(needed) else None

    def holding(self, column: Spans) -> Whole | None:
        """Return the rows of lines that lie one behind the other in which atoms may hold, searched as one text.

        None where that can't be told, or only by looking at each.
        """
        if not column.in_sequence() or self._in_lines is None:
            return None
        low, high = int(column.start[0]), int(column.start[-1] + column.length[-1])
        joined = column.buffer[low:high].tobytes()
        if not joined.isascii():  # letters may take another room in lower case
            return None
        _, begin, end = self._in_lines.find(joined.lower())
        inside = np.searchsorted(column.start, begin + low, "right") - 1
        return np.unique(inside[end + low <= column.start[inside] + column.length[inside]])


def _places(lot: Lot, literals: Literals) -> Iterator[tuple[int, Whole, Any, Any]]:
    """Yield each literal that stands in a value, with those values and masks: does it begin, does it end the value."""
    literal, begin, end = literals.find(lot.text)
    ends = lot.ends
    code = np.searchsorted(ends, begin, "right")
    whole = end <= ends[np.minimum(code, len(ends) - 1)]
    literal, begin, end, code = literal[whole], begin[whole], end[whole], code[whole]
    at_start, at_end = begin == lot.begins[code], end == ends[code]
    order = np.argsort(literal, kind="stable")
    borders = np.flatnonzero(np.diff(literal[order])) + 1
    for part in np.split(order, borders) if len(order) else ():
        yield int(literal[part[0]]), code[part], at_start[part], at_end[part]


def _edged(lot: Lot, byte: int, *, at_start: bool) -> Whole:
    """Return the values that begin or end with a byte of ASCII, of which UTF-8 makes no part of another letter."""
    held = np.flatnonzero(lot.ends > lot.begins)
    text = np.frombuffer(lot.text, np.uint8)
    codes: Whole = held[text[lot.begins[held] if at_start else lot.ends[held] - 1] == byte]
    return codes


def needed_literals(node: Node) -> tuple[str, ...]:
    """Return texts, in lower case, without any of which an atom cannot hold; none where none is certain."""
    _, _, kind, argument, _ = node
    if kind in ("co", "sw", "ew", "eq"):
        return (argument.lower(),) if argument else ()
    if kind == "wi":
        return (str(argument[1]),) if argument[1] else ()
    return regex.required_literals(argument[0], argument[1]) if kind == "re" else ()


def _indices(codes: Iterable[int]) -> Whole:
    return np.fromiter(codes, np.int64)


def _distinct(parts: Sequence[Whole]) -> Whole:
    """Return ascending indices, each once. A single part ascends, but may name an index again and again."""
    if len(parts) > 1:
        return np.unique(np.concatenate(parts))
    [codes] = parts
    again = np.flatnonzero(codes[1:] == codes[:-1])
    return np.delete(codes, again) if len(again) else codes


def _position(kind: str) -> str | None:
    return None if kind == "co" else kind
