from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.rules.words import condition
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.rule import compile_rule
from tests.core.sigma.building import rule_data


def said(detection: dict[str, Any], language: str = "en") -> str:
    return condition(compile_rule(rule_data(detection)), language)  # type: ignore[arg-type] # one of two words


@pytest.mark.parametrize(
    ("item", "english", "chinese"),
    [
        ({"A": "x"}, "A is “x”", "A 等于 “x”"),
        ({"A|contains": ["x", "y"]}, "A contains one of “x”, “y”", "A 包含下列之一：“x”、“y”"),
        ({"A|contains|all": ["x", "y"]}, "A contains “x” and A contains “y”", "A 包含 “x”，且 A 包含 “y”"),
        ({"A": "a*b?c.d"}, "A looks like “a*b?c.d”", "A 形如 “a*b?c.d”"),
        ({"A": None}, "A is absent", "没有 A"),
        ({"A|exists": True}, "A is present", "有 A"),
        ({"A|gte": 5}, "A is at least “5.0”", "A 不小于 “5.0”"),
        ({"A|cidr": "10.0.0.0/8"}, "A is an address in “10.0.0.0/8”", "A 是 “10.0.0.0/8” 网段内的地址"),
        ({"A|fieldref": "B"}, "A and B agree", "A 与 B 一致"),
        ({"A|re": "a+"}, "A matches the pattern “a+”", "A 匹配模式 “a+”"),
        ({"A|hour": 5}, "the hour of A = 5", "A 的 hour = 5"),
    ],
)
def test_items_are_told_in_both_languages(item: dict[str, Any], english: str, chinese: str) -> None:
    detection = {"s": item, "condition": "s"}
    assert said(detection) == english
    assert said(detection, "zh") == chinese


def test_keywords_are_looked_for_in_the_event() -> None:
    assert said({"k": ["evil"], "condition": "k"}) == "the event contains “evil”"
    assert said({"k": ["a", "b"], "condition": "k"}, "zh") == "事件包含下列之一：“a”、“b”"


def test_joined_conditions_keep_their_parentheses() -> None:
    detection = {"a": {"A": "1"}, "b": {"B": "1"}, "c": {"C": "1"}, "condition": "(a or b) and not c"}
    assert said(detection) == "(A is “1” or B is “1”) and not (C is “1”)"
    assert said(detection, "zh") == "（A 等于 “1”，或 B 等于 “1”），且并非（C 等于 “1”）"


def test_long_lists_are_cut_and_say_how_much_is_left() -> None:
    text = said({"s": {"A": [f"v{n}" for n in range(20)]}, "condition": "s"})
    assert "14 more" in text
    assert len(said({"s": {"A": "x" * 5000}, "condition": "s"})) < 200


CORRELATION = """
title: C
correlation:
  type: {kind}
  rules: [one, two]
  group-by: [host.name, user.name]
  timespan: {span}
  condition: {condition}
"""


@pytest.mark.parametrize(
    ("kind", "span", "test", "english", "chinese"),
    [
        ("event_count", "10m", "{gte: 5}", "at least 5 events of “One”, “two” within 10 min", "至少 5 个"),
        ("value_count", "1h", "{field: ip, gt: 5}", "more than 5 different values of ip", "超过 5 个不同的值"),
        ("temporal", "30s", "{gte: 2}", "“One”, “two” all occur within 30 s", "全部出现"),
        ("temporal_ordered", "2d", "{gte: 2}", "occur in this order within 2 days", "依次出现"),
        ("value_sum", "90m", "{field: bytes, lt: 9}", "the sum of bytes", "总和"),
        ("temporal", "1h", "one and not two", "a combination of", "组合条件"),
    ],
)
def test_correlations_are_told_in_both_languages(kind: str, span: str, test: str, english: str, chinese: str) -> None:
    compiled = compile_rule(parse_yaml(CORRELATION.format(kind=kind, span=span, condition=test)))
    titles = {"one": "One"}
    assert english in condition(compiled, "en", titles)
    assert "host.name, user.name" in condition(compiled, "en", titles)
    assert chinese in condition(compiled, "zh", titles)
