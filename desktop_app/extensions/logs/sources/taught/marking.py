"""From a line in which a person marked parts to a pattern that reads the lines like it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop_app.core.errors import UsageError
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.taught import dissect

_WORDS = re.compile(r"\w+")
_PADDING = re.compile(r"\} (?=[^\s%])")
_USUAL = 0.8  # of the other lines that hold a word where this one has it: then it belongs to the format


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a line, from ``start`` to before ``end``, and the name of what stands there."""

    start: int
    end: int
    name: str


def pattern(line: str, marks: Sequence[Mark], others: Sequence[str] = ()) -> str:
    """Return the pattern for a line; words that most of the ``others`` hold too are taken as part of the format.

    UsageError where nothing is marked, or marks overlap or touch.
    """
    if not marks:
        raise UsageError(text("Nothing is marked in this line."), fix=text("Mark its time first."))
    if not all(0 <= one.start < one.end <= len(line) for one in marks):
        raise UsageError(text("A mark lies outside the line."), fix=text("Mark it again."))
    ordered = sorted((_trimmed(line, one) for one in marks), key=lambda one: one.start)
    _check(ordered)
    made = [_between(line[: ordered[0].start], others)]
    for at, one in enumerate(ordered):
        end = ordered[at + 1].start if at + 1 < len(ordered) else len(line)
        after = line[one.end : end]
        made += [_named(line[one.start : one.end], one.name, after), _between(after, others)]
    return _fitting("".join(made), others)


def _fitting(made: str, others: Sequence[str]) -> str:
    """Take a space before other signs for padding where more lines fit then: ``{INFO }`` beside ``{ERROR}``."""
    padded = _PADDING.sub("}", made)
    return padded if _fits(padded, others) > _fits(made, others) else made


def _fits(made: str, others: Sequence[str]) -> int:
    read = dissect.read(made)
    return sum(read.cut(line) is not None for line in others)


def _trimmed(line: str, mark: Mark) -> Mark:
    """Leave out spaces at the edges of a mark: they separate."""
    marked = line[mark.start : mark.end]
    start = mark.start + len(marked) - len(marked.lstrip())
    return Mark(start, mark.start + len(marked.rstrip()), mark.name)


def _check(ordered: Sequence[Mark]) -> None:
    for one, following in pairwise(ordered):
        if following.start <= one.end:
            raise UsageError(
                text("Two marks touch each other."), fix=text("Leave a sign between them that is not marked.")
            )
    names = [one.name for one in ordered]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(text("%(name)s is marked twice.", name=twice), fix=text("Take one of the marks away."))


def _named(marked: str, name: str, after: str) -> str:
    """Name a part; one that holds what ends it, such as a time with a space, is cut into that many pieces."""
    ending = _WORDS.split(after, maxsplit=1)[0]
    ending = " " if ending.isspace() else ending
    pieces = len(marked.split(ending)) if ending.strip() else len(marked.split()) if ending else 1
    return ending.join([f"%{{{name}}}", *[f"%{{+{name}}}"] * (pieces - 1)])


def _between(stretch: str, others: Sequence[str]) -> str:
    return "".join(_generalised(stretch, others))


def _generalised(stretch: str, others: Sequence[str]) -> Iterator[str]:
    at = 0
    for word in _WORDS.finditer(stretch):
        yield _signs(stretch[at : word.start()])
        yield word[0] if _is_fixed(word[0], others) else "%{}"
        at = word.end()
    yield _signs(stretch[at:])


def _signs(signs: str) -> str:
    """Several spaces are padding, which one stands for."""
    return re.sub(" {2,}", " ", signs)


def _is_fixed(word: str, others: Sequence[str]) -> bool:
    return bool(others) and sum(word in line for line in others) >= _USUAL * len(others)
