"""What this site adds to imported rules: values of placeholders and pipelines, journaled, in force at once.

The rules that Watchdesk ships are written for its own names and stay as they are. What was stored before is judged anew
only when the rules are applied to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.rules import cache
from desktop_app.core.rules.packs import PackUnreadable, read_pack
from desktop_app.core.rules.reading import compiled_for, form_of
from desktop_app.core.sigma.documents import parse_yaml, read_text
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.sigma.site import Pipeline, Site, read_pipeline, wanted
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

OURS = "watchdesk"
MOST_VALUES = 1000
LONGEST_VALUE = 1000


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that rules ask values for: its values, and how many imported rules use it."""

    name: str
    values: tuple[str, ...]
    rules: int


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """A pipeline of this site, named by the file it came from."""

    name: str
    enabled: bool
    imported: Micros
    about: Pipeline


def read_site(db: Connection) -> Site:
    """Return what is in force."""
    values = {row["name"]: orjson.loads(row["values"]) for row in rows(db, "SELECT * FROM rule_values")}
    bodies = rows(db, "SELECT body FROM rule_pipelines WHERE enabled ORDER BY priority, name")
    return Site(values, tuple(row["body"] for row in bodies))


def placeholders(db: Connection) -> list[Placeholder]:
    """Return the names that rules ask for or that have values, by name."""
    used: dict[str, int] = defaultdict(int)
    for row in rows(db, "SELECT body FROM rules WHERE pack <> ? AND instr(body, '|expand') > 0", [OURS]):
        for name in wanted(row["body"]):
            used[name] += 1
    given = read_site(db).values
    return [Placeholder(name, tuple(given.get(name, ())), used[name]) for name in sorted({*used, *given})]


def pipelines(db: Connection) -> list[PipelineRow]:
    """Return the pipelines in the order in which they run."""
    found = rows(db, "SELECT name, body, enabled, imported FROM rule_pipelines ORDER BY priority, name")
    return [PipelineRow(one["name"], bool(one["enabled"]), one["imported"], read_pipeline(one["body"]))
            for one in found]  # fmt: skip


# --- decisions -------------------------------------------------------------------------------------------------------


def set_values(db: Connection, name: str, values: Sequence[str]) -> Decision | None:
    """Say what a placeholder stands for; no values at all take it away. None where nothing is another."""
    name = name.strip().strip("%")
    kept = list(dict.fromkeys(one.strip() for one in values if one.strip()))
    if not name or len(name) > 100 or any(one.isspace() or one in "%\"'" for one in name):
        raise UsageError(text("A placeholder is one word, such as admins."))
    if len(kept) > MOST_VALUES or any(len(one) > LONGEST_VALUE for one in kept):
        raise UsageError(
            text("A placeholder takes at most %(values)s values of %(characters)s characters.",
                 values=MOST_VALUES, characters=LONGEST_VALUE)
        )  # fmt: skip
    with writing(db):
        before = rows(db, "SELECT * FROM rule_values WHERE name = ?", [name])
        stored = orjson.dumps(kept).decode()
        if (before[0]["values"] if before else "[]") == stored:
            return None
        db.execute("DELETE FROM rule_values WHERE name = ?", (name,))
        if kept:
            db.execute('INSERT INTO rule_values (name, "values") VALUES (?, ?)', (name, stored))
        change = ("rule_values", before, [{"name": name}])
        return _decided(db, text("Values of %(name)s changed", name=f"%{name}%"), change, f"placeholder:{name}")


def import_pipeline(db: Connection, path: Path) -> tuple[PipelineRow, Decision | None]:
    """Bring a pipeline in under the name of its file, switched on; PackUnreadable says why it can't be read."""
    try:
        body = _body(path)
        about = read_pipeline(body)
    except RuleBroken as error:
        raise PackUnreadable(
            text("Cannot read the pipeline in %(path)s.", path=str(path)),
            why=error.reason,
            fix=text("A pipeline is a YAML file with a list of transformations, as pySigma reads it."),
        ) from error
    made = PipelineRow(path.stem[:200], enabled=True, imported=now(), about=about)
    row = {"name": made.name, "body": body, "priority": about.priority, "enabled": 1, "imported": made.imported}
    with writing(db):
        decision = _put(db, row, text("Brought in the pipeline %(name)s", name=made.name))
    return made, decision


