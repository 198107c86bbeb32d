"""The catalogue of rules: what is there, what is switched on, and the set that runs. All SQL over rules stands here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core.collector import collector_paused
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension
from desktop_app.core.model import Severity, now
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import cache, changes, exceptions, filters
from desktop_app.core.rules.cache import folder_of, remember
from desktop_app.core.rules.packs import RuleFile, digest, read_pack
from desktop_app.core.rules.reading import LEVELS, ReadRule, form_of, read_rules, unusable
from desktop_app.core.rules.site import read_site
from desktop_app.core.sigma.documents import parse_yaml
from desktop_app.core.sigma.errors import RuleProblem
from desktop_app.core.sigma.model import RuleSource
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.sigma.site import NOTHING_ADDED
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

OURS = "watchdesk"
SITE = "site"  # the pack of the rules that were written on this desk
_COLUMNS = (
    "id, kind, pack, path, version, title, level, status, product, category, service, tags, enabled, state, reason,"
    " changed"
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the catalogue holds it. ``body`` (the YAML) is there only where one rule was asked for."""

    id: str
    kind: str
    pack: str
    path: str
    version: str
    title: str
    level: str
    status: str
    product: str
    category: str
    service: str
    tags: tuple[str, ...]
    enabled: bool
    state: str
    reason: Text | None
    changed: int
    body: str = ""

    @property
    def severity(self) -> Severity:
        """The level as a severity."""
        return severity_of(self.level)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import of rules changed: ids of new, changed and gone rules; (path, reason) of those that cannot run.

    ``undo_id``: the decision that takes it back, 0 where nothing changed.
    """

    pack: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    gone: tuple[str, ...]
    broken: tuple[tuple[str, Text], ...]
    unsupported: tuple[tuple[str, Text], ...]
    undo_id: int = 0


def severity_of(level: str) -> Severity:
    """Return Sigma's level as a severity."""
    return Severity(LEVELS.index(level) + 1)


def _reason(stored: str | None) -> Text | None:
    return Text.from_json(orjson.loads(stored)) if stored else None


def _row(found: Mapping[str, Any]) -> RuleRow:
    kept = {name: found[name] for name in RuleRow.__slots__ if name in found}
    return RuleRow(
        **kept
        | {
            "tags": tuple(orjson.loads(found["tags"])),
            "enabled": bool(found["enabled"]),
            "reason": _reason(found["reason"]),
        }
    )


def listing(db: Connection, *, pack: str | None = None, state: str | None = None, search: str = "") -> list[RuleRow]:
    """Return rules by severity and title; ``search`` looks in title, id, path, log source and tags."""
    where, params = ["1"], list[str]()
    for column, wanted in (("pack", pack), ("state", state)):
        if wanted is not None:
            where.append(f"{column} = ?")
            params.append(wanted)
    for word in search.split():
        where.append("instr(lower(title || ' ' || id || ' ' || path || ' ' || product || ' ' || category || ' '"
                     " || service || ' ' || tags), lower(?))")  # fmt: skip
        params.append(word)
    found = rows(db, f"SELECT {_COLUMNS} FROM rules WHERE {' AND '.join(where)} ORDER BY title, id", params)
    return sorted((_row(one) for one in found), key=lambda one: -one.severity)


def packs(db: Connection) -> list[dict[str, Any]]:
    """Return each pack with its numbers of rules: name, path, imported (µs), rules, ready, enabled."""
    return rows(
        db,
        "SELECT p.name, p.path, p.imported, count(r.id) AS rules, coalesce(sum(r.state = 'ready'), 0) AS ready,"
        " coalesce(sum(r.state = 'ready' AND r.enabled), 0) AS enabled"
        " FROM rule_packs p LEFT JOIN rules r ON r.pack = p.name GROUP BY p.id ORDER BY p.name <> ?, p.name",
        [OURS],
    )


def rule(db: Connection, rule_id: str) -> RuleRow | None:
    """Return one rule with its text; None when there is no such rule."""
    found = rows(db, f"SELECT {_COLUMNS}, body FROM rules WHERE id = ?", [rule_id])
    return _row(found[0]) if found else None


def by_name(db: Connection, name: str) -> RuleRow | None:
    """Return the rule that correlations call by a name; None when there is none."""
    likely = rows(db, f"SELECT {_COLUMNS}, body FROM rules WHERE instr(body, 'name: ' || ?)", [name])
    found = (row for row in likely if re.search(rf"(?m)^name:\s*['\"]?{re.escape(name)}['\"]?\s*$", row["body"]))
    return next((_row(row) for row in found), None)


def enable(db: Connection, ids: Sequence[str]) -> Decision | None:
    """Switch rules on; it applies to events read or examined from now on. None where they were on already."""
    with writing(db):
        return changes.switch(db, ids, on=True)


