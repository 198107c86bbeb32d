"""The SQL against a plain reading of the language in Python, event by event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.database import connect, migrate
from desktop_app.core.events.terms.compiler import Condition, compile_node, fixed_column, pattern
from desktop_app.core.events.terms.query import (
    And,
    Bound,
    Exists,
    Node,
    Not,
    Or,
    Range,
    Span,
    Value,
    Word,
    parse,
    quoted,
    term,
)
from desktop_app.core.paths import DataFolder
from tests.core.events.made import ACCESS, SECOND, START, Store, batch

WORDS = ["Failed", "password", "ROOT", "10.2", "é", "a\\b", '"', "%", "_", "Straße", "中文", "x y", "\n", "."]
NUMBERS = ["5", "10", "-3", "4.5", "0x1f", "nan", "inf", "", "Ten", "1e3"]

EVENTS: list[dict[str, Any]] = [
    {
        "raw": f"{WORDS[n % 14]} and {WORDS[n * 5 % 14]}" if n % 4 else json.dumps({"m": WORDS[n % 14]}),
        "message": [None, WORDS[n * 3 % 14], f"and {WORDS[n * 5 % 14]}"][n % 3],
        "host": ["A-1", "b-2", None][n % 3],
        "level": ["error", "info", None][n % 3],
        "source": "sshd",
        "time": START + n * SECOND,
        "fields": {
            "user": [*WORDS, None][n % 15],
            "size": [*NUMBERS, None][n % 11],
            **({"Only.Here": "yes"} if n % 7 == 0 else {}),
            **({"host": "field", "time": "12 ms"} if n % 10 == 0 else {}),
        },
    }
    for n in range(120)
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the events in three segments of different columns."""
    folder = DataFolder(Path(tmp_path_factory.mktemp("store")) / "desk")
    migrate(folder)
    store = Store(folder, connect(folder))
    for part in (EVENTS[:50], EVENTS[50:90]):
        store.add(part)
    bare = [{**event, "fields": {"user": event["fields"]["user"]}} for event in EVENTS[90:]]
    EVENTS[90:] = bare
    store.add(batch(bare, ACCESS))
    yield store
    store.events.close()
    store.db.conn.close()


def values(event: dict[str, Any], name: str) -> list[str]:
    """The texts that a field's name stands for in an event."""
    own = [value for key, value in event["fields"].items() if key.lower() == name.lower() and value is not None]
    fixed = fixed_column(name)
    if fixed == "message":
        text = event["message"] if event["message"] is not None else event["raw"]
        return [text, *own]
    return [*([event[fixed]] if fixed in event and event[fixed] is not None else []), *own]


def like(value: str, wanted: str, *, wild: bool, whole: bool) -> bool:
    pieces = [{"*": ".*", "?": "."}.get(char, re.escape(char)) if wild else re.escape(char) for char in wanted]
    match = re.fullmatch if whole else re.search
    return match("".join(pieces), value, re.IGNORECASE | re.DOTALL) is not None


def number(value: str) -> float | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?(e\d+)?", value):
        return None
    return float(value)


def between(value: str, node: Range) -> bool:
    bounds = [bound for bound in (node.low, node.high) if bound is not None]
    numeric = all(number(bound.text) is not None for bound in bounds)
    left: Any = number(value) if numeric else value.lower()
    if left is None:
        return False
    for bound, sign in ((node.low, 1), (node.high, -1)):
        if bound is None:
            continue
        right: Any = number(bound.text) if numeric else bound.text.lower()
        ahead = left > right if sign > 0 else left < right
        if not (ahead or (bound.inclusive and left == right)):
            return False
    return True


def true_of(node: Node, event: dict[str, Any]) -> bool:  # noqa: PLR0911 - one line a kind of node
    match node:
        case And(nodes):
            return all(true_of(one, event) for one in nodes)
        case Or(nodes):
            return any(true_of(one, event) for one in nodes)
        case Not(inner):
            return not true_of(inner, event)
        case Word(wanted, wild):
            spelled = {wanted, json.dumps(wanted)[1:-1], json.dumps(wanted, ensure_ascii=False)[1:-1]}
            found = any(like(event["raw"], one, wild=wild, whole=False) for one in spelled)
            return found or like(event["message"] or event["raw"], wanted, wild=wild, whole=False)
        case Exists(name):
            return bool(values(event, name))
        case Value(name, wanted, wild):
            whole = fixed_column(name) not in {"raw", "message"}
            return any(like(value, wanted, wild=wild, whole=whole) for value in values(event, name))
        case Range(name):
            return any(between(value, node) for value in values(event, name))
        case Span(_, start, end):
            return (start is None or start <= event["time"]) and (end is None or event["time"] < end)


names = st.sampled_from(["user", "USER", "size", "host", "level", "only.here", "message", "raw", "absent", "host.name"])
texts = st.sampled_from([word for word in WORDS + NUMBERS if word])
bounds = st.sampled_from(["5", "4", "10", "-3", "0", "Root", "zz", "info"])


def _range(name: str, low: str, high: str) -> str:
    return f"{name}:[{low} TO {high}]"


