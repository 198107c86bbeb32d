"""Patterns: what they cut out of lines, and what is refused in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs.sources.taught.dissect import read

LINE = "2026/11/20 08:00:02 <Boiler7> {WARN } pressure=4.9bar high"


def test_each_part_takes_what_stands_up_to_the_signs_behind_it() -> None:
    found = read("%{@timestamp} <%{host.name}> {%{log.level}} %{message}").cut(LINE)
    assert found == {
        "@timestamp": "2026/11/20 08:00:02", "host.name": "Boiler7", "log.level": "WARN",
        "message": "pressure=4.9bar high",
    }  # fmt: skip


def test_a_part_is_added_to_with_what_lies_between_and_others_are_left_out() -> None:
    found = read("%{@timestamp} %{+@timestamp} <%{?machine}> %{} %{message}").cut("2026-11-20 08:00 <a> b c d")
    assert found == {"@timestamp": "2026-11-20 08:00", "message": "c d"}


def test_a_space_stands_for_several() -> None:
    assert read("%{a} %{b} %{c}").cut("x    y z") == {"a": "x", "b": "y", "c": "z"}
    assert read(" %{a}: %{b}").cut("   x:    y") == {"a": "x", "b": "y"}


@pytest.mark.parametrize("line", ["", "x", "no colon here", ": behind"])
def test_a_line_without_the_fixed_signs_does_not_fit(line: str) -> None:
    assert read("[%{a}] %{b}: %{c}").cut(line) is None


def test_what_follows_the_last_signs_does_not_fit() -> None:
    assert read("<%{a}>").cut("<x>") == {"a": "x"}
    assert read("<%{a}>").cut("<x> more") is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("no part", "no part such as"),
        ("%{a}%{b}", "nothing between"),
        ("%{a} %{a}", "stands twice"),
        ("%{+a} %{b}", "nothing before it"),
        ("%{1a} x", "no name of a field"),
        ("%{a} %{b", "not closed"),
        (" ".join(f"%{{a{n}}}" for n in range(65)), "at most 64"),
        ("%{a}" + "x" * 2000, "at most 2000"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_one_sentence(pattern: str, why: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(pattern)
    assert why in " ".join(str(part) for part in raised.value.parts())


@given(st.text(max_size=200))
def test_no_line_trips_a_pattern_and_all_it_says_stood_in_the_line(line: str) -> None:
    found = read("%{a} [%{b}] %{c}").cut(line)
    assert found is None or all(value in line for value in found.values())
