"""Undoing a large import: out of sight at once, then taken away in portions, so that others can write in between.

An import that had replaced parts of earlier ones is taken back in one step: they come back in the moment it goes.
Cut off anywhere, the rest is done when the job goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import writing
from desktop_app.core.errors import Cancelled
from desktop_app.core.events import catalogue
from desktop_app.core.events.segment import portions
from desktop_app.core.jobs import JobContext
from desktop_app.core.judging import claims
from desktop_app.core.pipeline import remove_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.service import reverting

PORTION = 100_000  # events that go in one transaction


def run_undo(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take back the import of an entry of the journal; nothing to do where that was done before."""
    db, undo_id = context.db, int(params["undo_id"])
    with writing(db):
        before = orjson.loads(undo.standing(db, undo_id)["before"])
        import_id = int(before["import_id"])
        reverting.refuse_while_running(db, import_id)
        if not store.import_options(db, import_id).get("replaced"):
            _hide(context, import_id)
    _take_away(context, import_id)
    summary = undo.undo(context.desk, db, undo_id)
    return {"undone": summary.to_json(), "import": import_id}


def _hide(context: JobContext, import_id: int) -> None:
    """Let searches see nothing of it from now on; the same files may be imported anew."""
    ids = store.segment_ids(context.db, import_id=import_id, hidden=True)
    store.keep_option(context.db, import_id, store.AFFECTED, claims.touching(context.db, ids))
    catalogue.hide(context.db, ids)
    store.set_state(context.db, import_id, "undone")


def _take_away(context: JobContext, import_id: int) -> None:
    db = context.db
    if store.import_row(db, import_id).state != "undone":
        return
    held = catalogue.by_ids(db, store.segment_ids(db, import_id=import_id, hidden=True))
    ruleset = load(db, context.desk.folder)
    total, done = sum(one.events for one in held), 0
    for portion in portions(held, PORTION):
        with writing(db):
            paths = remove_segments(context.desk, db, ruleset, [one.id for one in portion], tells=False)
        catalogue.discard(context.desk.folder, db, paths)
        done += sum(one.events for one in portion)
        with suppress(Cancelled):  # half an import is nothing that anybody could want
            context.progress(done, total, text("Taking events away"))
