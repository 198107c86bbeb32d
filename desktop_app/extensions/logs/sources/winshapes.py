"""Windows events of one shape together: the same names in the same places become columns at once.

A shape is the channel, the event's number and the names of its parts. Of each event only the numbers of its values are
kept, so that no text is held, hashed or written twice. What a shape cannot settle for all of its events (names that
collide, values within values) goes event by event through ``winflat``, whose answer is the exact one; both give the
same columns.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any

import numpy as np

from desktop_app.core.spans import Coded, Codes
from desktop_app.extensions.logs.sources.winflat import (
    HASHES,
    MAX_UNNAMED,
    PAYLOAD,
    SYSTEM,
    Names,
    digests,
    joined,
    plain,
)

Tree = Mapping[str, Any]
Key = tuple[Any, ...]

_PLAIN = frozenset((str, int, type(None)))
_NESTED = frozenset((dict, list))
_SIMPLE = _PLAIN | {bool, float}
_NUMBERS = frozenset((str, int))
_BESIDE = {"Data", "Binary"}  # what stands beside values without names
_PARTS = frozenset(PAYLOAD)
_DEEPEST = 3  # containers within each other that hold nothing but the next one
_MISSING = (None, "")
_ATTRIBUTES = ("Provider_Name", "Execution_ProcessID", "Execution_ThreadID", "UserID")


class Interned(defaultdict[Any, int]):
    """Distinct values and their numbers; -1 for a missing one."""

    def __init__(self) -> None:
        super().__init__(count().__next__, dict.fromkeys(_MISSING, -1))

    def numbers(self, values: Sequence[Any]) -> Codes:
        """Return the numbers of some values."""
        return np.fromiter(map(self.__getitem__, values), np.int32, len(values))

    def texts(self) -> list[str]:
        """Return the values, which are texts and whole numbers, as text in the order of their numbers."""
        return [one if type(one) is str else str(one) for one in self][len(_MISSING) :]


def look(event: Tree) -> tuple[Key, Tree] | None:
    """Return the key of an event's shape and the mapping that its data lies in, None where it has no shape.

    Raises AttributeError for what is no event.
    """
    system = event.get("System")
    if type(system) is not dict:
        return None
    number, channel = system.get("EventID"), system.get("Channel")
    if type(number) is dict:
        number = number.get("#text")
    found = [(name, data) for name in event if name in _PARTS and (data := event[name])]
    if len(found) > 1 or type(number) not in _NUMBERS or number == "" or type(channel) not in _CHANNELS:
        return None
    parent, data = _innermost(*found[0]) if found else ("", {})
    if type(data) is not dict:
        return None
    if "Data" in data or "#attributes" in data:
        data = _without_lists(data)
        if data is None:
            return None
    return (channel or None, number, tuple(event), tuple(system), parent, tuple(data)), data


_CHANNELS = frozenset((str, type(None)))


def _innermost(parent: str, data: Any) -> tuple[str, Any]:
    """Go into what holds nothing but another mapping, as user data does."""
    for _ in range(_DEEPEST):
        if type(data) is not dict or len(data) != 1:
            break
        ((name, inner),) = data.items()
        if type(inner) is not dict or name == "#attributes" or "#text" in inner:
            break
        parent, data = name, inner
    return parent, data


def _without_lists(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return data with values that have no names under names of their own, and without namespaces."""
    made = dict(data)
    attributes = made.pop("#attributes", {})
    if type(attributes) is not dict or any(not name.startswith("xmlns") for name in attributes):
        return None
    unnamed = made.get("Data")
    if type(unnamed) in _NESTED:
        content = unnamed.get("#text", unnamed) if type(unnamed) is dict else unnamed
        if isinstance(content, dict) or not made.keys() <= _BESIDE:
            return None
        whole = joined(content)
        items = content if isinstance(content, list) else [content]
        made["Data"] = whole if whole.strip() else ""
        for place, item in enumerate(items[:MAX_UNNAMED], 1):
            made[f"Data{place}"] = joined(item)
    return made


