"""The shortcuts must say what the full account of a correlation says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.model import Severity
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.judge import promising
from desktop_app.core.sigma.model import RuleSource, Series, Tallied, Tally
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet

SECOND = 1_000_000

BASE = """
title: {name}
name: {name}
logsource: {{product: linux}}
detection: {{selection: {{event.action: {name}}}, condition: selection}}
"""
COUNT = """
title: Count
name: count
correlation: {{type: event_count, rules: [fail], group-by: [host.name], timespan: 10s, condition: {{{test}}}}}
"""
USERS = """
title: Users
name: users
correlation: {type: value_count, rules: [fail], group-by: [host.name], timespan: 10s,
              condition: {field: user.name, gte: 3}}
"""
ORDERED = """
title: Ordered
name: ordered
correlation: {type: temporal_ordered, rules: [count, success], group-by: [host.name], timespan: 20s}
"""
TOGETHER = """
title: Together
name: together
correlation: {type: temporal, rules: [fail, success], group-by: [host.name], timespan: 5s}
"""


def ruleset(test: str = "gte: 3") -> RuleSet:
    bodies = [BASE.format(name="fail"), BASE.format(name="success"), COUNT.format(test=test), USERS, ORDERED, TOGETHER]
    sources = []
    for body in bodies:
        data: dict[str, Any] = dict(parse_yaml(body))
        sources.append(RuleSource(data["name"], "1", data["title"], Severity.LOW, compile_rule(data)))
    return RuleSet(sources)


def series(base_id: str, seconds: list[int], segment: int, users: list[int] | None = None) -> Series:
    order = np.argsort(np.array(seconds, np.int64), kind="stable")
    times = np.array(seconds, np.int64)[order] * SECOND
    events = segment * 1000 + np.arange(len(seconds), dtype=np.int64)
    if users is None:
        return Series(base_id, segment, times, events)
    return Series(base_id, segment, times, events, ("a", "b", "c", "d"), np.array(users, np.int32)[: len(seconds)])


seconds = st.lists(st.integers(0, 60), max_size=15)


@settings(deadline=None)
@given(seconds, seconds, st.sampled_from(["gte: 3", "gt: 3", "gte: 1", "eq: 3", "lt: 3"]))
def test_counting_by_arrays_says_what_the_full_account_says(one: list[int], two: list[int], test: str) -> None:
    check(ruleset(test), "count", [series("fail", one, 1), series("fail", two, 2)])


@settings(deadline=None)
@given(seconds, seconds)
def test_a_chain_is_judged_alike(fails: list[int], successes: list[int]) -> None:
    rules = ruleset()
    check(rules, "ordered", [series("count>fail", fails, 1), series("success", successes, 2)], chained=True)
    check(rules, "together", [series("fail", fails, 1), series("success", successes, 2)])


@settings(deadline=None)
@given(seconds, st.lists(st.integers(0, 3), min_size=15, max_size=15))
def test_distinct_values_are_judged_alike(fails: list[int], users: list[int]) -> None:
    check(ruleset(), "users", [series("fail", fails, 1, users)])


def check(rules: RuleSet, rule_id: str, parts: list[Series], *, chained: bool = False) -> None:
    if chained:
        parts = [with_inner_key(one) if ">" in one.base_id else one for one in parts]
    masks, values = rules.judge(rule_id, parts, ["web01"])
    firings = rules.correlate(rule_id, [tally for one in parts for tally in one.tallies()], ["web01"])
    covered = {tally for firing in firings for tally in firing.tallies}
    assert [mask.tolist() for mask in masks] == [[tally in covered for tally in one.tallies()] for one in parts]
    assert dict(values) == (dict(firings[-1].values) if firings else {})


def with_inner_key(one: Series) -> Series:
    """Give each tally of a chain the key of the correlation below, as the store keeps it."""
    return Series(
        one.base_id, one.segment_id, one.times, one.events, ('[["web01"],null]',), np.zeros(len(one), np.int32)
    )


@pytest.mark.parametrize(("rule_id", "seconds"), [("count", 10), ("ordered", 30)])
def test_the_reach_of_a_chain_is_that_of_all_its_windows(rule_id: str, seconds: int) -> None:
    assert ruleset().reach(rule_id) == seconds * SECOND


# --- which of many groups are worth a look ---------------------------------------------------------------------------


tallied = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 60), st.sampled_from(["fail", "success"]), st.integers(-1, 3)),
    max_size=40,
)


@settings(deadline=None)
@given(tallied, st.sampled_from(["gte: 3", "gt: 1", "eq: 2", "lt: 3"]))
def test_no_group_that_fires_is_left_out_and_counting_leaves_out_all_others(
    made: list[tuple[int, int, str, int]], test: str
) -> None:
    rules = ruleset(test)
    made.sort()
    for rule_id, bases in {
        "count": {"fail": 0}, "users": {"fail": 0}, "together": {"fail": 0, "success": 1},
        "ordered": {"count>fail": 0, "success": 1},
    }.items():  # fmt: skip
        assert rules.bases(rule_id) == bases
        paths = {base.rpartition(">")[2]: base for base in bases}
        held = [(group, second * SECOND, paths[name], value) for group, second, name, value in made if name in paths]
        columns = [np.array([one[place] for one in held], np.int64) for place in (0, 1, 3)]
        refs = np.array([bases[base] for _, _, base, _ in held], np.int64)
        promised = set(rules.promising(rule_id, Tallied(columns[0], columns[1], refs, columns[2])).tolist())
        firing = {group for group in range(4) if fires(rules, rule_id, [one for one in held if one[0] == group])}
        assert firing <= promised
        if rule_id in {"users", "together"} or (rule_id == "count" and test.startswith("g")):
            assert firing == promised


def fires(rules: RuleSet, rule_id: str, held: list[tuple[int, int, str, int]]) -> bool:
    def value(base: str, number: int) -> str | None:
        if ">" in base:
            return '[["web01"],null]'
        return None if number < 0 or rule_id != "users" else "abcd"[number]

    tallies = [Tally(time, place, 1, base, value(base, one)) for place, (_, time, base, one) in enumerate(held)]
    return bool(rules.correlate(rule_id, tallies, ["web01"]))


def test_groups_over_more_time_than_numbers_hold_are_all_worth_a_look() -> None:
    far = np.array([0, 2**60, 0, 2**60], np.int64)
    found = Tallied(np.array([0, 0, 1, 1]), far, np.zeros(4, np.int64), np.array([0, 1, 0, 1]))
    specs = {"users": {"type": "value_count", "refs": ["fail"], "expression": None, "span": 2**61,
                       "comparisons": [["gte", 2]]}}  # fmt: skip
    assert promising(specs, "users", found, 2**61).tolist() == [0, 1]
