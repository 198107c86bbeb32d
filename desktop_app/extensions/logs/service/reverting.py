"""How an import, a zone and a format are taken back, and what was stored before comes to light again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop_app.core import reopenings
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.pipeline import remove_segments, restore_segments, tell_anew
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import store


def revert_import(desk: Desk, db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
    """Take away all that an import brought; inside ``writing()``."""
    import_id = int(before["import_id"])
    refuse_while_running(db, import_id)
    ids = store.segment_ids(db, import_id=import_id, hidden=True)
    options = store.import_options(db, import_id)
    ruleset = load(db, desk.folder)
    paths = _remove_or_restore(desk, db, ruleset, ids, options.get("replaced", []))
    tell_anew(desk, db, ruleset, options.get(store.AFFECTED, []))
    reopenings.take_back(db, import_id)
    store.set_state(db, import_id, "undone")
    for kind, cursor in before.get("cursors", {}).items():
        store.set_source_cursor(db, kind, "", cursor)
    return paths


def refuse_while_running(db: Connection, import_id: int) -> None:
    """Raise UsageError while a job of an import waits or runs."""
    busy = rows(
        db,
        "SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND json_extract(params, '$.import_id') = ?",
        [import_id],
    )
    if busy:
        raise UsageError(text("This import is still running."), fix=text("Cancel its job first, then undo it."))


def size_of_import(db: Connection, before: Mapping[str, Any]) -> int:
    """Return how many events would go with an import."""
    return store.import_row(db, int(before["import_id"])).events


def _remove_or_restore(
    desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int], replaced: Sequence[Mapping[str, Any]]
) -> Sequence[str]:
    """Take segments away; in their place come back those of earlier imports that they had replaced."""
    if not replaced:
        return remove_segments(desk, db, ruleset, ids)
    for one in replaced:
        store.add_events(db, one["file"], one.get("events", 1))
    added = {segment for one in replaced for segment in one["added"]}
    hidden = {segment for one in replaced for segment in one["hidden"]}
    return restore_segments(desk, db, ruleset, sorted({*ids} | added), sorted(hidden - added))


def revert_format(desk: Desk, db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
    """Put back what a reading by another format had hidden; inside ``writing()``."""
    for file_id, columns in before["files"]:
        store.finish_file(db, file_id, columns)
    return restore_segments(desk, db, load(db, desk.folder), before["added"], before["hidden"])


def revert_zone(desk: Desk, db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
    """Put back the segments that a reading in another zone had hidden; inside ``writing()``."""
    paths = restore_segments(desk, db, load(db, desk.folder), before["added"], before["hidden"])
    for file_id, zone, state, *settled in before["files"]:
        store.set_zone(db, file_id, zone, state, *(settled or [state]))
    return paths
