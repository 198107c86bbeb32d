r"""What a person asks about a whole result instead of its rows: ``count, p95 duration by host, url.path every 5m``.

    question := measure ("," measure)* ["by" name ("," name)*] ["every" length] ["top" number]
    measure  := "count" [name] | ("distinct" | "sum" | "min" | "max" | "avg" | "median" | "p1" … "p99") name
                | "first" | "last"
    name     := word | "quoted"          a name "time" after "by" is "every" with a length that suits the result
    length   := number ("ms" | "s" | "m" | "h" | "d" | "w")

``count name`` counts the events that have the field; ``first`` and ``last`` are times. Names are fields in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from desktop_app.core.errors import UsageError
from desktop_app.core.events.layout import fold
from desktop_app.core.events.terms.compiler import fixed_column
from desktop_app.core.events.terms.query import quoted
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text

MAX_LENGTH = 1_000
MAX_MEASURES = 5
MAX_NAMES = 3
MOST_GROUPS = 1_000
GROUPS = 50
NUMERIC = ("sum", "min", "max", "avg", "median")
FUNCTIONS = ("count", "distinct", *NUMERIC, "first", "last")
_PERCENTILE = re.compile(r"p([1-9]\d?)\Z")
_LENGTH = re.compile(r"(\d{1,6})(ms|s|m|h|d|w)\Z")
_UNITS = {"ms": 1_000, "s": 10**6, "m": 60 * 10**6, "h": 3_600 * 10**6, "d": 86_400 * 10**6, "w": 604_800 * 10**6}
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(,)|([^\s,"]+)')
_PLAIN = re.compile(r"[^\s,\"]+\Z")
_KEYWORDS = frozenset({"by", "every", "top"})

Kind = Literal["count", "number", "time"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number to work out; ``field`` is empty for those that look at no field."""

    function: str
    field: str = ""

    @property
    def words(self) -> str:
        """The measure as it is written."""
        return f"{self.function} {_name(self.field)}" if self.field else self.function

    @property
    def percentile(self) -> float | None:
        """Which share of the values lies below, for a percentile."""
        found = _PERCENTILE.match(self.function)
        return 0.5 if self.function == "median" else int(found[1]) / 100 if found else None

    @property
    def kind(self) -> Kind:
        """What the answer is: how many, a number as the logs hold it, or a moment in µs UTC."""
        if self.function in {"first", "last"}:
            return "time"
        if self.function in {"count", "distinct"}:
            return "count"
        return "time" if fixed_column(self.field) in {"time", "ingested"} and self.function != "sum" else "number"


@dataclass(frozen=True, slots=True)
class Question:
    """Measures by the values of fields and by time. ``every``: µs of a span, 0 for one that suits, None for no time."""

    measures: tuple[Measure, ...] = (Measure("count"),)
    by: tuple[str, ...] = ()
    every: Micros | None = None
    top: int = GROUPS

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that must be read."""
        return tuple(dict.fromkeys((*self.by, *(one.field for one in self.measures if one.field))))

    @property
    def words(self) -> str:
        """The question as it is written; ``parse`` reads it back."""
        said = ", ".join(one.words for one in self.measures)
        said += f" by {', '.join(_name(one) for one in self.by)}" if self.by else ""
        if self.every == 0:
            said += ", time" if self.by else " by time"
        elif self.every:
            said += f" every {_length(self.every)}"
        return said + (f" top {self.top}" if self.top != GROUPS else "")


def _name(field: str) -> str:
    plain = _PLAIN.match(field) and fold(field) not in {*_KEYWORDS, "time"}
    return field if plain else quoted(field)


def _length(every: Micros) -> str:
    unit = next(name for name in ("w", "d", "h", "m", "s", "ms") if every % _UNITS[name] == 0 or name == "ms")
    return f"{every // _UNITS[unit]}{unit}"


def parse(words: str) -> Question:
    """Read a question. Raises UsageError with what is wrong and how it is written."""
    if len(words) > MAX_LENGTH:
        raise _wrong(text("It is longer than %(limit)s characters.", limit=MAX_LENGTH))
    return _Reader(words).read()


def _wrong(why: Text) -> UsageError:
    return UsageError(
        text("This cannot be counted."),
        why=why,
        fix=text("Write it like: count by source.ip every 1h, or p95 duration by host."),
    )


class _Reader:
    """Reads the words from left to right."""

    def __init__(self, words: str) -> None:
        # A quoted name keeps its quote in front, so that it is no keyword and no comma.
        self.tokens = ['"' + re.sub(r"\\(.)", r"\1", one[1]) if one[0].startswith('"') else one[0]
                       for one in _TOKEN.finditer(words)]  # fmt: skip
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def comma(self) -> bool:
        if self.peek() != ",":
            return False
        self.at += 1
        return True

    def keyword(self, word: str) -> bool:
        if self.peek().lower() != word:
            return False
        self.at += 1
        return True

    def name(self) -> str:
        token = self.take()
        if token in {"", ",", '"'} or token.lower() in _KEYWORDS:
            raise _wrong(text("The name of a field is missing."))
        return token

    def read(self) -> Question:
        measures = [self.measure()]
        while self.comma():
            measures.append(self.measure())
        by, every = self.groups() if self.keyword("by") else ((), None)
        if self.keyword("every"):
            every = self.length()
        top = self.number() if self.keyword("top") else GROUPS
        if self.peek():
            raise _wrong(text("This word is not understood: %(word)s", word=self.peek()[:60]))
        if len(measures) > MAX_MEASURES or len(by) > MAX_NAMES:
            raise _wrong(text("It asks for more than %(measures)s numbers or %(fields)s fields at once.",
                              measures=MAX_MEASURES, fields=MAX_NAMES))  # fmt: skip
        return Question(tuple(measures), by, every, top)

    def measure(self) -> Measure:
        function = self.take().lower()
        if function not in FUNCTIONS and not _PERCENTILE.match(function):
            raise _wrong(text("This is nothing that can be worked out: %(word)s", word=function.strip('"')[:60]))
        if function in {"first", "last"}:
            return Measure(function)
        if function == "count" and self.peek().lower() in {"", ",", *_KEYWORDS}:
            return Measure(function)
        return Measure(function, self.name().removeprefix('"'))

    def groups(self) -> tuple[tuple[str, ...], Micros | None]:
        names: list[str] = []
        every = None
        while True:
            token = self.name()
            if token.lower() == "time":
                every = 0
            elif token.removeprefix('"') not in names:
                names.append(token.removeprefix('"'))
            if not self.comma():
                return tuple(names), every

    def length(self) -> Micros:
        found = _LENGTH.match(self.take())
        if found is None or int(found[1]) == 0:
            raise _wrong(text("After “every” comes a length of time such as 30s, 5m, 1h or 1d."))
        return int(found[1]) * _UNITS[found[2]]

    def number(self) -> int:
        token = self.take()
        if not (token.isascii() and token.isdigit() and 0 < int(token) <= MOST_GROUPS):
            raise _wrong(text("After “top” comes a number from 1 to %(most)s.", most=MOST_GROUPS))
        return int(token)
