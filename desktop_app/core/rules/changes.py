"""What a person decides about rules, journaled: switching them on and off, bringing packs in, going back in a pack.

The content of each pack that is brought in is kept as a zip, so that an earlier version can be had again without the
file it came from.
"""

from __future__ import annotations

import io
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
