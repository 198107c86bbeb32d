"""Which rules could fire on what was read, and which could not and why: many trees against a few log sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import LogSource
from desktop_app.core.rules import filters
from desktop_app.core.rules.cache import folder_of
from desktop_app.core.rules.catalogue import RuleRow, compiled_sources
from desktop_app.core.sigma.correlation_rows import resolve
from desktop_app.core.sigma.fields import DERIVED, FIXED
from desktop_app.core.sigma.logsources import Target, targets
from desktop_app.core.sigma.tree import KEYWORDS, Node, fields, rewrite
from desktop_app.core.text import Text, ntext, text

SHOWN_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands before its matches are counted, and why."""

    state: str
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What has been read so far: the fields, in lower case, of each log source.

    Thousands of rules share a few hundred log sources, so what each covers is found once.
    """

    fields: Mapping[LogSource, frozenset[str]]
    known: dict[tuple[str, ...], list[tuple[Target, frozenset[str]]]] = field(default_factory=dict)

    def covered_by(self, words: Sequence[str]) -> list[tuple[Target, frozenset[str]]]:
        """Return what a rule's log source means, with the fields of each log source that was read of it."""
        key = tuple(words)
        if key not in self.known:
            wanted = targets(*words)
            self.known[key] = [
                (one, names)
                for one in wanted
                for source, names in self.fields.items()
                if one.covers(source) and _possible(one.asks, {}, names)
            ]
        return self.known[key]


def read_so_far(db: Connection) -> Read:
    """Return the log sources of the stored events with the fields that they have."""
    found = rows(
        db,
        "SELECT DISTINCT s.product, s.category, s.service, lower(f.field) AS field FROM segments s"
        " LEFT JOIN segment_fields f ON f.segment_id = s.id WHERE s.state = 'live'",
    )
    names: dict[LogSource, set[str]] = defaultdict(set)
    for row in found:
        source = LogSource(row["product"], row["category"], row["service"])
        names[source] |= {row["field"]} if row["field"] else set()
    return Read({source: frozenset(one) for source, one in names.items()})


def _has(column: str, present: frozenset[str]) -> bool:
    if column == KEYWORDS or column in present or column in FIXED:
        return True
    return column in DERIVED and DERIVED[column][0] in present


def _possible(tree: Node, names: Mapping[str, str], present: frozenset[str]) -> bool:
    """Say whether a tree can hold where only some fields exist."""

    def leaf(one: Node) -> Node:
        named = [one[1], one[3][0]] if one[2] == "fr" else [one[1]]
        there = all(_has(names.get(name.lower(), name.lower()), present) for name in named)
        return one if there else False

    return rewrite(tree, leaf) is not False


def _absent(tree: Node, covered: Sequence[tuple[Target, frozenset[str]]]) -> list[str]:
    lacking = []
    for name in sorted(fields(tree)):
        lower = name.lower()
        if not any(_has(target.names.get(lower, lower), present) for target, present in covered):
            lacking.append(name)
    return lacking


def _blocked(compiled: Mapping[str, Any], read: Read) -> Text | None:
    """Return why no event that was read can make a plain rule fire, None when one could."""
    words = compiled["source"]
    covered = read.covered_by(words)
    if not covered:
        named = " / ".join(word for word in words if word)
        return text("No log of this kind has been read: %(source)s.", source=named)
    if any(_possible(compiled["tree"], target.names, present) for target, present in covered):
        return None
    lacking = _absent(compiled["tree"], covered)
    if not lacking:
        return text("No event that was read has the fields this rule asks for together.")
    return text("No event that was read has the field %(fields)s.", fields=", ".join(lacking[:SHOWN_FIELDS]))


class _Judge:
    def __init__(self, db: Connection, read: Read) -> None:
        every = compiled_sources(db, folder_of(db))
        found = filters.applied(every)
        self._reached = filters.reached(every)
        self._compiled = {one.id: one.compiled for one in found}
        self._links = resolve(self._compiled, {one.id for one in found if one.enabled})
        self._read = read
        self._why: dict[str, Text | None] = {}

    def _blocked(self, rule_id: str) -> Text | None:
        if rule_id not in self._why:
            compiled = self._compiled[rule_id]
            if compiled["kind"] == "plain":
                self._why[rule_id] = _blocked(compiled, self._read)
            else:
                below = self._links.plain_below(rule_id)
                reasons = [self._blocked(one) for one in below]
                decides = any if compiled["type"].startswith("temporal") else all
                first = next((one for one in reasons if one is not None), None)
                self._why[rule_id] = first if decides(one is not None for one in reasons) else None
        return self._why[rule_id]

    def judge(self, rule: RuleRow) -> Standing:
        if rule.state != "ready":
            return Standing("broken", rule.reason)
        if rule.id in self._reached:
            return _of_filter(rule, self._reached[rule.id])
        if rule.id not in self._compiled:
            return Standing("broken", text("The engine of this version cannot use the rule."))
        if not rule.enabled:
            return Standing("disabled")
        if rule.id in self._links.problems:
            return Standing("broken", self._links.problems[rule.id])
        reason = self._blocked(rule.id)
        return Standing("blocked", reason) if reason else Standing("quiet")


def _of_filter(rule: RuleRow, reached: int) -> Standing:
    if not rule.enabled:
        return Standing("disabled")
    if not reached:
        return Standing("blocked", text("No rule that this filter is for is here."))
    said = ntext("A filter: it narrows 1 rule.", "A filter: it narrows %(num)s rules.", num=reached)
    return Standing("quiet", said)


def standings(db: Connection, rules: Iterable[RuleRow], read: Read) -> dict[str, Standing]:
    """Return how each rule stands, whatever it matched: broken, disabled, blocked, or quiet where it could fire."""
    judge = _Judge(db, read)
    return {one.id: judge.judge(one) for one in rules}
