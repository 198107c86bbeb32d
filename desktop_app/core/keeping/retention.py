"""Which segments have had their time: by age, by source, and by the size of all. Pure reading; ``retiring`` acts.

A segment goes whole and only when all of its events have had their time, so what is kept may be a little more than was
asked for, never less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson

from desktop_app.core import settings
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.events import catalogue
from desktop_app.core.events.segment import Segment
from desktop_app.core.keeping import ages
from desktop_app.core.model import Micros
from desktop_app.core.origins import WATCHED

DAY = 86_400_000_000
MEGABYTE = 1_000_000
_LISTED = "(SELECT value FROM json_each(?))"
_STANDING = f"""SELECT s.id, s.created, i.label, l.name FROM segments s JOIN imports i ON i.id = s.import_id
    LEFT JOIN sources l ON l.id = {WATCHED} WHERE s.state = 'live'"""

Since = Literal["event", "read"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long events are kept. ``days`` and ``bytes`` 0: no limit; ``sources``: days by name, 0 for ever.

    ``since``: whether age counts from the event or from when it was read; ``grace``: days until what went is deleted.
    """

    days: int = 0
    bytes: int = 0
    sources: tuple[tuple[str, int], ...] = ()
    since: Since = "event"
    grace: int = 7

    @property
    def any(self) -> bool:
        """Whether anything is limited at all."""
        return bool(self.days or self.bytes or any(days for _, days in self.sources))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Limits:
        """Read back what ``to_json`` made."""
        sources = tuple((str(name), int(days)) for name, days in stored["sources"])
        since = cast("Since", stored["since"])
        return cls(int(stored["days"]), int(stored["bytes"]), sources, since, int(stored["grace"]))

    def to_json(self) -> dict[str, Any]:
        """Return what a job is given."""
        return {"days": self.days, "bytes": self.bytes, "sources": [list(one) for one in self.sources],
                "since": self.since, "grace": self.grace}  # fmt: skip


def limits(db: Connection) -> Limits:
    """Return the limits of the settings."""
    stored = settings.current(db, settings.RETENTION)
    return Limits(
        int(stored["retention_days"]),
        int(stored["retention_megabytes"]) * MEGABYTE,
        ages.read(str(stored["retention_sources"])),
        cast("Since", stored["retention_since"]),
        int(stored["retention_grace"]),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment with the names that its source goes by (as they are compared), and when it was read.

    ``label`` is the first of them as it is written.
    """

    segment: Segment
    names: tuple[str, ...]
    read: Micros
    label: str = ""

    def age(self, at: Micros, since: Since) -> Micros:
        """Return how old the youngest of its events is."""
        return at - (self.segment.max_time if since == "event" else self.read)


def standing(db: Connection) -> list[Standing]:
    """Return what searches see, with the names of its sources: the live source, the import, the kind of log."""
    known = {row["id"]: row for row in rows(db, _STANDING)}
    found = []
    for one in catalogue.live(db):
        if (row := known.get(one.id)) is not None:
            names = [name for name in (row["name"], row["label"], one.log_source.name) if name]
            found.append(Standing(one, tuple(name.casefold() for name in names), row["created"], names[0]))
    return found


def expired(found: Sequence[Standing], limits: Limits, at: Micros) -> list[Segment]:
    """Return the segments beyond the limits, the oldest first: those too old, then as many as the size needs."""
    own = dict(limits.sources)

    def days(one: Standing) -> int:
        return next((own[name] for name in one.names if name in own), limits.days)

    def for_ever(one: Standing) -> bool:
        return days(one) == 0 and any(name in own for name in one.names)

    oldest = sorted(found, key=lambda one: (-one.age(at, limits.since), one.segment.id))
    old = {one.segment.id for one in oldest if days(one) and one.age(at, limits.since) > days(one) * DAY}
    left = [one for one in oldest if one.segment.id not in old]
    too_many = sum(one.segment.bytes for one in left) - limits.bytes if limits.bytes else 0
    for one in left:
        if too_many > 0 and not for_ever(one):
            old.add(one.segment.id)
            too_many -= one.segment.bytes
    return [one.segment for one in oldest if one.segment.id in old]


@dataclass(frozen=True, slots=True)
class Part:
    """What would go of one source, and what would stay of it."""

    source: str
    events: int
    bytes: int
    first: Micros
    last: Micros
    stays: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would go: ``findings`` rest on it, of which ``gone`` would go with it; ``marked`` events keep a copy.

    ``open``: findings that wait or are worked on; they stay, with the copies of what they rest on.
    """

    limits: Limits
    at: Micros
    segments: tuple[Segment, ...]
    parts: tuple[Part, ...]
    findings: int
    open: int
    gone: int
    marked: int

    @property
    def events(self) -> int:
        """How many events would go."""
        return sum(one.events for one in self.segments)

    @property
    def bytes(self) -> int:
        """How large their files are."""
        return sum(one.bytes for one in self.segments)


def outlook(db: Connection, limits: Limits, at: Micros) -> Outlook:
    """Return what would go at a moment."""
    found = standing(db)
    gone = expired(found, limits, at)
    ids = orjson.dumps([one.id for one in gone]).decode()
    resting = f"SELECT DISTINCT finding_id FROM contributions WHERE segment_id IN {_LISTED}"
    counted = rows(
        db,
        "SELECT count(*) AS n, coalesce(sum(status IN ('new', 'in_progress')), 0) AS open,"
        " coalesce(sum(touched = 0 AND status NOT IN ('new', 'in_progress') AND NOT EXISTS"
        f" (SELECT 1 FROM contributions c WHERE c.finding_id = f.id AND c.segment_id NOT IN {_LISTED})), 0) AS gone"
        f" FROM findings f WHERE id IN ({resting})",
        [ids, ids],
    )[0]
    return Outlook(limits, at, tuple(gone), _parts(found, gone), counted["n"], counted["open"], counted["gone"],
                   _marked(db, gone))  # fmt: skip


def _parts(found: Sequence[Standing], gone: Sequence[Segment]) -> tuple[Part, ...]:
    going = {one.id for one in gone}
    named: dict[str, list[Segment]] = {}
    for one in found:
        named.setdefault(one.label, []).append(one.segment)
    parts = []
    for name, held in named.items():
        out = [one for one in held if one.id in going]
        if out:
            parts.append(Part(name, sum(one.events for one in out), sum(one.bytes for one in out),
                              min(one.min_time for one in out), max(one.max_time for one in out),
                              sum(one.events for one in held if one.id not in going)))  # fmt: skip
    return tuple(sorted(parts, key=lambda one: (-one.events, one.source)))


def _marked(db: Connection, gone: Sequence[Segment]) -> int:
    """Return how many pinned, tagged or annotated events lie in segments."""
    spans = orjson.dumps([[one.min_id, one.max_id] for one in gone]).decode()
    return int(
        value(
            db,
            "SELECT count(*) FROM event_marks m WHERE EXISTS (SELECT 1 FROM json_each(?) s WHERE m.event_id"
            " BETWEEN json_extract(s.value, '$[0]') AND json_extract(s.value, '$[1]'))",
            [spans],
        )
        or 0
    )
