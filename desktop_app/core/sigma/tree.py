"""Conditions as trees of atoms: plain lists, so that they live in a JSON cache and load at once.

A node is ``True``, ``False``, an atom or one of ``["&", [nodes]]``, ``["|", [nodes]]``, ``["!", node]``.
An atom is ``["a", field, kind, argument, cased]``. Kinds and their arguments:

    eq co sw ew   text: equal, contains, starts, ends      wi   [re2 pattern, longest literal]: wildcards
    re            [pattern, flags]                         ci   network
    lt le gt ge ne  number                                 ex   None: the field is there
    fr            [other field, starts, ends]              tp   [part of time, number]

The field ``*`` stands for the whole event (keywords). A missing field makes its atom false, and NOT is two-valued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = Any  # bool | list: the shape is given above and checked by the builder functions below
KEYWORDS = "*"


def atom(field: str, kind: str, argument: Any = None, *, cased: bool = False) -> Node:
    """Make an atom. The field keeps its spelling for people; it is compared without case."""
    return ["a", field, kind, argument, cased]


def negate(node: Node) -> Node:
    """Make NOT."""
    if isinstance(node, bool):
        return not node
    return node[1] if node[0] == "!" else ["!", node]


def _join(sign: str, nodes: list[Node], *, decides: bool) -> Node:
    kept: list[Node] = []
    for node in nodes:
        if node is decides:
            return decides
        if isinstance(node, bool):
            continue
        kept.extend(node[1] if node[0] == sign else [node])
    if not kept:
        return not decides
    if any(one[0] == "!" and _stands(sign, one[1], kept) for one in kept):
        return decides
    return kept[0] if len(kept) == 1 else [sign, kept]


def _stands(sign: str, node: Node, beside: list[Node]) -> bool:
    """Say whether a node, or all of its parts that were taken out of it, stand beside its own negation."""
    return all(part in beside for part in (node[1] if node[0] == sign else [node]))


def conjunction(nodes: list[Node]) -> Node:
    """Make AND; constants are folded away, and what stands beside its own negation is False."""
    return _join("&", nodes, decides=False)


def disjunction(nodes: list[Node]) -> Node:
    """Make OR; constants are folded away, and what stands beside its own negation is True."""
    return _join("|", nodes, decides=True)


def _never(_node: Node) -> bool:
    return False


def rewrite(node: Node, leaf: Callable[[Node], Node], stays: Callable[[Node], bool] = _never) -> Node:
    """Replace each atom by what ``leaf`` says, folding constants on the way and stopping where the answer is known.

    ``stays`` says of which nodes nothing is replaced.
    """
    if isinstance(node, bool) or stays(node):
        return node
    sign = node[0]
    if sign == "a":
        return leaf(node)
    if sign == "!":
        return negate(rewrite(node[1], leaf, stays))
    decides = sign == "|"
    parts: list[Node] = []
    for child in node[1]:
        part = rewrite(child, leaf, stays)
        if part is decides:
            return decides
        parts.append(part)
    return _join(sign, parts, decides=decides)


def atoms(node: Node) -> Iterator[Node]:
    """Yield the atoms of a tree."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, bool):
            continue
        if one[0] == "a":
            yield one
        elif one[0] == "!":
            waiting.append(one[1])
        else:
            waiting.extend(one[1])


def fields(node: Node) -> set[str]:
    """Return the names of fields that a tree asks for, as the rule spells them, keywords left out."""
    found = set()
    for one in atoms(node):
        found.add(one[1])
        if one[2] == "fr":
            found.add(one[3][0])
    return found - {KEYWORDS}
