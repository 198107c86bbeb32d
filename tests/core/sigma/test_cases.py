"""Correlations by hand-made cases: rules, events and what has to fire, in the folder ``cases`` beside this file.

``bases``: plain rules by name, each with its selection; ``rules``: correlations by name. An event is its second, the
rule it is made for (its fields are those of the selection) and more fields: ``3 fail ip=a``. ``fires``: the rule and
its group -> [first second, last second, events] of each firing. Each case runs in one piece, cut at import borders,
and in any order of arrival.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from desktop_app.core import findings
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.model import EventBatch, Severity
from desktop_app.core.sigma.model import RuleSource, Tally
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.events.made import SECOND, START, batch
from tests.core.landing import AUTH, Scene

Case = Mapping[str, Any]
Events = Sequence[Mapping[str, Any]]


def load() -> Iterator[Any]:
    for path in sorted((Path(__file__).parent / "cases").glob("*.yml")):
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in found["cases"]:
            yield pytest.param({**case, "bases": found["bases"]}, id=f"{path.stem}: {case['name']}")


CASES = list(load())


def events_of(case: Case) -> list[dict[str, Any]]:
    made = []
    for number, line in enumerate(case["events"]):
        second, base, *more = line.split()
        fields = {**case["bases"][base], **dict(word.split("=", 1) for word in more)}
        made.append({"time": START + int(second) * SECOND, "host": "h", "fields": fields, "raw": f"#{number} {line}"})
    return made


def rules_of(case: Case) -> RuleSet:
    logsource = {"product": "linux", "service": "auth"}
    data = {
        name: {"title": name, "name": name, "logsource": logsource,
               "detection": {"selection": selection, "condition": "selection"}}
        for name, selection in case["bases"].items()
    }  # fmt: skip
    data |= {name: {"title": name, "name": name, "correlation": one} for name, one in case["rules"].items()}
    return RuleSet(RuleSource(name, "v", name, Severity.HIGH, compile_rule(one)) for name, one in data.items())


def tallies_of(rules: RuleSet, made: EventBatch, segment: int) -> dict[tuple[str, ...], list[Tally]]:
    """Collect what a batch adds to each correlation and group."""
    found: dict[tuple[str, ...], list[Tally]] = defaultdict(list)
    for match in rules.examine(made):
        for counted in rules.correlation_rows(match, made):
            for at, row in enumerate(counted.rows.tolist()):
                value = counted.distinct[counted.codes[at]] if len(counted.codes) else None
                tally = Tally(int(made.time[row]), segment * 1000 + row, segment, counted.base_id, value)
                found[counted.rule_id, *counted.keys[counted.groups[at]]].append(tally)
    return found


def fired(rules: RuleSet, parts: Sequence[Events]) -> dict[str, list[list[int]]]:
    """Say what fires, by the full account, over parts that arrive in this order."""
    whole: dict[tuple[str, ...], list[Tally]] = defaultdict(list)
    for segment, part in enumerate(parts):
        for key, tallies in tallies_of(rules, batch(part, AUTH), segment).items():
            whole[key] += tallies
    told: dict[str, list[list[int]]] = {}
    for (rule, *key), tallies in whole.items():
        spans = [
            [(one.first - START) // SECOND, (one.last - START) // SECOND, len(one.tallies)]
            for one in rules.correlate(rule, tallies, key)
        ]
        if spans and rules.rules[rule].generates:
            told[" ".join([rule, *key])] = spans
    return told


@pytest.mark.parametrize("case", CASES)
def test_a_correlation_fires_as_its_case_says(case: Case) -> None:
    assert fired(rules_of(case), [events_of(case)]) == case["fires"]


@pytest.mark.parametrize("case", CASES)
def test_it_fires_alike_in_any_order_of_arrival(case: Case) -> None:
    events = events_of(case)
    for seed in range(4):
        shuffled = random.Random(seed).sample(events, len(events))
        cut = seed % len(events)
        parts = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
        assert fired(rules_of(case), parts) == case["fires"]
    assert fired(rules_of(case), [[one] for one in reversed(events)]) == case["fires"]


def summed(case: Case) -> dict[str, tuple[int, int, int]]:
    """Return what the findings of a case say: count, first and last second."""
    return {
        name: (sum(count for _, _, count in spans), min(first for first, _, _ in spans), max(one[1] for one in spans))
        for name, spans in case["fires"].items()
    }


def told(scene: Scene, rules: Mapping[str, Any]) -> dict[str, tuple[int, int, int]]:
    found = [one for one in findings.listing(scene.db, findings.Filter("all")) if one.rule_id in rules]
    return {
        " ".join([one.rule_id, *(value for _, value in one.group)]): (
            one.count, (one.first_seen - START) // SECOND, (one.last_seen - START) // SECOND,
        )
        for one in found
    }  # fmt: skip


@pytest.mark.parametrize("order", ["in one import", "across a border", "each on its own, the last first"])
@pytest.mark.parametrize("case", CASES)
def test_the_findings_of_a_desk_say_the_same(case: Case, order: str, desk: Desk, db: Connection) -> None:
    scene, events = Scene(desk, db, rules_of(case)), events_of(case)
    middle = len(events) // 2
    parts: list[Events] = [events]
    if order == "across a border":
        parts = [events[middle:], events[:middle]]
    elif order != "in one import":
        parts = [[one] for one in reversed(events)]
    for number, part in enumerate(parts):
        if part:
            scene.land(part, name=f"{number}.log")
    assert told(scene, case["rules"]) == summed(case)


def test_there_are_at_least_thirty_cases() -> None:
    assert len(CASES) >= 30
