"""What became of each rule: fired, quiet, blocked (and by what), disabled or broken. Nothing is dropped silently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import LogSource
from desktop_app.core.rules.cache import folder_of
from desktop_app.core.rules.catalogue import RuleRow, listing, sources
from desktop_app.core.sigma.correlate import PATH
from desktop_app.core.sigma.fields import DERIVED, FIXED
from desktop_app.core.sigma.logsources import Target, targets
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.sigma.tree import KEYWORDS, Node, fields, rewrite
from desktop_app.core.text import Text, text

SHOWN_FIELDS = 3


@dataclass(frozen=True, slots=True)
class _Read:
    """What has been read so far: the fields, in lower case, of each log source.

    Thousands of rules share a few hundred log sources, so what each covers is found once.
    """

    fields: Mapping[LogSource, frozenset[str]]
    known: dict[tuple[str, ...], list[tuple[Target, frozenset[str]]]] = field(default_factory=dict)

    def covered_by(self, words: Sequence[str]) -> list[tuple[Target, frozenset[str]]]:
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


def _read_so_far(db: Connection) -> _Read:
    found = rows(
        db,
        "SELECT DISTINCT s.product, s.category, s.service, lower(f.field) AS field FROM segments s"
        " LEFT JOIN segment_fields f ON f.segment_id = s.id WHERE s.state = 'live'",
    )
    names: dict[LogSource, set[str]] = defaultdict(set)
    for row in found:
        source = LogSource(row["product"], row["category"], row["service"])
        names[source] |= {row["field"]} if row["field"] else set()
    return _Read({source: frozenset(one) for source, one in names.items()})


def _matches(db: Connection) -> dict[str, int]:
    """Count what each rule matched: events of its findings, and for bases of correlations what they tallied."""
    counted = {row["rule_id"]: row["n"] for row in rows(db, "SELECT rule_id, sum(count) AS n FROM findings GROUP BY 1")}
    tallied = rows(db, "SELECT rule_id, base_id, sum(tallies) AS n FROM correlation_blocks GROUP BY 1, 2")
    for row in tallied:
        rule_id = row["base_id"].rpartition(PATH)[2]
        counted[rule_id] = max(counted.get(rule_id, 0), row["n"])
    return counted


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


def _blocked(compiled: Mapping[str, Any], read: _Read) -> Text | None:
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


class Prepared:
    """What only a change of the rules changes, so that it can be kept while events come in."""

    def __init__(self, db: Connection) -> None:
        self.rules = listing(db)
        found = sources(db, folder_of(db))
        self.compiled = {one.id: one.compiled for one in found}
        self.ruleset = RuleSet(found)


class _Judge:
    def __init__(self, db: Connection, prepared: Prepared) -> None:
        self._compiled = prepared.compiled
        self._ruleset = prepared.ruleset
        self._read = _read_so_far(db)
        self._matches = _matches(db)
        self._why: dict[str, Text | None] = {}

    def _blocked(self, rule_id: str) -> Text | None:
        if rule_id not in self._why:
            compiled = self._compiled[rule_id]
            if compiled["kind"] == "plain":
                self._why[rule_id] = _blocked(compiled, self._read)
            else:
                below = self._ruleset.plain_below(rule_id)
                reasons = [self._blocked(one) for one in below]
                decides = any if compiled["type"].startswith("temporal") else all
                first = next((one for one in reasons if one is not None), None)
                self._why[rule_id] = first if decides(one is not None for one in reasons) else None
        return self._why[rule_id]

    def judge(self, rule: RuleRow) -> tuple[str, Text | None]:
        if rule.state != "ready":
            return "broken", rule.reason
        if rule.id not in self._compiled:
            return "broken", text("The engine of this version cannot use the rule.")
        if not rule.enabled:
            return "disabled", None
        if rule.id in self._ruleset.problems:
            return "broken", self._ruleset.problems[rule.id]
        if self.matches(rule):
            return "fired", None
        reason = self._blocked(rule.id)
        return ("blocked", reason) if reason else ("quiet", None)

    def matches(self, rule: RuleRow) -> int:
        return self._matches.get(rule.id, 0)


def verdicts(db: Connection, prepared: Prepared | None = None) -> list[dict[str, Any]]:
    """Return id, title, state, reason (Text or None) and matches of each rule."""
    prepared = prepared or Prepared(db)
    judge = _Judge(db, prepared)
    result = []
    for rule in prepared.rules:
        state, reason = judge.judge(rule)
        shown = {"id": rule.id, "title": rule.title, "state": state, "reason": reason, "matches": judge.matches(rule)}
        result.append(shown)
    return result
