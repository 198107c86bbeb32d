"""Correlations: what fires, from when to when, counting what. Times are seconds; f, o, p are matches of base rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.sigma.model import Firing, Tally
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.sigma.building import SECOND, rule_data, ruleset

NAMES = {"f": "fails", "o": "works", "p": "prints"}


def rules_with(kind: str, refs: list[str], condition: object = None, **more: Any) -> RuleSet:
    """Return a rule set whose last rule (r3) is the correlation; f, o and p are r0, r1 and r2."""
    plain = [rule_data({"s": {"A": name}, "condition": "s"}, name=name) for name in NAMES.values()]
    correlation = {"type": kind, "rules": refs, "timespan": more.pop("span", "10s"), "group-by": ["host.name"], **more}
    if condition is not None:
        correlation["condition"] = condition
    return ruleset(*plain, {"title": "C", "correlation": correlation})


def tallies(story: str, values: str = "") -> list[Tally]:
    """Read ``f1 f2 o9``: a match of a rule and its second; ``values`` gives one value each."""
    given_values = values.split() or itertools.repeat(None)
    made = []
    for number, (word, value) in enumerate(zip(story.split(), given_values, strict=False)):
        base = f"r{list(NAMES).index(word[0])}"
        made.append(Tally(int(float(word[1:]) * SECOND), number, 1, base, value))
    return made


def told(fired: Iterable[Firing]) -> list[tuple[float, float, int]]:
    return [(one.first / SECOND, one.last / SECOND, len(one.tallies)) for one in fired]


@pytest.mark.parametrize(
    ("condition", "story", "expected"),
    [
        ({"gte": 3}, "f1 f2", []),
        ({"gte": 3}, "f1 f2 f3", [(1, 3, 3)]),
        ({"gte": 3}, "f1 f6 f11", [(1, 11, 3)]),  # the timespan includes its end
        ({"gte": 3}, "f1 f6 f12", []),
        ({"gt": 3}, "f1 f2 f3", []),
        ({"gt": 3}, "f1 f2 f3 f4", [(1, 4, 4)]),
        ({"gte": 3}, "f1 f2 f3 f4 f5 f6", [(1, 6, 6)]),  # one burst
        ({"gte": 3}, "f1 f2 f3 f50 f51 f52", [(1, 3, 3), (50, 52, 3)]),  # two bursts
        ({"gte": 3}, "f1 f9 f10 f11 f30", [(1, 11, 4)]),
        ({"gte": 3}, "f0 f20 f21 f22", [(20, 22, 3)]),  # what stands apart does not belong
        ({"gte": 2}, "f1 f1", [(1, 1, 2)]),
        ({"eq": 2}, "f1 f2", [(1, 2, 2)]),
        ({"eq": 2}, "f1 f2 f3", []),  # more events undo it
        ({"lt": 3}, "f1 f50 f51 f52", [(1, 1, 1)]),
        ({"lte": 1}, "f1 f2", []),
        ({"neq": 2}, "f1 f2 f50", [(50, 50, 1)]),
        ({"gte": 2, "lte": 3}, "f1 f2 f3", [(1, 3, 3)]),  # a range
        ({"gte": 2, "lte": 3}, "f1 f2 f3 f4", []),
    ],
)
def test_events_are_counted_in_sliding_windows(
    condition: dict[str, int], story: str, expected: list[tuple[float, float, int]]
) -> None:
    assert told(rules_with("event_count", ["fails"], condition).correlate("r3", tallies(story))) == expected


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ({"gte": 3}, "a b a b", []),
        ({"gte": 3}, "a b a c", [(2, 4, 3)]),  # the shortest stretch that holds three
        ({"gt": 1}, "a a a b", [(3, 4, 2)]),
        ({"lt": 2}, "a a a a", [(1, 4, 4)]),
        ({"eq": 2}, "a b c a", []),
    ],
)
def test_different_values_are_counted(
    condition: dict[str, Any], values: str, expected: list[tuple[float, float, int]]
) -> None:
    rules = rules_with("value_count", ["fails"], {"field": "user", **condition})
    assert told(rules.correlate("r3", tallies("f1 f2 f3 f4", values))) == expected


def test_events_without_the_value_do_not_count() -> None:
    rules = rules_with("value_count", ["fails"], {"field": "user", "gte": 2})
    found = [Tally(0, 1, 1, "r0", "a"), Tally(1, 2, 1, "r0", None), Tally(2, 3, 1, "r0", "b")]
    [one] = rules.correlate("r3", found)
    assert (one.values["distinct"], one.values["values"]) == ("2", "a, b")
    assert not rules.correlate("r3", found[:2])


@pytest.mark.parametrize(
    ("kind", "condition", "story", "expected"),
    [
        ("temporal", None, "f1 o5", [(1, 5, 2)]),
        ("temporal", None, "o1 f5", [(1, 5, 2)]),
        ("temporal", None, "f1 f5", []),
        ("temporal", None, "f1 o12", []),
        ("temporal", None, "f1 f8 o12", [(8, 12, 2)]),
        ("temporal", {"gte": 1}, "f1", [(1, 1, 1)]),
        ("temporal", "fails or works", "o1", [(1, 1, 1)]),
        ("temporal", "fails and works", "f1 o2", [(1, 2, 2)]),
        ("temporal", "fails and not works", "f1 o2", []),
        ("temporal", "fails and not works", "f1 o50", [(1, 1, 1)]),
        ("temporal_ordered", None, "f1 o5", [(1, 5, 2)]),
        ("temporal_ordered", None, "o1 f5", []),
        ("temporal_ordered", None, "f1 o12", []),
        ("temporal_ordered", None, "f1 f4 o5 o6", [(4, 6, 3)]),
        ("temporal_ordered", None, "o1 f2 o3 f4", [(2, 3, 2)]),
        ("temporal_ordered", "fails and works", "f1 o2", [(1, 2, 2)]),
    ],
)
def test_rules_occur_together(
    kind: str, condition: object, story: str, expected: list[tuple[float, float, int]]
) -> None:
    assert told(rules_with(kind, ["fails", "works"], condition).correlate("r3", tallies(story))) == expected


def test_the_same_second_is_put_in_order_by_the_events_themselves() -> None:
    rules = rules_with("temporal_ordered", ["fails", "works"])
    assert told(rules.correlate("r3", tallies("f1 o1"))) == [(1, 1, 2)]
    assert told(rules.correlate("r3", tallies("o1 f1"))) == []


def test_three_rules_in_order_need_all_of_their_time() -> None:
    rules = rules_with("temporal_ordered", ["fails", "works", "prints"])
    assert told(rules.correlate("r3", tallies("f1 o5 p11"))) == [(1, 11, 3)]
    assert told(rules.correlate("r3", tallies("f0 o5 p11"))) == []


@pytest.mark.parametrize(
    ("kind", "condition", "values", "fires"),
    [
        ("value_sum", {"gte": 10}, "4 6", True),
        ("value_sum", {"gte": 11}, "4 6", False),
        ("value_avg", {"gt": 4}, "4 6", True),
        ("value_median", {"eq": 5}, "4 6", True),
        ("value_percentile", {"gte": 6, "percentile": 90}, "4 6", True),
        ("value_sum", {"gte": 1}, "x y", False),
    ],
)
def test_numbers_are_measured(kind: str, condition: dict[str, Any], values: str, fires: bool) -> None:  # noqa: FBT001 - a table's column
    rules = rules_with(kind, ["fails"], {"field": "bytes", **condition})
    assert bool(rules.correlate("r3", tallies("f1 f2", values))) is fires


def test_a_firing_quotes_counts_by_name_and_the_key() -> None:
    rules = rules_with("temporal", ["fails", "works"])
    [one] = rules.correlate("r3", tallies("f1 f2 o3"), ["gw-01"])
    assert one.values == {"count": "2", "fails": "1", "works": "1", "host.name": "gw-01"}


# --- correlations over correlations ----------------------------------------------------------------------------------


def guessing(span: str = "1h") -> RuleSet:
    """Three failures within ten seconds, then a success: r4 over r3 over r0, and r1."""
    plain = [rule_data({"s": {"A": name}, "condition": "s"}, name=name) for name in NAMES.values()]
    inner = {"type": "event_count", "rules": ["fails"], "timespan": "10s", "group-by": ["host.name", "user"],
             "condition": {"gte": 3}}  # fmt: skip
    outer = {"type": "temporal_ordered", "rules": ["burst", "works"], "timespan": span, "group-by": ["host.name"]}
    return ruleset(*plain, {"title": "B", "name": "burst", "correlation": inner}, {"title": "C", "correlation": outer})


def nested(story: str, users: str = "") -> list[Tally]:
    made = []
    for one, user in zip(tallies(story), users.split() or itertools.repeat("u"), strict=False):
        if one.base_id == "r0":
            value = orjson.dumps([["h", user], None]).decode()
            one = Tally(one.time, one.event_id, 1, "r3>r0", value)  # noqa: PLW2901 - the same tally, seen from above
        made.append(one)
    return made


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("f1 f2 f3 o9", [(1, 9, 4)]),
        ("f1 f2 o9", []),
        ("o1 f2 f3 f4", []),
        ("f1 f2 f3 f4 f5 o9", [(1, 9, 6)]),  # the whole burst is told, not its last three
        ("f1 f2 f3 o9 f10 f11", [(1, 9, 4)]),  # and not what came after
        ("f1 f2 f3 o9 o12", [(1, 12, 5)]),
        ("f1 f2 f3 o5000", []),
    ],
)
def test_a_burst_and_then_a_success(story: str, expected: list[tuple[float, float, int]]) -> None:
    assert told(guessing().correlate("r4", nested(story))) == expected


def test_the_groups_below_are_kept_apart() -> None:
    assert told(guessing().correlate("r4", nested("f1 f2 f3 o9", "a b c -"))) == []
    assert told(guessing().correlate("r4", nested("f1 f2 f3 o9", "a a a -"))) == [(1, 9, 4)]


def test_counts_of_a_chain_are_those_of_its_plain_rules() -> None:
    [one] = guessing().correlate("r4", nested("f1 f2 f3 f4 o9"), ["h"])
    assert (one.values["fails"], one.values["works"], one.values["host.name"]) == ("4", "1", "h")


# --- exact for any order of arrival ----------------------------------------------------------------------------------


@given(
    times=st.lists(st.integers(0, 60), max_size=14),
    needed=st.integers(1, 5),
    span=st.integers(1, 15),
    order=st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_counting_is_exact_for_any_order_of_arrival(times: list[int], needed: int, span: int, order: Any) -> None:
    rules = rules_with("event_count", ["fails"], {"gte": needed}, span=f"{span}s")
    found = [Tally(time * SECOND, number, 1, "r0") for number, time in enumerate(sorted(times))]
    inside = {
        one
        for start in range(len(found) - needed + 1)
        if found[start + needed - 1].time - found[start].time <= span * SECOND
        for one in found[start : start + needed]
    }
    shuffled = found.copy()
    order.shuffle(shuffled)
    fired = rules.correlate("r3", shuffled)
    assert {one for firing in fired for one in firing.tallies} == inside
    assert sum(len(firing.tallies) for firing in fired) == len(inside)


@given(story=st.lists(st.tuples(st.sampled_from("fop"), st.integers(0, 40)), max_size=10), span=st.integers(1, 20))
@settings(deadline=None)
def test_order_is_exact(story: list[tuple[str, int]], span: int) -> None:
    rules = rules_with("temporal_ordered", ["fails", "works", "prints"], span=f"{span}s")
    found = tallies(" ".join(f"{base}{time}" for base, time in story))
    ranked = sorted(found, key=lambda one: (one.time, one.event_id))
    wanted = any(
        [one.base_id for one in chosen] == ["r0", "r1", "r2"] and chosen[2].time - chosen[0].time <= span * SECOND
        for chosen in itertools.combinations(ranked, 3)
    )
    assert bool(rules.correlate("r3", found)) is wanted


@given(story=st.lists(st.tuples(st.sampled_from("fo"), st.integers(0, 40)), max_size=12), cut=st.integers(0, 12))
@settings(deadline=None)
def test_two_imports_say_the_same_as_one(story: list[tuple[str, int]], cut: int) -> None:
    found = nested(" ".join(f"{base}{time}" for base, time in story))
    assert guessing().correlate("r4", found) == guessing().correlate("r4", found[cut:] + found[:cut])
