"""A plain evaluator of the Sigma specification over one event, for tests: obvious, and nothing of the matcher.

It reads the rule as YAML data and turns each part into a function of an event, so that all rules of the world can be
asked about all events of a collection. Source: the Sigma specification, "Sigma Rules" and "Sigma Modifiers", version 2.
"""

from __future__ import annotations

import base64
import datetime as dt
import fnmatch
import functools
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, str]  # names in lower case
Texts = list[str]
Holds = Callable[[Event, Texts], bool]
Fits = Callable[[str], bool]  # over one value
DASHES = ("-", "/", "\u2013", "\u2014", "\u2015")
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda one, limit: one < limit,
    "lte": lambda one, limit: one <= limit,
    "gt": lambda one, limit: one > limit,
    "gte": lambda one, limit: one >= limit,
}
PARTS: Mapping[str, Callable[[dt.datetime], int]] = {
    "minute": lambda time: time.minute,
    "hour": lambda time: time.hour,
    "day": lambda time: time.day,
    "week": lambda time: time.isocalendar()[1],
    "month": lambda time: time.month,
    "year": lambda time: time.year,
}
FLAGS = {
    "i": re.IGNORECASE, "ignorecase": re.IGNORECASE, "m": re.MULTILINE, "multiline": re.MULTILINE, "s": re.DOTALL,
    "dotall": re.DOTALL,
}  # fmt: skip


def matches(rule: Mapping[str, Any], event: Event, texts: Texts | None = None) -> bool:
    """Say whether a rule's detection holds of an event (log sources aside); ``texts``: what keywords look through."""
    return reading(rule)({name.lower(): value for name, value in event.items()}, texts or [])


def reading(rule: Mapping[str, Any]) -> Holds:
    """Return the rule as a function of an event, whose names are in lower case."""
    detection = dict(rule["detection"])
    conditions = detection.pop("condition")
    found = {name: _selection(one) for name, one in detection.items()}
    whole = [_Condition(one, found).read() for one in (conditions if isinstance(conditions, list) else [conditions])]
    return _any(whole)


def _any(parts: list[Holds]) -> Holds:
    return parts[0] if len(parts) == 1 else lambda event, texts: any(part(event, texts) for part in parts)


def _all(parts: list[Holds]) -> Holds:
    return parts[0] if len(parts) == 1 else lambda event, texts: all(part(event, texts) for part in parts)


def _not(part: Holds) -> Holds:
    return lambda event, texts: not part(event, texts)


class _Condition:
    """Recursive descent over ``not``, ``and``, ``or``, ``1 of``, ``all of`` and parentheses."""

    def __init__(self, text: str, found: Mapping[str, Holds]) -> None:
        self._words = re.findall(r"[()]|[^\s()]+", text)
        self._found = found

    def read(self) -> Holds:
        value = self._or()
        assert not self._words
        return value

    def _or(self) -> Holds:
        parts = [self._and()]
        while self._words and self._words[0].lower() == "or":
            self._words.pop(0)
            parts.append(self._and())
        return _any(parts)

    def _and(self) -> Holds:
        parts = [self._one()]
        while self._words and self._words[0].lower() == "and":
            self._words.pop(0)
            parts.append(self._one())
        return _all(parts)

    def _one(self) -> Holds:
        word = self._words.pop(0)
        if word.lower() == "not":
            return _not(self._one())
        if word == "(":
            value = self._or()
            assert self._words.pop(0) == ")"
            return value
        if word in ("1", "all", "any") and self._words and self._words[0] == "of":
            self._words.pop(0)
            return self._of(word, self._words.pop(0))
        return self._found[word]

    def _of(self, quantity: str, pattern: str) -> Holds:
        wanted = [
            one
            for name, one in self._found.items()
            if (pattern == "them" and not name.startswith("_")) or fnmatch.fnmatchcase(name, pattern)
        ]
        return _all(wanted) if quantity == "all" else _any(wanted)


def _selection(definition: Any) -> Holds:
    if isinstance(definition, dict):
        return _all([_item(key, value) for key, value in definition.items()])
    if isinstance(definition, list):
        return _any([_selection(one) for one in definition])
    return _item("", definition)


def _item(key: str, values: Any) -> Holds:
    name, *modifiers = key.split("|")
    field = name.lower()
    listed = values if isinstance(values, list) else [values]
    if not listed:
        return lambda event, _: field not in event
    results = [_value(field, [one for one in modifiers if one != "neq"], one) for one in listed]
    whole = _all(results) if "all" in modifiers else _any(results)
    return _not(whole) if "neq" in modifiers else whole


def _value(field: str, modifiers: list[str], value: Any) -> Holds:
    if not field:
        found = _fits(modifiers if "re" in modifiers else [*modifiers, "contains"], value)
        return lambda _, texts: any(found(text) for text in texts)
    if "exists" in modifiers:
        return lambda event, _: (field in event) == value
    if value is None:
        return lambda event, _: field not in event
    if "fieldref" in modifiers:
        return _reference(field, modifiers, value.lower())
    fits = _fits(modifiers, value)

    def holds(event: Event, _: Texts) -> bool:
        actual = event.get(field)
        return actual is not None and fits(actual)

    return holds


