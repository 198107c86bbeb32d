"""Reading files of an import again by another format, such as one that was taught after they had come in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import writing
from desktop_app.core.jobs import JobContext
from desktop_app.core.pipeline import Intake, replace_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.settings import SITE_ZONE, get
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.again import Again, read_again, standing_files
from desktop_app.extensions.logs.jobs.hosts import HOST
from desktop_app.extensions.logs.model import Format, Reading
from desktop_app.extensions.logs.sources.recognise import by_id
from desktop_app.extensions.logs.store import taught

# What of a file depends on the format it was read by.
COLUMNS = (
    *("format", "format_named", "zone", "zone_assumed", "skipped", "notes", "reading_state"),
    *("settled_bytes", "settled_records", "settled_state", "settled_sha256"),
)


def run_format(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace what some files of an import brought by what a format reads of their records; in one transaction."""
    db, import_id, wanted = context.db, int(params["import_id"]), {int(one) for one in params["files"]}
    chosen = by_id(str(params["format"]), taught.formats(db))
    standing = standing_files(db, import_id, _refusal(context, import_id))
    affected = [one for one in standing if one.id in wanted and one.events]
    began, ruleset = context.now(), load(db, context.desk.folder)
    again = [_prepare(context, ruleset, one, chosen) for one in affected]
    result = read_again(context, again, lambda: _replace(context, ruleset, import_id, again), began)
    return {**result, "import": import_id}


def _refusal(context: JobContext, import_id: int) -> Text:
    return text("The format of %(label)s was not changed.", label=store.import_row(context.db, import_id).label)


def _prepare(context: JobContext, ruleset: RuleSet, one: store.FileRow, chosen: Format) -> Again:
    host = one.reading_state.get(HOST)
    reading = Reading(
        name=one.name,
        encoding=one.encoding or "utf-8",
        zone=zoneinfo.ZoneInfo(one.zone or str(get(context.db, SITE_ZONE))),
        reference=one.modified,
        state={HOST: host} if host else {},
    )
    intake = Intake(context.desk, ruleset, import_id=one.import_id, file_id=one.id, name=one.name)
    return Again(one, chosen, reading, intake)


def _replace(context: JobContext, ruleset: RuleSet, import_id: int, again: Sequence[Again]) -> None:
    db, ids = context.db, [one.file.id for one in again]
    with writing(db):
        standing_files(db, import_id, _refusal(context, import_id))
        earlier = [store.file_columns(db, one, COLUMNS) for one in ids]
        hidden = store.segment_ids(db, file_ids=ids)
        added = replace_segments(context.desk, db, ruleset, hidden, [one.intake for one in again])
        for one in again:
            store.finish_file(db, one.file.id, _columns(one))
        before = {"added": added, "hidden": hidden, "files": [list(one) for one in zip(ids, earlier, strict=True)]}
        label = store.import_row(db, import_id).label
        summary = text("Read %(label)s by the format %(format)s", label=label, format=again[0].format.title)
        undo.record(db, "logs.format", summary, before=before, after={}, subjects=[f"import:{import_id}"])


def _columns(one: Again) -> dict[str, Any]:
    """A file that grows is read from its beginning next time: nothing of it is settled by this format yet."""
    return {
        "format": one.format.id,
        "format_named": 1,
        "zone": str(one.reading.zone),
        "zone_assumed": int(one.reading.zone_assumed),
        "skipped": one.reading.skipped,
        "notes": orjson.dumps([note.to_json() for note in one.reading.notes]).decode(),
        "reading_state": orjson.dumps(one.reading.state).decode(),
        "settled_bytes": 0,
        "settled_records": 0,
        "settled_state": "{}",
        "settled_sha256": None,
    }
