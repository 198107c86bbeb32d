"""Many small segments of one log source of one file as one: the same events under the same ids, written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.beside import counted
from desktop_app.core.events.search import EventStore
from desktop_app.core.events.segment import NewSegment, Segment
from desktop_app.core.events.writer import write_segments
from desktop_app.core.model import Column, EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.core.spans import Coded, Spans


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
        folder, _counted(joined(loaded)), file_id=segments[0].file_id, import_id=segments[0].import_id,
        ingested=np.concatenate(times), cut=False,
    )  # fmt: skip
    return made


def _counted(batch: EventBatch) -> EventBatch:
    """Return the columns that are counted beside a segment as codes again: long values are counted by these alone."""
    fields = {name: counted.as_codes(one) if counted.is_asked(name) else one for name, one in batch.fields.items()}
    level, host, source = (counted.as_codes(getattr(batch, name)) for name in counted.FIXED)
    return replace(batch, fields=fields, level=level, host=host, source=source)


def joined(batches: Sequence[EventBatch]) -> EventBatch:
    """Return the events of several batches of one log source as one batch."""
    names = dict.fromkeys(name for one in batches for name in one.fields)
    absent = [Coded.constant(None, len(one)) for one in batches]
    return EventBatch(
        log_source=batches[0].log_source,
        time=np.concatenate([one.time for one in batches]),
        ordinal=np.concatenate([one.ordinal for one in batches]),
        source=_column([one.source for one in batches]),
        host=_column([one.host for one in batches]),
        level=_column([one.level for one in batches]),
        message=_column([one.message for one in batches]),
        raw=_column([one.raw for one in batches]),
        fields={
            name: _column([one.fields.get(name, nothing) for one, nothing in zip(batches, absent, strict=True)])
            for name in names
        },
        zone_assumed=any(one.zone_assumed for one in batches),
    )


def _column(parts: Sequence[Column]) -> Column:
    """Return columns one behind the other, made of what they are made of."""
    coded = [one for one in parts if isinstance(one, Coded)]
    if len(coded) == len(parts):
        return Coded.joined(coded)
    spans = [one.apart() for one in parts if isinstance(one, Spans)]
    if len(spans) < len(parts):
        return [value for one in parts for value in one]
    places = np.cumsum([0, *(len(one.buffer) for one in spans)]).tolist()
    return Spans(
        np.concatenate([one.buffer for one in spans]),
        np.concatenate([one.start + at for one, at in zip(spans, places, strict=False)]),
        np.concatenate([one.length for one in spans]),
    )
