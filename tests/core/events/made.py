"""Events and stores for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from desktop_app.core.database import Connection, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Page
from desktop_app.core.events.search import EventStore, Search
from desktop_app.core.events.writer import write_segments
from desktop_app.core.model import EventBatch, LogSource
from desktop_app.core.paths import DataFolder

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
START = 1_772_323_200 * SECOND  # 2026-03-01 00:00 UTC
SYSLOG = LogSource("linux", "", "syslog")
ACCESS = LogSource(category="webserver", service="access")
FIXED = ("source", "host", "level", "message", "raw")


def batch(
    events: Sequence[Mapping[str, Any]], log_source: LogSource = SYSLOG, *, first: int = 1, zone_assumed: bool = False
) -> EventBatch:
    """Make a batch of dictionaries: ``time`` (default: a second apart), the fixed columns, ``fields``."""
    columns = {name: [event.get(name) for event in events] for name in FIXED}
    columns["raw"] = [event.get("raw", f"line {number}") for number, event in enumerate(events)]
    names = dict.fromkeys(name for event in events for name in event.get("fields", {}))
    fields = {name: [event.get("fields", {}).get(name) for event in events] for name in names}
    times = [event.get("time", START + number * SECOND) for number, event in enumerate(events)]
    return EventBatch(
        log_source=log_source, time=np.array(times, dtype=np.int64),
        ordinal=np.arange(first, first + len(events), dtype=np.int64), fields=fields, zone_assumed=zone_assumed,
        **columns,
    )  # fmt: skip


@dataclass
class Store:
    """A desk's folder, its database and its events."""

    folder: DataFolder
    db: Connection
    events: EventStore = field(init=False)

    def __post_init__(self) -> None:
        self.events = EventStore(self.folder)

    def new_file(self) -> tuple[int, int]:
        """Add an import of one file; return both ids."""
        with writing(self.db):
            import_id = self.db.execute("INSERT INTO imports (label, state, created) VALUES ('t', 'done', 0)").lastrowid
            names = "import_id, path, name, format, zone, state"
            sql = f"INSERT INTO files ({names}) VALUES (?, '/l/a', 'a', 'f', 'UTC', 'done')"
            return import_id, self.db.execute(sql, (import_id,)).lastrowid

    def add(self, made: EventBatch | Sequence[Mapping[str, Any]]) -> list[int]:
        """Write a batch as a file of its own; return the ids of its segments."""
        events = made if isinstance(made, EventBatch) else batch(made)
        import_id, file_id = self.new_file()
        new = write_segments(self.folder, events, file_id=file_id, import_id=import_id, ingested=START + DAY)
        with writing(self.db):
            return catalogue.add(self.db, new, file_id=file_id, import_id=import_id, created=START)

    def path(self, segment_id: int) -> Any:
        """Return the path of a segment's file."""
        return self.folder.segments / catalogue.by_ids(self.db, [segment_id])[0].path

    def page(self, query: str = "", *filters: str, **options: Any) -> Page:
        """Return a page of a query."""
        return self.events.page(self.db, Search(query, filters), **options)

    def raws(self, query: str = "", *filters: str, **options: Any) -> list[str]:
        """Return what a query finds, newest first."""
        return [row["raw"] for row in self.page(query, *filters, limit=1000, **options).rows]
