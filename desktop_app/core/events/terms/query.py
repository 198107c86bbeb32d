r"""What a person types into the search box, as a tree.

    query  := or            or   := and ("or" and)*            "or" or "OR"
    and    := unary+        with an optional "AND" between
    unary  := ["-" | "NOT"] (group | term)                     group := "(" or ")"
    term   := word | "phrase" | field ":" value                field := name | "any name"
    value  := word | "phrase" | "*" | ("<" | "<=" | ">" | ">=") bound | "[" bound "TO" bound "]" | group of values

Words and phrases are looked for anywhere in the record and its message; a field's value is compared whole. Both
regardless of case. ``*`` (any text) and ``?`` (one character) work outside quotes only; a bound of ``*`` is open.
Inside quotes ``\"`` and ``\\`` stand for a quote and a backslash; outside, a backslash is just that, so that Windows
paths can be typed. ``12:30``, ``http://…``, ``C:\…`` and ``error:`` are words: what stands before the colon is no name.
"""

from __future__ import annotations

import re

from desktop_app.core.errors import UsageError
from desktop_app.core.events.terms.moments import TIME_FIELDS, span
from desktop_app.core.events.terms.nodes import (
    And,
    Bound,
    Exists,
    Node,
    Not,
    Or,
    Query,
    Range,
    Span,
    Value,
    Word,
    fields_of,
)
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text

__all__ = [
    "And", "Bound", "Exists", "Node", "Not", "Or", "Query", "QueryError", "Range", "Span", "Value", "Word",
    "parse", "quoted", "term",
]  # fmt: skip

MAX_LENGTH = 20_000
MAX_DEPTH = 60
MAX_TERMS = 1_000


class QueryError(UsageError):
    """The query's grammar is wrong at ``position`` (in characters, from 0)."""

    def __init__(self, position: int, why: Text) -> None:
        self.position = position
        super().__init__(
            text("The search cannot be understood at character %(position)s.", position=position + 1), why=why
        )


def parse(query: str) -> Query:
    """Read a query; an empty one matches everything. Raises QueryError, which knows the position of the fault."""
    query = query.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if len(query) > MAX_LENGTH:
        raise QueryError(MAX_LENGTH, text("It is longer than %(limit)s characters.", limit=MAX_LENGTH))
    root = _Parser(query).parse()
    return Query(root, frozenset(fields_of(root)))


def term(name: str, value: str | None, *, negative: bool = False) -> str:
    """Return the query term for one value of a field (None: the field is missing), quoted as far as needed."""
    wanted = not negative if value is not None else negative
    shown = "*" if value is None else quoted(value)
    plain = _NAME.fullmatch(name) and name not in _KEYWORDS
    return f"{'' if wanted else '-'}{name if plain else quoted(name)}:{shown}"


