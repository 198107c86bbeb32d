from __future__ import annotations

import orjson
import pytest

from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.rule import compile_rule
from tests.core.sigma.building import found, rule_data

SELECTION = {"s": {"A": "x"}, "condition": "s"}


def test_a_compiled_rule_is_plain_json() -> None:
    compiled = compile_rule(rule_data(SELECTION, name="my_rule", watchdesk={"fingerprint": ["A"]}))
    assert orjson.loads(orjson.dumps(compiled)) == compiled
    assert (compiled["kind"], compiled["name"], compiled["fingerprint"]) == ("plain", "my_rule", ["A"])
    assert compiled["source"] == ["linux", "", "auth"]
    assert compiled["tree"] == ["a", "A", "eq", "x", False]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("a", [0, 2]),
        ("a and b", [2]),
        ("a or b", [0, 1, 2]),
        ("not a", [1, 3]),
        ("a and not b", [0]),
        ("not (a or b)", [3]),
        ("1 of them", [0, 1, 2]),
        ("all of them", [2]),
        (["a", "b"], [0, 1, 2]),
    ],
)
def test_conditions_mean_what_they_say(condition: object, rows: list[int]) -> None:
    events = [{"A": "1"}, {"B": "1"}, {"A": "1", "B": "1"}, {}]
    assert found({"a": {"A": 1}, "b": {"B": 1}, "condition": condition}, events) == rows


def test_a_list_of_maps_means_any_of_them() -> None:
    detection = {"s": [{"A": "1", "B": "1"}, {"C": "1"}], "condition": "s"}
    assert found(detection, [{"A": "1"}, {"A": "1", "B": "1"}, {"C": "1"}]) == [1, 2]


@pytest.mark.parametrize(
    "data",
    [
        rule_data({"condition": "s"}),
        rule_data({"s": {"A": "x"}, "condition": "s and"}),
        rule_data({"s": {"A|unknown": "x"}, "condition": "s"}),
        rule_data({"s": {"A|re": "("}, "condition": "s"}),
        rule_data({"s": {"A|cidr": "10.0.0.0/99"}, "condition": "s"}),
        rule_data(SELECTION, id="no uuid"),
        rule_data(SELECTION, level="loud"),
        {"title": "no detection", "logsource": {"product": "linux"}},
        {"title": "no log source", "detection": SELECTION},
        {"title": "t", "logsource": 5, "detection": 7},
        rule_data({"s": {"A": {"b": {"c": 1}}}, "condition": "s"}),
    ],
)
def test_a_wrong_rule_is_broken_with_a_reason(data: dict[str, object]) -> None:
    with pytest.raises(RuleBroken) as caught:
        compile_rule(data)
    assert str(caught.value)


def test_an_expression_that_looks_ahead_is_used_and_one_without_end_is_refused(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def looking(pattern: str) -> dict[str, object]:
        return {"s": {"A|re|i": pattern}, "condition": "s"}

    assert found(looking("^(?!.*GOOD).*bad"), [{"A": "good and bad"}, {"A": "so bad"}]) == [1]
    with pytest.raises(RuleUnsupported, match="for ever"):
        compile_rule(rule_data(looking("(?=x)(a+)+$")))
    assert capfd.readouterr().err == "", "nothing but the sentence is said"


@pytest.mark.parametrize("data", [{"action": "global", **rule_data(SELECTION)}])
def test_what_the_engine_does_not_do_is_unsupported_with_a_reason(data: dict[str, object]) -> None:
    with pytest.raises(RuleUnsupported):
        compile_rule(data)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (" or ".join(["s"] * 100_000), "longer than 10000 characters"),
        (["s"] * 20_000, "longer than 10000 characters"),
        (" and ".join(["1 of s*"] * 800), "nested too deeply or holds too many"),
        ("not " * 2_000 + "s", "nested too deeply"),
    ],
)
def test_a_condition_that_takes_long_to_take_apart_is_refused(condition: object, told: str) -> None:
    many = {f"s{number}": {"A": "x"} for number in range(30)}
    with pytest.raises(RuleBroken, match=told):
        compile_rule(rule_data({**many, "s": {"A": "x"}, "condition": condition}))