def disable(db: Connection, ids: Sequence[str]) -> Decision | None:
    """Switch rules off. What they found stays. None where they were off already."""
    with writing(db):
        return changes.switch(db, ids, on=False)


# --- bringing rules in -----------------------------------------------------------------------------------------------


def store_rule(db: Connection, pack: str, rule: ReadRule) -> None:
    """Write one rule as it was read; inside ``writing()``. Its switch stays."""
    product, category, service = rule.source
    reason = orjson.dumps(rule.reason.to_json()).decode() if rule.reason else None
    db.execute(
        "INSERT INTO rules (id, kind, pack, path, version, title, level, status, product, category, service, tags,"
        " body, state, reason, changed, site) VALUES (?, 'sigma', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET pack = excluded.pack, path = excluded.path, version = excluded.version,"
        " title = excluded.title, level = excluded.level, status = excluded.status, product = excluded.product,"
        " category = excluded.category, service = excluded.service, tags = excluded.tags, body = excluded.body,"
        " state = excluded.state, reason = excluded.reason, changed = excluded.changed, site = excluded.site",
        (rule.id, pack, rule.path, rule.version, rule.title, rule.level, rule.status, product, category, service,
         orjson.dumps(rule.tags).decode(), rule.body, rule.state, reason, now(), rule.site),
    )  # fmt: skip


def _bring_in(db: Connection, pack: str, path: Path, files: list[RuleFile], read: list[ReadRule]) -> ImportResult:
    """Make a pack what its files say; inside ``writing()``. Switches stay as a person set them."""
    stored = {row["id"]: row for row in rows(db, "SELECT id, pack, version, path, state, site FROM rules")}
    new, changed, problems = list[str](), list[str](), list[ReadRule]()
    for one in read:
        before = stored.get(one.id)
        state = (one.version, one.path, pack, one.state, one.site)
        if before is None or tuple(before[name] for name in changes.TOLD) != state:
            store_rule(db, pack, one)
            new += [one.id] if before is None else []
            changed += [one.id] if before is not None and before["version"] != one.version else []
        problems += [one] if one.reason else []
    kept = {one.id for one in read}
    gone = [rule_id for rule_id, row in stored.items() if row["pack"] == pack and rule_id not in kept]
    db.conn.executemany("DELETE FROM rules WHERE id = ?", [(one,) for one in gone])
    db.execute(
        "INSERT INTO rule_packs (name, path, sha256, imported) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " path = excluded.path, sha256 = excluded.sha256, imported = excluded.imported",
        (pack, str(path), digest(files), now()),
    )
    told = {state: tuple((one.path, one.reason) for one in problems if one.state == state and one.reason)
            for state in ("broken", "unsupported")}  # fmt: skip
    unchanged = len(read) - len(new) - len(changed)
    return ImportResult(pack, tuple(new), tuple(changed), unchanged, tuple(gone), told["broken"], told["unsupported"])


def install_shipped(db: Connection, extensions: Iterable[Extension]) -> None:
    """Bring the rules of the shipped extensions into the catalogue when they differ.

    Most starts write nothing, so a command that only reads never waits for another process that writes.
    """
    folders = [one.rules for one in extensions if one.rules is not None]
    if not folders:
        return
    files = [file for folder in folders for file in read_pack(folder)]
    if value(db, "SELECT sha256 FROM rule_packs WHERE name = ?", [OURS]) == digest(files):
        return
    read = list(read_rules(OURS, files))
    with writing(db):
        _bring_in(db, OURS, folders[0], files, read)


def _protected(db: Connection, pack: str, read: list[ReadRule]) -> list[ReadRule]:
    """Keep rules that carry an id of ours from replacing ours: they are told as broken."""
    ours = {row["id"] for row in rows(db, "SELECT id FROM rules WHERE pack = ?", [OURS])}
    reason = text("The rule has the id of a rule that Watchdesk ships.")
    return [one if one.id not in ours else unusable(pack, one.path, reason, one.body) for one in read]


def pack_name(path: Path) -> str:
    """Return the name that a pack goes by: that of its folder or file, never ours."""
    name = path.resolve().name if path.is_dir() else path.stem
    return f"{name} (imported)" if name.lower() in (OURS, SITE) else name or "rules"


def files_in(path: Path) -> list[RuleFile]:
    """Return the rule files of a file, folder or zip; PackUnreadable or UsageError when there are none."""
    files = list(read_pack(path))
    if not files:
        raise UsageError(
            text("There are no rules in %(path)s.", path=str(path)),
            why=text("Rules are files that end in .yml or .yaml."),
            fix=text("Choose the folder or zip that holds them."),
        )
    return files


