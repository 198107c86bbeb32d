"""Where the parts of a processing pipeline stand in its text, so that a person is led to the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """The line, from 1, at which a transformation begins, and the places of those that it nests."""

    line: int
    inside: Sequence[Place] = ()


def line_of(body: str, name: str) -> int:
    """Return the line of a name at the top of a pipeline; 0 where it is not there. The text must be valid YAML."""
    return next((key.start_mark.line + 1 for key, _ in _pairs(_whole(body)) if key.value == name), 0)


def places(body: str) -> Sequence[Place]:
    """Return the places of a pipeline's transformations, in their order. The text must be valid YAML."""
    return _inside(_child(_whole(body), "transformations"))


def _whole(body: str) -> Any:
    return yaml.compose(body, _Loader)


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _child(node: Any, name: str) -> Any:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _inside(node: Any) -> Sequence[Place]:
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    return tuple(Place(one.start_mark.line + 1, _inside(_child(one, "items"))) for one in items)