def _reference(field: str, modifiers: list[str], other: str) -> Holds:
    def holds(event: Event, _: Texts) -> bool:
        if field not in event or other not in event:
            return False
        return _text(modifiers, [(event[other],)])(event[field])

    return holds


def _fits(modifiers: list[str], value: Any) -> Fits:
    for name in modifiers:
        if name in COMPARISONS:
            return _compare(COMPARISONS[name], float(value))
        if name in PARTS:
            return _time(PARTS[name], int(value))
    if "cidr" in modifiers:
        return _inside(value)
    if "re" in modifiers:
        chosen = sum(int(FLAGS[name]) for name in modifiers if name in FLAGS)
        pattern = re.compile(value, chosen)
        return lambda actual: pattern.search(actual) is not None
    if isinstance(value, bool):
        return lambda actual: actual.lower() in (("true", "1") if value else ("false", "0"))
    return _text(modifiers, [_parts(one) for one in _expanded(modifiers, str(value))])


def _compare(compare: Callable[[float, float], bool], limit: float) -> Fits:
    def fits(actual: str) -> bool:
        try:
            return compare(float(actual), limit)
        except ValueError:
            return False

    return fits


def _time(part: Callable[[dt.datetime], int], number: int) -> Fits:
    def fits(actual: str) -> bool:
        try:
            return part(dt.datetime.fromisoformat(actual)) == number
        except ValueError:
            return False

    return fits


def _inside(network: str) -> Fits:
    wanted = ipaddress.ip_network(network)

    def fits(actual: str) -> bool:
        try:
            address = ipaddress.ip_address(actual.strip("[]"))
        except ValueError:
            return False
        if address.version == 6 and address.ipv4_mapped and wanted.version == 4:
            address = address.ipv4_mapped
        return address in wanted

    return fits


def _expanded(modifiers: list[str], value: str) -> list[str]:
    """Apply the modifiers that change a value, in the order in which they are written."""
    found = [value]
    for name in modifiers:
        found = [new for one in found for new in _changed(name, one)]
    return found


def _changed(name: str, value: str) -> list[str]:
    change = CHANGES.get(name)
    return change(value) if change else [value]


def _dashes(value: str) -> list[str]:
    spellings = [value]
    for place in [match.start() for match in re.finditer(r"\B[-/]\b", value)]:
        spellings = [one[:place] + dash + one[place + 1 :] for one in spellings for dash in DASHES]
    return spellings


def _offset(data: bytes, shift: int) -> str:
    """Encode data that begins ``shift`` bytes into a group of three, without the characters that neighbours touch."""
    encoded = base64.b64encode(b" " * shift + data).decode()
    return encoded[(0, 2, 3)[shift] : (None, -3, -2)[(len(data) + shift) % 3]]


CHANGES: Mapping[str, Callable[[str], list[str]]] = {
    "wide": lambda value: [value.encode("utf-16le").decode("latin-1")],
    "utf16be": lambda value: [value.encode("utf-16be").decode("latin-1")],
    "utf16": lambda value: ["\ufeff" + value.encode("utf-16le").decode("latin-1")],
    "base64": lambda value: [base64.b64encode(value.encode("utf-8")).decode()],
    "base64offset": lambda value: [_offset(value.encode("utf-8"), shift) for shift in range(3)],
    "windash": _dashes,
}


def _text(modifiers: list[str], wanted: list[tuple[str, ...]]) -> Fits:
    """Compare text, without case unless ``cased``; a wanted value is cut at its wildcards."""
    cased = "cased" in modifiers
    before = "contains" in modifiers or "endswith" in modifiers
    after = "contains" in modifiers or "startswith" in modifiers
    tests = [_shape(parts if cased else tuple(one.lower() for one in parts), before, after) for parts in wanted]

    def fits(actual: str) -> bool:
        subject = actual if cased else actual.lower()
        return any(test(subject) for test in tests)

    return fits


@functools.lru_cache(maxsize=200_000)
def _shape(parts: tuple[str, ...], before: bool, after: bool) -> Fits:  # noqa: FBT001 - a cache's key
    if set(parts) & set(WILD):
        inner = "".join({MANY: ".*", ONE: "."}.get(part, re.escape(part)) for part in parts)
        pattern = re.compile(f"{'.*' if before else ''}{inner}{'.*' if after else ''}", re.DOTALL)
        return lambda subject: pattern.fullmatch(subject) is not None
    literal = "".join(parts)
    if before and after:
        return lambda subject: literal in subject
    if before:
        return lambda subject: subject.endswith(literal)
    if after:
        return lambda subject: subject.startswith(literal)
    return lambda subject: subject == literal


MANY, ONE = "\0*", "\0?"
WILD = (MANY, ONE)


@functools.lru_cache(maxsize=100_000)
def _parts(value: str) -> tuple[str, ...]:
    """Cut a value at Sigma's wildcards: a backslash escapes ``*``, ``?`` and itself, else it is a letter."""
    parts, text, index = [], "", 0
    while index < len(value):
        character = value[index]
        if character == "\\" and value[index + 1 : index + 2] in ("*", "?", "\\") and index + 1 < len(value):
            text += value[index + 1]
            index += 2
            continue
        if character in "*?":
            parts += [text, MANY if character == "*" else ONE]
            text = ""
        else:
            text += character
        index += 1
    return tuple(part for part in [*parts, text] if part)
