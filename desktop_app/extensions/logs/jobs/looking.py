"""*Look at this computer*, and the sample data: imports whose inputs the program finds or makes itself."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.core.database import writing
from desktop_app.core.jobs import JobContext
from desktop_app.core.text import text
from desktop_app.extensions.logs.jobs.importing import (
    Importer,
    Progress,
    check_standing,
    read_inputs,
    result,
    ruleset_for,
)
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.sources import local
from desktop_app.extensions.logs.sources.demo import FOLDER, write_demo
from desktop_app.extensions.logs.sources.discover import Input, Limits, discover
from desktop_app.extensions.logs.sources.journal import CURSOR
from desktop_app.extensions.logs.store import keep_option, source_cursor

JOURNAL = "journal"


def run_look(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read what this account may read of this computer's own logs; the result names what it may not."""
    started, began = time.monotonic(), context.now()
    view = local.look()
    hidden = list(view.hidden)
    if view.journal:
        _read_journal(context, params)
    with tempfile.TemporaryDirectory(dir=context.desk.folder.temporary) as place:
        exported, refused = local.export_channels(view.channels, Path(place)) if view.channels else ([], [])
        hidden += refused
        read_inputs(context, params, list(discover([*view.inputs, *exported], Limits())))
    applying.meanwhile(context.db, began)
    for one in hidden:
        shown = text("%(what)s. To see it: %(command)s", what=one.what, command=one.command)
        context.log("warning", shown if one.command else one.what)
    told = [{"what": one.what.to_json(), "command": one.command} for one in hidden]
    return result(context, int(params["import_id"]), time.monotonic() - started) | {"hidden": told}


def _read_journal(context: JobContext, params: Mapping[str, Any]) -> None:
    """Read the journal from where the last look ended."""
    check_standing(context.db, int(params["import_id"]))
    cursor = source_cursor(context.db, JOURNAL, "").get(CURSOR)
    journal = Input(
        path=Path("journal"),
        member="",
        name=str(text("systemd journal")),
        size=0,
        modified=context.now(),
        open=lambda: local.open_journal(cursor),
    )
    importer = Importer(context, ruleset_for(context, params), params, Progress(context, 1))
    importer.read(journal, live=JOURNAL)


def run_demo(context: JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Generate the sample data and import it as an import of its own, which one undo takes back."""
    started, began = time.monotonic(), context.now()
    import_id = int(params["import_id"])
    # When a run that was cut off goes on, it makes the same files in the same place: they are known by their paths.
    place = context.desk.folder.temporary / f"sample-data-{import_id}"
    place.mkdir(exist_ok=True)
    with writing(context.db):
        made_at = int(keep_option(context.db, import_id, "made_at", context.now()))
    try:
        found = discover(write_demo(place, made_at), Limits())
        # Known by a plain name: the place where the files lie for a moment means nothing to anybody.
        read_inputs(context, params, [replace(one, path=Path(FOLDER, one.path.name)) for one in found])
        applying.meanwhile(context.db, began)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return result(context, import_id, time.monotonic() - started)
