r"""Messages with what varies in them left out, so that those of one kind are equal.

A mask has ``<*>`` for every word with a digit in it: numbers, times, addresses, identifiers. DuckDB makes it from the
message in one regular expression, a million in a few seconds. Names without digits are found afterwards, among the
distinct masks alone: where at least VARIANTS masks differ in one and the same word, that word varies (the idea of
Drain, He et al. 2017, with the variants counted instead of a similarity guessed, so that "opened" and "closed" stay
two templates).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from desktop_app.core.events.layout import MESSAGE

ANY = "<*>"
LONGEST = 400  # characters of a message that make its mask
VARIANTS = 4
ROUNDS = 3
MOST_WORDS = 40  # in a longer mask the words behind stay as they are
_WORD = r"""[^\s"'()\[\]{}<>,;=:|/]"""
# RE2 has no look-around; neighbours that only a separator keeps apart are one thing (an address with its port).
MASK = (
    rf"regexp_replace(regexp_replace(left({MESSAGE}, {LONGEST}), '{_WORD.replace(chr(39), chr(39) * 2)}*[0-9]"
    rf"{_WORD.replace(chr(39), chr(39) * 2)}*', '{ANY}', 'g'), '<\*>([:/,.][ ]?<\*>)+', '{ANY}', 'g')"
)


def merged(masks: Iterable[str]) -> dict[str, str]:
    """Return for each mask its template: itself, or with further words left out where many masks differ in them."""
    found = {one: one for one in masks}
    for _ in range(ROUNDS):
        wider = _widened(set(found.values()))
        if not wider:
            break
        found = {mask: wider.get(template, template) for mask, template in found.items()}
    return found


def _widened(templates: Iterable[str]) -> dict[str, str]:
    groups: dict[str, set[str]] = {}
    keys: dict[str, list[str]] = {}
    for one in templates:
        words = one.split(" ")
        for place in range(1, min(len(words), MOST_WORDS)):
            if words[place] != ANY:
                key = " ".join([*words[:place], ANY, *words[place + 1 :]])
                groups.setdefault(key, set()).add(one)
                keys.setdefault(one, []).append(key)
    wider: Mapping[str, str] = {one: max(own, key=lambda key: (len(groups[key]), key)) for one, own in keys.items()}
    return {one: key for one, key in wider.items() if len(groups[key]) >= VARIANTS and _tells(key)}


def _tells(template: str) -> bool:
    """Say whether a template still says something: two words that stand still."""
    return sum(word != ANY for word in template.split(" ")) > 1


def pattern(template: str) -> str:
    """Return the regular expression for the masks of a template."""
    return r"[^ ]*".join(re.escape(piece) for piece in template.split(ANY))


def literal(template: str) -> str:
    """Return the longest piece that stands in every message of the template as it is."""
    return max(template.split(ANY), key=len)
