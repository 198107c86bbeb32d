"""The matrix of MITRE ATT&CK over the rules of a desk: tactics by techniques, with rules and findings in each cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from desktop_app.core.rules.attack_table import FORMER, LETTERS, LINES
from desktop_app.core.text import Text, text

TACTICS: Mapping[str, Text] = {
    "reconnaissance": text("Reconnaissance"),
    "resource-development": text("Resource development"),
    "initial-access": text("Initial access"),
    "execution": text("Execution"),
    "persistence": text("Persistence"),
    "privilege-escalation": text("Privilege escalation"),
    "stealth": text("Stealth"),
    "defense-impairment": text("Defense impairment"),
    "credential-access": text("Credential access"),
    "discovery": text("Discovery"),
    "lateral-movement": text("Lateral movement"),
    "collection": text("Collection"),
    "command-and-control": text("Command and control"),
    "exfiltration": text("Exfiltration"),
    "impact": text("Impact"),
}
_EVASION = "defense-evasion"  # what became two tactics in version 19
_SUCCESSORS = frozenset({"stealth", "defense-impairment"})
_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique or sub-technique: its number, ATT&CK's name for it, and its tactics in the order of TACTICS."""

    id: str
    name: str
    tactics: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The tag by which rules name it."""
        return f"attack.{self.id.lower()}"


@cache
def techniques() -> Mapping[str, Technique]:
    """Return all techniques by their number."""
    found: dict[str, Technique] = {}
    for line in LINES.strip().splitlines():
        whole, *below = line.split("; ")
        number, letters, name = whole.split(" ", 2)
        named = {LETTERS[one] for one in letters}
        tactics = tuple(one for one in TACTICS if one in named)
        found[number] = Technique(number, name, tactics)
        for sub in below:
            last, own = sub.split(" ", 1)
            found[f"{number}.{last}"] = Technique(f"{number}.{last}", f"{name}: {own}", tactics)
    return found


def technique(number: str) -> Technique | None:
    """Return a technique by its number, in whatever version it had it; of an unknown sub-technique the one above."""
    number = number.upper()
    number = FORMER.get(number, number)
    return techniques().get(number) or techniques().get(number.partition(".")[0])


def holds(tag: str, wanted: str) -> bool:
    """Say whether a tag is the wanted one or stands below it (``attack.t1059.001`` below ``attack.t1059``).

    Both in lower case; a technique is known under its former number too.
    """
    number = tag.removeprefix("attack.").upper()
    present = f"attack.{FORMER[number].lower()}" if number in FORMER else tag
    return any(one == wanted or one.startswith(f"{wanted}.") for one in (tag, present))


def numbers(tags: Iterable[str]) -> list[str]:
    """Return the numbers of the techniques that tags such as ``attack.t1059.001`` name, as they name them."""
    return list(dict.fromkeys(found[1].upper() for tag in tags if (found := _TECHNIQUE.match(tag))))


def named_tactics(tags: Iterable[str]) -> frozenset[str]:
    """Return the tactics that tags name; the former one stands for both that it became."""
    words = {tag.lower().removeprefix("attack.").replace("_", "-") for tag in tags if tag.lower().startswith("attack.")}
    return frozenset(words & TACTICS.keys()) | (_SUCCESSORS if _EVASION in words else frozenset())


def places(tags: Sequence[str]) -> set[tuple[str, str]]:
    """Return the cells (tactic, number of the technique above) that a rule stands in.

    A rule names tactics and techniques apart; a technique stands under those of its tactics that the rule names, else
    under all of its own.
    """
    said = named_tactics(tags)
    found: set[tuple[str, str]] = set()
    for number in numbers(tags):
        known = technique(number)
        own = known.tactics if known else tuple(said)
        top = (known.id if known else number).partition(".")[0]
        found |= {(tactic, top) for tactic in (said.intersection(own) or own)}
    return found


@dataclass(slots=True)
class Cell:
    """One technique under one tactic. ``rules`` that are switched on and can run, ``off`` those that are not.

    ``fired``: rules with findings; ``findings``: how many findings those have.
    """

    technique: Technique
    rules: int = 0
    off: int = 0
    fired: int = 0
    findings: int = 0
    severity: int = 0
    below: dict[str, int] = field(default_factory=dict)

    @property
    def level(self) -> int:
        """How well rules cover it, 0 to 3: none, one, up to nine, more."""
        return 0 if not self.rules else 1 if self.rules == 1 else 2 if self.rules < 10 else 3


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the matrix wants to know of a rule."""

    tags: tuple[str, ...]
    runs: bool
    findings: int = 0
    severity: int = 0


def matrix(rules: Iterable[Tagged]) -> dict[str, list[Cell]]:
    """Return the cells of each tactic, those with findings first, then by number of rules; gaps come last."""
    cells = {
        (tactic, one.id): Cell(one) for one in techniques().values() if "." not in one.id for tactic in one.tactics
    }
    for rule in rules:
        below = {number for number in numbers(rule.tags) if "." in number}
        for tactic, top in places(rule.tags):
            cell = cells.setdefault((tactic, top), Cell(technique(top) or Technique(top, "", (tactic,))))
            _count(cell, rule, [one for one in below if FORMER.get(one, one).startswith(top)])
    columns: dict[str, list[Cell]] = defaultdict(list)
    for (tactic, _), cell in sorted(cells.items(), key=lambda one: (-one[1].findings, -one[1].rules, one[0][1])):
        columns[tactic].append(cell)
    return {tactic: columns[tactic] for tactic in TACTICS}


def _count(cell: Cell, rule: Tagged, below: Sequence[str]) -> None:
    cell.rules += rule.runs
    cell.off += not rule.runs
    cell.fired += bool(rule.findings)
    cell.findings += rule.findings
    cell.severity = max(cell.severity, rule.severity if rule.findings else 0)
    for number in below:
        cell.below[number] = cell.below.get(number, 0) + 1
