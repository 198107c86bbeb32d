"""Many small segments of one log source of one file as one: the same events under the same ids, written anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.events.results import Missing
from desktop_app.core.events.search import EventStore
from desktop_app.core.events.segment import NewSegment, Segment
from desktop_app.core.events.writer import write_segments
from desktop_app.core.model import Column, EventBatch
from desktop_app.core.paths import DataFolder


def merge(folder: DataFolder, store: EventStore, db: Connection, segments: Sequence[Segment]) -> NewSegment | None:
    """Write the events of segments as one; None where one of them cannot be read: then all stay as they are.

    They must be of one import, one file and one log source. Raises StoreError when the disk refuses.
    """
    missing: list[Missing] = []
    ids = [one.id for one in segments]
    loaded = [batch for _, batch in store.load(db, ids, missing=missing)]
    times = [store.ingested(db, one) for one in segments if not missing]
    if missing or len(loaded) != len(segments):
        return None
    [made] = write_segments(
        folder, joined(loaded), file_id=segments[0].file_id, import_id=segments[0].import_id,
        ingested=np.concatenate(times), cut=False,
    )  # fmt: skip
    return made


def joined(batches: Sequence[EventBatch]) -> EventBatch:
    """Return the events of several batches of one log source as one batch."""
    names = dict.fromkeys(name for one in batches for name in one.fields)

    def column(name: str) -> Column:
        parts: list[str | None] = []
        for one in batches:
            parts += one.fields[name] if name in one.fields else [None] * len(one)
        return parts

    return EventBatch(
        log_source=batches[0].log_source,
        time=np.concatenate([one.time for one in batches]),
        ordinal=np.concatenate([one.ordinal for one in batches]),
        source=[value for one in batches for value in one.source],
        host=[value for one in batches for value in one.host],
        level=[value for one in batches for value in one.level],
        message=[value for one in batches for value in one.message],
        raw=[value for one in batches for value in one.raw],
        fields={name: column(name) for name in names},
        zone_assumed=any(one.zone_assumed for one in batches),
    )
