"""From the tree of a search to a DuckDB condition with parameters: no value is ever pasted into a statement.

What a segment does not hold is decided here, not by DuckDB: a term about an absent field is simply false, and where
the whole condition turns out true or false, no file need be opened.
"""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.core.events.answers.masks import MASK, literal
from desktop_app.core.events.answers.masks import pattern as masked
from desktop_app.core.events.answers.results import NO_LEVEL
from desktop_app.core.events.layout import FIXED, MESSAGE, fold, quote
from desktop_app.core.events.terms.nodes import And, Exists, Ids, Node, Not, Or, Range, Span, Value, Word

# Column names by the names of ECS and of people; a field of such a name is looked at as well.
ALIASES = {
    "@timestamp": "time", "event.ingested": "ingested", "host.name": "host", "log.level": "level",
    "event.original": "raw", "process.name": "source",
}  # fmt: skip
_NUMBERS = frozenset({"id", "import"})
_TIMES = frozenset({"time", "ingested"})
TEMPLATE = "template"  # no column: the kind of message, as ``masks`` makes it
LONG_WORD = 200  # characters; RE2 refuses patterns that compile to more than a few megabytes


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE condition and its parameters."""

    sql: str
    params: tuple[Any, ...] = ()


Clause = Condition | bool
# Returns the columns of the segments at hand in which a field, asked for in any case, may lie.
Columns = Callable[[str], Sequence[str]]


def fixed_column(name: str) -> str | None:
    """Return the fixed column that a name means, or None when it is a field."""
    wanted = ALIASES.get(fold(name), fold(name))
    return wanted if wanted in FIXED and wanted != "message_at" else None


def expression(column: str) -> str:
    """Return the SQL that reads a column as text."""
    if column == "message":
        return MESSAGE
    if column in _NUMBERS or column in _TIMES:
        return f"{quote(column)}::VARCHAR"
    return quote(column)


def compile_node(node: Node, columns: Columns) -> Clause:
    """Return the condition, or True or False where it does not depend on the event.

    The condition may also be NULL, which counts as false; ``Not`` takes care of it, so missing fields stay two-valued.
    """
    if isinstance(node, And):
        return _all(compile_node(one, columns) for one in node.nodes)
    if isinstance(node, Or):
        return _any(compile_node(one, columns) for one in node.nodes)
    if isinstance(node, Not):
        return _negated(compile_node(node.node, columns))
    return _leaf(node, columns)


def _leaf(node: Ids | Word | Value | Exists | Range | Span, columns: Columns) -> Clause:
    if isinstance(node, Word):
        return _word(node)
    if isinstance(node, Ids):
        # A list in the statement (of whole numbers of our own) skips row groups, a list parameter does not.
        return Condition(f"id IN ({', '.join(map(str, sorted(node.ids)))})") if node.ids else False
    if isinstance(node, Value) and fold(node.field) == TEMPLATE and not columns(node.field):
        return _templated(node.text)
    return _any(_term(node, column) for column in columns(node.field))


def both(*clauses: Clause) -> Clause:
    """Return what is true where all clauses are."""
    return _all(clauses)


def _all(clauses: Iterable[Clause]) -> Clause:
    return _joined(clauses, " AND ", neutral=True)


def _any(clauses: Iterable[Clause]) -> Clause:
    return _joined(clauses, " OR ", neutral=False)


def _joined(clauses: Iterable[Clause], word: str, *, neutral: bool) -> Clause:
    kept: list[Condition] = []
    for clause in clauses:
        if isinstance(clause, Condition):
            kept.append(clause)
        elif clause is not neutral:
            return clause
    if not kept:
        return neutral
    if len(kept) == 1:
        return kept[0]
    params = tuple(param for one in kept for param in one.params)
    return Condition("(" + word.join(one.sql for one in kept) + ")", params)


def _negated(clause: Clause) -> Clause:
    return Condition(f"({clause.sql}) IS NOT TRUE", clause.params) if isinstance(clause, Condition) else not clause


def _word(node: Word) -> Clause:
    searched = [_contains("raw", node.text, wild=node.wild), _contains("message", node.text, wild=node.wild)]
    # A record kept as JSON holds a backslash, a quote or a Chinese character in JSON's spelling.
    searched += [_contains("raw", spelled, wild=node.wild) for spelled in json_spellings(node.text)]
    return _any(searched)


def json_spellings(value: str) -> list[str]:
    """Return how a text stands in a record that is JSON, where that differs from the text."""
    spelled = {json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True)}
    return sorted(spelled - {value})


_CASELESS = re.compile(r"[0-9.:/_-]{3,}")


def _contains(target: str, value: str, *, wild: bool) -> Condition:
    if not wild and not _cased(value):
        return Condition(f"contains({target}, ?)", (value,))
    if not wild and len(value) > LONG_WORD:
        return Condition(f"contains(lower({target}), lower(?))", (value,))
    exact = Condition(f"regexp_matches({target}, ?, 's')", (pattern(value, wild=wild),))
    # Looking first for what has no other case (a number in an identifier) is a fifth quicker.
    piece = "" if wild else max(_CASELESS.findall(value), key=len, default="")
    return Condition(f"(contains({target}, ?) AND {exact.sql})", (piece, *exact.params)) if piece else exact


def _templated(template: str) -> Condition:
    exact = Condition(f"regexp_full_match({MASK}, ?, 's')", (masked(template),))
    # Looking for a piece of it first is ten times as fast as making the mask of every message.
    piece = literal(template)
    return Condition(f"(contains({MESSAGE}, ?) AND {exact.sql})", (piece, *exact.params)) if piece else exact


def _cased(value: str) -> bool:
    return value.lower() != value or value.upper() != value


def pattern(value: str, *, wild: bool) -> str:
    """Return the regular expression for a text in any case. Spelling out both cases is twice as fast as flag i."""
    return "".join(_WILDCARDS[char] if wild and char in _WILDCARDS else _either_case(char) for char in value)


_WILDCARDS = {"*": ".*", "?": "."}


def _either_case(char: str) -> str:
    cases = {one for one in (char, char.lower(), char.upper()) if len(one) == 1}
    return re.escape(char) if len(cases) == 1 else "[" + "".join(sorted(cases)) + "]"


def _term(node: Value | Exists | Range | Span, column: str) -> Clause:
    if isinstance(node, Exists):
        return _exists(column)
    if isinstance(node, Value):
        return _equal(node, column)
    if isinstance(node, Span):
        # A field that merely has the name of a time holds text: it can be equal to what was typed, but not later.
        return _within(node, column) if column in _TIMES else _equal(Value(node.field, node.text), column)
    return False if column in _TIMES else _between(node, column)


def _exists(column: str) -> Clause:
    # Every event has these; message falls back to raw.
    return True if column in {*_NUMBERS, *_TIMES, "message", "raw"} else Condition(f"{quote(column)} IS NOT NULL")


def _equal(node: Value, column: str) -> Clause:
    if column == "level" and node.text.lower() == NO_LEVEL:
        return Condition("level IS NULL")
    target = expression(column)
    if column in {"raw", "message"}:
        return _contains(target, node.text, wild=node.wild)
    if node.wild:
        return Condition(f"regexp_full_match({target}, ?, 's')", (pattern(node.text, wild=True),))
    if column in _NUMBERS:
        return Condition(f"{quote(column)} = TRY_CAST(? AS BIGINT)", (node.text,))
    if not _cased(node.text):
        same = Condition(f"{target} = ?", (node.text,))
        inside = _addresses(node.text)
        return _any([same, Condition(f"regexp_full_match({target}, ?)", (inside,))]) if inside else same
    return Condition(f"lower({target}) = lower(?)", (node.text,))


def _addresses(network: str) -> str | None:
    """Return the pattern of all addresses of an IPv4 network such as ``10.20.0.0/14``; None for any other text."""
    try:
        found = ipaddress.IPv4Network(network, strict=False) if "/" in network else None
    except ValueError:
        return None
    if found is None:
        return None
    ends = zip(found.network_address.packed, found.broadcast_address.packed, strict=True)
    return r"\.".join(_octet(low, high) for low, high in ends)


def _octet(low: int, high: int) -> str:
    return "[0-9]{1,3}" if high - low == 255 else "(?:" + "|".join(map(str, range(low, high + 1))) + ")"


def _within(node: Span, column: str) -> Clause:
    return both(
        *(
            Condition(f"{quote(column)} {sign} make_timestamp(?::BIGINT)", (bound,))
            for sign, bound in ((">=", node.start), ("<", node.end))
            if bound is not None
        )
    )


def _between(node: Range, column: str) -> Clause:
    bounds = [(sign, bound) for sign, bound in ((">", node.low), ("<", node.high)) if bound is not None]
    numbers = [_number(bound.text) for _, bound in bounds]
    if None in numbers:
        left, right = f"lower({expression(column)})", "lower(?)"
        values: list[Any] = [bound.text for _, bound in bounds]
    else:
        left, right, values = f"TRY_CAST({expression(column)} AS DOUBLE)", "?", list(numbers)
    compared = [
        Condition(f"{left} {sign}{'=' if bound.inclusive else ''} {right}", (wanted,))
        for (sign, bound), wanted in zip(bounds, values, strict=True)
    ]
    if None not in numbers and node.high is None:
        # "nan" and "inf" are numbers to DuckDB, and above all others; in a log they are words.
        compared.append(Condition(f"{left} < 'infinity'::DOUBLE"))
    return both(*compared)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in value else None
