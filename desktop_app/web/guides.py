"""The guides of the handbook that explain what a rule found."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.handbook.library import library
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.web.i18n import Language

MOST = 2  # beside a heading; the rule's own page names them all


@dataclass(frozen=True, slots=True)
class Guide:
    """A link to a guide: its short title and its address."""

    title: str
    url: str


def guides(desk: Desk, db: Connection, rule: RuleRow | None, language: Language) -> tuple[Guide, ...]:
    """Return the guides for a finding of a rule; none where the rule is gone or the desk has no handbook."""
    if rule is None or "handbook" not in {one.id for one in desk.extensions}:
        return ()
    found = [entry.page for entry in library(desk, db, language).guides(rule)[:MOST]]
    return tuple(Guide(page.short or page.title, f"/handbook/guides/{quote(page.id, safe='')}") for page in found)
