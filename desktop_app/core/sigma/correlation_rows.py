"""How correlations and their base rules hang together, and what a base rule's matches add to the correlations above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from desktop_app.core.sigma.columns import Columns, Encoded, Rows
from desktop_app.core.sigma.correlate import PATH
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.sigma.fields import FIXED
from desktop_app.core.sigma.model import CorrelationRow
from desktop_app.core.text import Text, text

MAX_DEPTH = 8
MAX_PATHS = 1000


@dataclass(frozen=True)
class Links:
    """Correlations with their references resolved to ids.

    ``specs``: correlation id -> description; ``paths``: plain rule id -> chains of ids from a correlation down to it;
    ``silenced``: rules whose matches are only counted; ``names``: rule id -> its Sigma name, or its id.
    """

    specs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    paths: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    silenced: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)

    def base_name(self, base_id: str) -> str:
        """Return the name of the rule that a stored path leads to."""
        rule_id = base_id.rpartition(PATH)[2]
        return self.names.get(rule_id, rule_id)

    def names_below(self, rule_id: str) -> list[str]:
        """Return the names of all plain rules below a correlation."""
        return [self.names[base] for base, chains in self.paths.items() for chain in chains if chain[0] == rule_id]


def _spelled(spec: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return a description with ids in the place of names."""

    def expression(node: Any) -> Any:
        if isinstance(node, str):
            return ids.get(node, node)
        if node is None:
            return None
        return [node[0], expression(node[1]) if node[0] == "!" else [expression(one) for one in node[1]]]

    aliases = {
        alias: {ids.get(ref, ref): name for ref, name in uses.items()} for alias, uses in spec["aliases"].items()
    }
    return {
        **spec,
        "refs": [ids.get(ref, ref) for ref in spec["refs"]],
        "aliases": aliases,
        "expression": expression(spec["expression"]),
    }


def _chains(
    rule_id: str, specs: Mapping[str, Mapping[str, Any]], known: frozenset[str], above: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Return the chains of ids from a correlation down to plain rules; RuleBroken when one does not end in a rule."""
    here = (*above, rule_id)
    if rule_id not in specs:
        if rule_id not in known:
            raise RuleBroken(
                text("The correlation builds on the rule %(name)s, which is absent or cannot be used.", name=rule_id)
            )
        return [here]
    if rule_id in above or len(here) > MAX_DEPTH:
        raise RuleBroken(text("The correlation builds on itself, or on too long a chain."))
    found = [chain for ref in dict.fromkeys(specs[rule_id]["refs"]) for chain in _chains(ref, specs, known, here)]
    if len(found) > MAX_PATHS:
        raise RuleBroken(text("The correlation builds on too many rules."))
    return found


def resolve(compiled: Mapping[str, Mapping[str, Any]], enabled: set[str]) -> Links:
    """Link the correlations that are switched on to their rules; what cannot be linked is told in ``problems``."""
    ids = {one["name"]: rule_id for rule_id, one in compiled.items() if one["name"]}
    specs = {rule_id: _spelled(one, ids) for rule_id, one in compiled.items() if one["kind"] == "correlation"}
    plain = frozenset(rule_id for rule_id in compiled if rule_id not in specs)
    paths: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    problems: dict[str, Text] = {}
    loud: set[str] = set()
    quiet: set[str] = set()
    for rule_id in (one for one in specs if one in enabled):
        try:
            chains = _chains(rule_id, specs, plain, ())
        except RuleBroken as problem:
            problems[rule_id] = problem.reason
            continue
        for chain in chains:
            paths[chain[-1]].append(chain)
        (loud if specs[rule_id]["generate"] else quiet).update(specs[rule_id]["refs"])
    names = {rule_id: one["name"] or rule_id for rule_id, one in compiled.items()}
    return Links(specs, paths, frozenset(quiet - loud), names, problems)


def _field(name: str, chain: Sequence[str], specs: Mapping[str, Mapping[str, Any]]) -> str:
    """Follow a group-by name down a chain: each correlation may call the field of the rule below otherwise."""
    for above, below in pairwise(chain):
        name = specs[above]["aliases"].get(name, {}).get(below, name)
    return name


class _Reader:
    """Values of fields, by the names that a rule uses, for rows of a batch."""

    def __init__(self, columns: Columns, names: Mapping[str, str]) -> None:
        self._columns = columns
        self._names = names
        self._read: dict[str, tuple[Encoded | None, bool]] = {}

    def value(self, name: str, row: int) -> str | None:
        """Return a value. A log without host names is one host, so a missing host is the empty name."""
        if name not in self._read:
            lower = name.lower()
            column = self._names.get(lower, lower)
            self._read[name] = (self._columns.get(column), FIXED.get(column) == "host")
        encoded, host = self._read[name]
        code = -1 if encoded is None else int(encoded.codes[row])
        return encoded.values[code] if encoded is not None and code >= 0 else "" if host else None

    def key(self, names: Sequence[str], row: int) -> tuple[str, ...] | None:
        """Return the values of several fields; None when the event lacks one: it belongs to no group."""
        values = tuple(self.value(name, row) for name in names)
        return None if None in values else values  # type: ignore[return-value]  # None was looked for


def rows_for(
    links: Links, rule_id: str, rows: Rows, columns: Columns, names: Mapping[str, str]
) -> list[CorrelationRow]:
    """Return a row for each match, each correlation above and each chain that leads to it."""
    reader = _Reader(columns, names)
    made: list[CorrelationRow] = []
    for chain in links.paths[rule_id]:
        groups = [
            [_field(name, chain[level:], links.specs) for name in links.specs[above]["group"]]
            for level, above in enumerate(chain[:-1])
        ]
        counted = links.specs[chain[-2]]["fields"]
        path = PATH.join(chain[1:])
        for row in rows.tolist():
            keys = [reader.key(group, row) for group in groups]
            if None not in keys:
                made.append(CorrelationRow(chain[0], path, keys[0] or (), row, _value(keys[1:], reader, counted, row)))
    return made


def _value(keys: Sequence[tuple[str, ...] | None], reader: _Reader, counted: Sequence[str], row: int) -> str | None:
    """Return what is counted of an event, wrapped in the keys of the correlations in between."""
    values = reader.key(counted, row) if counted else None
    value: Any = None if values is None else values[0] if len(values) == 1 else " · ".join(values)
    for key in reversed(keys):
        value = [list(key or ()), value]
    return orjson.dumps(value).decode() if keys else value
