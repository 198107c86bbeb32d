from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.sigma.correlation_rule import compile_correlation
from desktop_app.core.sigma.errors import RuleProblem, RuleUnsupported
from desktop_app.core.sigma.rule import compile_rule


def data(**correlation: Any) -> dict[str, Any]:
    given = {"type": "event_count", "rules": ["a"], "timespan": "5m", "condition": {"gte": 3}, **correlation}
    return {"title": "C", "correlation": {name.replace("_", "-"): value for name, value in given.items() if value}}


def test_a_correlation_is_described_in_plain_words() -> None:
    found = compile_correlation(
        data(group_by=["host", "user"], aliases={"user": {"a": "User"}}, generate=True, rules=["a", "b"])
    )
    assert (found["type"], found["refs"], found["group"]) == ("event_count", ["a", "b"], ["host", "user"])
    assert (found["span"], found["comparisons"], found["generate"]) == (300_000_000, [["gte", 3]], True)
    assert found["aliases"] == {"user": {"a": "User"}}


def test_a_range_has_two_comparisons() -> None:
    assert compile_correlation(data(condition={"gte": 3, "lt": 9}))["comparisons"] == [["gte", 3], ["lt", 9]]


def test_a_temporal_correlation_asks_for_all_of_its_rules() -> None:
    found = compile_correlation(data(type="temporal", rules=["a", "b", "a"], condition=None))
    assert (found["refs"], found["comparisons"]) == (["a", "b"], [["gte", 2]])


def test_rules_may_be_named_by_the_condition_alone() -> None:
    found = compile_correlation(data(type="temporal", rules=None, condition="(a or b) and not c"))
    assert found["refs"] == ["a", "b", "c"]
    assert found["expression"] == ["&", [["|", ["a", "b"]], ["!", "c"]]]


@pytest.mark.parametrize("condition", ["a or b", {"gte": 1}])
def test_an_order_of_some_rules_is_unsupported(condition: object) -> None:
    with pytest.raises(RuleUnsupported):
        compile_correlation(data(type="temporal_ordered", rules=["a", "b"], condition=condition))


@pytest.mark.parametrize(
    "correlation",
    [
        {"type": "magic"},
        {"timespan": "soon"},
        {"timespan": None},
        {"rules": None},
        {"condition": {"gte": "many"}},
        {"condition": {"gte": True}},
        {"condition": {"field": "x"}},
        {"condition": None},
        {"type": "value_count"},
        {"group_by": 5},
        {"rules": {"a": "b"}},
    ],
)
def test_a_wrong_correlation_is_told_with_a_reason(correlation: dict[str, Any]) -> None:
    with pytest.raises(RuleProblem) as caught:
        compile_rule(data(**correlation))
    assert str(caught.value)


def test_a_correlation_that_is_no_mapping_is_told() -> None:
    with pytest.raises(RuleProblem):
        compile_rule({"title": "C", "correlation": "x"})
