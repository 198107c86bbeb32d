"""Atoms over distinct values: one Aho-Corasick automaton a column, the rest looked at one by one."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ahocorasick_rs
import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.tree import Node
from desktop_app.core.spans import Spans

Check = Callable[[str, str], bool]  # (value, value in lower case) -> does the atom hold

# Values repeat from file to file; what was found for one is kept.
_REMEMBERED = 50_000
_REMEMBERED_LENGTH = 512
_TOGETHER = 1000  # values that are searched as one text
_GATED = 16  # patterns behind one search: more would make its automaton too large to keep
# A long value is searched in pieces, so that the list of matches stays small.
_PIECE = 1 << 16

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda value, limit: value < limit,
    "le": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "ge": lambda value, limit: value >= limit,
    "ne": lambda value, limit: value != limit,
}


def _number_check(kind: str, limit: float) -> Check:
    compare = _COMPARE[kind]

    def check(value: str, _lower: str) -> bool:
        try:
            return compare(float(value), limit)
        except ValueError:
            return False

    return check


def _network_check(network: str) -> Check:
    wanted = ipaddress.ip_network(network)

    def check(value: str, _lower: str) -> bool:
        try:
            address = ipaddress.ip_address(value.strip("[]"))
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped and wanted.version == 4:
            address = address.ipv4_mapped
        return address in wanted

    return check


_PARTS: Mapping[str, Callable[[dt.datetime], int]] = {
    "minute": lambda time: time.minute,
    "hour": lambda time: time.hour,
    "day": lambda time: time.day,
    "week": lambda time: time.isocalendar().week,
    "month": lambda time: time.month,
    "year": lambda time: time.year,
}


def _time_check(part: str, number: int) -> Check:
    def check(value: str, _lower: str) -> bool:
        try:
            return _PARTS[part](dt.datetime.fromisoformat(value)) == number
        except ValueError:
            return False

    return check


def _literal_check(kind: str, wanted: str, *, cased: bool) -> Check:
    literal = wanted if cased else wanted.lower()

    def check(value: str, lower: str) -> bool:
        text = value if cased else lower
        if kind == "eq":
            return text == literal
        if kind == "sw":
            return text.startswith(literal)
        return text.endswith(literal) if kind == "ew" else literal in text

    return check


def _wildcard_check(pattern: str, *, cased: bool) -> Check:
    search = regex.searcher(pattern)
    return lambda value, lower: search(value if cased else lower)


def check_of(node: Node) -> Check:
    """Return the function that decides one atom over a single value (not for ``ex`` and ``fr``)."""
    _, _, kind, argument, cased = node
    if kind in _COMPARE:
        return _number_check(kind, argument)
    if kind == "ci":
        return _network_check(argument)
    if kind == "tp":
        return _time_check(argument[0], argument[1])
    if kind == "wi":
        return _wildcard_check(argument[0], cased=cased)
    if kind == "re":
        search = regex.searcher(argument[0], argument[1])
        return lambda value, _lower: search(value)
    return _literal_check(kind, argument, cased=cased)


class ColumnMatcher:
    """All atoms that any rule asks of one column. ``atoms``: number of the atom -> atom."""

    def __init__(self, atoms: Mapping[int, Node]) -> None:
        self._equal: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        self._single: list[tuple[int, Check]] = []
        self._patterns: list[tuple[int, Node]] = []
        self._gates: list[tuple[regex.Search, list[tuple[int, Check]]]] = []
        literals: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        for number, node in atoms.items():
            self._add(number, node, literals)
        for at in range(0, len(self._patterns), _GATED):
            self._gate(self._patterns[at : at + _GATED])
        self._literals = list(literals)
        self._wanted = list(literals.values())
        self._longest = max(map(len, self._literals), default=0)
        self._automaton: Any = None
        self._known: dict[str, tuple[int, ...]] = {}

    def _add(self, number: int, node: Node, literals: dict[str, list[tuple[int, Any]]]) -> None:
        _, _, kind, argument, cased = node
        if kind == "eq":
            self._equal[argument.lower()].append((number, argument if cased else None))
        elif kind in ("co", "sw", "ew") and argument:
            literals[argument.lower()].append((number, _position(kind) if not cased else check_of(node)))
        elif needed := _needed(kind, argument):
            check = check_of(node)
            for literal in needed:
                literals[literal].append((number, check))
        elif kind == "re":
            self._patterns.append((number, node))
        else:
            self._single.append((number, check_of(node)))

    def _gate(self, patterns: Sequence[tuple[int, Node]]) -> None:
        """Put patterns behind one search that tells whether any of them occurs."""
        checks = [(number, check_of(node)) for number, node in patterns]
        opens = regex.any_of([(node[3][0], node[3][1]) for _, node in patterns])
        if opens is None:
            self._single += checks
        else:
            self._gates.append((opens, checks))

    def match(self, values: Sequence[str]) -> dict[int, list[int]]:
        """Return, for each atom that holds of any value, the indices of those values."""
        hits: dict[int, list[int]] = defaultdict(list)
        known = self._known
        for code in self._worth(values):
            value = values[code]
            found = known.get(value)
            if found is None:
                found = tuple(self._match_one(value))
                if len(value) <= _REMEMBERED_LENGTH and len(known) < _REMEMBERED:
                    known[value] = found
            for number in found:
                hits[number].append(code)
        return hits

    def holding(self, column: Spans) -> npt.NDArray[np.int64] | None:
        """Return the rows of lines that lie one behind the other in which atoms may hold, searched as one text.

        None where that can't be told, or only by looking at each.
        """
        if self._equal or self._single or self._gates or not self._literals or not column.in_sequence():
            return None
        low, high = int(column.start[0]), int(column.start[-1] + column.length[-1])
        joined = column.buffer[low:high].tobytes()
        if not joined.isascii():
            return None
        lower = joined.decode("ascii").lower()
        hits = [(at + begin + low, at + end + low) for at, piece in self._pieces(lower)
                for _, begin, end in self._search(piece)]  # fmt: skip
        found = np.array(hits, np.int64).reshape(-1, 2)
        inside = np.searchsorted(column.start, found[:, 0], "right") - 1
        return np.unique(inside[found[:, 1] <= column.start[inside] + column.length[inside]])

    def _worth(self, values: Sequence[str]) -> Iterable[int]:
        """Leave out values of which no atom can hold, where that can be told of all of them together."""
        if self._equal or self._single:
            return range(len(values))
        steps = range(0, len(values), _TOGETHER) if self._literals else ()
        found = {one for start in steps for one in self._holding(values, start)}
        for opens, _ in self._gates:
            found.update([code for code, value in enumerate(values) if opens(value)])
        return sorted(found)

    def _holding(self, values: Sequence[str], start: int) -> Iterable[int]:
        some = values[start : start + _TOGETHER]
        if sum(map(len, some)) > 16 * _PIECE:
            return range(start, start + len(some))
        joined = "\n".join(some)
        if not joined.isascii():  # letters may take another room in lower case
            return range(start, start + len(some))
        ends = np.cumsum([len(one) + 1 for one in some])
        hits = np.array([(begin, end) for _, begin, end in self._search(joined.lower())], np.int64).reshape(-1, 2)
        inside = np.searchsorted(ends, hits[:, 0], "right")
        whole: list[int] = np.unique(inside[hits[:, 1] < ends[inside]] + start).tolist()
        return whole

    def _match_one(self, value: str) -> Iterable[int]:
        # Of a million values hardly one is about anything, so what is only needed then is only made then.
        lower = value.lower()
        found: set[int] = set()
        if same := self._equal.get(lower):
            found.update(number for number, exact in same if exact is None or exact == value)
        if self._literals:
            self._match_literals(value, lower, found)
        for number, check in self._single:
            if check(value, lower):
                found.add(number)
        for opens, some in self._gates:
            if opens(value):
                found.update(number for number, check in some if check(value, lower))
        return found

    def _match_literals(self, value: str, lower: str, found: set[int]) -> None:
        size = len(lower)
        refused: set[int] = set()
        for offset, piece in self._pieces(lower):
            for literal, start, end in self._search(piece):
                for number, test in self._wanted[literal]:
                    if number in found or number in refused:
                        continue
                    if test is None or (
                        test(value, lower) if callable(test) else _at(test, start + offset, end + offset, size)
                    ):
                        found.add(number)
                    elif callable(test):
                        refused.add(number)  # it was decided over the whole value, so once is enough

    def _pieces(self, lower: str) -> Iterable[tuple[int, str]]:
        if len(lower) <= _PIECE:
            return ((0, lower),)
        return ((at, lower[at : at + _PIECE + self._longest]) for at in range(0, len(lower), _PIECE))

    def _search(self, piece: str) -> list[tuple[int, int, int]]:
        if self._automaton is None:
            self._automaton = ahocorasick_rs.AhoCorasick(
                self._literals,
                matchkind=ahocorasick_rs.MatchKind.Standard,
                implementation=ahocorasick_rs.Implementation.ContiguousNFA,
            )
        try:
            matches: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(piece, overlapping=True)
        except UnicodeEncodeError:
            matches = self._automaton.find_matches_as_indexes(regex.clean(piece), overlapping=True)
        return matches


def _needed(kind: str, argument: Any) -> tuple[str, ...]:
    """Return texts without any of which a pattern cannot match: the automaton finds the values worth a look."""
    if kind == "wi":
        return (str(argument[1]),) if argument[1] else ()
    return regex.required_literals(argument[0], argument[1]) if kind == "re" else ()


def _position(kind: str) -> str | None:
    return None if kind == "co" else kind


def _at(kind: str, start: int, end: int, size: int) -> bool:
    return start == 0 if kind == "sw" else end == size