def _body(path: Path) -> str:
    files = [] if path.is_dir() else list(read_pack(path))
    if len(files) != 1:
        raise RuleBroken(text("This is no ordinary file."))
    content = files[0].content
    if isinstance(content, RuleBroken):
        raise content
    return read_text(content)


def switch_pipeline(db: Connection, name: str, *, on: bool) -> Decision | None:
    """Switch a pipeline on or off; None where it was so already."""
    with writing(db):
        row = _pipeline(db, name)
        summary = text("Pipeline %(name)s switched on", name=name) if on else text(
            "Pipeline %(name)s switched off", name=name
        )  # fmt: skip
        return _put(db, {**row, "enabled": int(on)}, summary)


def remove_pipeline(db: Connection, name: str) -> Decision:
    """Take a pipeline away."""
    with writing(db):
        row = _pipeline(db, name)
        db.execute("DELETE FROM rule_pipelines WHERE name = ?", (name,))
        change = ("rule_pipelines", [row], list[dict[str, Any]]())
        return _decided(db, text("Pipeline %(name)s removed", name=name), change, f"pipeline:{name}")


def _pipeline(db: Connection, name: str) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM rule_pipelines WHERE name = ?", [name])
    if not found:
        raise UsageError(text("There is no pipeline %(name)s.", name=name))
    return found[0]


def _put(db: Connection, row: dict[str, Any], summary: Text) -> Decision | None:
    before = rows(db, "SELECT * FROM rule_pipelines WHERE name = ?", [row["name"]])
    if before and all(before[0][name] == row[name] for name in ("body", "enabled")):
        return None
    db.execute(
        "INSERT INTO rule_pipelines (name, body, priority, enabled, imported)"
        " VALUES (:name, :body, :priority, :enabled, :imported) ON CONFLICT (name) DO UPDATE"
        " SET body = excluded.body, priority = excluded.priority,"
        " enabled = excluded.enabled, imported = excluded.imported",
        row,
    )
    change = ("rule_pipelines", before, [{"name": row["name"]}])
    return _decided(db, summary, change, f"pipeline:{row['name']}")


def _decided(db: Connection, summary: Text, change: undo.Change, subject: str) -> Decision:
    """Make rules what the site wants now, and journal both; inside ``writing()``."""
    changed = list(_renewed(db, read_site(db)))
    subjects = [subject, *(f"rule:{row['id']}" for row in changed)]
    return undo.record_rows(db, summary, [change, ("rules", changed, changed)], subjects)


def _renewed(db: Connection, site: Site) -> Iterator[dict[str, Any]]:
    """Compile anew the imported rules that the site touches otherwise than before; yield how they stood."""
    fresh: dict[str, Any] = {}
    columns = "id, version, product, category, service, body, state, reason, site"
    for row in rows(
        db, f"SELECT {columns} FROM rules WHERE kind = 'sigma' AND pack <> ? AND state <> 'broken'", [OURS]
    ):
        key = site.key((row["product"], row["category"], row["service"]), row["body"])
        if key == row["site"]:
            continue
        compiled, state, reason = compiled_for(parse_yaml(row["body"]), site)
        told = orjson.dumps(reason.to_json()).decode() if reason else None
        db.execute(
            "UPDATE rules SET state = ?, reason = ?, site = ?, changed = ? WHERE id = ?",
            (state, told, key, now(), row["id"]),
        )
        if compiled is not None:
            fresh[form_of(row["version"], key)] = compiled
        yield {name: row[name] for name in ("id", "state", "reason", "site")}
    cache.remember(cache.folder_of(db), fresh)
