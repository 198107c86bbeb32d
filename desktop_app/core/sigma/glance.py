"""Whether rules could match anything at all of which only the columns and their distinct values are known.

Errs on the side of yes: what is not known may hold, and whatever stands below a NOT may be false of some event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop_app.core.sigma.binding import CHANNEL, EVENT_ID
from desktop_app.core.sigma.book import Book, Entry
from desktop_app.core.sigma.fields import DERIVED, FIXED
from desktop_app.core.sigma.tree import KEYWORDS, Node


class Glance:
    """Some events. ``columns``: names of those that they have; ``values``: the distinct values, where known."""

    def __init__(self, columns: Iterable[str], values: Mapping[str, Sequence[str]]) -> None:
        self._columns = {name.lower() for name in columns}
        self._values = values

    def has(self, column: str) -> bool:
        """Say whether any event may have a column."""
        if column in self._columns or column in FIXED:
            return True
        return column in DERIVED and self.has(DERIVED[column][0])

    def values(self, column: str) -> Sequence[str] | None:
        """Return the distinct values of a column, None where they are not known."""
        if not self.has(column):
            return ()
        if column in self._values:
            return self._values[column]
        base = DERIVED.get(column)
        known = self.values(base[0]) if base is not None and column not in self._columns else None
        if base is None or known is None:
            return None
        return [made for one in known if (made := base[1](one)) is not None]


class Possible:
    """What a book could find in events that were only glanced at."""

    def __init__(self, book: Book, glance: Glance) -> None:
        self._book = book
        self._glance = glance
        self._hits: dict[str, set[int] | None] = {}

    def any(self) -> bool:
        """Say whether any rule of the book may match any event."""
        return any(self._may_apply(entry) and self._may_hold(entry.tree) for entry in self._book.entries())

    def _may_apply(self, entry: Entry) -> bool:
        wanted = (CHANNEL, set(entry.target.channels)), (EVENT_ID, set(map(str, entry.target.event_ids)))
        for column, some in wanted:
            values = self._glance.values(column)
            if some and values is not None and some.isdisjoint(one.lower() for one in values):
                return False
        return True

    def _may_hold(self, node: Node) -> bool:
        if isinstance(node, bool):
            return node
        if node[0] == "!":
            return True
        if node[0] == "a":
            return self._atom(node[1])
        return (all if node[0] == "&" else any)(map(self._may_hold, node[1]))

    def _atom(self, number: int) -> bool:
        _, column, kind, argument, _ = self._book.atoms[number]
        if column == KEYWORDS:
            return True
        if kind in ("ex", "fr"):
            return all(map(self._glance.has, [column, *_other(kind, argument)]))
        if column not in self._hits:
            self._hits[column] = self._matched(column)
        hits = self._hits[column]
        return hits is None or number in hits

    def _matched(self, column: str) -> set[int] | None:
        values = self._glance.values(column)
        return None if values is None else set(self._book.matcher(column).match(values))


def _other(kind: str, argument: Any) -> list[str]:
    return [argument[0]] if kind == "fr" else []
