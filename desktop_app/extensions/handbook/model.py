"""What the handbook's pages are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Whose words a page holds; they rank differently in a search."""

    SITE = "site"
    GUIDE = "guide"
    RULE = "rule"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: its level (2 or 3), its anchor and its words."""

    level: int
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Markdown text as safe HTML, with its headings and its plain words."""

    html: str
    headings: tuple[Heading, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """What the index holds of one page in one language. ``key`` is ``guide/<id>`` or ``rule/<id>``."""

    key: str
    language: str
    origin: Origin
    digest: str
    title: str
    keywords: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a search found. ``snippet`` alternates plain and marked words, plain first."""

    key: str
    language: str
    origin: Origin
    title: tuple[str, ...]
    snippet: tuple[str, ...]
