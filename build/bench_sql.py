"""The same rules the way of a database: one indexed SQLite query a rule, to hold the matcher against.

The table has a column a field that any rule asks for, text without regard to case, and an index over channel and event
id. What decides between two answers stands here: a missing field makes its atom false and NOT is two-valued, so what is
below a NOT is asked with ``IS TRUE``; booleans are the words that Windows writes; ``%`` and ``_`` are escaped.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from desktop_app.core.model import EventBatch, LogSource
from desktop_app.core.sigma.binding import Names, renamed
from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.columns import Columns
from desktop_app.core.sigma.logsources import Target, targets
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.tree import KEYWORDS, Node, conjunction, disjunction, rewrite
from desktop_app.core.sigma.tree import atoms as atoms_of

_TEXTS = ("raw", "undone", "message")  # what keywords look through
_WINDOWS = LogSource("windows")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _like(text: str) -> str:
    for one in "\\%_":
        text = text.replace(one, "\\" + one)
    return text


class Table:
    """Events in one table of an SQLite database in memory."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = [*fields, *(f"{one} text" for one in _TEXTS)]
        self._db = sqlite3.connect(":memory:")
        self._checks: list[Callable[[str, str], bool]] = []
        self._db.create_function("holds", 2, self._holds, deterministic=True)
        columns = ", ".join(f"{_quoted(one)} TEXT COLLATE NOCASE" for one in self._fields)
        self._db.execute(f"CREATE TABLE events ({columns})")

    def _holds(self, number: int, value: str | None) -> bool | None:
        return None if value is None else self._checks[number](value, value.lower())

    def add(self, batch: EventBatch) -> None:
        """Add the events of a batch."""
        columns, rows = Columns(batch), range(len(batch))
        given = [self._column(columns, name, len(batch)) for name in self._fields[: -len(_TEXTS)]]
        undone = ((one or "").replace('\\"', '"').replace("\\\\", "\\") for one in batch.raw)
        marks = ", ".join("?" * len(self._fields))
        texts = (batch.raw, undone, (batch.message[row] for row in rows))
        self._db.executemany(f"INSERT INTO events VALUES ({marks})", zip(*given, *texts, strict=True))

    @staticmethod
    def _column(columns: Columns, name: str, size: int) -> Iterable[str | None]:
        encoded = columns.get(name)
        if encoded is None:
            return [None] * size
        return (encoded.values[code] if code >= 0 else None for code in encoded.codes.tolist())

    def index(self) -> None:
        """Make the index that every query can use."""
        self._db.execute("CREATE INDEX by_kind ON events (channel, eventid)")
        self._db.execute("ANALYZE")

    def count(self, condition: str) -> int:
        """Return how many events fulfil a condition."""
        [(found,)] = self._db.execute(f"SELECT COUNT(*) FROM events WHERE {condition}")
        return int(found)

    # --- conditions ---------------------------------------------------------------------------------------------------

    def where(self, rule: RuleSource) -> str | None:
        """Return a rule about Windows events as a condition; None where it is about others."""
        found = [one for one in targets(*rule.compiled["source"]) if one.source in (_WINDOWS, LogSource())]
        parts = [self._target(one, rule.compiled["tree"]) for one in found]
        return " OR ".join(f"({one})" for one in parts) or None

    def _target(self, target: Target, tree: Node) -> str:
        parts = [f"channel IN ({', '.join(map(_literal, target.channels))})"] if target.channels else []
        ids = ", ".join(_literal(str(one)) for one in target.event_ids)
        parts += [f"eventid IN ({ids})"] if ids else []
        return " AND ".join([*parts, f"({self._node(rewrite_names(target, tree))})"])

    def _node(self, node: Node) -> str:
        if isinstance(node, bool):
            return str(int(node))
        if node[0] == "!":
            return f"NOT (({self._node(node[1])}) IS TRUE)"
        if node[0] == "a":
            return self._keyword(node) if node[1] == KEYWORDS else self._atom(node, _quoted(node[1]))
        return self._joined(node)

    def _joined(self, node: Node) -> str:
        """Put plain equalities of one field together, as a person who writes SQL would."""
        equal: dict[str, list[str]] = defaultdict(list)
        others = []
        for one in node[1]:
            if node[0] == "|" and one[0] == "a" and one[2] == "eq" and not one[4] and one[1] != KEYWORDS:
                equal[one[1]].append(_literal(one[3]))
            else:
                others.append(f"({self._node(one)})")
        others += [f"{_quoted(name)} IN ({', '.join(values)})" for name, values in equal.items()]
        # SQLite allows a tree of a thousand levels: a long list is one of lists.
        sign = " AND " if node[0] == "&" else " OR "
        while len(others) > 100:
            others = [f"({sign.join(others[at : at + 100])})" for at in range(0, len(others), 100)]
        return sign.join(others)

    def _keyword(self, node: Node) -> str:
        return " OR ".join(self._atom(node, _quoted(f"{one} text")) for one in _TEXTS)

    def _atom(self, node: Node, column: str) -> str:
        _, _, kind, argument, cased = node
        if kind == "ex":
            return f"{column} IS NOT NULL"
        if kind == "fr" and not (argument[1] or argument[2] or cased):
            return f"{column} = {_quoted(argument[0])}"
        shape = {"co": "%{}%", "sw": "{}%", "ew": "%{}"}.get(kind)
        if shape and not cased:
            return f"{column} LIKE {_literal(shape.format(_like(argument)))} ESCAPE '\\'"
        if kind == "eq" and not cased:
            return f"{column} = {_literal(argument)}"
        self._checks.append(check_of(node))
        return f"holds({len(self._checks) - 1}, {column})"


def rewrite_names(target: Target, tree: Node) -> Node:
    """Return a rule as it reads for a target: its names are those of columns."""
    names, ours = Names(target.names), Names({})
    read = rewrite(tree, lambda atom: renamed(atom, names))
    return conjunction([rewrite(target.asks, lambda atom: renamed(atom, ours)), read])


def has_keywords(rule: RuleSource) -> bool:
    """Say whether a rule looks through whole events."""
    return any(one[1] == KEYWORDS for one in atoms_of(rule.compiled["tree"]))


def fields_of(rules: Iterable[RuleSource]) -> list[str]:
    """Return the columns that rules about Windows events ask for."""
    found = {"channel", "eventid"}
    for rule in rules:
        trees = [rewrite_names(one, rule.compiled["tree"]) for one in targets(*rule.compiled["source"])
                 if one.source in (_WINDOWS, LogSource())]  # fmt: skip
        for one in atoms_of(disjunction(trees)):
            found |= {one[1], one[3][0]} if one[2] == "fr" else {one[1]}
    return sorted(found - {KEYWORDS})


def matches(table: Table, rules: Iterable[RuleSource]) -> Mapping[str, int]:
    """Ask one query a rule; return how many events each rule matches that matches any."""
    found: dict[str, Any] = {}
    for rule in rules:
        condition = table.where(rule)
        if condition is not None and (count := table.count(condition)):
            found[rule.id] = count
    return found
