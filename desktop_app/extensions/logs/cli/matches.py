"""What single rules match, written as JSON lines; rules alone on a desk of their own, so that nothing here changes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO

import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, unwritable
from desktop_app.core.events import catalogue as segments
from desktop_app.core.model import ORDINAL_BITS
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text

_SITE = ("rule_values", "rule_pipelines")  # what rules say depends on it here as on the desk itself


def prepare_alone(aside: Desk, path: Path, desk: Desk) -> None:
    """Make an empty desk that knows only the rules of ``path``, and what ``desk`` adds to imported rules."""
    aside.prepare()
    with desk.connection() as db:
        site = {table: rows(db, f"SELECT * FROM {table}") for table in _SITE}
    with aside.connection() as db:
        with writing(db):
            db.execute("DELETE FROM rules")
            for table, held in site.items():
                db.table(table).insert_all(held)
        found = catalogue.import_rules(db, path)
        if not catalogue.listing(db, state="ready"):
            reasons = [reason for _, reason in (*found.broken, *found.unsupported)]
            raise UsageError(
                text("No rule in %(path)s can be used.", path=str(path)), why=reasons[0] if reasons else None
            )


def only(desk: Desk, path: Path) -> RuleSet:
    """Compile rules in an empty folder of their own, so that nothing of this desk changes."""
    with tempfile.TemporaryDirectory() as place:
        aside = replace(desk, folder=DataFolder(Path(place)))
        prepare_alone(aside, path, desk)
        with aside.connection() as db:
            return catalogue.load(db, aside.folder)


def opened(target: Path | None) -> IO[bytes]:
    """Open the file for matches, or one that is forgotten where they are only counted."""
    if target is None:
        return tempfile.TemporaryFile()
    try:
        return target.open("wb")
    except OSError as error:
        raise unwritable(target, error) from error


def write(desk: Desk, db: Connection, ruleset: RuleSet, out: IO[bytes]) -> int:
    """Write a JSON line for each match in the stored events; returns how many."""
    count = 0
    names = {row["id"]: row for row in db.query("SELECT id, path, member FROM files")}
    ids = [one.id for one in segments.live(db)]
    for segment, batch in desk.events.load(db, ids, together=ruleset.needed):
        origin = names[segment.min_id >> ORDINAL_BITS]
        path = f"{origin['path']}!{origin['member']}" if origin["member"] else origin["path"]
        for match in ruleset.examine(batch):
            count += len(match.rows)
            for row in match.rows.tolist():
                record = int(batch.ordinal[row])
                out.write(orjson.dumps({"rule": match.rule_id, "path": path, "record": record}) + b"\n")
    return count
