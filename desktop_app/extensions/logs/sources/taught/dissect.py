"""Patterns of fixed signs and names between them, as the dissect processors of log shippers read them.

``%{@timestamp} %{+@timestamp} [%{?thread}] %{log.level}: %{message}``: each name takes what stands up to the signs that
follow it, the last one the rest. ``+`` adds a part to a name that stood before, with what lies between; ``?`` or no
name leaves a part out. A space stands for any number of spaces, so that columns may be padded. A line is gone through
once from left to right: no line, however long, takes more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core.errors import UsageError
from desktop_app.core.text import Text, text

LONGEST = 2_000
MOST_PARTS = 64
_PART = re.compile(r"%\{([^{}]*)\}")
NAME = re.compile(r"@?[^\W\d][\w.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two stretches of fixed signs: its name, empty to leave it out; ``until``: what ends it."""

    name: str
    until: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read: what a line begins with, and its parts in order."""

    written: str
    begin: str
    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a line is cut into, each once."""
        return tuple(dict.fromkeys(part.name for part in self.parts if part.name))

    @property
    def fixed(self) -> int:
        """How many signs other than spaces a line must have for the pattern to read it."""
        return sum(len("".join(one.split())) for one in (self.begin, *(part.until for part in self.parts)))

    def cut(self, line: str) -> dict[str, str] | None:
        """Return what a line says by name, None where the pattern does not fit."""
        if not line.startswith(self.begin):
            return None
        at = _behind(line, 0, self.begin)
        found: dict[str, tuple[int, int]] = {}
        for part in self.parts:
            end = line.find(part.until, at) if part.until else len(line)
            if end < 0:
                return None
            if part.name:
                found[part.name] = (found[part.name][0] if part.more and part.name in found else at, end)
            at = _behind(line, end, part.until)
        if at < len(line) and self.parts[-1].until:
            return None
        return {name: line[start:end].strip() for name, (start, end) in found.items()}


def _behind(line: str, at: int, signs: str) -> int:
    """Return where a line goes on behind fixed signs; a space at their end stands for several."""
    at += len(signs)
    while signs[-1:] == " " and line[at : at + 1] == " ":
        at += 1
    return at


def read(written: str) -> Pattern:
    """Read a pattern. UsageError says in one sentence what is wrong with it."""
    if len(written) > LONGEST:
        raise _wrong(text("A pattern has at most %(limit)s characters.", limit=LONGEST))
    pieces = _PART.split(written)
    fixed, names = pieces[::2], pieces[1::2]
    if not names:
        raise _wrong(text("It has no part such as %(example)s.", example="%{message}"))
    if len(names) > MOST_PARTS:
        raise _wrong(text("A pattern has at most %(limit)s parts.", limit=MOST_PARTS))
    if any("%{" in one for one in fixed):
        raise _wrong(text("A part is not closed by %(sign)s.", sign="}"))
    if not all(fixed[1:-1]):
        raise _wrong(text("Two parts follow each other with nothing between them, so that no one can tell them apart."))
    return Pattern(written, fixed[0], tuple(_parts(names, fixed[1:])))


def _parts(names: Sequence[str], fixed: Sequence[str]) -> list[Part]:
    made: list[Part] = []
    for written, until in zip(names, fixed, strict=True):
        name = written.removesuffix("->")
        more, name = name.startswith("+"), name.removeprefix("+")
        left_out = name.startswith("?") or not name
        if not left_out and not NAME.fullmatch(name):
            raise _wrong(text("%(name)s is no name of a field.", name=name[:60]))
        before = {part.name for part in made}
        if not left_out and more != (name in before):
            raise _wrong(
                text("%(name)s stands twice; write %(more)s for what belongs to it.", name=name, more=f"%{{+{name}}}")
                if name in before
                else text("%(more)s has nothing before it to belong to.", more=f"%{{+{name}}}")
            )
        made.append(Part("" if left_out else name, until, more))
    return made


def _wrong(why: Text) -> UsageError:
    return UsageError(
        text("This pattern cannot be used."),
        why=why,
        fix=text("Write it like %(example)s", example="%{@timestamp} [%{log.level}] %{message}"),
    )
