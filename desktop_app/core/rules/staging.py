"""Rules that were read but not brought in yet: their files wait in a folder of temporary files, with a plan.

The plan says of every rule whether it is new, changed, moved here from another pack, gone or unusable, so that a person
sees what an import would do before anything is stored; what is brought in later is what was shown, even when the
folder it came from has changed meanwhile.
"""

from __future__ import annotations

import difflib
import secrets
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import orjson

from desktop_app.core import temporary
from desktop_app.core.database import Connection, rows
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, changes
from desktop_app.core.rules.cache import folder_of
from desktop_app.core.rules.packs import RuleFile
from desktop_app.core.rules.reading import ReadRule, read_rules
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import Text, text

What = Literal["new", "changed", "moved", "gone", "broken", "unsupported", "unchanged"]
WHATS: tuple[What, ...] = ("new", "changed", "moved", "gone", "broken", "unsupported", "unchanged")
PREFIX = "rules-"
KEPT_SECONDS = 6 * 3600
CONTEXT_LINES = 3
LONGEST_DIFF = 400


@dataclass(frozen=True, slots=True)
class Planned:
    """What an import would do to one rule. ``pack``: where it stands now, where that is another one."""

    id: str
    path: str
    title: str
    level: str
    what: What
    reason: Text | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison: ``sign`` is ``+``, ``-``, ``@`` (a gap) or empty for what stays."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What waits: the pack, where it came from, what would become of each rule."""

    token: str
    pack: str
    path: str
    files: int
    planned: tuple[Planned, ...]
    unread: tuple[tuple[str, Text], ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rules each of WHATS holds."""
        return Counter(one.what for one in self.planned)

    @property
    def changes(self) -> bool:
        """Whether bringing it in would change anything."""
        return any(one.what != "unchanged" for one in self.planned)


def _place(folder: DataFolder, token: str, suffix: str) -> Path:
    return folder.temporary / f"{PREFIX}{token}{suffix}"


def look(db: Connection, path: Path, report: Callable[[int, int], None] | None = None) -> tuple[Stage, list[RuleFile]]:
    """Say what bringing in a file, folder or zip of rules would change; UsageError or PackUnreadable as for reading.

    Nothing is kept: the stage has no token.
    """
    files, pack = catalogue.files_in(path), catalogue.pack_name(path)
    return _planned(db, pack, str(path), files, report), files


def _planned(
    db: Connection, pack: str, path: str, files: list[RuleFile], report: Callable[[int, int], None] | None
) -> Stage:
    read = catalogue.read_files(db, pack, files, report)
    unread = tuple((one.path, one.content.reason) for one in files if isinstance(one.content, RuleBroken))
    return Stage("", pack, path, len(files), tuple(_plan(db, pack, read)), unread)


def stage(db: Connection, path: Path, report: Callable[[int, int], None]) -> Stage:
    """Read a file, folder or zip of rules and let it wait; UsageError or PackUnreadable when nothing can be read."""
    return _kept(folder_of(db), *look(db, path, report))


def stage_version(db: Connection, version_id: int, report: Callable[[int, int], None]) -> Stage:
    """Let an earlier content of a pack wait; UsageError where it is not kept any more."""
    pack, files = changes.files_of(db, version_id)
    return _kept(folder_of(db), _planned(db, pack, pack, files, report), files)


def _kept(folder: DataFolder, planned: Stage, files: Sequence[RuleFile]) -> Stage:
    made = replace(planned, token=secrets.token_hex(16))
    folder.temporary.mkdir(parents=True, exist_ok=True)
    _clear_old(folder)
    with zipfile.ZipFile(_place(folder, made.token, ".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files):
            if isinstance(one.content, bytes):
                archive.writestr(str(number), one.content)
    named = [one.path for one in files]
    _place(folder, made.token, ".json").write_bytes(orjson.dumps(_to_json(made) | {"named": named}))
    return made


def _clear_old(folder: DataFolder) -> None:
    for one in folder.temporary.glob(f"{PREFIX}*"):
        if one.stat().st_mtime < time.time() - KEPT_SECONDS:
            temporary.remove(one)


def _plan(db: Connection, pack: str, read: Sequence[ReadRule]) -> Iterator[Planned]:
    stored = {row["id"]: row for row in rows(db, "SELECT id, pack, version, path, title, level, state FROM rules")}
    for one in read:
        before = stored.get(one.id)
        yield Planned(one.id, one.path, one.title, one.level, _what(one, before, pack), one.reason,
                      before["pack"] if before is not None and before["pack"] != pack else "")  # fmt: skip
    kept = {one.id for one in read}
    for row in stored.values():
        if row["pack"] == pack and row["id"] not in kept:
            yield Planned(row["id"], row["path"], row["title"], row["level"], "gone")


def _what(one: ReadRule, before: Mapping[str, Any] | None, pack: str) -> What:
    same = before is not None and (before["version"], before["pack"], before["path"], before["state"]) == (
        one.version, pack, one.path, one.state)  # fmt: skip
    if same:
        return "unchanged"
    if one.state in ("broken", "unsupported"):
        return "broken" if one.state == "broken" else "unsupported"
    if before is None:
        return "new"
    return "changed" if before["version"] != one.version else "moved"


def _to_json(made: Stage) -> dict[str, Any]:
    planned = [[one.id, one.path, one.title, one.level, one.what, one.reason and one.reason.to_json(), one.pack]
               for one in made.planned]  # fmt: skip
    unread = [[path, reason.to_json()] for path, reason in made.unread]
    return {"pack": made.pack, "path": made.path, "files": made.files, "planned": planned, "unread": unread}


def _read(folder: DataFolder, token: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(_place(folder, token, ".json").read_bytes())
    except (OSError, ValueError):
        raise UsageError(
            text("This preview is not kept any more."),
            why=text("Previews are kept for six hours, and not beyond the end of the program."),
            fix=text("Choose the rules again."),
        ) from None
    return found


def staged(folder: DataFolder, token: str) -> Stage:
    """Return what waits under a token; UsageError where it is not kept any more."""
    found = _read(folder, token)
    planned = [Planned(rule_id, path, title, level, what, Text.from_json(reason) if reason else None, pack)
               for rule_id, path, title, level, what, reason, pack in found["planned"]]  # fmt: skip
    unread = tuple((path, Text.from_json(reason)) for path, reason in found["unread"])
    return Stage(token, found["pack"], found["path"], found["files"], tuple(planned), unread)


def files_of(folder: DataFolder, token: str) -> list[RuleFile]:
    """Return the files that wait, as they were read; UsageError where they are not kept any more."""
    found = _read(folder, token)
    unread = {path: RuleBroken(Text.from_json(reason)) for path, reason in found["unread"]}
    with zipfile.ZipFile(_place(folder, token, ".zip")) as archive:
        return [RuleFile(path, unread[path] if path in unread else archive.read(str(number)))
                for number, path in enumerate(found["named"])]  # fmt: skip


def bring_in(db: Connection, token: str, report: Callable[[int, int], None]) -> catalogue.ImportResult:
    """Bring in what waits under a token, journaled."""
    folder = folder_of(db)
    made = staged(folder, token)
    result = catalogue.bring_in_files(db, made.pack, Path(made.path), files_of(folder, token), report)
    for suffix in (".zip", ".json"):
        temporary.remove(_place(folder, token, suffix))
    return result


def bodies(folder: DataFolder, token: str, pack: str, paths: Sequence[str]) -> dict[str, str]:
    """Return the texts of staged rules by id: those that lie at ``paths`` (a file, or ``file#number``)."""
    wanted = {path.rpartition("#")[0] or path for path in paths} | set(paths)
    found = _read(folder, token)
    with zipfile.ZipFile(_place(folder, token, ".zip")) as archive:
        here = [RuleFile(path, archive.read(str(number))) for number, path in enumerate(found["named"])
                if path in wanted and str(number) in archive.namelist()]  # fmt: skip
    return {one.id: one.body for one in read_rules(pack, here)}


def diff(before: str, after: str) -> list[DiffLine]:
    """Compare two texts line by line, with three lines around each change; at most LONGEST_DIFF lines."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT_LINES)
    shown = [one for number, one in enumerate(lines) if number >= 2]
    cut = shown[:LONGEST_DIFF]
    made = [DiffLine("@", "") if one.startswith("@@") else DiffLine(one[0].strip(), one[1:]) for one in cut]
    return [*made, DiffLine("@", "")] if len(shown) > len(cut) else made
