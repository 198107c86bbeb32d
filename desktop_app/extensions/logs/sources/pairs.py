"""``name=value`` pairs as programs and devices write them, with and without quotes."""

from __future__ import annotations

import re

MOST_PAIRS = 1_000  # of one line
_PAIR = re.compile(
    r"(?<![^\s,;|({\[])([A-Za-z_@][\w.@/:-]{0,99})="
    r"(?:\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([^\s,;\"'][^\s]*+)?)",
    re.ASCII | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


def pairs(text: str) -> dict[str, str]:
    """Return the pairs of a text; the first one of a name stays."""
    found: dict[str, str] = {}
    for at, pair in enumerate(_PAIR.finditer(text)):
        if at >= MOST_PAIRS:
            break
        name, quoted, single, bare = pair.groups()
        value = unescaped(quoted) if quoted else single or bare
        if value:
            found.setdefault(name, value.rstrip(",;") if bare else value)
    return found


def share(text: str) -> float:
    """Return how much of a text is made of pairs, by its length."""
    return sum(pair.end() - pair.start() for pair in _PAIR.finditer(text[:4096])) / max(len(text[:4096].strip()), 1)


def unescaped(value: str) -> str:
    r"""Read ``\"``, ``\\`` and ``\n`` as what they stand for."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda one: _CONTROLS.get(one[1], one[1]), value)
