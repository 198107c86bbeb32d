"""What this site adds to imported rules: values of placeholders and pipelines, journaled, in force at once.

The rules that Watchdesk ships are written for its own names and stay as they are. What was stored before is judged anew
only when the rules are applied to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
Report = Callable[[int, int], None]  # told how many of how many rules were looked at


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that rules ask values for: its values, how many imported rules use it, and (id, title) of those."""

    name: str
    values: tuple[str, ...]
    rules: int
    users: tuple[tuple[str, str], ...] = field(default=(), compare=False)


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
    used: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows(
        db, "SELECT id, title, body FROM rules WHERE pack <> ? AND instr(body, '|expand') > 0 ORDER BY title", [OURS]
    ):
        for name in wanted(row["body"]):
            used[name].append((row["id"], row["title"]))
    given = read_site(db).values
    return [Placeholder(name, tuple(given.get(name, ())), len(used[name]), tuple(used[name]))
            for name in sorted({*used, *given})]  # fmt: skip


def pipelines(db: Connection) -> list[PipelineRow]:
    """Return the pipelines in the order in which they run."""
    found = rows(db, "SELECT name, body, enabled, imported FROM rule_pipelines ORDER BY priority, name")
    return [PipelineRow(one["name"], bool(one["enabled"]), one["imported"], read_pipeline(one["body"]))
            for one in found]  # fmt: skip


# --- decisions -------------------------------------------------------------------------------------------------------


def set_values(db: Connection, name: str, values: Sequence[str], report: Report | None = None) -> Decision | None:
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
    standing, stored = read_site(db), orjson.dumps(kept).decode()
    if orjson.dumps(list(standing.values.get(name, ()))).decode() == stored:
        return None

    def write() -> undo.Change:
        before = rows(db, "SELECT * FROM rule_values WHERE name = ?", [name])
        db.execute("DELETE FROM rule_values WHERE name = ?", (name,))
        if kept:
            db.execute('INSERT INTO rule_values (name, "values") VALUES (?, ?)', (name, stored))
        return "rule_values", before, [{"name": name}]

    after = replace(standing, values={**standing.values, name: kept})
    said = text("Values of %(name)s changed", name=f"%{name}%")
    return _decided(db, _Step(standing, after, said, f"placeholder:{name}", write), report)


def look(path: Path) -> tuple[str, str, Pipeline]:
    """Read the pipeline in a file: the name it goes by, its text, what it says; PackUnreadable where it is none."""
    try:
        body = _body(path)
        about = read_pipeline(body)
    except RuleBroken as error:
        raise PackUnreadable(
            text("Cannot read the pipeline in %(path)s.", path=str(path)),
            why=error.reason,
            fix=text("A pipeline is a YAML file with a list of transformations, as pySigma reads it."),
        ) from error
    return path.stem[:200], body, about


def import_pipeline(db: Connection, path: Path, report: Report | None = None) -> tuple[PipelineRow, Decision | None]:
    """Bring a pipeline in under the name of its file, switched on; PackUnreadable says why it can't be read."""
    name, body, about = look(path)
    made = PipelineRow(name, enabled=True, imported=now(), about=about)
    row = {"name": name, "body": body, "priority": about.priority, "enabled": 1, "imported": made.imported}
    return made, _put(db, row, text("Brought in the pipeline %(name)s", name=name), report)


def _body(path: Path) -> str:
    files = [] if path.is_dir() else list(read_pack(path))
    if len(files) != 1:
        raise RuleBroken(text("This is no ordinary file."))
    content = files[0].content
    if isinstance(content, RuleBroken):
        raise content
    return read_text(content)


def switch_pipeline(db: Connection, name: str, *, on: bool, report: Report | None = None) -> Decision | None:
    """Switch a pipeline on or off; None where it was so already."""
    row = {**_pipeline(db, name), "enabled": int(on)}
    if on:
        return _put(db, row, text("Pipeline %(name)s switched on", name=name), report)
    return _put(db, row, text("Pipeline %(name)s switched off", name=name), report)


def remove_pipeline(db: Connection, name: str, report: Report | None = None) -> Decision:
    """Take a pipeline away."""
    row = _pipeline(db, name)

    def write() -> undo.Change:
        db.execute("DELETE FROM rule_pipelines WHERE name = ?", (name,))
        return "rule_pipelines", [row], []

    said = text("Pipeline %(name)s removed", name=name)
    return _decided(db, _pipeline_step(db, {**row, "enabled": 0}, said, write), report)


