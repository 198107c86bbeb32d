"""What each modifier and kind of value means, on events."""

from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.sigma.errors import RuleUnsupported
from desktop_app.core.sigma.rule import compile_rule
from tests.core.sigma.building import found, rule_data


def holds(key: str, value: Any, *events: str | None) -> list[int]:
    return found({"s": {key: value}, "condition": "s"}, [{"F": one} for one in events])


@pytest.mark.parametrize(
    ("key", "value", "yes", "no"),
    [
        ("F", "Abc", "aBC", "abcd"),
        ("F", "a*c", "aXXc", "aXXcd"),
        ("F", "a?c", "abc", "abbc"),
        ("F", r"a\*c", "A*C", "abc"),
        ("F", r"C:\\*", "c:\\x", "c:/x"),
        ("F", r"\\\\srv\\*", r"\\srv\share", r"\srv\share"),
        ("F", "", "", "x"),
        ("F", "*", "", None),
        ("F", 7, "7", "77"),
        ("F", True, "TRUE", "0"),
        ("F", True, "1", "false"),
        ("F", False, "0", "true"),
        ("F", None, None, ""),
        ("F", [], None, "x"),
        ("F|contains", "Bc", "aBCd", "ab"),
        ("F|startswith", "Ab", "abc", "cab"),
        ("F|endswith", ".EXE", "a.exe", "a.exe "),
        ("F|contains|all", ["a", "b"], "b-a", "a"),
        ("F|cased", "Abc", "Abc", "abc"),
        ("F|contains|cased", "Bc", "aBcd", "abcd"),
        ("F|re", "^a.c$", "abc", "ABC"),
        ("F|re|i", "^a.c$", "ABC", "AC"),
        ("F|re|s", "a.c", "a\nc", "ac"),
        ("F|re|m", "^b$", "a\nb", "ab"),
        ("F|cidr", "10.0.0.0/8", "10.1.2.3", "11.1.2.3"),
        ("F|cidr", "10.0.0.0/8", "::ffff:10.1.2.3", "-"),
        ("F|cidr", "fe80::/10", "fe80::1", "10.1.2.3"),
        ("F|windash|contains", " -enc", "x –enc", "x enc"),
        ("F|base64", "foobar", "Zm9vYmFy", "foobar"),
        ("F|base64offset|contains", "foobar", "xxmb29iYXuu", "Zm8="),
        ("F|wide|base64offset|contains", "ab", "YQBiA", "YWI="),
        ("F|exists", True, "", None),
        ("F|exists", False, None, "x"),
        ("F|lt", 5, "4.5", "5"),
        ("F|lte", 5, "5", "6"),
        ("F|gt", 5, "6", "x"),
        ("F|gte", 5, "5", "4"),
        ("F|neq", "a", "b", "a"),
        ("F|hour", 13, "2026-03-10T13:59:00Z", "2026-03-10T14:00:00Z"),
        ("F|year", 2026, "2026-03-10", "no time"),
    ],
)
def test_a_value_matches_what_it_should_and_nothing_else(key: str, value: Any, yes: str | None, no: str | None) -> None:
    assert holds(key, value, yes, no) == [0]


def test_fields_are_compared_with_each_other() -> None:
    events = [{"A": "x", "B": "X"}, {"A": "xy", "B": "x"}, {"A": "x"}, {"A": "yx", "B": "x"}]
    for key, rows in (("A|fieldref", [0]), ("A|fieldref|startswith", [0, 1]), ("A|fieldref|endswith", [0, 3])):
        assert found({"s": {key: "B"}, "condition": "s"}, events) == rows


def test_a_missing_field_is_false_and_not_is_two_valued() -> None:
    detection = {"s": {"A": "x"}, "n": {"B": "y"}, "condition": "s and not n"}
    assert found(detection, [{"A": "x"}, {"A": "x", "B": "y"}, {"B": "z"}]) == [0]


def test_keywords_stand_anywhere_in_raw_or_message() -> None:
    detection = {"k": ["evil", "two words"], "condition": "k"}
    raw = ["an EVIL line", "nothing", "{}", '{"path":"C:\\\\evil\\\\x"}']
    message = [None, None, "in two words", None]
    assert found(detection, [{}] * 4, raw=raw, message=message) == [0, 2, 3]


def test_all_keywords_of_a_list_may_be_asked_for() -> None:
    assert found({"k": {"|all": ["a1", "b2"]}, "condition": "k"}, [{}] * 2, raw=["b2 a1", "a1"]) == [0]


def test_keywords_find_backslashes_inside_json() -> None:
    detection = {"k": [r"\evil\x"], "condition": "k"}
    assert found(detection, [{}], raw=['{"path":"C:\\\\evil\\\\x"}']) == [0]


def test_keywords_may_be_numbers_patterns_or_anything() -> None:
    assert found({"k": [4711], "condition": "k"}, [{}] * 2, raw=["x 4711 y", "471"]) == [0]
    assert found({"k": ["a*z"], "condition": "k"}, [{}] * 2, raw=["x a--z y", "z a"]) == [0]
    assert found({"k": {"|re": "a[0-9]z"}, "condition": "k"}, [{}] * 2, raw=["x a1z", "az"]) == [0]
    assert found({"k": ["*"], "condition": "k"}, [{}] * 2, raw=["x", ""]) == [0, 1]


def test_placeholders_wait_for_the_values_of_a_site_and_are_named() -> None:
    with pytest.raises(RuleUnsupported, match="%admins%"):
        compile_rule(rule_data({"s": {"User|expand": "%admins%"}, "condition": "s"}))
