"""A desk as one file: a zip of its files and a manifest with the digest of each, sealed where a passphrase is given."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

import orjson

from desktop_app.core.backup.errors import BackupFailed, BackupUnusable, damaged
from desktop_app.core.backup.sealing import Opener, Sealer, is_sealed
from desktop_app.core.backup.snapshot import SEGMENTS, Member, taken
from desktop_app.core.desk import Desk
from desktop_app.core.errors import system_says
from desktop_app.core.model import Micros
from desktop_app.core.text import text
from desktop_app.core.version import VERSION

SUFFIX = ".watchdesk-backup"
MANIFEST = "manifest.json"
FORMAT = 1
PIECE = 1 << 20
LONGEST_MANIFEST = 200_000_000
MOST_MEMBERS = 2_000_000

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file inside a backup."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    ``migrations``: what its database knows, by set; ``damaged``: event files that were gone or no longer what was once
    written when the backup was made.
    """

    format: int
    program: str
    created: Micros
    host: str
    migrations: Mapping[str, list[str]]
    events: int
    findings: int
    damaged: tuple[str, ...]
    members: tuple[Kept, ...]

    @property
    def bytes(self) -> int:
        """How much it unpacks to."""
        return sum(one.bytes for one in self.members)


def write(desk: Desk, target: Path, words: str | None = None, report: Report = lambda _done, _total: None) -> Manifest:
    """Write a backup; the file is there when it is whole, or not at all. BackupFailed says why not."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with taken(desk) as members:
            manifest = _write(desk, draft, members, words, report)
        draft.replace(target)
    except OSError as error:
        raise _failed(target, error) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return manifest


def _failed(target: Path, error: OSError) -> BackupFailed:
    told = system_says(error)
    return BackupFailed(
        text("The backup could not be written to %(path)s.", path=str(target)),
        why=text("The disk is full.") if error.errno == errno.ENOSPC else told,
        fix=text("Free some space or choose another folder. The desk and older backups are as they were."),
    )


def _write(desk: Desk, draft: Path, members: list[Member], words: str | None, report: Report) -> Manifest:
    total, done = sum(one.bytes for one in members), 0
    kept, wrong = list[Kept](), list[str]()
    with ExitStack() as stack:
        file = stack.enter_context(draft.open("xb"))
        stream: Any = stack.enter_context(Sealer(file, words)) if words else file
        archive = stack.enter_context(zipfile.ZipFile(stream, "w", allowZip64=True))
        for one in members:
            digest = _put(archive, one)
            kept.append(Kept(one.path, one.bytes, digest))
            wrong += [one.path] if one.sha256 not in {None, digest} else []
            done += one.bytes
            report(done, max(total, 1))
        manifest = _manifest(desk, members, kept, wrong)
        archive.writestr(MANIFEST, orjson.dumps(asdict(manifest)), zipfile.ZIP_DEFLATED)
        archive.close()
        stream.close()
    with draft.open("rb+") as whole:
        os.fsync(whole.fileno())
    return manifest


def _put(archive: zipfile.ZipFile, one: Member) -> str:
    info = zipfile.ZipInfo(one.path)
    # Event files are packed already; packing them twice only takes time.
    info.compress_type = zipfile.ZIP_STORED if one.path.endswith(".parquet") else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    digest = hashlib.sha256()
    with one.source.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _manifest(desk: Desk, members: list[Member], kept: list[Kept], wrong: list[str]) -> Manifest:
    """Describe the snapshot itself: the desk may have gone on since."""
    with closing(sqlite3.connect(members[0].source)) as copy:
        migrations: dict[str, list[str]] = {}
        for name, applied in copy.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY 1, 2"):
            migrations.setdefault(name, []).append(applied)
        events = copy.execute("SELECT coalesce(sum(events), 0) FROM segments WHERE state = 'live'").fetchone()[0]
        findings = copy.execute("SELECT count(*) FROM findings").fetchone()[0]
        segments = {f"{SEGMENTS}/{row[0]}" for row in copy.execute("SELECT path FROM segments")}
    gone = segments - {one.path for one in kept}
    told = tuple(sorted({*wrong, *gone}))
    return Manifest(
        FORMAT, VERSION, desk.clock(), platform.node(), migrations, events, findings, told, tuple(kept)
    )  # fmt: skip


@contextmanager
def opened(path: Path, words: str | None) -> Iterator[zipfile.ZipFile]:
    """Open a backup for reading. BackupUnusable says what is wrong; WrongPassphrase that other words are needed."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            sealed = is_sealed(file)
        except OSError as error:
            raise BackupUnusable(
                text("Cannot read %(path)s.", path=str(path)),
                why=system_says(error),
                fix=text("Check the path, and that the stick or drive is there."),
            ) from error
        if sealed and not words:
            raise BackupUnusable(
                text("This backup is sealed with a passphrase."), fix=text("Enter the passphrase it was made with.")
            )
        stream = stack.enter_context(cast("IO[bytes]", Opener(file, words))) if sealed and words else file
        try:
            archive = stack.enter_context(zipfile.ZipFile(stream))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise damaged(text("It is no backup of a desk, or its end is missing.")) from error
        yield archive


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """Read what a backup says of itself; BackupUnusable where that is not what we write."""
    try:
        with archive.open(MANIFEST) as file:
            return _read(orjson.loads(file.read(LONGEST_MANIFEST)))
    except BackupUnusable:
        raise
    except Exception as error:  # the boundary of a hostile file: zlib, zipfile and wrong shapes raise all kinds
        raise damaged(text("Its list of files is missing or cannot be read.")) from error


def _read(found: Mapping[str, Any]) -> Manifest:
    if int(found["format"]) > FORMAT:
        raise newer(str(found["program"]))
    members = tuple(Kept(str(one["path"]), int(one["bytes"]), str(one["sha256"])) for one in found["members"])
    migrations = {str(name): [str(one) for one in applied] for name, applied in dict(found["migrations"]).items()}
    return Manifest(
        FORMAT, str(found["program"]), int(found["created"]), str(found["host"]), migrations, int(found["events"]),
        int(found["findings"]), tuple(str(one) for one in found["damaged"]), members,
    )  # fmt: skip


def newer(program: str) -> BackupUnusable:
    """Return the error of a backup that a later program made."""
    return BackupUnusable(
        text("This backup was made by a newer Watchdesk (%(version)s).", version=program[:40]),
        why=text("It holds tables that this version does not know and could damage."),
        fix=text("Restore it with that version or a later one. The present desk was not touched."),
    )
