from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.sigma.errors import RuleBroken, RuleUnsupported
from desktop_app.core.sigma.filter_rule import reaches
from desktop_app.core.sigma.rule import compile_rule

WINDOWS = {"product": "windows"}


def filter_data(**said: Any) -> dict[str, Any]:
    """A filter of all rules of Windows that passes over domain controllers, with some of it said otherwise."""
    usual = {"rules": "any", "selection": {"Computer|startswith": "DC-"}, "condition": "not selection"}
    return {"title": "Our domain controllers", "logsource": WINDOWS, "filter": {**usual, **said}}


def plain(name: str = "", **source: str) -> dict[str, Any]:
    words = [source.get(one, "") for one in ("product", "category", "service")]
    return {"kind": "plain", "name": name, "source": words, "tree": True}


def test_a_filter_is_compiled_with_its_condition_and_the_rules_it_is_for() -> None:
    made = compile_rule(filter_data(rules=["r1", "a_name"]))
    assert (made["kind"], made["source"], made["rules"]) == ("filter", ["windows", "", ""], ["r1", "a_name"])
    assert made["tree"][0] == "!"
    assert compile_rule(filter_data(rules="r1"))["rules"] == ["r1"]
    for any_rule in ("any", "ANY", []):
        assert compile_rule(filter_data(rules=any_rule))["rules"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {**filter_data(), "filter": {}},
        {**filter_data(), "filter": "x"},
        filter_data(condition=["a", "b"]),
        filter_data(condition="not absent"),
        filter_data(rules=3),
        filter_data(rules=[{"a": 1}]),
        {**filter_data(), "filter": {"selection": {"a": 1}, "condition": "not selection"}},
        {**filter_data(), "logsource": {}},
        {"title": "x", "filter": {"rules": "any", "s": {"a": 1}, "condition": "not s"}},
    ],
)
def test_a_filter_that_lacks_a_part_is_broken_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises((RuleBroken, RuleUnsupported)) as told:
        compile_rule(wrong)
    assert str(told.value.reason)


def test_a_filter_reaches_rules_of_its_log_source_by_id_or_name_or_all() -> None:
    every = compile_rule(filter_data())
    assert reaches(every, "r", plain(product="windows", category="process_creation"))
    assert not reaches(every, "r", plain(product="linux"))
    assert not reaches(every, "r", {**plain(product="windows"), "kind": "correlation"})
    some = compile_rule(filter_data(rules=["r1", "a_name"]))
    assert reaches(some, "r1", plain(product="windows"))
    assert reaches(some, "r2", plain("a_name", product="windows"))
    assert not reaches(some, "r2", plain("other", product="windows"))
    assert not reaches(some, "r1", plain(product="linux"))
    assert not reaches(compile_rule(filter_data(rules=[""])), "r2", plain(product="windows"))
