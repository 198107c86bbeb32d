"""Reading the lines of an import again in another time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core import undo
from desktop_app.core.database import writing
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import Intake, replace_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.again import Again, read_again, standing_files
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.sources.zones import FOLDS
from desktop_app.extensions.logs.store import taught


def run_zone(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace what an import's zone-less lines brought; all files in one transaction."""
    db, import_id, zone = context.db, int(params["import_id"]), str(params["zone"])
    standing = standing_files(db, import_id, _refusal(context, import_id))
    affected = [one for one in standing if one.zone_assumed and one.events and one.zone != zone]
    began, ruleset = context.now(), load(db, context.desk.folder)
    again = [_prepare(context, ruleset, one, zone) for one in affected]
    result = read_again(context, again, lambda: _replace(context, ruleset, import_id, again), began)
    return {**result, "import": import_id}


def _refusal(context: JobContext, import_id: int) -> Text:
    return text("The time zone of %(label)s was not changed.", label=store.import_row(context.db, import_id).label)


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
    intake = Intake(context.desk, ruleset, import_id=one.import_id, file_id=one.id, name=one.name)
    return Again(one, by_id(str(one.format), taught.formats(context.db)), reading, intake)


def _replace(context: JobContext, ruleset: RuleSet, import_id: int, again: Sequence[Again]) -> None:
    db, ids = context.db, [one.file.id for one in again]
    with writing(db):
        # As it stands now: another change of zone may have come first.
        earlier = [one for one in standing_files(db, import_id, _refusal(context, import_id)) if one.id in ids]
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
