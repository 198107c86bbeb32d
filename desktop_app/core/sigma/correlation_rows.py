"""How correlations and their base rules hang together, and what a base rule's matches add to the correlations above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.sigma.columns import Columns, Rows
from desktop_app.core.sigma.correlate import PATH
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.sigma.fields import FIXED
from desktop_app.core.sigma.model import CorrelationRows
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

    def plain_below(self, rule_id: str) -> list[str]:
        """Return the plain rules that a correlation builds on, however deep."""
        return [base for base, chains in self.paths.items() if any(chain[0] == rule_id for chain in chains)]

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
    for rule_id, spec in specs.items():
        # A rule that is only there to be counted stays so while the correlation that counts it is switched off.
        (loud if spec["generate"] else quiet).update(spec["refs"])
        if rule_id not in enabled:
            continue
        try:
            chains = _chains(rule_id, specs, plain, ())
        except RuleBroken as problem:
            problems[rule_id] = problem.reason
            continue
        for chain in chains:
            paths[chain[-1]].append(chain)
    names = {rule_id: one["name"] or rule_id for rule_id, one in compiled.items()}
    return Links(specs, paths, frozenset(quiet - loud), names, problems)


def _field(name: str, chain: Sequence[str], specs: Mapping[str, Mapping[str, Any]]) -> str:
    """Follow a group-by name down a chain: each correlation may call the field of the rule below otherwise."""
    for above, below in pairwise(chain):
        name = specs[above]["aliases"].get(name, {}).get(below, name)
    return name


def _distinct(codes: Rows, most: int) -> tuple[Rows, Rows]:
    """Return the codes that occur, all below ``most``, and the index among them of each."""
    if most > 4 * len(codes) + 1000:
        return np.unique(codes, return_inverse=True)
    # Where most numbers occur, counting is quicker than sorting.
    used = np.flatnonzero(np.bincount(codes, minlength=most))
    index = np.empty(most, np.int64)
    index[used] = np.arange(len(used))
    return used, index[codes]


class _Reader:
    """Combinations of the values of fields, by the names that a rule uses, over some rows of a batch."""

    def __init__(self, columns: Columns, names: Mapping[str, str], rows: Rows) -> None:
        self._columns = columns
        self._names = names
        self._rows = rows
        self._combined: dict[tuple[str, ...], tuple[Rows, list[tuple[str | None, ...]]]] = {}

    def _codes(self, name: str) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return a code for each row and what the codes mean; a code of 0 is a missing value.

        A log without host names is one host, so a missing host is the empty name.
        """
        lower = name.lower()
        column = self._names.get(lower, lower)
        encoded = self._columns.some(column, self._rows)
        missing = "" if FIXED.get(column) == "host" else None
        if encoded is None:
            return np.zeros(len(self._rows), np.int64), [missing]
        return encoded.codes.astype(np.int64) + 1, [missing, *encoded.values]

    def combine(self, names: Sequence[str]) -> tuple[Rows, list[tuple[str | None, ...]]]:
        """Return for each row the number of its combination of values, and the combinations there are."""
        # Several correlations often group the matches of one rule by the same fields.
        if tuple(names) not in self._combined:
            self._combined[tuple(names)] = self._combine(names)
        return self._combined[tuple(names)]

    def _combine(self, names: Sequence[str]) -> tuple[Rows, list[tuple[str | None, ...]]]:
        numbers = np.zeros(len(self._rows), np.int64)
        table: list[tuple[str | None, ...]] = [()]
        for name in names:
            codes, values = self._codes(name)
            pairs, numbers = _distinct(numbers * len(values) + codes, len(table) * len(values))
            table = [(*table[pair // len(values)], values[pair % len(values)]) for pair in pairs.tolist()]
        return numbers, table


def counted_rows(
    links: Links, rule_id: str, rows: Rows, columns: Columns, names: Mapping[str, str]
) -> list[CorrelationRows]:
    """Return what the matches of a rule add to each correlation above it, by each chain that leads there.

    An event that lacks a group-by field belongs to no group.
    """
    reader = _Reader(columns, names, rows)
    found = [_counted(links, chain, reader, rows) for chain in links.paths[rule_id]]
    return [one for one in found if len(one.rows)]


def _counted(links: Links, chain: Sequence[str], reader: _Reader, rows: Rows) -> CorrelationRows:
    levels = [
        [_field(name, chain[level:], links.specs) for name in links.specs[above]["group"]]
        for level, above in enumerate(chain[:-1])
    ]
    counted = links.specs[chain[-2]]["fields"]
    keys, key_table = reader.combine(levels[0])
    inner, inner_table = reader.combine([*(name for level in levels[1:] for name in level), *counted])
    widths = [len(level) for level in levels[1:]]
    grouped = np.array([None not in one for one in key_table], dtype=bool)[keys]
    whole = np.array([None not in one[: sum(widths)] for one in inner_table], dtype=bool)[inner]
    held = np.flatnonzero(grouped & whole)
    said = [_value(one, widths, counted=bool(counted)) for one in inner_table] if widths or counted else []
    codes = inner[held] if said else np.zeros(0, np.int64)
    return CorrelationRows(chain[0], PATH.join(chain[1:]), rows[held], keys[held], key_table, said, codes)  # type: ignore[arg-type] # keys that lack a value are not used


def _value(values: Sequence[str | None], widths: Sequence[int], *, counted: bool) -> str | None:
    """Return what is counted of an event, wrapped in the keys of the correlations in between."""
    parts = values[sum(widths) :]
    value: Any = None
    if counted and None not in parts:
        value = parts[0] if len(parts) == 1 else " · ".join(str(one) for one in parts)
    ends = list(accumulate(widths))
    for end, width in zip(reversed(ends), reversed(widths), strict=True):
        value = [list(values[end - width : end]), value]
    return orjson.dumps(value).decode() if widths else value
