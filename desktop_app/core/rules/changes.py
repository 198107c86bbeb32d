"""What a person decides about rules, journaled: switching them on and off, bringing packs in, going back in a pack.

The content of each pack that is brought in is kept as a zip, so that an earlier version can be had again without the
file it came from.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, now
from desktop_app.core.rules.packs import RuleFile, digest
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision

KEPT = 5  # versions of one pack
_WHOLE = (
    "id, kind, pack, path, version, title, level, status, product, category, service, tags, body, enabled, state,"
    " reason, changed, site"
)
TOLD = ("version", "path", "pack", "state", "site")  # what makes a rule another one
_PACK = "SELECT name, path, sha256, imported FROM rule_packs WHERE name = ?"


@dataclass(frozen=True, slots=True)
class PackVersion:
    """One content that a pack had. ``present``: it is the one that runs."""

    id: int
    pack: str
    imported: Micros
    files: int
    sha256: str
    present: bool


def switch(db: Connection, ids: Sequence[str], *, on: bool) -> Decision | None:
    """Switch rules on or off, inside ``writing()``; None where they were so already."""
    listed = orjson.dumps(ids).decode()
    before = rows(
        db,
        "SELECT id, enabled FROM rules WHERE enabled <> ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [int(on), listed],
    )
    if not before:
        return None
    db.conn.executemany("UPDATE rules SET enabled = ? WHERE id = ?", [(int(on), row["id"]) for row in before])
    changes: list[undo.Change] = [("rules", before, before)]
    return undo.record_rows(db, _switched(len(before), on=on), changes, [f"rule:{row['id']}" for row in before])


def _switched(count: int, *, on: bool) -> Text:
    if on:
        return ntext("1 rule switched on", "%(num)s rules switched on", num=count)
    return ntext("1 rule switched off", "%(num)s rules switched off", num=count)


class Standing:
    """How the rules stood that a pack may change; taken before it is brought in, journaled after."""

    def __init__(self, db: Connection, pack: str, ids: Iterable[str]) -> None:
        self._pack = pack
        self._ids = list(ids)
        self._before = self._rules(db)
        self._packs = rows(db, _PACK, [pack])

    def _rules(self, db: Connection) -> dict[str, dict[str, Any]]:
        found = rows(
            db,
            f"SELECT {_WHOLE} FROM rules WHERE pack = ? OR id IN (SELECT value FROM json_each(?)) ORDER BY id",
            [self._pack, orjson.dumps(self._ids).decode()],
        )
        return {row["id"]: row for row in found}

    def journal(self, db: Connection, summary: Text | None = None) -> Decision | None:
        """Write down what is another now, inside ``writing()``; None where nothing is."""
        after = self._rules(db)
        known = self._before.keys() | after.keys()
        ids = sorted(one for one in known if _differs(self._before.get(one), after.get(one)))
        if not ids:
            return None
        changes: list[undo.Change] = [
            ("rules", [self._before[one] for one in ids if one in self._before], [{"id": one} for one in ids]),
            ("rule_packs", self._packs, [{"name": self._pack}]),
        ]
        subjects = [f"pack:{self._pack}", *(f"rule:{one}" for one in ids)]
        said = summary or text("Brought in the rules of %(pack)s", pack=self._pack)
        return undo.record_rows(db, said, changes, subjects)


def _differs(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    if before is None or after is None:
        return before is not after
    return any(before[name] != after[name] for name in TOLD)


# --- what a decision asks of stored events ---------------------------------------------------------------------------

_MATTERS = ("version", "site", "enabled")
# Keys of the document itself, which stand at the beginning of a line; a rule written as JSON counts as one of each.
_FILTER = re.compile(r"""(?m)\A\s*\{|^["']?filter["']?\s*:""")
_FAMILY = re.compile(r"""(?m)\A\s*\{|^["']?(?:filter|correlation)["']?\s*:""")


def of_decision(db: Connection, undo_id: int, *, undone: bool = False) -> dict[str, str]:
    """Return the rules that a decision changed: ids with the texts that they had before, empty where they had none.

    ``undone``: with the texts that they have now, because it is about to be taken back.
    """
    [found] = rows(db, "SELECT kind, before FROM undo WHERE id = ?", [undo_id])
    parts = orjson.loads(found["before"]) if found["kind"] == undo.ROWS else []
    told = [one for one in parts if one["table"] == "rules"]
    before = {row["id"]: row for one in told for row in one["rows"]}
    present = _present(db, {*before, *(key for one in told for key in one["keys"])})
    known = present if undone else before
    ids = [one for one in sorted(before.keys() | present.keys()) if not _same(before.get(one), present.get(one))]
    return {one: known.get(one, {}).get("body", "") for one in ids}


def _present(db: Connection, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    listed = orjson.dumps(list(ids)).decode()
    found = rows(
        db,
        f"SELECT id, body, state, {', '.join(_MATTERS)} FROM rules WHERE id IN (SELECT value FROM json_each(?))",
        [listed],
    )
    return {row["id"]: row for row in found}


def _same(before: Mapping[str, Any] | None, present: Mapping[str, Any] | None) -> bool:
    """Say whether a rule that was told whole finds what it found: it was only moved, or did not run and does not."""
    if before is not None and "body" not in before:
        return False
    was, runs = ([one[name] for name in _MATTERS] if one is not None and one["state"] == "ready" else None
                 for one in (before, present))  # fmt: skip
    return was == runs


def beyond(db: Connection, former: Mapping[str, str]) -> bool:
    """Say whether changes of rules by id, each with its former text, may change what is found by others too.

    A filter narrows the rules that it names. What a correlation counted is silent, and may not be once that is gone.
    """
    present = [row["body"] for row in _present(db, former).values()]
    return any(map(_FAMILY.search, former.values())) or any(map(_FILTER.search, present))


# --- the versions of a pack ------------------------------------------------------------------------------------------


def keep(db: Connection, pack: str, files: Sequence[RuleFile]) -> None:
    """Keep the content of a pack as its newest version, inside ``writing()``; the oldest beyond KEPT go."""
    db.execute("DELETE FROM pack_versions WHERE pack = ? AND sha256 = ?", (pack, digest(list(files))))
    db.execute(
        "INSERT INTO pack_versions (pack, sha256, imported, files, content) VALUES (?, ?, ?, ?, ?)",
        (pack, digest(list(files)), now(), len(files), _packed(files)),
    )
    db.execute(
        "DELETE FROM pack_versions WHERE pack = ?1 AND id NOT IN"
        " (SELECT id FROM pack_versions WHERE pack = ?1 ORDER BY id DESC LIMIT ?2)",
        (pack, KEPT),
    )


def _packed(files: Sequence[RuleFile]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            if isinstance(one.content, bytes):
                archive.writestr(zipfile.ZipInfo(one.path), one.content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def versions(db: Connection) -> list[PackVersion]:
    """Return the versions that are kept, by pack, the newest first."""
    found = rows(
        db,
        "SELECT v.id, v.pack, v.imported, v.files, v.sha256, coalesce(p.sha256 = v.sha256, 0) AS present"
        " FROM pack_versions v LEFT JOIN rule_packs p ON p.name = v.pack ORDER BY v.pack, v.id DESC",
    )
    return [PackVersion(**{**row, "present": bool(row["present"])}) for row in found]


def pack_of(db: Connection, version_id: int) -> str:
    """Return the pack of a version; UsageError where it is not kept any more."""
    return str(_version(db, "pack", version_id)["pack"])


def files_of(db: Connection, version_id: int) -> tuple[str, list[RuleFile]]:
    """Return the pack and the files of a version; UsageError where it is not kept any more."""
    found = _version(db, "pack, content", version_id)
    with zipfile.ZipFile(io.BytesIO(found["content"])) as archive:
        return found["pack"], [RuleFile(name, archive.read(name)) for name in archive.namelist()]


def _version(db: Connection, columns: str, version_id: int) -> dict[str, Any]:
    found = rows(db, f"SELECT {columns} FROM pack_versions WHERE id = ?", [version_id])
    if not found:
        raise UsageError(text("This version is not kept any more."), why=text("The newest five of a pack are."))
    return found[0]
