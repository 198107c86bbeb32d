"""What bringing a pack of rules in would change, without bringing it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.database import Connection, rows
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.packs import RuleFile, digest, read_pack
from desktop_app.core.rules.reading import read_rules


@dataclass(frozen=True, slots=True)
class Preview:
    """Titles of rules that would be new, changed and gone; ``unusable`` counts those that cannot run."""

    pack: str
    files: int
    sha256: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    unusable: int


def preview(db: Connection, path: Path) -> Preview:
    """Compare a Sigma file, folder or zip with what stands. PackUnreadable where it cannot be read."""
    return compare(db, catalogue.pack_name(path), list(read_pack(path)))


def compare(db: Connection, pack: str, files: Sequence[RuleFile]) -> Preview:
    """Compare the files of a pack with what stands."""
    read = list(read_rules(pack, files))
    stored = {row["id"]: row for row in rows(db, "SELECT id, pack, version, title FROM rules")}
    kept = {one.id for one in read}
    changed = [one for one in read if one.id in stored and stored[one.id]["version"] != one.version]
    new = [one for one in read if one.id not in stored]
    return Preview(
        pack=pack,
        files=len(files),
        sha256=digest(list(files)),
        new=tuple(one.title for one in new),
        changed=tuple(one.title for one in changed),
        gone=tuple(row["title"] for key, row in stored.items() if row["pack"] == pack and key not in kept),
        unchanged=len(read) - len(new) - len(changed),
        unusable=sum(one.reason is not None for one in read),
    )