terms = (
    texts.map(quoted)
    | st.builds(term, names, texts)
    | names.map(lambda name: f"{name}:*")
    | st.builds(_range, names, bounds | st.just("*"), bounds)
    | st.builds(
        lambda name, sign, bound: f"{name}:{sign}{bound}", names, st.sampled_from(["<", "<=", ">", ">="]), bounds
    )
    | st.sampled_from(["fail*d", "a?b", "*oo*", "user:*o*", "user:?", "raw:*pass*", "message:and", "level:err*"])
    | st.sampled_from(["time:2026-03-01T00:00", "time:>2026-03-01T00:01", "time:[2026-03-01T00:00:10 TO *]"])
)
queries = st.recursive(
    terms,
    lambda inner: (
        st.builds(lambda a, b: f"({a} {b})", inner, inner)
        | st.builds(lambda a, b: f"({a} or {b})", inner, inner)
        | inner.map(lambda a: f"-{a}" if a[0] != "-" else f"NOT {a}")
    ),
    max_leaves=5,
)


@given(queries)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_query_finds_exactly_what_it_says(filled: Store, query: str) -> None:
    node = parse(query).root
    expected = [event["time"] for event in EVENTS if true_of(node, event)]
    assert [row["time"] for row in filled.page(query, limit=200).rows] == expected[::-1]


def columns(_: str) -> tuple[str, ...]:
    return ("a",)


def test_values_become_parameters_and_never_text_of_the_statement() -> None:
    evil = "x' OR 1=1 --"
    for node in (Word(evil), Value("f", evil), Value("f", evil + "*", wild=True), Range("f", Bound(evil), None)):
        condition = compile_node(node, columns)
        assert isinstance(condition, Condition)
        assert "1=1" not in condition.sql
        assert condition.sql.count("?") == len(condition.params)


def test_a_field_that_no_segment_has_is_decided_without_reading() -> None:
    def nothing(_: str) -> tuple[str, ...]:
        return ()

    assert compile_node(parse("a:1").root, nothing) is False
    assert compile_node(parse("-a:1").root, nothing) is True
    assert compile_node(parse("a:1 x").root, nothing) is False
    assert compile_node(parse("-a:* or b:2").root, nothing) is True
    assert compile_node(parse("").root, nothing) is True


def test_what_has_no_other_case_is_looked_for_first(store: Store) -> None:
    clause = compile_node(Word("Facb4ec016a", wild=False), lambda _: ())
    assert isinstance(clause, Condition)
    assert clause.params[0] == "016"
    store.add([{"raw": "id=FACB4EC016A"}, {"raw": "id=facb4ec017a 016"}, {"raw": "at 10.20.4.17:443/TCP"}])
    assert store.raws("Facb4ec016a") == ["id=FACB4EC016A"]
    assert store.raws("10.20.4.17:443/tcp") == ["at 10.20.4.17:443/TCP"]


def test_a_pattern_spells_both_cases_and_escapes_the_rest() -> None:
    assert pattern("aB.*", wild=False) == r"[Aa][Bb]\.\*"
    assert pattern("a*?", wild=True) == "[Aa].*."


@pytest.mark.parametrize("word", ["q" * 9_000, "a\x00b", "((", "[[:alpha:]]", "\\\\\\", "{1,9999}", "(?i)x", "a" * 201])
def test_no_word_breaks_the_engine(filled: Store, word: str) -> None:
    assert filled.raws(quoted(word)) == []
    assert filled.raws(term("user", word)) == []


@pytest.mark.parametrize("word", ["?" * 2_000, "*?" * 500, "x[a*", "{1,*", "\\*\\"])
def test_no_wildcards_break_the_engine(filled: Store, word: str) -> None:
    assert filled.raws(f"user:{word}") == []


def test_json_is_searched_in_its_own_spelling(store: Store) -> None:
    store.add([{"raw": json.dumps({"path": "C:\\Temp", "city": "北京", "said": 'a "b"'})}])
    for query in (r"C:\Temp", "北京", '"a \\"b\\""'):
        assert len(store.raws(query)) == 1


def test_aliases_of_fixed_columns_find_them_and_fields_of_the_name() -> None:
    assert fixed_column("@Timestamp") == "time"
    assert fixed_column("host.name") == "host"
    assert fixed_column("message_at") is None
    assert fixed_column("user.name") is None


def test_words_are_no_numbers_in_a_range(store: Store) -> None:
    store.add([{"raw": value, "fields": {"n": value}} for value in ("nan", "inf", "-inf", "7", "07", "x")])
    assert sorted(store.raws("n:>5")) == ["07", "7"]
    assert sorted(store.raws("n:<10")) == ["-inf", "07", "7"]
    assert store.raws("n:[a TO j]") == ["inf"]


@pytest.mark.parametrize(
    ("network", "found"),
    [
        ("10.20.0.0/16", ["10.20.0.9", "10.20.255.1"]),
        ("10.20.0.0/14", ["10.20.0.9", "10.20.255.1", "10.23.1.1"]),
        ("10.20.0.8/29", ["10.20.0.9"]),
        ("10.20.0.9/16", ["10.20.0.9", "10.20.255.1"]),  # as people write it: an address and how much of it counts
        ("0.0.0.0/0", ["10.20.0.9", "10.20.255.1", "10.23.1.1", "10.24.1.1", "110.20.0.9"]),
        ("10.99.0.0/16", ["10.99.0.0/16"]),  # a value that is such a text itself
        ("10.20.0.0/33", []),
    ],
)
def test_a_network_finds_its_addresses(store: Store, network: str, found: list[str]) -> None:
    every = ["10.20.0.9", "10.20.255.1", "10.23.1.1", "10.24.1.1", "10.99.0.0/16", "110.20.0.9", "10.20.0.9:80", "host"]
    store.add([{"fields": {"source.ip": one}} for one in every])
    page = store.page(f"source.ip:{network}", limit=20)
    assert sorted(one["fields"]["source.ip"] for one in page.rows) == found
    assert len(store.page(f"-source.ip:{network}", limit=20).rows) == len(every) - len(found)
