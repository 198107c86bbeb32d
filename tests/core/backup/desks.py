"""Desks with something on them, and backups of them that were tampered with."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from desktop_app.core import findings, triage
from desktop_app.core.backup.archive import MANIFEST
from desktop_app.core.database import migrate, rows
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.search import Search
from desktop_app.core.paths import DataFolder
from tests.core.landing import FAIL, ROOT, Scene, failures, rules, sign_in

Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def fill(desk: Desk) -> None:
    """Put events, a finding with a note and a page of the site's handbook on a desk."""
    with desk.connection() as db:
        scene = Scene(desk, db, rules(ROOT, FAIL))
        scene.land([sign_in(1, user="root"), *failures(2, 3)])
        scene.land([sign_in(9, user="root")], name="second.log")
        triage.note(db, findings.listing(db, findings.Filter("all"))[0].id, "Looked at it")
    (desk.folder.root / "handbook").mkdir(exist_ok=True)
    (desk.folder.root / "handbook" / "our-ways.md").write_text("# Our ways\n", encoding="utf-8")


def new_desk(root: Path) -> Desk:
    """Return an empty desk in a folder."""
    folder = DataFolder(root)
    migrate(folder)
    return Desk(folder, ())


def state(desk: Desk) -> object:
    """Return what a person would miss."""
    with desk.connection() as db:
        assert catalogue.verify(desk.folder, db) == []
        return (
            rows(db, "SELECT id, rule_id, status, count FROM findings ORDER BY id"),
            rows(db, "SELECT finding_id, text FROM notes"),
            rows(db, "SELECT path, sha256 FROM segments ORDER BY id"),
            desk.events.count(db, Search()),
            sorted(path.name for path in (desk.folder.root / "handbook").glob("*")),
        )


def tampered(source: Path, target: Path, change: Change) -> Path:
    """Write a backup anew with its files and its list changed."""
    with zipfile.ZipFile(source) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    manifest = orjson.loads(members.pop(MANIFEST))
    change(members, manifest)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(MANIFEST, orjson.dumps(manifest))
    return target


def listed(manifest: dict[str, Any], path: str, content: bytes) -> None:
    """Add a file to a list, or correct what is said of it."""
    others = [one for one in manifest["members"] if one["path"] != path]
    digest = hashlib.sha256(content).hexdigest()
    manifest["members"] = [*others, {"path": path, "bytes": len(content), "sha256": digest}]
