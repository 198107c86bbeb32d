"""The matcher against the oracle, on rules and events that hypothesis makes: every modifier, every shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.errors import RuleProblem
from tests.core.sigma import oracle
from tests.core.sigma.building import AUTH, batch, rows_of, rule_data, ruleset

LETTERS = st.sampled_from(["a", "B", "ab", "é", "\\", "*", "?", "-x", "/y", "1", "10.0.0.1", " ", ".exe", "Ä", "\n",
                           "%", "YWI=", "true", "K", "ſ", "2026-03-10T13:59:00"])  # fmt: skip
WORDS = st.lists(LETTERS, max_size=4).map("".join)
NAMES = ["Image", "User.Name", "port"]
FIELDS = st.sampled_from(NAMES)
EVENTS = st.lists(st.dictionaries(FIELDS, WORDS, max_size=3), min_size=1, max_size=6)
PLACES = ("", "|contains", "|startswith", "|endswith")
# Every modifier that takes text, in each place where it may stand.
TEXTS = [
    f"{change}{place}{more}"
    for change in ("", "|windash", "|base64", "|wide|base64", "|utf16|base64", "|utf16be|base64", "|wide", "|utf16be")
    for place in PLACES
    for more in ("", "|all", "|cased", "|neq")
] + [f"{change}|base64offset|contains" for change in ("", "|wide", "|utf16", "|utf16be")]
PATTERNS = ["a", "^a", "B+$", "[a-b]1", "(?i)AB", r"\.exe$", "x?", "a.b", "^b$", "(a|-x)+", "K"]
NETWORKS = ["10.0.0.0/8", "192.168.0.0/16", "::1/128", "fe80::/10", "10.0.0.1/32"]


def items(modifiers: Iterable[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.builds("{}{}".format, FIELDS, st.sampled_from(list(modifiers))), values)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.lists(values, min_size=1, max_size=3))


ITEMS = st.one_of(
    *[items(TEXTS, st.lists(WORDS, min_size=1, max_size=3))] * 3,
    items(PLACES, some(WORDS)),
    items(["|lt", "|lte", "|gt", "|gte"], st.one_of(st.integers(-2, 12), st.floats(0, 2))),
    items(["|minute", "|hour", "|day", "|week", "|month", "|year"], st.sampled_from([3, 10, 11, 13, 59, 2026])),
    items([""], st.one_of(st.none(), st.just([]), st.integers(0, 2), st.booleans())),
    items(["", "|neq"], st.lists(st.one_of(st.none(), st.integers(0, 2), WORDS), min_size=1, max_size=3)),
    items(["|exists"], st.booleans()),
    items(["|fieldref", "|fieldref|neq", *(f"|fieldref{place}" for place in PLACES[1:])], FIELDS),
    items(["|re", "|re|i", "|re|m", "|re|s", "|re|i|m|s", "|re|all", "|re|neq"], some(st.sampled_from(PATTERNS))),
    items(["|cidr", "|cidr|neq"], some(st.sampled_from(NETWORKS))),
)
KEYS = st.one_of(
    st.lists(st.one_of(WORDS.filter(bool), st.integers(0, 12)), min_size=1, max_size=2),
    st.fixed_dictionaries({"|all": st.lists(WORDS.filter(bool), min_size=1, max_size=2)}),
    st.fixed_dictionaries({"|re": st.sampled_from(PATTERNS)}),
)
SHAPES = [
    "sel_a", "sel_a and not filter", "1 of sel_*", "all of sel_* and not filter", "not sel_a or filter",
    "not (sel_a or sel_b)", "1 of them", "all of them", "not 1 of sel_*", "not all of sel_*",
    "(sel_a or (sel_b and not filter)) and not (filter and sel_a)", "any of sel_* or not not filter",
]  # fmt: skip


@st.composite
def detections(draw: st.DrawFn) -> dict[str, Any]:
    one: dict[str, Any] = {}
    for name in ("sel_a", "sel_b", "filter"):
        maps = draw(st.lists(st.lists(ITEMS, min_size=1, max_size=2).map(dict), min_size=1, max_size=2))
        one[name] = maps if len(maps) > 1 else maps[0]
    shapes = SHAPES
    if draw(st.booleans()):
        one["words"] = draw(KEYS)
        shapes = [*shapes, "words", "words and not filter", "not words"]
    return {**one, "condition": draw(st.one_of(st.sampled_from(shapes), st.lists(st.sampled_from(shapes), min_size=1)))}


@settings(max_examples=300, deadline=None)
@given(detection=detections(), events=EVENTS, raws=st.lists(WORDS, min_size=6, max_size=6))
def test_the_matcher_and_the_oracle_agree_on_made_up_rules(
    detection: dict[str, Any], events: list[dict[str, str]], raws: list[str]
) -> None:
    data = rule_data(detection)
    try:
        rules = ruleset(data)
    except RuleProblem:
        return  # pySigma refuses some of them, which says nothing about matching
    raw = raws[: len(events)]
    wanted = [row for row, event in enumerate(events) if oracle.matches(data, event, [raw[row]])]
    assert rows_of(rules, batch(AUTH, events, raw=raw)).get("r0", []) == wanted


def test_a_log_source_that_nothing_maps_is_matched_by_its_own_words() -> None:
    source = LogSource("aws", "", "cloudtrail")
    rules = ruleset(
        rule_data({"s": {"eventName": "StopLogging"}, "condition": "s"}, {"product": "aws", "service": "cloudtrail"})
    )
    assert rows_of(rules, batch(source, [{"eventName": "stoplogging"}])) == {"r0": [0]}
    assert rows_of(rules, batch(AUTH, [{"eventName": "StopLogging"}])) == {}
