"""A plain evaluator of the Sigma specification over one event, for tests: slow, obvious, and nothing of the matcher.

It reads the rule as YAML data. Source: the Sigma specification, "Sigma Rules" and "Sigma Modifiers", version 2.
"""

from __future__ import annotations

import base64
import fnmatch
import functools
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

Event = Mapping[str, str]
KEYWORDS = "*"
DASHES = ("-", "/", "\u2013", "\u2014", "\u2015")


def matches(rule: Mapping[str, Any], event: Event, texts: list[str] | None = None) -> bool:
    """Say whether a rule's detection holds of an event (log sources aside); ``texts``: what keywords look through."""
    lower = {name.lower(): value for name, value in event.items()}
    detection = dict(rule["detection"])
    conditions = detection.pop("condition")
    found = {name: lambda one=one: _selection(one, lower, texts or []) for name, one in detection.items()}
    return any(_Condition(one, found).read() for one in (conditions if isinstance(conditions, list) else [conditions]))


class _Condition:
    """Recursive descent over ``not``, ``and``, ``or``, ``1 of``, ``all of`` and parentheses."""

    def __init__(self, text: str, found: Mapping[str, Callable[[], bool]]) -> None:
        self._words = re.findall(r"[()]|[^\s()]+", text)
        self._found = found

    def read(self) -> bool:
        value = self._or()
        assert not self._words
        return value

    def _or(self) -> bool:
        value = self._and()
        while self._words and self._words[0].lower() == "or":
            self._words.pop(0)
            right = self._and()
            value = value or right
        return value

    def _and(self) -> bool:
        value = self._not()
        while self._words and self._words[0].lower() == "and":
            self._words.pop(0)
            right = self._not()
            value = value and right
        return value

    def _not(self) -> bool:
        if self._words[0].lower() == "not":
            self._words.pop(0)
            return not self._not()
        word = self._words.pop(0)
        if word == "(":
            value = self._or()
            assert self._words.pop(0) == ")"
            return value
        if word in ("1", "all", "any") and self._words and self._words[0] == "of":
            self._words.pop(0)
            return self._of(word, self._words.pop(0))
        return self._found[word]()

    def _of(self, quantity: str, pattern: str) -> bool:
        names = [
            name
            for name in self._found
            if (pattern == "them" and not name.startswith("_")) or fnmatch.fnmatchcase(name, pattern)
        ]
        values = [self._found[name]() for name in names]
        return all(values) if quantity == "all" else any(values)


def _selection(definition: Any, event: Event, texts: list[str]) -> bool:
    if isinstance(definition, dict):
        return all(_item(key, value, event, texts) for key, value in definition.items())
    if isinstance(definition, list):
        return any(_selection(one, event, texts) for one in definition)
    return _item(KEYWORDS, definition, event, texts)


def _item(key: str, values: Any, event: Event, texts: list[str]) -> bool:
    field, *modifiers = key.split("|")
    listed = values if isinstance(values, list) else [values]
    if not listed:
        return field.lower() not in event
    results = [_value(field.lower() or KEYWORDS, modifiers, one, event, texts) for one in listed]
    return all(results) if "all" in modifiers else any(results)


def _value(field: str, modifiers: list[str], value: Any, event: Event, texts: list[str]) -> bool:
    if field == KEYWORDS:
        wide = modifiers if "re" in modifiers else [*modifiers, "contains"]
        return any(_holds(wide, value, text) for text in texts)
    actual = event.get(field)
    if "exists" in modifiers:
        return (actual is not None) == value
    if value is None:
        return actual is None
    if actual is None:
        return False
    if "fieldref" in modifiers:
        other = event.get(value.lower())
        return other is not None and _text(modifiers, [other], actual, literal=True)
    return _holds(modifiers, value, actual)


def _holds(modifiers: list[str], value: Any, actual: str) -> bool:
    for name in modifiers:
        if name in ("lt", "lte", "gt", "gte"):
            return _compare(name, float(value), actual)
    if "cidr" in modifiers:
        return _inside(value, actual)
    if "re" in modifiers:
        flags = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
        chosen = sum(int(flag) for name, flag in flags.items() if name in modifiers)
        return re.search(value, actual, chosen) is not None
    if isinstance(value, bool):
        return actual.lower() in (("true", "1") if value else ("false", "0"))
    return _text(modifiers, _expanded(modifiers, str(value)), actual)


def _compare(name: str, limit: float, actual: str) -> bool:
    try:
        number = float(actual)
    except ValueError:
        return False
    return {"lt": number < limit, "lte": number <= limit, "gt": number > limit, "gte": number >= limit}[name]


def _inside(network: str, actual: str) -> bool:
    try:
        address = ipaddress.ip_address(actual.strip("[]"))
    except ValueError:
        return False
    wanted = ipaddress.ip_network(network)
    if address.version == 6 and address.ipv4_mapped and wanted.version == 4:
        address = address.ipv4_mapped
    return address in wanted


def _expanded(modifiers: list[str], value: str) -> list[str]:
    if "wide" in modifiers or "utf16le" in modifiers:
        value = value.encode("utf-16le").decode("latin-1")
    if "base64" in modifiers:
        return [base64.b64encode(value.encode("utf-8")).decode()]
    if "base64offset" in modifiers:
        return [_offset(value.encode("utf-8"), shift) for shift in range(3)]
    if "windash" in modifiers:
        found = [match.start() for match in re.finditer(r"\B[-/]\b", value)]
        spellings = [value]
        for place in found:
            spellings = [one[:place] + dash + one[place + 1 :] for one in spellings for dash in DASHES]
        return spellings
    return [value]


def _offset(data: bytes, shift: int) -> str:
    """Encode data that begins ``shift`` bytes into a group of three, without the characters that neighbours touch."""
    encoded = base64.b64encode(b" " * shift + data).decode()
    return encoded[(0, 2, 3)[shift] : (None, -3, -2)[(len(data) + shift) % 3]]


def _text(modifiers: list[str], wanted: list[str], actual: str, *, literal: bool = False) -> bool:
    subject = actual if "cased" in modifiers else actual.lower()
    before = "contains" in modifiers or "endswith" in modifiers
    after = "contains" in modifiers or "startswith" in modifiers
    for one in wanted:
        parts = (one,) if literal else _parts(one)
        if "cased" not in modifiers:
            parts = tuple(part.lower() for part in parts)
        if _fits(parts, subject, before=before, after=after):
            return True
    return False


def _fits(parts: tuple[str, ...], subject: str, *, before: bool, after: bool) -> bool:
    if len(parts) <= 1 and not set(parts) & set(WILD):
        literal = "".join(parts)
        if before and after:
            return literal in subject
        return subject.endswith(literal) if before else subject.startswith(literal) if after else subject == literal
    return _expression(parts, before, after).fullmatch(subject) is not None


@functools.lru_cache(maxsize=100_000)
def _expression(parts: tuple[str, ...], before: bool, after: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache's key
    inner = "".join({MANY: ".*", ONE: "."}.get(part, re.escape(part)) for part in parts)
    return re.compile(f"{'.*' if before else ''}{inner}{'.*' if after else ''}", re.DOTALL)


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