class Plan:
    """The events of one shape, and how to take their values."""

    def __init__(self, key: Key) -> None:
        self.channel, self.number, parts, system, _, data = key
        self.positions = array("q")
        self.written: list[str] = []
        self._names = [name for name in SYSTEM if name in system and name not in {"EventID", "Channel"}]
        self._data = data
        self._rendered = "RenderingInfo" in parts
        self._strange = any(name.endswith("_attributes") for name in system)
        self._system, self._values = _taker(self._names), _taker(data)
        width = len(self._names) + len(_ATTRIBUTES) + len(data) + 1
        self._tables = [Interned() for _ in range(width)]
        self._codes = array("i")
        self._kinds: dict[tuple[type, ...], bool] = {}

    def take(self, position: int, event: Tree, data: Tree) -> bool:
        """Keep an event's values; False where it has to be looked at by itself."""
        try:
            values, written = self._of(event, data)
        except (KeyError, TypeError, AttributeError):
            return False
        if not self._is_plain(kinds := tuple(map(type, values))):
            if not _SIMPLE.issuperset(kinds):
                return False
            values = tuple(map(plain, values))  # as numbers, truth is 1, and 5.0 is 5
        self._codes.extend(map(_number, self._tables, values))
        self.positions.append(position)
        self.written.append(written)
        return True

    def _is_plain(self, kinds: tuple[type, ...]) -> bool:
        known = self._kinds.get(kinds)
        if known is None:
            known = self._kinds[kinds] = _PLAIN.issuperset(kinds)
        return known

    def _of(self, event: Tree, data: Tree) -> tuple[tuple[Any, ...], str]:
        system = event["System"]
        execution, security = system.get("Execution"), system.get("Security")
        process = execution["#attributes"] if execution else {}
        written = system["TimeCreated"]["#attributes"]["SystemTime"]
        if self._strange or type(written) is not str:
            raise TypeError(written)
        return (
            *self._system(system),
            system["Provider"]["#attributes"]["Name"],
            process.get("ProcessID"),
            process.get("ThreadID"),
            security["#attributes"].get("UserID") if security else None,
            *self._values(data),
            _message(event) if self._rendered else None,
        ), written

    def columns(self, names: Names) -> dict[str, Coded] | None:
        """Return the columns of all events, None where they must be looked at one by one."""
        codes = np.frombuffer(self._codes, np.int32).reshape(-1, len(self._tables))
        found = {"EventID": Coded.constant(str(self.number), len(codes))}
        if self.channel:
            found["Channel"] = Coded.constant(self.channel, len(codes))
        fixed = len(self._names) + len(_ATTRIBUTES)
        called = (*self._names, *_ATTRIBUTES, *self._data, "RenderedMessage")
        for place, (name, table) in enumerate(zip(called, self._tables, strict=True)):
            texts = table.texts()
            if texts:
                kept = names[name] if fixed <= place < len(called) - 1 else name
                if not kept or kept in found:
                    return None
                found[kept] = Coded(texts, codes[:, place])
        return _with_digests(found)


_number = dict.__getitem__


def _taker(names: Sequence[str]) -> Callable[[Tree], Sequence[Any]]:
    """Return what takes the values of some names, as quickly as can be."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda found: [found[name] for name in names]


def _message(event: Tree) -> str | None:
    rendered = event["RenderingInfo"]
    said = rendered.get("Message") if isinstance(rendered, dict) else None
    return said if isinstance(said, str) else None


def _with_digests(found: dict[str, Coded]) -> dict[str, Coded] | None:
    """Add what hashes are split into."""
    whole = [found[name] for name in ("Hashes", "Hash") if name in found]
    if not whole:
        return found
    if len(whole) > 1 or not HASHES.isdisjoint(found):
        return None
    split = [dict(_first(digests(text))) for text in whole[0].texts]
    for kind in sorted({kind for one in split for kind in one}):
        table = Interned()
        numbers = np.append(table.numbers([one.get(kind) for one in split]), np.int32(-1))
        found[kind] = Coded(table.texts(), numbers[whole[0].codes])
    return found


def _first(found: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Return pairs so that of two with one name a dictionary keeps the first."""
    return reversed(list(found))
