"""Reading the lines of an import again in another time zone, from the store's own copies of them.

The original files may be gone; their raw records are not. The files keep their numbers, so links to events hold.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from desktop_app.core import undo
from desktop_app.core.database import writing
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import Intake, remove_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.model import BATCH_ROWS, Reading, RecordBatch
from desktop_app.extensions.logs.sources.recognise import by_id


def run_zone(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace what an import's zone-less lines brought; all files in one transaction."""
    db, zone = context.db, str(params["zone"])
    row = store.import_row(db, int(params["import_id"]))
    affected = [one for one in store.files(db, row.id) if one.zone_assumed and one.events]
    ruleset = load(db, context.desk.folder)
    intakes: list[Intake] = []
    try:
        for done, one in enumerate(affected):
            context.progress(done, len(affected), text("Reading %(name)s", name=one.name))
            intakes.append(_read_again(context, ruleset, one, zone))
        _replace(context, ruleset, row, zone, list(zip(affected, intakes, strict=True)))
    except BaseException:
        for intake in intakes:
            intake.abandon()
        raise
    return {"files": len(affected), "events": sum(one.events for one in intakes), "import": row.id}


def _read_again(context: JobContext, ruleset: RuleSet, one: store.FileRow, zone: str) -> Intake:
    intake = Intake(context.desk, ruleset, import_id=one.import_id, file_id=one.id, name=one.name)
    chosen = by_id(str(one.format))
    reading = Reading(
        name=one.name,
        encoding=one.encoding or "utf-8",
        zone=zoneinfo.ZoneInfo(zone),
        reference=one.modified,
        first_ordinal=one.records + 1,
        state=dict(one.reading_state),
    )
    try:
        for records in _records(context, one.id):
            context.check()
            for batch in chosen.normalize(records, reading):
                intake.add(batch)
    except BaseException:
        intake.abandon()
        raise
    return intake


def _records(context: JobContext, file_id: int) -> Iterator[RecordBatch]:
    """Return the raw records of a file in the order in which it held them."""
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
        for start in range(0, len(order), BATCH_ROWS):
            part = order[start : start + BATCH_ROWS]
            yield RecordBatch([raws[row] for row in part.tolist()], ordinals[part], 0)


def _replace(
    context: JobContext,
    ruleset: RuleSet,
    row: store.ImportRow,
    zone: str,
    again: Sequence[tuple[store.FileRow, Intake]],
) -> None:
    desk, db = context.desk, context.db
    with writing(db):
        old = store.segment_ids(db, file_ids=[one.id for one, _ in again])
        remove_segments(desk, db, ruleset, old, hide=True)
        added = [segment for _, intake in again for segment in intake.land(db)]
        for one, _ in again:
            store.finish_file(db, one.id, {"zone": zone})
        before = {"added": added, "hidden": old, "zones": [[one.id, one.zone] for one, _ in again]}
        summary = text("Read %(label)s in the time zone %(zone)s", label=row.label, zone=zone)
        # The import is the subject too: undoing it must wait until this was undone.
        undo.record(db, "logs.zone", summary, before=before, after={}, subjects=[f"import:{row.id}"])
