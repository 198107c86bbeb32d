"""Reading the lines of an import again in another time zone, from the store's own copies of them.

The original files may be gone; their raw records are not. The files keep their numbers, so links to events hold.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_app.core import undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import Intake, replace_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.hosts import normalized
from desktop_app.extensions.logs.model import BATCH_ROWS, Reading, RecordBatch
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.sources.zones import FOLDS


def run_zone(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace what an import's zone-less lines brought; all files in one transaction."""
    db, import_id, zone = context.db, int(params["import_id"]), str(params["zone"])
    affected = [one for one in _standing_files(db, import_id) if one.zone_assumed and one.events and one.zone != zone]
    ruleset = load(db, context.desk.folder)
    again: list[Again] = []
    try:
        for done, one in enumerate(affected):
            context.progress(done, len(affected), text("Reading %(name)s", name=one.name))
            again.append(_prepare(context, ruleset, one, zone))
            _read(context, again[-1])
        _replace(context, ruleset, import_id, again)
    except BaseException:
        for begun in again:
            begun.intake.abandon()
        raise
    return {"files": len(again), "events": sum(one.intake.events for one in again), "import": import_id}


@dataclass(frozen=True, slots=True)
class Again:
    """A file that is read a second time."""

    file: store.FileRow
    reading: Reading
    intake: Intake


def _standing_files(db: Connection, import_id: int) -> list[store.FileRow]:
    """Return the files of an import; it may have been undone since the change was asked for."""
    row = store.import_row(db, import_id)
    if row.state != "done":
        raise UsageError(
            text("The time zone of %(label)s was not changed.", label=row.label), why=text("This import was undone.")
        )
    return store.files(db, import_id)


def _prepare(context: JobContext, ruleset: RuleSet, one: store.FileRow, zone: str) -> Again:
    state = one.settled.state if one.settled.bytes else one.reading_state
    reading = Reading(
        name=one.name,
        encoding=one.encoding or "utf-8",
        zone=zoneinfo.ZoneInfo(zone),
        reference=one.modified,
        first_offset=one.settled.bytes,
        settled=one.settled,
        state={name: known for name, known in state.items() if name != FOLDS},
    )
    return Again(one, reading, Intake(context.desk, ruleset, import_id=one.import_id, file_id=one.id, name=one.name))


def _read(context: JobContext, again: Again) -> None:
    chosen = by_id(str(again.file.format))
    for records in _records(context, again.file.id, again.file.settled.records):
        context.check()
        for batch in normalized(chosen, records, again.reading):
            again.intake.add(batch)
        if records.ordinal[-1] <= again.file.settled.records:
            again.reading.settle(0, again.file.settled.records)


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


def _replace(context: JobContext, ruleset: RuleSet, import_id: int, again: Sequence[Again]) -> None:
    db, ids = context.db, [one.file.id for one in again]
    with writing(db):
        # As it stands now: another change of zone may have come first.
        earlier = [one for one in _standing_files(db, import_id) if one.id in ids]
        hidden = store.segment_ids(db, file_ids=ids)
        added = replace_segments(context.desk, db, ruleset, hidden, [one.intake for one in again])
        for one in again:
            store.set_zone(db, one.file.id, str(one.reading.zone), one.reading.state, one.reading.settled.state)
        before = {
            "added": added, "hidden": hidden,
            "files": [[one.id, one.zone, one.reading_state, one.settled.state] for one in earlier],
        }  # fmt: skip
        label, zone = store.import_row(db, import_id).label, str(again[0].reading.zone)
        summary = text("Read %(label)s in the time zone %(zone)s", label=label, zone=zone)
        # The import is the subject too: undoing it must wait until this was undone.
        undo.record(db, "logs.zone", summary, before=before, after={}, subjects=[f"import:{import_id}"])
