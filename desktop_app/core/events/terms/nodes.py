"""The tree of a search, as ``query.parse`` makes it and ``compiler`` turns it into SQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.core.model import Micros


@dataclass(frozen=True, slots=True)
class Word:
    """Text anywhere in the record or its message."""

    text: str
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A field equal to a text (contains it, for the fields message and raw)."""

    field: str
    text: str
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Exists:
    """A field that has any value."""

    field: str


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range."""

    text: str
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """A field between two ends; None is open."""

    field: str
    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A field of time within ``start <= value < end``, in microseconds UTC; None is open. ``text``: as it was typed."""

    field: str
    start: Micros | None = None
    end: Micros | None = None
    text: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What the other does not match."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of them; without any, everything."""

    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Ids:
    """Events by their ids: what a term about pins or tags comes down to."""

    ids: frozenset[int]


Node = Ids | Word | Value | Exists | Range | Span | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed search. ``fields`` are the names it asks about, as typed."""

    root: Node
    fields: frozenset[str] = dataclasses.field(default=frozenset())


def fields_of(node: Node) -> Iterator[str]:
    """Name the fields that the tree asks about, as typed."""
    if isinstance(node, Not):
        yield from fields_of(node.node)
    elif isinstance(node, And | Or):
        for one in node.nodes:
            yield from fields_of(one)
    elif not isinstance(node, Word | Ids):
        yield node.field
