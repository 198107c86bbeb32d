"""What the pages, the API and the command line ask of a whole result alike: the unusual, and what stood around."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.templates import Template, Templates
from desktop_app.core.events.answers.unusual import Unusual
from desktop_app.core.events.beside.counted import ASKED, FIXED
from desktop_app.core.events.search import Search
from desktop_app.core.model import Micros, stamp
from desktop_app.core.text import text

DAY = 86_400_000_000
COMPARED = 24  # fields

# The columns that every event has, and a field of Windows events that says the same once more.
SAID_BY_FIXED = frozenset({*FIXED, "computer"})

Against = Literal["before", "rest"]
AGAINST: tuple[Against, ...] = ("before", "rest")
Order = Literal["count", "new", "rare"]
ORDERS: tuple[Order, ...] = ("count", "new", "rare")


@dataclass(frozen=True, slots=True)
class Compared:
    """What is unusual in a window (half-open, µs UTC)."""

    start: Micros
    end: Micros
    found: Unusual


def unusual(
    desk: Desk, db: Connection, search: Search, against: Against, *, without: Collection[str] = ()
) -> Compared | None:
    """Hold a window against the same time before it, or against all other times; None on an empty desk.

    The window is the time of the search, else the last day of what is stored. Fields ``without`` (folded names) are
    left out: what a search already fixes is no news.
    """
    window = _window(db, search)
    if window is None:
        return None
    start, end = window
    events = desk.events
    fields = events.fields(db, replace(search, start=start, end=end))
    there = [name for name, _ in fields if name.lower() not in SAID_BY_FIXED]
    first = [name for name in ASKED if name in there]
    names = dict.fromkeys([*FIXED, *first, *there])
    compared = [one for one in names if one.lower() not in without][:COMPARED]
    before = (start - (end - start), end) if against == "before" else (None, None)
    whole = replace(search, start=before[0], end=before[1])
    return Compared(start, end, events.unusual(db, whole, window, compared))


def _window(db: Connection, search: Search) -> tuple[Micros, Micros] | None:
    totals = catalogue.totals(db)
    if totals.min_time is None or totals.max_time is None:
        return None
    end = totals.max_time + 1 if search.end is None else search.end
    start = max(totals.min_time, end - DAY) if search.start is None else search.start
    return (start, end) if start < end else None


def ordered(found: Templates, order: Order) -> list[Template]:
    """Return kinds of messages: the commonest first, those that began last first, or the rarest first."""
    keys = {"count": lambda one: -one.count, "new": lambda one: -one.since, "rare": lambda one: one.count}
    return sorted(found.found, key=keys[order])


def unusual_json(compared: Compared | None) -> dict[str, Any]:
    """Return the unusual as programs read it; ``field`` is empty for a kind of message."""
    if compared is None:
        return {"start": None, "end": None, "here": 0, "there": 0, "unusual": []}
    found = compared.found
    lines = [
        {"field": one.field, "value": one.value, "here": one.here, "there": one.there, "score": round(one.score, 2)}
        for one in found.oddities
    ]
    return {"start": stamp(compared.start), "end": stamp(compared.end), "here": found.here, "there": found.there,
            "unusual": lines}  # fmt: skip


def templates_json(found: Templates, order: Order) -> dict[str, Any]:
    """Return kinds of messages as programs read them; ``since`` is the first time in all that is stored."""
    lines = [
        {"template": one.text, "count": one.count, "first": stamp(one.first), "last": stamp(one.last),
         "since": stamp(one.since), "example": str(one.example)}
        for one in ordered(found, order)
    ]  # fmt: skip
    return {"templates": lines, "others": found.others, "unmined": found.unmined}


@dataclass(frozen=True, slots=True)
class Around:
    """An event and those right before (``older``) and after (``newer``) it, each newest first."""

    newer: tuple[Mapping[str, Any], ...]
    event: Mapping[str, Any]
    older: tuple[Mapping[str, Any], ...]


def around(desk: Desk, db: Connection, event: Mapping[str, Any], limit: int, search: Search | None = None) -> Around:
    """Return up to ``limit`` events on either side of one, across all sources or among those of a search."""
    key = (int(event["time"]), int(event["id"]))
    asked = Search() if search is None else search
    newer = desk.events.page(db, asked, before=key, limit=limit).rows
    older = desk.events.page(db, asked, after=key, limit=limit).rows
    return Around(tuple(newer), event, tuple(older))


def around_id(desk: Desk, db: Connection, event_id: int, limit: int, search: Search | None = None) -> Around:
    """Do the same for an event's number. UsageError where there is no such event."""
    found = desk.events.event(db, event_id) if event_id < 2**63 else None
    if found is None:
        raise UsageError(
            text("There is no such event."),
            why=text("The import that brought it may have been undone."),
            fix=text("Search for it; each event is shown with its id by --json."),
        )
    return around(desk, db, found, limit, search)
