"""A rule's condition in words, English and Chinese: for people who do not read YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from desktop_app.core.rules.messages_conditions import PHRASES
from desktop_app.core.sigma.tree import KEYWORDS, Node

Language = Literal["en", "zh"]

MAX_LISTED = 6
MAX_VALUE = 80
MAX_DEPTH = 6

_TESTS = {"gte": "gte", "gt": "gt_n", "lte": "lte", "lt": "lt_n", "eq": "eq_n", "neq": "neq"}
_HAN = "[\u4e00-\u9fff]"
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"))


def _quoted(value: object) -> str:
    shown = str(value)
    return "“" + (shown if len(shown) <= MAX_VALUE else shown[: MAX_VALUE - 1] + "…") + "”"


class _Words:
    def __init__(self, language: Language) -> None:
        self._phrases = PHRASES[language]
        self._language = language

    def say(self, name: str, **values: object) -> str:
        return self._phrases[name].format(**values)

    def atom(self, node: Node) -> str:
        _, field, kind, argument, _ = node
        value = argument[0] if isinstance(argument, list) else argument
        if kind == "wi":
            value = _wildcards(value)
        if kind == "tp":
            return self.say("tp", field=field, value=argument[0]) + f" = {argument[1]}"
        if field == KEYWORDS:
            return self.say("keyword_re" if kind == "re" else "keyword", value=_quoted(value).replace("*", ""))
        return self.say(kind, field=field, value=value if kind == "fr" else _quoted(value))

    def tree(self, node: Node, depth: int = 0) -> str:
        if isinstance(node, bool):
            return self.say("always" if node else "never")
        if node[0] == "a":
            return self.atom(node)
        if node[0] == "!":
            inner = node[1]
            if inner[0] == "a" and inner[2] == "ex":
                return self.say("absent", field=inner[1])
            return self.say("not", one=self.tree(inner, depth + 1))
        if depth >= MAX_DEPTH:
            return self.say("nested")
        return self._joined(node, depth)

    def _joined(self, node: Node, depth: int) -> str:
        sign, children = node
        same = {(one[1], one[2]) for one in children if one[0] == "a"}
        if sign == "|" and len(same) == 1 and all(one[0] == "a" for one in children) and len(children) > 1:
            return self._one_of(children)
        parts = [self.tree(one, depth + 1) for one in children[:MAX_LISTED]]
        parts = [
            self.say("both", one=one) if child[0] in "&|" else one for one, child in zip(parts, children, strict=False)
        ]
        if len(children) > MAX_LISTED:
            parts.append(self.say("more", number=len(children) - MAX_LISTED))
        return self._phrases["and" if sign == "&" else "or"].join(parts)

    def _one_of(self, children: list[Node]) -> str:
        """Say ``field contains one of a, b`` instead of repeating the field."""
        _, field, kind, _, _ = children[0]
        arguments = [one[3][0] if isinstance(one[3], list) else one[3] for one in children]
        values = [_quoted(_wildcards(one) if kind == "wi" else one) for one in arguments[:MAX_LISTED]]
        if len(children) > MAX_LISTED:
            values.append(self.say("more", number=len(children) - MAX_LISTED))
        listed = self.say("any", values=self._phrases["list"].join(values))
        if field == KEYWORDS:
            return self.say("keyword_re" if kind == "re" else "keyword", value=listed)
        return self.say(kind, field=field, value=listed) if kind not in ("ex", "tp") else self.say("nested")

    def correlation(self, spec: Mapping[str, Any], titles: Mapping[str, str]) -> str:
        listed = self._phrases["list"]
        fields = listed.join(spec["group"])
        values = {
            "rules": listed.join(f"“{titles.get(ref, ref)}”" for ref in spec["refs"]),
            "span": self.span(spec["span"]),
            "group": self.say("group", fields=fields) if fields else "",
            "fields": listed.join(spec["fields"]),
            "test": self._phrases["and"].join(self.say(_TESTS[name], n=number) for name, number in spec["comparisons"]),
        }
        return self.say(_shape(spec), **values, metric=self._phrases.get(spec["type"].removeprefix("value_"), ""))

    def span(self, micros: int) -> str:
        for size, unit in _UNITS:
            if micros % size == 0 and micros >= size:
                return self.say(unit, n=micros // size)
        return self.say("s", n=micros / 1_000_000)


def _shape(spec: Mapping[str, Any]) -> str:
    kind: str = spec["type"]
    if spec["expression"] is not None:
        return "expression"
    if kind == "temporal" and spec["comparisons"] != [["gte", len(spec["refs"])]]:
        return "temporal_some"
    return kind if kind in PHRASES["en"] else "metric"


def _wildcards(pattern: str) -> str:
    """Turn the engine's pattern back into the wildcards of the rule."""
    inner = pattern.removeprefix(r"(?s)\A(?:").removesuffix(r")\z")
    shown, escaped = "", False
    for character in inner.replace(".*", "\0"):
        if escaped or character not in "\\.\0":
            shown, escaped = shown + character, False
        elif character == "\\":
            escaped = True
        else:
            shown += "*" if character == "\0" else "?"
    return shown


def condition(compiled: Mapping[str, Any], language: Language, titles: Mapping[str, str] | None = None) -> str:
    """Say a compiled rule's condition in one sentence; ``titles`` names the rules that a correlation refers to."""
    words = _Words(language)
    if compiled["kind"] == "correlation":
        return _spaced(words.correlation(compiled, titles or {}))
    said = words.tree(compiled["tree"])
    return _spaced(words.say("filter", one=said) if compiled["kind"] == "filter" else said)


def atom_words(node: Node, language: Language) -> str:
    """Say one atom of a condition."""
    return _spaced(_Words(language).atom(node))


def _spaced(sentence: str) -> str:
    """Put a space between Chinese and Latin words, and none between Chinese words, as printed Chinese has it."""
    sentence = re.sub(f"({_HAN}) (?={_HAN})", r"\1", sentence)
    sentence = re.sub(f"({_HAN})(?=[A-Za-z0-9])", r"\1 ", sentence)
    return re.sub(f"([A-Za-z0-9])(?={_HAN})", r"\1 ", sentence)
