"""Values of Sigma rules, as pySigma types them, -> atoms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.errors import WAITS, RuleUnsupported
from desktop_app.core.sigma.tree import KEYWORDS, Node, atom, disjunction, negate
from desktop_app.core.text import text

_MANY = SpecialChars.WILDCARD_MULTI
_COMPARISONS = {
    CompareOperators.LT: "lt",
    CompareOperators.LTE: "le",
    CompareOperators.GT: "gt",
    CompareOperators.GTE: "ge",
    CompareOperators.NEQ: "ne",
}


def _check_placeholders(parts: list[Any]) -> None:
    names = [part.name for part in parts if isinstance(part, Placeholder)]
    if names:
        raise RuleUnsupported(replace(WAITS, params={"names": ", ".join(f"%{name}%" for name in names)}))


def _simple(parts: list[Any]) -> tuple[str, str] | None:
    """Return (kind, literal) for the plain shapes: literal, *literal*, literal*, *literal."""
    literals = [part for part in parts if isinstance(part, str)]
    others = [part for part in parts if not isinstance(part, str)]
    if any(part is not _MANY for part in others) or len(literals) > 1:
        return None
    if not literals:
        return ("ex", "") if others else ("eq", "")
    if not others:
        return "eq", literals[0]
    if len(parts) == 3:
        return "co", literals[0]
    return ("ew", literals[0]) if parts[0] is _MANY else ("sw", literals[0])


def _merged(parts: list[Any]) -> list[Any]:
    """Join neighbouring literals and neighbouring ``*``."""
    merged: list[Any] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        elif not (merged and part is _MANY and merged[-1] is _MANY):
            merged.append(part)
    return merged


def _string(field: str, value: SigmaString) -> Node:
    cased = isinstance(value, SigmaCasedString)
    _check_placeholders(value.s)
    parts = _merged(value.s)
    plain = _simple(parts)
    if plain is not None:
        kind, literal = plain
        return atom(field, kind, None if kind == "ex" else literal, cased=cased and kind != "ex")
    parts = [part if cased or not isinstance(part, str) else part.lower() for part in parts]
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" if part is _MANY else "." for part in parts)
    longest = max((part for part in parts if isinstance(part, str)), key=len, default="")
    return atom(field, "wi", [rf"(?s)\A(?:{pattern})\z", longest.lower()], cased=cased)


def _expression(field: str, value: SigmaRegularExpression) -> Node:
    _check_placeholders(value.regexp.s)
    flags = "".join(sorted(SigmaRegularExpression.sigma_to_re_flag[flag] for flag in value.flags))
    pattern = value.regexp.to_plain_regex()
    regex.searcher(pattern, flags)  # a pattern that cannot be searched is told now, not while reading events
    return atom(field, "re", [pattern, flags])


def _truth(field: str, value: SigmaBool) -> Node:
    # Peers store 1 and lose the rules that say true: both spellings are the same truth.
    return disjunction([atom(field, "eq", word) for word in (("true", "1") if value.boolean else ("false", "0"))])


def _exists(field: str, value: SigmaExists) -> Node:
    there = atom(field, "ex")
    return there if value.exists else negate(there)


def _reference(field: str, value: SigmaFieldReference) -> Node:
    return atom(field, "fr", [value.field, value.starts_with, value.ends_with])


# Order matters: pySigma derives the part of a time from number, and the cased string from string.
_TYPES: tuple[tuple[type, Callable[[str, Any], Node]], ...] = (
    (SigmaString, _string),
    (SigmaTimestampPart, lambda field, value: atom(field, "tp", [value.timestamp_part.name.lower(), value.number])),
    (SigmaNumber, lambda field, value: atom(field, "eq", str(value.number))),
    (SigmaRegularExpression, _expression),
    (SigmaCIDRExpression, lambda field, value: atom(field, "ci", str(value.network))),
    (SigmaBool, _truth),
    (SigmaNull, lambda field, _: negate(atom(field, "ex"))),
    (SigmaExists, _exists),
    (SigmaCompareExpression, lambda field, value: atom(field, _COMPARISONS[value.op], float(value.number.number))),
    (SigmaFieldReference, _reference),
    (SigmaExpansion, lambda field, value: disjunction([field_value(field, one) for one in value.values])),
)


def field_value(field: str, value: Any) -> Node:
    """Return the tree for ``field: value``; RuleUnsupported says what the engine cannot do."""
    for kind, build in _TYPES:
        if isinstance(value, kind):
            return build(field, value)
    raise RuleUnsupported(text("The engine does not know values of the kind %(kind)s.", kind=type(value).__name__))


def keyword(value: Any) -> Node:
    """Return the tree for a value without a field: it may stand anywhere in the event."""
    if isinstance(value, SigmaExpansion):
        return disjunction([keyword(one) for one in value.values])
    if isinstance(value, SigmaString):
        wide = type(value)()
        wide.s = [_MANY, *value.s, _MANY]
        node = field_value(KEYWORDS, wide)
        return True if node[2] == "ex" else node  # every event holds anything
    if isinstance(value, SigmaNumber | SigmaBool):
        return atom(KEYWORDS, "co", str(value).lower())
    if isinstance(value, SigmaRegularExpression):
        return field_value(KEYWORDS, value)
    raise RuleUnsupported(text("The engine cannot look for %(kind)s without a field.", kind=type(value).__name__))
