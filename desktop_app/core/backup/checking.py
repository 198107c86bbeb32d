"""Everything about a backup is looked at before anything of the desk is touched; what is good waits in ``restore``."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path, PurePosixPath

from sqlite_utils import Migrations

from desktop_app.core import migrations
from desktop_app.core.backup import archive
from desktop_app.core.backup.archive import MANIFEST, MOST_MEMBERS, PIECE, Kept, Manifest, Report
from desktop_app.core.backup.errors import BackupUnusable, damaged
from desktop_app.core.backup.snapshot import DATABASE, LEFT_OUT, LOCKS, SEGMENTS
from desktop_app.core.database import migrate
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text

STAGE = "restore"
SPARE = 200_000_000  # bytes that stay free on the disk
# Every file of the desk that its database names; each is read or deleted by that name later.
_PATHS = (
    f"SELECT '{SEGMENTS}/' || path FROM segments UNION ALL SELECT 'reports/' || path FROM reports"
    f" UNION ALL SELECT '{SEGMENTS}/' || path FROM doomed_files"
)
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*\\]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def stage(desk: Desk, source: Path, words: str | None, report: Report = lambda _done, _total: None) -> Manifest:
    """Unpack a backup beside the desk and check all of it; the desk goes on as it is.

    Raises BackupUnusable, which says what is wrong. Afterwards ``<data folder>/restore`` holds a whole desk of this
    version, or nothing.
    """
    place = desk.folder.root / STAGE
    shutil.rmtree(place, ignore_errors=True)
    try:
        with archive.opened(source, words) as packed:
            manifest = archive.manifest_of(packed)
            _check_versions(manifest, _sets(desk))
            _check_members(packed, manifest)
            _check_space(desk, manifest)
            _unpack(packed, manifest, place, report)
        _check_desk(desk, place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return manifest


def discard(desk: Desk) -> None:
    """Throw away what was unpacked."""
    shutil.rmtree(desk.folder.root / STAGE, ignore_errors=True)


def _sets(desk: Desk) -> list[Migrations]:
    return [migrations.core, *(one.migrations for one in desk.extensions if one.migrations is not None)]


def _check_versions(manifest: Manifest, sets: Iterable[Migrations]) -> None:
    known = {one.name: {migration.name for migration in one._migrations} for one in sets}  # noqa: SLF001 - sqlite-utils lists only pending and applied ones
    for name, applied in manifest.migrations.items():
        if name in known and set(applied) - known[name]:
            raise archive.newer(manifest.program)


def safe(path: str) -> bool:
    """Say whether a path of a backup stays inside the desk on every system, and is of a kind that backups hold."""
    parts = PurePosixPath(path).parts
    plain = bool(parts) and "/".join(parts) == path and len(path) < 500 and not path.startswith("/")
    if not plain or _UNSAFE.search(path) or parts[0].lower() in LEFT_OUT:
        return False
    return not any(one.startswith(".") or one.endswith((".", " ")) or _DEVICE.fullmatch(one) for one in parts)


def _check_members(packed: zipfile.ZipFile, manifest: Manifest) -> None:
    listed = {one.path: one for one in manifest.members}
    if len(manifest.members) > MOST_MEMBERS or len({path.lower() for path in listed}) != len(manifest.members):
        raise damaged(text("Its list names a file twice, or far too many files."))
    odd = next((path for path in listed if not safe(path)), None)
    if odd is not None:
        raise damaged(text("It names a file outside of the desk: %(path)s", path=odd[:200]))
    sizes = {info.filename: info.file_size for info in packed.infolist() if info.filename != MANIFEST}
    if len(packed.infolist()) != len(sizes) + 1 or sizes != {path: one.bytes for path, one in listed.items()}:
        raise damaged(text("Its files are not those of its list."))
    if DATABASE not in listed or min((one.bytes for one in manifest.members), default=0) < 0:
        raise damaged(text("The database of the desk is not in it."))


def _check_space(desk: Desk, manifest: Manifest) -> None:
    free = shutil.disk_usage(desk.folder.root).free
    if free < manifest.bytes + SPARE:
        raise BackupUnusable(
            text("There is not enough space for this backup."),
            why=text(
                "It unpacks to %(need)s MB, and %(free)s MB are free; the present desk stays until the end.",
                need=-(-manifest.bytes // 1_000_000), free=free // 1_000_000,
            ),
            fix=text("Free some space on the disk that holds the desk."),
        )  # fmt: skip


def _unpack(packed: zipfile.ZipFile, manifest: Manifest, place: Path, report: Report) -> None:
    done = 0
    place.mkdir(mode=0o700)
    for one in manifest.members:
        target = place / one.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _unpack_one(packed, one, target)
        except (BackupUnusable, OSError):
            raise
        except Exception as error:  # the boundary of a hostile file: decompressors raise all kinds
            raise damaged(text("A file in it cannot be unpacked: %(path)s", path=one.path)) from error
        done += one.bytes
        report(done, max(manifest.bytes, 1))


def _unpack_one(packed: zipfile.ZipFile, one: Kept, target: Path) -> None:
    digest, left = hashlib.sha256(), one.bytes
    with packed.open(one.path) as source, target.open("xb") as file:
        # Never more than was announced, whatever the archive unpacks to.
        while piece := source.read(min(PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                break
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if left or digest.hexdigest() != one.sha256:
        raise damaged(text("A file in it is not what was written: %(path)s", path=one.path))


def _check_desk(desk: Desk, place: Path) -> None:
    """See that what was unpacked is a desk that opens, bring it to this version, and give it the lock of this desk."""
    try:
        with closing(sqlite3.connect(place / DATABASE)) as raw:
            # Not quick_check: SQLite 3.40 tells there of NULLs that are none, in tables without rowid.
            sound = raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            paths = [row[0] for row in raw.execute(_PATHS)] if sound else []
    except sqlite3.DatabaseError as error:
        raise damaged(text("Its database cannot be opened: %(detail)s", detail=str(error))) from error
    if not sound:
        raise damaged(text("Its database is damaged."))
    unsafe = next((path for path in paths if not safe(path)), None)
    if unsafe is not None:
        raise damaged(text("It names a file outside of the desk: %(path)s", path=unsafe[:200]))
    _adopt(desk, place)


def _adopt(desk: Desk, place: Path) -> None:
    made = {one.name for one in place.iterdir()}
    staged = DataFolder(place)
    migrate(staged, _sets(desk)[1:])
    with closing(sqlite3.connect(place / DATABASE)) as copy, desk.connection() as db:
        for table in LOCKS:
            copy.execute(f"DELETE FROM {table}")
            for row in db.execute(f"SELECT * FROM {table}").fetchall():
                copy.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        copy.execute("UPDATE jobs SET state = 'interrupted' WHERE state IN ('queued','running')")
        copy.commit()
        copy.execute("PRAGMA journal_mode=DELETE")
    for one in place.iterdir():  # migrating made the folders of a desk in use
        if one.name not in made and one.is_dir():
            shutil.rmtree(one)
