from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.events.terms.query import (
    And,
    Bound,
    Exists,
    Node,
    Not,
    Or,
    QueryError,
    Range,
    Span,
    Value,
    Word,
    parse,
    quoted,
    term,
)  # fmt: skip


def root(query: str) -> Node:
    return parse(query).root


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", And()),
        ("   ", And()),
        ("*", And()),
        ("failed", Word("failed")),
        ('"failed password"', Word("failed password")),
        ("fail*d", Word("fail*d", wild=True)),
        ('"fail*d"', Word("fail*d")),
        ("a b", And((Word("a"), Word("b")))),
        ("a AND b", And((Word("a"), Word("b")))),
        ("historian or 10.20.4.17", Or((Word("historian"), Word("10.20.4.17")))),
        ("a b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("a (b or c)", And((Word("a"), Or((Word("b"), Word("c")))))),
        ("-a", Not(Word("a"))),
        ("NOT a", Not(Word("a"))),
        ("-NOT a", Word("a")),
        ("-(a b)", Not(And((Word("a"), Word("b"))))),
        ("file not found", And((Word("file"), Word("not"), Word("found")))),
        ("--verbose", Word("--verbose")),
        ("a - b", And((Word("a"), Word("-"), Word("b")))),
        ("ordinary", Word("ordinary")),
        ("user:root", Value("user", "root")),
        ('user:"a b"', Value("user", "a b")),
        ("url.original:/admin*", Value("url.original", "/admin*", wild=True)),
        ('"odd name":x', Value("odd name", "x")),
        ("user:*", Exists("user")),
        ("-user:*", Not(Exists("user"))),
        ("status:>=500", Range("status", Bound("500"), None)),
        ("status:<500", Range("status", None, Bound("500", inclusive=False))),
        ("status:[400 TO 499]", Range("status", Bound("400"), Bound("499"))),
        ("status:[* TO 499]", Range("status", None, Bound("499"))),
        ("status:[* TO *]", Exists("status")),
        ('name:["a b" TO c]', Range("name", Bound("a b"), Bound("c"))),
        ("status:(404 or 500)", Or((Value("status", "404"), Value("status", "500")))),
        ("status:(>=500 -503)", And((Range("status", Bound("500")), Not(Value("status", "503"))))),
    ],
)
def test_the_language(query: str, expected: Node) -> None:
    assert root(query) == expected


@pytest.mark.parametrize(
    "word", ["12:30:05", "http://x/y", r"C:\Windows\system32", "error:", "::1", "00:1a:2b", "std::string",
             "pam_unix(cron:session)", r"\\server\share", "中文", "a=b"],
)  # fmt: skip
def test_words_that_hold_a_colon_or_a_parenthesis_stay_words(word: str) -> None:
    assert root(word) == Word(word)
    assert root(f"({word} or x)") == Or((Word(word), Word("x")))


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("(a", 0), ("a)", 1), ("a (b", 2), ('"open', 0), ('x "open', 2), ("a or", 4), ("or a", 0), ("a or or b", 5),
        ("NOT", 0), ("a AND", 5), ("()", 1), ('""', 0), ("f:[1 2]", 4), ("f:[1 TO 2", 2), ("f:>=", 4), ("f:>=*", 4),
        ("time:noon", 0), ("x time:[2026 TO later]", 7), ('f:"', 2), ("(" * 61 + "a", 60),
    ],
)  # fmt: skip
def test_bad_grammar_is_refused_with_its_position(query: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert caught.value.why is not None


def test_a_time_is_a_span_and_a_comparison_respects_its_precision() -> None:
    hour = 3_600_000_000
    ten = root("time:2026-03-01T10")
    assert isinstance(ten, Span)
    assert (ten.end or 0) - (ten.start or 0) == hour
    assert root("time:>2026-03-01T10") == Span("time", ten.end, None)
    assert root("time:>=2026-03-01T10") == Span("time", ten.start, None)
    assert root("@timestamp:<=2026-03-01T10") == Span("@timestamp", None, ten.end)
    assert root("time:[2026-03-01T10 TO 2026-03-01T10]") == ten


def test_a_field_that_is_merely_called_time_can_be_asked_for_in_quotes() -> None:
    assert root('time:"12 ms"') == Value("time", "12 ms")
    assert root('time:"2026-03-01"') == root("time:2026-03-01")


def test_a_query_without_end_is_refused() -> None:
    with pytest.raises(QueryError):
        parse("a" * 20_001)
    with pytest.raises(QueryError):
        parse("a " * 1_001)


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused_at_a_position_within_it(query: str) -> None:
    assert 0 <= _fault(query) <= len(query)


def _fault(query: str) -> int:
    try:
        parse(query)
    except QueryError as error:
        return error.position
    return 0


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_a_term_for_any_field_and_value_reads_back_as_written(name: str, value: str) -> None:
    assert root(term(name, value)) == Value(name, value)
    assert root(term(name, value, negative=True)) == Not(Value(name, value))
    assert root(term(name, None)) == Not(Exists(name))
    assert root(term(name, None, negative=True)) == Exists(name)


def test_a_lone_surrogate_is_replaced_as_no_database_takes_it() -> None:
    assert root("a\ud800b") == Word("a\ufffdb")


def test_quotes_and_backslashes_are_escaped_in_quotes_only() -> None:
    assert quoted('a"\\b') == '"a\\"\\\\b"'
    assert root(quoted('a"\\b')) == Word('a"\\b')
    assert root('"C:\\new"') == Word("C:\\new")


def test_a_query_names_its_fields() -> None:
    assert parse("a b:1 -c:* or d:(x y)").fields == {"b", "c", "d"}
