from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.errors import RuleUnsupported


def test_an_expression_that_backtracks_without_end_answers_at_once() -> None:
    search = regex.searcher("^(a+)+$")
    assert search("a" * 5000)
    assert not search("a" * 50_000 + "!")


def test_what_only_a_backtracking_engine_knows_is_used_where_it_is_safe() -> None:
    search = regex.searcher(r"^(?!.*good).*bad")
    assert search("so bad")
    assert not search("good and bad")


@pytest.mark.parametrize("pattern", [r"(?=x)(a+)+$", r"(a)\1+(?!b)", r"(?!x).*a.*b.*c", r"(?=(\w|\d\d)*y)z"])
def test_what_could_take_for_ever_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(RuleUnsupported, match="for ever"):
        regex.searcher(pattern)


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(RuleUnsupported):
        regex.searcher("(")


def test_a_very_long_expression_is_refused() -> None:
    with pytest.raises(RuleUnsupported):
        regex.searcher("a" * (regex.MAX_PATTERN + 1))


def test_an_expression_is_tried_by_the_engine_that_knows_it() -> None:
    assert regex.tried("a|b", "i").search("xB")
    assert regex.tried("(?=b)b").search("abc")
    with pytest.raises(re.error):
        regex.tried("(")
    with pytest.raises(RuleUnsupported):
        regex.tried("a" * (regex.MAX_PATTERN + 1))


def test_flags_are_those_of_sigma() -> None:
    assert regex.searcher("a.b", "is")("A\nB")
    assert not regex.searcher("a.b")("A\nB")


def test_text_that_is_no_unicode_does_not_stop_the_search() -> None:
    assert regex.searcher("b$")("a\ud800b")
    assert regex.clean("a\ud800") == "a?"


@pytest.mark.parametrize(
    ("pattern", "flags", "literal"),
    [
        (r"^C:\\Windows\\.*\.exe$", "", r"c:\windows" + "\\"),
        ("a|b", "", ""),
        ("(abcd)?x", "", ""),
        ("(abcd)+x", "", "abcd"),
        ("foo(bar|baz)quux", "", "quux"),
        ("mask", "i", ""),
        ("(?i)powershell", "", "power"),
        ("ab", "", ""),
        (r"\Qabc\E", "", ""),
        ("(access denied|(x|y) too many .{0,9}connections)", "", "access denied|connections"),
        ("(one|two)+[a-z](abcde|f)", "", "one|two"),
        ("(abcde|)x", "", ""),
    ],
)
def test_the_texts_of_which_every_match_holds_one_are_found(pattern: str, flags: str, literal: str) -> None:
    assert "|".join(regex.required_literals(pattern, flags)) == literal


PIECES = st.sampled_from(["abc", "(abd|abe)", "x+", "(foo)*", "[a-c]", ".", "(?:bar)+", "k?", "end"])


@settings(deadline=None)
@given(pattern=st.lists(PIECES, min_size=1, max_size=4).map("".join), value=st.text("abcdefonrx", max_size=12))
def test_a_value_without_that_text_never_matches(pattern: str, value: str) -> None:
    literals = regex.required_literals(pattern)
    lacking = bool(literals) and not any(literal in value.lower() for literal in literals)
    assert not (regex.searcher(pattern)(value) and lacking)


PATTERNS = [("^a(b|c)+$", ""), ("x", "i"), ("a.b", "s"), ("(?i)union", "")]


@given(st.lists(st.text("abcxXunio\n", max_size=8), min_size=1, max_size=5), st.sampled_from(PATTERNS))
def test_one_search_over_many_values_misses_none_of_them(values: list[str], pattern: tuple[str, str]) -> None:
    opens, search = regex.opener(*pattern), regex.searcher(*pattern)
    assert opens is not None
    if any(search(value) for value in values):
        assert opens("\n".join(values))


def test_values_without_the_pattern_are_left_out_together() -> None:
    opens = regex.opener("^b+$")
    assert opens is not None
    assert not opens("ab\nba\n")


@pytest.mark.parametrize("pattern", [r"\Qa", r"x\E", "(?=a)b", r"\Aa", r"a\z", "(?-s:a.b)"])
def test_patterns_that_mean_the_whole_text_are_searched_value_by_value(pattern: str) -> None:
    assert regex.opener(pattern) is None
