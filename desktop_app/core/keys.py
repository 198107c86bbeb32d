"""Single keys: what each does, which key a person gave it instead, and which are switched off (WCAG 2.1.4).

A key is a setting of the kind ``key``: one character, or nothing when it is switched off. Its default is also what
pages and scripts call it by (``onKey("c", ...)``, ``key('C')``), so each default stands for one meaning everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.core.settings import Setting, Value
from desktop_app.core.text import Text, text


def folded(value: str) -> str:
    """Return a key as it is compared and stored: letters are keys without Shift."""
    return value.strip().lower()


def clashes(declared: Iterable[Setting], values: Mapping[str, str], sent: Iterable[str]) -> dict[str, Text]:
    """Say of each key that was sent which other one has it already. ``values`` are all keys as they would stand."""
    named = [one for one in declared if one.kind == "key"]
    found = {}
    for one in named:
        mine = folded(values[one.key])
        other = next((two for two in named if two is not one and mine and folded(values[two.key]) == mine), None)
        if other is not None and one.key in sent:
            found[one.key] = text("This key is taken: %(label)s. Free it first, or choose another.", label=other.label)
    return found


def keymap(declared: Iterable[Setting], values: Mapping[str, Value]) -> dict[str, str]:
    """Return the keys that are not what they were made as: default to the key that acts now, nothing when it is off."""
    named = {str(one.default): str(values[one.key]) for one in declared if one.kind == "key"}
    return {default: now for default, now in named.items() if default != now}
