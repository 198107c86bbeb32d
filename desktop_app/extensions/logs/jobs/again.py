"""Reading what an import brought once more, from the store's own copies of its records.

The original files may be gone; their raw records are not. The files keep their numbers, so links to events hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.model import Micros
from desktop_app.core.pipeline import Intake
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.hosts import normalized
from desktop_app.extensions.logs.model import BATCH_ROWS, Format, Reading, RecordBatch
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.store import FileRow


@dataclass(frozen=True, slots=True)
class Again:
    """A file that is read a second time."""

    file: FileRow
    format: Format
    reading: Reading
    intake: Intake


def standing_files(db: Connection, import_id: int, refusal: Text) -> list[FileRow]:
    """Return the files of an import; UsageError with ``refusal`` where it was undone in the meantime."""
    row = store.import_row(db, import_id)
    if row.state != "done":
        raise UsageError(refusal, why=text("This import was undone."))
    return store.files(db, import_id)


def read_again(
    context: JobContext, again: Sequence[Again], replace: Callable[[], None], began: Micros
) -> Mapping[str, Any]:
    """Read files again into what takes their events, then ``replace`` what they brought before; all or nothing.

    Rules that were changed after the reading ``began`` are applied to what it brought, by a job of their own.
    """
    try:
        for done, one in enumerate(again):
            context.progress(done, len(again), text("Reading %(name)s", name=one.file.name))
            _read(context, one)
        replace()
    except BaseException:
        for begun in again:
            begun.intake.abandon()
        raise
    applying.meanwhile(context.db, began)
    return {"files": len(again), "events": sum(one.intake.events for one in again)}


def _read(context: JobContext, again: Again) -> None:
    for records in _records(context, again.file.id, again.reading.settled.records):
        context.check()
        for batch in normalized(again.format, records, again.reading):
            again.intake.add(batch)
        if records.ordinal[-1] <= again.reading.settled.records:
            again.reading.settle(0, again.reading.settled.records)


def _records(context: JobContext, file_id: int, settled: int) -> Iterator[RecordBatch]:
    """Return the raw records of a file in the order in which it held them, those up to ``settled`` by themselves."""
    ids = store.segment_ids(context.db, file_ids=[file_id])
    held = sorted(catalogue.by_ids(context.db, ids), key=lambda one: one.min_id)
    while held:
        together = [held.pop(0)]
        # Segments of several log sources of one file share a range of numbers; others follow one another.
        while held and held[0].min_id <= max(one.max_id for one in together):
            together.append(held.pop(0))
        loaded = [batch for _, batch in context.desk.events.load(context.db, [one.id for one in together])]
        ordinals = np.concatenate([batch.ordinal for batch in loaded])
        raws = [raw or "" for batch in loaded for raw in batch.raw]
        order = np.argsort(ordinals, kind="stable")
        known = int(np.searchsorted(ordinals[order], settled, side="right"))
        for stretch in (order[:known], order[known:]):
            for start in range(0, len(stretch), BATCH_ROWS):
                part = stretch[start : start + BATCH_ROWS]
                yield RecordBatch([raws[row] for row in part.tolist()], ordinals[part], 0)