def quoted(value: str) -> str:
    """Return the value in quotes, so that nothing in it is special."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_NAME = re.compile(r"[^\W\d][\w.@/-]*|[@.][\w.@/-]+")
_KEYWORDS = frozenset({"or", "OR", "AND", "NOT"})
_SPACE = re.compile(r"\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_COMPARE = re.compile(r"<=|>=|<|>")
_TO = re.compile(r"\s+TO\s+")
_DRIVE_OR_ADDRESS = re.compile(r"//|\\|:")


class _Parser:
    """Recursive descent over the text; ``scope`` is the field whose group of values is being read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.scope = ""

    def parse(self) -> Node:
        self._space()
        if self._done():
            return And()
        root = self._or()
        if not self._done():
            raise QueryError(self.at, text("There is a closing parenthesis without an opening one."))
        return root

    def _done(self) -> bool:
        return self.at >= len(self.source)

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _space(self) -> None:
        found = _SPACE.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def _keyword(self, *words: str) -> bool:
        """Step over one of the words if it stands here on its own."""
        for word in words:
            end = self.at + len(word)
            if self.source.startswith(word, self.at) and (self.source[end : end + 1] or " ") in " \t\r\n()":
                self.at = end
                self._space()
                return True
        return False

    def _or(self) -> Node:
        nodes = [self._and()]
        while self._keyword("or", "OR"):
            nodes.append(self._and())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _and(self) -> Node:
        nodes = [self._unary()]
        while not self._done() and self._peek() != ")":
            before = self.at
            if self._keyword("or", "OR"):
                self.at = before
                break
            self._keyword("AND")
            nodes.append(self._unary())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _unary(self) -> Node:
        start, negations = self.at, 0
        while self._keyword("NOT") or self._minus():
            negations += 1
        node = self._primary(start)
        self._space()
        return Not(node) if negations % 2 else node

    def _minus(self) -> bool:
        following = self.source[self.at + 1 : self.at + 2]
        if self._peek() != "-" or not following or following in "- \t\r\n)":
            return False  # "--verbose" and a dash on its own are text
        self.at += 1
        return True

    def _primary(self, start: int) -> Node:
        if self._done() or self._peek() == ")":
            raise QueryError(start, text("A word is missing here."))
        if self._keyword("or", "OR", "AND"):
            raise QueryError(start, text("A word is missing before this one."))
        if self._peek() == "(":
            return self._group()
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(self.at, text("It has more than %(limit)s terms.", limit=MAX_TERMS))
        return self._scoped() if self.scope else self._term()

    def _group(self) -> Node:
        opened = self.at
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(opened, text("Parentheses are nested deeper than %(limit)s.", limit=MAX_DEPTH))
        self.at += 1
        self._space()
        node = self._or()
        if self._peek() != ")":
            raise QueryError(opened, text("This parenthesis is never closed."))
        self.at += 1
        self.depth -= 1
        return node

    def _term(self) -> Node:
        start = self.at
        name = self._name()
        if name is not None:
            return self._value(name, start)
        if self._peek() == '"':
            return Word(self._phrase())
        word = self._word()
        return And() if word == "*" else Word(word, _wild(word))

    def _scoped(self) -> Node:
        return self._value(self.scope, self.at)

    def _name(self) -> str | None:
        """Step over ``name:`` or ``"name":`` when it stands here and a value follows."""
        if quoted_name := _QUOTED.match(self.source, self.at):
            end, name = quoted_name.end(), _unescape(quoted_name[1])
        elif plain := _NAME.match(self.source, self.at):
            end, name = plain.end(), plain[0]
            if _DRIVE_OR_ADDRESS.match(self.source, end + 1):
                return None
        else:
            return None
        if self.source[end : end + 1] != ":" or (self.source[end + 1 : end + 2] or " ") in " \t\r\n)":
            return None
        self.at = end + 1
        return name

    def _value(self, name: str, start: int) -> Node:
        if self._peek() == "(":
            return self._values(name)
        if self._peek() == "[":
            return self._range(name)
        if compare := _COMPARE.match(self.source, self.at):
            self.at = compare.end()
            return self._compared(name, compare[0])
        if self._peek() == '"':
            return self._equal(name, self._phrase(), start, wild=False)
        word = self._word()
        return Exists(name) if word == "*" else self._equal(name, word, start, wild=_wild(word))

    def _values(self, name: str) -> Node:
        outer, self.scope = self.scope, name
        node = self._group()
        self.scope = outer
        return node

    def _equal(self, name: str, value: str, start: int, *, wild: bool) -> Node:
        if name.lower() not in TIME_FIELDS or wild:
            return Value(name, value, wild)
        if self.source[self.at - 1] == '"' and span(value) is None:
            return Value(name, value)  # a file may have a field of its own that is called time
        first, after = self._span(value, start)
        return Span(name, first, after, value)

    def _span(self, value: str, start: int) -> tuple[Micros, Micros]:
        found = span(value)
        if found is None:
            raise QueryError(
                start, text("%(value)s is not a time such as 2026-03-01 or 2026-03-01T14:30Z.", value=value)
            )
        return found

    def _compared(self, name: str, sign: str) -> Node:
        start = self.at
        value = self._bound()
        if value == "*":
            raise QueryError(start, text("A comparison needs a value, not a wildcard."))
        bound = Bound(value, sign.endswith("="))
        low, high = (bound, None) if sign[0] == ">" else (None, bound)
        return self._between(name, low, high, start)

    def _range(self, name: str) -> Node:
        start = self.at
        self.at += 1
        self._space()
        low = self._open_bound()
        if not (between := _TO.match(self.source, self.at)):
            raise QueryError(self.at, text("A range is written [a TO b]."))
        self.at = between.end()
        high = self._open_bound()
        self._space()
        if self._peek() != "]":
            raise QueryError(start, text("This range is never closed; it is written [a TO b]."))
        self.at += 1
        return self._between(name, low, high, start)

    def _between(self, name: str, low: Bound | None, high: Bound | None, start: int) -> Node:
        if low is None and high is None:
            return Exists(name)
        if name.lower() not in TIME_FIELDS:
            return Range(name, low, high)
        # "after 14:30" begins with the next minute, "up to 14:30" includes it.
        first = None if low is None else self._span(low.text, start)[0 if low.inclusive else 1]
        after = None if high is None else self._span(high.text, start)[1 if high.inclusive else 0]
        return Span(name, first, after)

    def _open_bound(self) -> Bound | None:
        if self.source.startswith("*", self.at):
            self.at += 1
            return None
        return Bound(self._bound())

    def _bound(self) -> str:
        if self._peek() == '"':
            return self._phrase()
        start = self.at
        while not self._done() and self._peek() not in ' \t\r\n()"]':
            self.at += 1
        if self.at == start:
            raise QueryError(start, text("A value is missing here."))
        return self.source[start : self.at]

    def _phrase(self) -> str:
        found = _QUOTED.match(self.source, self.at)
        if not found:
            raise QueryError(self.at, text("This quotation mark is never closed."))
        if not found[1]:
            raise QueryError(self.at, text("There is nothing between these quotation marks."))
        self.at = found.end()
        return _unescape(found[1])

    def _word(self) -> str:
        """Read up to a space, a quote or a parenthesis that was not opened inside the word itself."""
        start, opened = self.at, 0
        while not self._done():
            char = self._peek()
            if char.isspace() or char == '"' or (char == ")" and not opened):
                break
            opened += (char == "(") - (char == ")")
            self.at += 1
        if self.at == start:
            raise QueryError(start, text("A value is missing here."))
        return self.source[start : self.at]


def _unescape(inner: str) -> str:
    return _ESCAPE.sub(r"\1", inner)


def _wild(word: str) -> bool:
    return "*" in word or "?" in word
