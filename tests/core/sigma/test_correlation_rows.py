from __future__ import annotations

from typing import Any

import orjson

from desktop_app.core.sigma.correlation_rows import resolve
from desktop_app.core.sigma.model import CorrelationRows
from desktop_app.core.sigma.rule import compile_rule
from desktop_app.core.sigma.ruleset import RuleSet
from tests.core.sigma.building import AUTH, SECURITY, batch, rule_data, ruleset

FAILS = rule_data({"s": {"result": "no"}, "condition": "s"}, name="fails")


def counting(name: str = "", ref: str = "fails", **more: Any) -> dict[str, Any]:
    given = {"type": "event_count", "rules": [ref], "timespan": "5m", "condition": {"gte": 3}, **more}
    correlation = {key.replace("_", "-"): value for key, value in given.items()}
    return {"title": "C", **({"name": name} if name else {}), "correlation": correlation}


def groups(rules: RuleSet, events: Any) -> list[CorrelationRows]:
    return [group for match in rules.examine(events) for group in rules.correlation_rows(match, events)]


def told(found: list[CorrelationRows]) -> dict[tuple[str, tuple[str, ...]], list[int]]:
    said: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for one in found:
        for row, group in zip(one.rows.tolist(), one.groups.tolist(), strict=True):
            said.setdefault((one.base_id, one.keys[group]), []).append(row)
    return said


EVENTS: list[dict[str, str | None]] = [
    {"result": "no", "ip": "1", "user": "a"},
    {"result": "no", "ip": "2", "user": "a"},
    {"result": "no", "ip": "1", "user": "b"},
    {"result": "yes", "ip": "1", "user": "b"},
    {"result": "no", "user": "b"},
]


def test_matches_are_split_by_the_values_of_the_group() -> None:
    rules = ruleset(FAILS, counting(group_by=["host.name", "ip"]))
    assert told(groups(rules, batch(AUTH, EVENTS))) == {("r0", ("h1", "1")): [0, 2], ("r0", ("h1", "2")): [1]}


def test_an_event_without_a_group_field_belongs_to_no_group_but_a_missing_host_is_one_host() -> None:
    rules = ruleset(FAILS, counting(group_by=["host.name", "ip"]))
    found = told(groups(rules, batch(AUTH, EVENTS, host=None)))
    assert found == {("r0", ("", "1")): [0, 2], ("r0", ("", "2")): [1]}


def test_without_a_group_all_matches_are_one() -> None:
    assert told(groups(ruleset(FAILS, counting()), batch(AUTH, EVENTS))) == {("r0", ()): [0, 1, 2, 4]}


def test_what_is_counted_goes_with_the_match() -> None:
    rules = ruleset(FAILS, counting(type="value_count", condition={"field": "ip", "gte": 2}))
    [group] = groups(rules, batch(AUTH, EVENTS))
    assert [group.distinct[code] for code in group.codes] == ["1", "2", "1", None]


def test_aliases_name_the_field_of_each_rule() -> None:
    rules = ruleset(FAILS, counting(group_by=["who"], aliases={"who": {"fails": "user"}}))
    assert told(groups(rules, batch(AUTH, EVENTS))) == {("r0", ("a",)): [0, 1], ("r0", ("b",)): [2, 4]}


def test_field_names_are_those_of_the_log_source() -> None:
    base = rule_data(
        {"s": {"Image": "x"}, "condition": "s"}, {"product": "windows", "category": "process_creation"}, name="b"
    )
    rules = ruleset(base, counting(ref="b", group_by=["User"]))
    event = {"Channel": "Security", "EventID": "4688", "NewProcessName": "x", "SubjectUserName": "anna"}
    assert told(groups(rules, batch(SECURITY, [event]))) == {("r0", ("anna",)): [0]}


def test_a_chain_carries_the_keys_in_between() -> None:
    outer = counting(ref="inner", group_by=["ip"])
    rules = ruleset(FAILS, counting("inner", group_by=["ip", "user"]), outer)
    found = [one for one in groups(rules, batch(AUTH, EVENTS)) if one.rule_id == "r2"]
    assert told(found) == {("r1>r0", ("1",)): [0, 2], ("r1>r0", ("2",)): [1]}
    [chain] = found
    assert [orjson.loads(chain.distinct[code] or "") for code in chain.codes] == [
        [["1", "a"], None],
        [["2", "a"], None],
        [["1", "b"], None],
    ]


def test_bases_are_silent_unless_the_correlation_says_generate() -> None:
    for generate in (False, True):
        rules = ruleset(FAILS, counting(generate=generate))
        assert rules.rules["r0"].generates is generate
        assert rules.rules["r1"].generates


def test_bases_stay_silent_while_their_correlation_is_switched_off() -> None:
    compiled = {"r0": compile_rule(FAILS), "r1": compile_rule(counting())}
    links = resolve(compiled, enabled={"r0"})
    assert links.silenced == {"r0"}
    assert not links.paths


def test_what_cannot_be_linked_is_told_and_the_rest_runs() -> None:
    loop = [counting("a", "b"), counting("b", "a")]
    rules = ruleset(FAILS, counting(ref="nobody"), *loop, counting())
    assert set(rules.problems) == {"r1", "r2", "r3"}
    assert "nobody" in str(rules.problems["r1"])
    assert told(groups(rules, batch(AUTH, EVENTS))) == {("r0", ()): [0, 1, 2, 4]}
