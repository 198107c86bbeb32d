"""Why a rule holds of one event: which parts of its condition, which fields, which part of each value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from desktop_app.core.database import Connection
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.words import Language, atom_words
from desktop_app.core.sigma.checks import check_of
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.fields import DERIVED, FIXED
from desktop_app.core.sigma.logsources import targets
from desktop_app.core.sigma.tree import KEYWORDS, Node

MOST = 24  # parts of a condition that are told of one event
MOST_BELOW = 8  # rules of a correlation that are looked at
LONGEST = 2000  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class Held:
    """One part of a condition that holds: in words, the field of the event, its value, and what of it matched."""

    words: str
    field: str
    value: str
    start: int
    end: int

    @property
    def part(self) -> str:
        """What of the value matched."""
        return self.value[self.start : self.end]

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The value before, in and after what matched."""
        return self.value[: self.start], self.part, self.value[self.end : LONGEST]


@dataclass(frozen=True, slots=True)
class Event:
    """What is looked at: the fields of one event, its fixed columns among them, and its raw record."""

    fields: Mapping[str, str | None]
    raw: str = ""

    def find(self, name: str) -> tuple[str, str] | None:
        """Return the field that a name in lower case means, as the event spells it, with its value."""
        known = {one.lower(): one for one, value in self.fields.items() if value is not None}
        for wanted in (name, FIXED.get(name, name)):
            if wanted in known:
                return known[wanted], str(self.fields[known[wanted]])
        if name in DERIVED and (base := self.find(DERIVED[name][0])) is not None:
            made = DERIVED[name][1](base[1])
            return None if made is None else (name, made)
        return None


@lru_cache(maxsize=256)
def _compiled(body: str) -> Mapping[str, Any] | None:
    from desktop_app.core.sigma.rule import compile_rule  # pySigma takes its time, and is rarely needed

    try:
        return compile_rule(parse_yaml(body))
    except RuleProblem:
        return None


def explain(db: Connection, rule_id: str, event: Event, language: Language) -> list[Held]:
    """Return the parts of a rule's condition that hold of an event; of a correlation, those of the rules it counts."""
    for body in _bodies(db, [rule_id]):
        compiled = _compiled(body)
        if compiled is not None and compiled["kind"] == "plain" and (found := held(compiled, event, language)):
            return found
    return []


def _bodies(db: Connection, wanted: Iterable[str]) -> Iterator[str]:
    waiting, seen = list(wanted), set[str]()
    while waiting and len(seen) < MOST_BELOW:
        name = waiting.pop(0)
        found = catalogue.rule(db, name) or catalogue.by_name(db, name)
        if found is None or found.id in seen:
            continue
        seen.add(found.id)
        yield found.body
        compiled = _compiled(found.body)
        waiting += compiled.get("refs", []) if compiled else []


def held(compiled: Mapping[str, Any], event: Event, language: Language) -> list[Held]:
    """Return the parts of a plain rule's condition that hold, empty where the whole does not hold of the event."""
    for target in targets(*compiled["source"]):
        found = _hold(compiled["tree"], event, target.names)
        if found is not None:
            return _told(found, language)
    return []


_Hit = tuple[Node, str, str, int, int]


def _told(found: Iterable[_Hit], language: Language) -> list[Held]:
    told = (Held(atom_words(node, language), field, value, start, end) for node, field, value, start, end in found)
    return list(dict.fromkeys(told))[:MOST]


def _hold(node: Node, event: Event, names: Mapping[str, str]) -> list[_Hit] | None:
    """Return the atoms by which a tree holds of an event, None where it does not; what is denied tells nothing."""
    if isinstance(node, bool):
        return [] if node else None
    if node[0] == "a":
        return _atom(node, event, names)
    if node[0] == "!":
        return [] if _hold(node[1], event, names) is None else None
    parts = [_hold(one, event, names) for one in node[1]]
    if node[0] == "&" and any(one is None for one in parts):
        return None
    true = [one for one in parts if one is not None]
    return [hit for one in true for hit in one] if true else None


def _atom(node: Node, event: Event, names: Mapping[str, str]) -> list[_Hit] | None:
    _, name, kind, argument, cased = node
    if name == KEYWORDS:
        value = next(
            (one for one in (event.raw, event.fields.get("message")) if one and check_of(node)(one, one.lower())), None
        )
        return None if value is None else [(node, "", value, *_span(kind, argument, value, cased=cased))]
    found = event.find(names.get(name.lower(), name.lower()))
    if found is None:
        return None
    field, value = found
    if kind == "ex":
        return [(node, field, value, 0, len(value))]
    if kind == "fr":
        other = event.find(names.get(argument[0].lower(), argument[0].lower()))
        same = other is not None and value.lower() == other[1].lower()
        return [(node, field, value, 0, len(value))] if same else None
    if not check_of(node)(value, value.lower()):
        return None
    return [(node, field, value, *_span(kind, argument, value, cased=cased))]


def _span(kind: str, argument: Any, value: str, *, cased: bool) -> tuple[int, int]:
    """Return what of a value an atom matched; the whole of it where no part is told apart."""
    literal = argument[1] if kind == "wi" else argument if kind in ("co", "sw", "ew") else None
    if not isinstance(literal, str) or not literal:
        return 0, len(value)
    if kind == "ew":
        return len(value) - len(literal), len(value)
    at = value.find(literal) if cased else value.lower().find(literal.lower())
    return (0, len(value)) if at < 0 else (at, at + len(literal))
