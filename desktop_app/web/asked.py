"""What an address of the inbox asks for: every filter is in it, so every view can be kept and sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from flask import url_for

from desktop_app.core import audit, looks
from desktop_app.core.database import Connection
from desktop_app.core.entities import KINDS, Kind, entity
from desktop_app.core.findings import VIEWS, Filter, View
from desktop_app.core.model import Micros
from desktop_app.web.context import zone
from desktop_app.web.times import midnight

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

PAGE = 200  # rows drawn at once; more on request
MOST = 1000  # drawn in a third of a second; what lies behind is reached by narrowing the list
SEVERITY_WORDS: Mapping[str, int] = {"critical": 5, "high": 4, "medium": 3, "low": 2, "informational": 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of the inbox, how many of its rows are wanted, and the finding that is open (None: the first).

    ``changed``: only what changed since the reader last looked; ``resolved`` says since when that is.
    """

    filter: Filter
    limit: int = PAGE
    chosen: int | None = None
    first: str = ""  # the day, or the first and last day, on which they were first seen: 2026-11-20..2026-11-22
    changed: bool = False

    @property
    def severities(self) -> list[str]:
        """The severities that are filtered for, as the address names them."""
        return [word for word, number in SEVERITY_WORDS.items() if number in self.filter.severities]

    def pairs(self, chosen: int | None = None) -> list[tuple[str, str]]:
        """Return what the address of this view carries, with a finding open; forms send the same as hidden fields."""
        wanted = self.filter
        named = [
            ("view", "" if wanted.view == "triage" else wanted.view),
            ("q", wanted.text),
            *(("sev", word) for word in self.severities),
            ("rule", wanted.rule or ""),
            ("asset", wanted.asset or ""),
            ("first", self.first),
            ("case", str(wanted.case or "")),
            ("entity", ":".join(wanted.entity or ())),
            ("changed", "1" if self.changed else ""),
            ("limit", "" if self.limit == PAGE else str(self.limit)),
            ("id", str(chosen or "")),
        ]
        return [(name, one) for name, one in named if one]

    def query(self, chosen: int | None = None) -> str:
        """Return the part of the address after the path, with its question mark where there is one."""
        pairs = self.pairs(chosen)
        return "?" + urlencode(pairs) if pairs else ""

    def url(self, chosen: int | None = None) -> str:
        """Return the address of this view, with a finding open."""
        return url_for("inbox.index") + self.query(chosen)

    def view_url(self, view: View) -> str:
        """Return the address of the same filters in another view."""
        return replace(self, filter=replace(self.filter, view=view), limit=PAGE).url()

    def more_url(self) -> str | None:
        """Return the address that shows more rows, None where no more are drawn."""
        if self.limit >= MOST:
            return None
        return replace(self, limit=min(MOST, self.limit * 5)).url(self.chosen)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view narrows the list."""
        wanted = self.filter
        named = (wanted.text, wanted.severities, wanted.rule, wanted.asset, wanted.case, wanted.entity)
        return any(named) or self.changed or bool(self.first)

    def resolved(self, db: Connection, present: Micros) -> Filter:
        """Return the filter with the time since when the reader looks for changes."""
        if not self.changed:
            return self.filter
        mark = looks.since(db, reader())
        return replace(self.filter, changed=present if mark is None else mark)


def reader() -> str:
    """Return whose mark of what was seen is used: the account that runs the program."""
    return audit.actor()


def _entity(words: str) -> tuple[Kind, str] | None:
    kind, _, value = words.partition(":")
    known = next((one for one in KINDS if one == kind), None)
    told = entity(known, value) if known is not None else None
    return (known, told) if known is not None and told is not None else None


def read(args: MultiDict[str, str]) -> Asked:
    """Read an address or a form; what it does not know it takes as not asked for."""
    view = args.get("view", "triage")
    wanted = Filter(
        view=cast("View", view) if view in VIEWS else "triage",
        text=args.get("q", "").strip()[:200],
        severities=tuple(SEVERITY_WORDS[word] for word in args.getlist("sev") if word in SEVERITY_WORDS),
        rule=args.get("rule") or None,
        asset=args.get("asset") or None,
        case=args.get("case", type=int),
        entity=_entity(args.get("entity", "")),
    )
    first = args.get("first", "")
    days = _days(first)
    if days is not None:
        wanted = replace(wanted, first_from=days[0], first_until=days[1])
    limit = args.get("limit", PAGE, type=int)
    return Asked(
        wanted,
        max(1, min(limit, MOST)),
        args.get("id", type=int),
        first=first if days else "",
        changed=args.get("changed") == "1",
    )


def _days(written: str) -> tuple[Micros, Micros] | None:
    """Read a day or two with dots between them; None for what is no day. They are days of the site."""
    start, _, end = written.partition("..")
    try:
        from_, until = (dt.date.fromisoformat(one) for one in (start, end or start))
        return midnight(from_, zone()), midnight(until + dt.timedelta(days=1), zone())
    except (ValueError, OverflowError):
        return None
