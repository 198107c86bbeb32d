"""``name=value`` pairs as programs and devices write them, with and without quotes."""

from __future__ import annotations

import re

MOST_PAIRS = 1_000  # of one line
LEAST = 3  # pairs, before a text is said to be made of them
_MOSTLY = 0.6  # of a text, by its length
_LOOK = 4096  # characters by which that is judged
_PAIR = re.compile(
    r"(?<![^\s,;|({\[])([A-Za-z_@][\w.@/:-]{0,99})="
    r"(?:\"((?:[^\"\\]|\\.)*+)\"|'([^']*+)'|([^\s,;\"'][^\s]*+)?)",
    re.ASCII | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


def pairs(text: str) -> dict[str, str]:
    """Return the pairs of a text; the first one of a name stays."""
    return _read(text)[0]


def made_of(text: str) -> dict[str, str] | None:
    """Return the pairs of a text that is wholly or mostly made of them, None where it is not."""
    said, covered = _read(text)
    return said if len(said) >= LEAST and covered >= _MOSTLY * len(text[:_LOOK].strip()) else None


def _read(text: str) -> tuple[dict[str, str], int]:
    """Return the pairs, and how many letters of the beginning of the text are theirs."""
    found: dict[str, str] = {}
    covered = 0
    for at, pair in enumerate(_PAIR.finditer(text)):
        if at >= MOST_PAIRS:
            break
        if pair.end() <= _LOOK:
            covered += pair.end() - pair.start()
        name, quoted, single, bare = pair.groups()
        value = unescaped(quoted) if quoted else single or bare
        if value:
            found.setdefault(name, value.rstrip(",;") if bare else value)
    return found, covered


def unescaped(value: str) -> str:
    r"""Read ``\"``, ``\\`` and ``\n`` as what they stand for."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda one: _CONTROLS.get(one[1], one[1]), value)
