"""How the sources stand: what each wrote last, where it fell silent, and which could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from desktop_app.core.database import Connection, rows
from desktop_app.core.model import Micros
from desktop_app.core.text import Text
from desktop_app.web import figures, times

SHOWN = 8
NAMED = 3  # sources that could not be read are named up to this number
SILENCE = times.DAY  # as long as this without an event is worth saying

_FILES = f"SELECT import_id, path, member, name, stem, state, error FROM ({figures.NEWEST}) WHERE place = 1"
_READING = """SELECT i.id AS import_id FROM imports i JOIN jobs j ON j.id = i.job_id
    WHERE i.state = 'reading' AND j.state IN ('queued', 'running')"""
_SPANS = """SELECT f.path, f.member, f.name, f.stem, s.min_time, s.max_time, s.events
    FROM segments s JOIN files f ON f.id = s.file_id WHERE s.state = 'live' ORDER BY s.min_time"""

# A log that is rotated is one source: the files of one folder whose names differ only by what rotation adds.
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A log, with all files of it that were read.

    ``trouble``: why its newest reading was not whole. ``silent``: it stopped a day or more before what was read
    together with it. ``hole``: the longest time without an event between two of its pieces, from a day on.
    """

    name: str
    files: int
    events: int
    last: Micros | None
    trouble: Text | None
    silent: bool
    hole: tuple[Micros, Micros] | None

    @property
    def sound(self) -> bool:
        """Whether there is nothing to say of it."""
        return self.trouble is None and not self.silent and self.hole is None


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources: those with something to say first, then by their last event."""

    all: tuple[Source, ...]

    @property
    def unread(self) -> tuple[Source, ...]:
        """Those that were not read whole."""
        return tuple(one for one in self.all if one.trouble is not None)

    @property
    def named(self) -> str:
        """The names of the first of those that were not."""
        return ", ".join(one.name for one in self.unread[:NAMED]) + (" …" if len(self.unread) > NAMED else "")

    @property
    def read(self) -> int:
        """How many were read whole."""
        return len(self.all) - len(self.unread)


def sources(db: Connection) -> Sources:
    """Return how the sources of all standing imports stand; what an import is about to read is not judged yet."""
    reading = {row["import_id"] for row in rows(db, _READING)}
    files = [row for row in rows(db, _FILES) if row["state"] != "waiting" or row["import_id"] not in reading]
    spans: dict[_Key, list[tuple[Micros, Micros, int]]] = defaultdict(list)
    for row in rows(db, _SPANS):
        spans[_key(row)].append((row["min_time"], row["max_time"], row["events"]))
    grouped: dict[_Key, list[Mapping[str, Any]]] = defaultdict(list)
    for row in files:
        grouped[_key(row)].append(row)
    ends = _ends((row["import_id"], spans.get(key, ())) for key, some in grouped.items() for row in some)
    made = [_source(some, spans.get(key, ()), ends) for key, some in grouped.items()]
    return Sources(tuple(sorted(made, key=lambda one: (one.sound, one.trouble is None, -(one.last or 0), one.name))))


def _key(row: Mapping[str, Any]) -> _Key:
    place = PurePosixPath(row["path"].replace("\\", "/"))
    folder = str(place / PurePosixPath(row["member"]).parent) if row["member"] else str(place.parent)
    return folder, row["stem"] or row["name"]


def _ends(found: Iterable[tuple[int, Sequence[tuple[Micros, Micros, int]]]]) -> dict[int, Micros]:
    """Return the last event of each import."""
    ends: dict[int, Micros] = {}
    for import_id, spans in found:
        for _, end, _ in spans:
            ends[import_id] = max(ends.get(import_id, end), end)
    return ends


def _source(
    files: Sequence[Mapping[str, Any]], spans: Sequence[tuple[Micros, Micros, int]], ends: Mapping[int, Micros]
) -> Source:
    wrong = [row for row in files if row["state"] in {"failed", "waiting"} or row["error"] is not None]
    last = max((end for _, end, _ in spans), default=None)
    together = max((ends[row["import_id"]] for row in files if row["import_id"] in ends), default=None)
    return Source(
        name=str(files[-1]["stem"] or files[-1]["name"]),
        files=len(files),
        events=sum(count for *_, count in spans),
        last=last,
        trouble=figures.why(wrong[-1]["error"])[0] if wrong else None,
        silent=last is not None and together is not None and together - last >= SILENCE,
        hole=_hole(spans),
    )


def _hole(spans: Sequence[tuple[Micros, Micros, int]]) -> tuple[Micros, Micros] | None:
    """Return the longest time between pieces that nothing was written in; the pieces come by their beginnings."""
    longest: tuple[Micros, Micros] | None = None
    reached = spans[0][1] if spans else 0
    for start, end, _ in spans[1:]:
        if start - reached >= SILENCE and (longest is None or start - reached > longest[1] - longest[0]):
            longest = (reached, start)
        reached = max(reached, end)
    return longest
