"""Sigma files as text -> YAML documents, with limits: a rule file is input from strangers.

A file may hold several rules (a correlation beside its bases). Each becomes one document with its own text, so that
the catalogue can keep, version and disable rules one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import text

MAX_BYTES = 1_000_000  # the largest rule of SigmaHQ has 60 KB
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_DOCUMENTS = 500

TOO_DEEP = text("The rule is nested too deeply or holds too many values.")

# A block goes deeper by a column or more of white space or of such marks.
_INDENTED = re.compile(rf"(?m)^[ \t?:-]{{{MAX_DEPTH}}}")
# Column 0 decides: YAML itself ends a block scalar there.
_SEPARATOR = re.compile(r"(?m)^---(?=[ \t\r]|$)")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _RuleLoader(_Loader):  # type: ignore[misc]  # one of two classes, chosen by how PyYAML was built
    """Refuses merge keys: no Sigma rule needs them, and each level of them multiplies what is built."""

    def flatten_mapping(self, node: Any) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise RuleBroken(text("The file uses YAML merge keys (<<), which rules do not need."))
        super().flatten_mapping(node)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a rule file: its own text, the line it begins at (from 1), and what it says."""

    text: str
    line: int
    data: Mapping[str, Any]


def read_text(raw: bytes) -> str:
    """Decode a rule file; RuleBroken when it is too large or no UTF-8."""
    if len(raw) > MAX_BYTES:
        raise RuleBroken(
            text("The file has %(size)s bytes; a rule file may have %(limit)s.", size=len(raw), limit=MAX_BYTES)
        )
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise RuleBroken(text("The file is not UTF-8 text.")) from None


def _pieces(body: str) -> Iterator[tuple[int, str]]:
    starts = [0, *(match.end() for match in _SEPARATOR.finditer(body))]
    ends = [*(match.start() for match in _SEPARATOR.finditer(body)), len(body)]
    for start, end in zip(starts, ends, strict=True):
        piece = body[start:end]
        if piece.strip() and any(line.strip() and not line.lstrip().startswith("#") for line in piece.splitlines()):
            blank = len(piece) - len(piece.lstrip("\n"))
            yield body.count("\n", 0, start + blank) + 1, piece.strip("\n") + "\n"


def _check_size(data: Any) -> None:
    """Bound depth and number of values, each alias counted as what it stands for: nothing later expands without end."""
    waiting, nodes = [(data, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        nodes += len(children)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise RuleBroken(TOO_DEEP)
        waiting.extend((child, depth + 1) for child in children)


def check_depth(piece: str) -> None:
    """Refuse what is nested too deeply before it is read: the parser written in C goes down without end, and crashes.

    Raises RuleBroken and yaml.YAMLError.
    """
    if piece.count("[") + piece.count("{") <= MAX_DEPTH and not _INDENTED.search(piece):
        return
    depth = 0
    for event in yaml.parse(piece, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RuleBroken(TOO_DEEP)


def parse_yaml(piece: str, first_line: int = 1) -> Mapping[str, Any]:
    """Read one YAML document that must be a mapping; RuleBroken names the line."""
    try:
        check_depth(piece)
        data = yaml.load(piece, _RuleLoader)  # noqa: S506 - derived from the safe loader
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        column = (error.problem_mark.column if error.problem_mark else 0) + 1
        detail = error.problem or "syntax error"
        reason = text("Line %(line)s is not valid YAML: %(detail)s.", line=line, detail=detail)
        raise RuleBroken(reason, line, column) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        detail = str(error).partition("\n")[0][:200]
        raise RuleBroken(text("The file is not valid YAML: %(detail)s", detail=detail)) from None
    if not isinstance(data, dict):
        raise RuleBroken(text("The file is not a rule: it holds no names with values."))
    _check_size(data)
    return data


def documents(body: str) -> Iterator[Document | RuleBroken]:
    """Yield each document of a rule file; one that cannot be read yields its reason and the others go on."""
    for number, (line, piece) in enumerate(_pieces(body)):
        if number >= MAX_DOCUMENTS:
            yield RuleBroken(
                text("The file holds more than %(limit)s rules; the rest was left out.", limit=MAX_DOCUMENTS)
            )
            return
        try:
            yield Document(piece, line, parse_yaml(piece, line))
        except RuleBroken as problem:
            yield problem