def _pipeline(db: Connection, name: str) -> dict[str, Any]:
    found = rows(db, "SELECT * FROM rule_pipelines WHERE name = ?", [name])
    if not found:
        raise UsageError(text("There is no pipeline %(name)s.", name=name))
    return found[0]


def _put(db: Connection, row: dict[str, Any], summary: Text, report: Report | None) -> Decision | None:
    before = rows(db, "SELECT * FROM rule_pipelines WHERE name = ?", [row["name"]])
    if before and all(before[0][name] == row[name] for name in ("body", "enabled")):
        return None

    def write() -> undo.Change:
        db.execute(
            "INSERT INTO rule_pipelines (name, body, priority, enabled, imported)"
            " VALUES (:name, :body, :priority, :enabled, :imported) ON CONFLICT (name) DO UPDATE"
            " SET body = excluded.body, priority = excluded.priority,"
            " enabled = excluded.enabled, imported = excluded.imported",
            row,
        )
        return "rule_pipelines", before, [{"name": row["name"]}]

    return _decided(db, _pipeline_step(db, row, summary, write), report)


def _pipeline_step(db: Connection, row: Mapping[str, Any], summary: Text, write: Callable[[], undo.Change]) -> _Step:
    """Return the step that makes one pipeline what its row says."""
    others = [one for one in rows(db, "SELECT * FROM rule_pipelines WHERE enabled") if one["name"] != row["name"]]
    run = sorted([*others, *([row] if row["enabled"] else [])], key=lambda one: (one["priority"], one["name"]))
    standing = read_site(db)
    after = replace(standing, pipelines=tuple(one["body"] for one in run))
    return _Step(standing, after, summary, f"pipeline:{row['name']}", write)


# --- making rules what the site wants --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """One decision: the site before and after it, what it is called, what it is about, and what writes it."""

    before: Site
    after: Site
    summary: Text
    subject: str
    write: Callable[[], undo.Change]


@dataclass(frozen=True, slots=True)
class _Renewal:
    """A rule that the site touches otherwise than before: how it stood, and what it becomes."""

    row: Mapping[str, Any]
    state: str
    reason: Text | None
    site: str
    compiled: Mapping[str, Any] | None


def _decided(db: Connection, step: _Step, report: Report | None) -> Decision:
    """Make rules what the site wants, and journal both. Compiling takes its time, so it is done before writing."""
    renewals = list(_renewals(db, step.after, report))
    with writing(db):
        if read_site(db) != step.before:
            raise UsageError(
                text("The values or pipelines were changed meanwhile: nothing was done."),
                fix=text("Look at them again and decide anew."),
            )
        change = step.write()
        changed = [one.row for one in renewals if _renewed(db, one)]
        before = [{name: row[name] for name in ("id", "state", "reason", "site")} for row in changed]
        subjects = [step.subject, *(f"rule:{row['id']}" for row in changed)]
        decision = undo.record_rows(db, step.summary, [change, ("rules", before, before)], subjects)
    fresh = {form_of(one.row["version"], one.site): one.compiled for one in renewals if one.compiled is not None}
    cache.remember(cache.folder_of(db), fresh)
    return decision


def _renewals(db: Connection, site: Site, report: Report | None) -> Iterator[_Renewal]:
    """Compile anew the imported rules that a site touches otherwise than the one before did."""
    columns = "id, version, product, category, service, body, state, reason, site"
    found = rows(db, f"SELECT {columns} FROM rules WHERE kind = 'sigma' AND pack <> ? AND state <> 'broken'", [OURS])
    for number, row in enumerate(found, start=1):
        key = site.key((row["product"], row["category"], row["service"]), row["body"])
        if key != row["site"]:
            compiled, state, reason = compiled_for(parse_yaml(row["body"]), site)
            yield _Renewal(row, state, reason, key, compiled)
        if report is not None:
            report(number, len(found))


def _renewed(db: Connection, one: _Renewal) -> bool:
    """Write what a rule becomes; False where it was replaced while it was compiled."""
    told = orjson.dumps(one.reason.to_json()).decode() if one.reason else None
    done = db.execute(
        "UPDATE rules SET state = ?, reason = ?, site = ?, changed = ? WHERE id = ? AND version = ?",
        (one.state, told, one.site, now(), one.row["id"], one.row["version"]),
    )
    return bool(done.rowcount)