def import_rules(db: Connection, path: Path) -> ImportResult:
    """Bring in a Sigma file, folder or zip; what cannot run is kept too, with its reason.

    Importing a pack of the same name again replaces it: rules no longer in it go. PackUnreadable or UsageError when
    nothing can be read.
    """
    return bring_in_files(db, pack_name(path), path, files_in(path))


def read_files(
    db: Connection, pack: str, files: Sequence[RuleFile], report: Callable[[int, int], None] | None = None
) -> list[ReadRule]:
    """Read the rules of a pack as they would come in; what is compiled on the way is remembered.

    ``report`` is told after each file how many of how many were read.
    """
    folder = folder_of(db)

    def counted() -> Iterator[RuleFile]:
        for number, one in enumerate(files, start=1):
            yield one
            if report is not None:
                report(number, len(files))

    read = _protected(db, pack, list(read_rules(pack, counted(), cache.read(folder), read_site(db))))
    remember(folder, {one.form: one.compiled for one in read if one.compiled is not None})
    return read


def bring_in_files(
    db: Connection, pack: str, path: Path, files: list[RuleFile], report: Callable[[int, int], None] | None = None
) -> ImportResult:
    """Make a pack what these files say, journaled; ``path`` is where they came from, ``report`` as in read_files."""
    read = read_files(db, pack, files, report)
    with writing(db):
        standing = changes.Standing(db, pack, (one.id for one in read))
        result = _bring_in(db, pack, path, files, read)
        changes.keep(db, pack, files)
        decision = standing.journal(db)
    return replace(result, undo_id=decision.undo_id if decision else 0)


# --- the set that runs -----------------------------------------------------------------------------------------------


def _compiled(db: Connection, folder: DataFolder, wanted: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """Return compiled rules by form, making what the cache lacks. ``wanted``: form -> rule id."""
    known = cache.read(folder)
    missing = {form: rule_id for form, rule_id in wanted.items() if form not in known}
    if missing:
        _compile(db, known, missing)
    present = {form: known[form] for form in wanted if form in known}
    if missing or len(known) > 2 * len(present) + 100:
        cache.write(folder, present)
    return present


def _compile(db: Connection, known: dict[str, Mapping[str, Any]], missing: Mapping[str, str]) -> None:
    from desktop_app.core.sigma.rule import compile_rule  # pySigma takes its time, and is rarely needed

    site = read_site(db)
    for form, rule_id in missing.items():
        [row] = rows(db, "SELECT body, site FROM rules WHERE id = ?", [rule_id])
        try:
            known[form] = compile_rule(parse_yaml(row["body"]), site if row["site"] else NOTHING_ADDED)
        except RuleProblem:
            continue  # it was compiled when it was brought in; a newer engine may refuse it, and coverage tells


def sources(db: Connection, folder: DataFolder) -> list[RuleSource]:
    """Return all rules that can run, with what the engine needs, narrowed by filters; some may be switched off."""
    with collector_paused():
        return filters.applied(compiled_sources(db, folder))


def compiled_sources(db: Connection, folder: DataFolder) -> list[RuleSource]:
    """Return all rules and filters with what the engine needs; those switched off may still be bases."""
    found = rows(
        db, "SELECT id, version, site, title, level, pack, enabled FROM rules WHERE kind = 'sigma' AND state = 'ready'"
    )
    forms = {row["id"]: form_of(row["version"], row["site"]) for row in found}
    compiled = _compiled(db, folder, {form: rule_id for rule_id, form in forms.items()})
    excepted = exceptions.trees(db, now())
    return [
        RuleSource(
            id=row["id"],
            version=row["version"],
            title=row["title"],
            severity=severity_of(row["level"]),
            compiled=exceptions.applied(compiled[forms[row["id"]]], excepted.get(row["id"], ())),
            pack=row["pack"],
            enabled=bool(row["enabled"]),
        )
        for row in found
        if forms[row["id"]] in compiled
    ]


def stamp(db: Connection) -> tuple[object, ...]:
    """Return what differs as soon as ``load`` would return other rules."""
    return tuple(db.execute("SELECT COUNT(*), MAX(rowid), MAX(changed), SUM(enabled * rowid) FROM rules").fetchone())


def load(db: Connection, folder: DataFolder) -> RuleSet:
    """Return the rules that are switched on, ready to run; from the cache where it has them."""
    return RuleSet(sources(db, folder))


def coverage(db: Connection) -> list[dict[str, Any]]:
    """Say of each rule what became of it: id, title, state, reason (Text or None), matches.

    ``state``: fired, quiet, blocked (nothing that was read can make it fire), disabled, broken.
    """
    from desktop_app.core.rules.coverage import verdicts  # it builds on this module

    return verdicts(db)
