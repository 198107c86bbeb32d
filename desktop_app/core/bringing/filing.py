"""Files brought into a folder of the desk: what would become of each, doing it, and the way back.

What lay there before is kept in an archive of its own beside the desk, so that an undo restores it byte for byte. A
file that somebody changed meanwhile is never written over: neither by bringing nor by the undo.
"""

from __future__ import annotations

import hashlib
import secrets
import stat
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from desktop_app.core import undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError, UsageError, system_says
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

KIND = "files"
KEPT = "replaced"  # the folder of what lay there before
What = Literal["new", "changed", "gone", "unchanged"]
WHATS: tuple[What, ...] = ("new", "changed", "gone", "unchanged")


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one file: its SHA-256 now and afterwards, empty where there is none."""

    path: str
    before: str
    after: str

    @property
    def what(self) -> What:
        """Say it in a word."""
        if self.before == self.after:
            return "unchanged"
        return "changed" if self.before and self.after else "new" if self.after else "gone"


@dataclass(frozen=True, slots=True)
class Filing:
    """Files for a folder of the desk (``place``, a name below its root)."""

    place: str
    files: Mapping[str, bytes]
    changes: tuple[Change, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many files each of WHATS holds."""
        return Counter(one.what for one in self.changes)

    @property
    def acts(self) -> bool:
        """Whether it would change anything."""
        return any(one.what != "unchanged" for one in self.changes)

    @property
    def digest(self) -> str:
        """The SHA-256 of what is shown: what is taken later must be this."""
        told = "\n".join(f"{one.path}\0{one.before}\0{one.after}" for one in self.changes)
        return hashlib.sha256(f"{self.place}\n{told}".encode()).hexdigest()


def plan(folder: DataFolder, place: str, files: Mapping[str, bytes], gone: Sequence[str] = ()) -> Filing:
    """Say what bringing these files would change; ``gone`` are files that lie there and would go."""
    paths = sorted({*files, *gone})
    changes = (Change(path, _now(folder, place, path), _sha(files.get(path))) for path in paths)
    return Filing(place, files, tuple(changes))


def take(desk: Desk, db: Connection, filing: Filing, summary: Text) -> Decision | None:
    """Put the files there, journaled; None where nothing would change. UsageError where one was changed meanwhile."""
    changes = [one for one in filing.changes if one.what != "unchanged"]
    if not changes:
        return None
    folder = desk.folder
    _hold_still(folder, filing.place, [(one.path, (one.before,)) for one in changes])
    kept = _keep(folder, filing.place, changes)
    before = {"place": filing.place, "kept": kept, "changes": [[one.path, one.before, one.after] for one in changes]}
    subjects = [f"file:{filing.place}/{one.path}" for one in changes]
    with writing(db):
        decision = undo.record(db, KIND, summary, before=before, after=[], subjects=subjects)
        try:
            _write(folder, filing.place, {one.path: filing.files.get(one.path) for one in changes})
        except StoreError:
            _write(folder, filing.place, _former(folder, before))
            raise
    return decision


def put_back(desk: Desk, db: Connection, before: Mapping[str, Any]) -> Sequence[str]:
    """Restore what lay there before, inside ``writing()``; UsageError where a file was changed after it was brought."""
    del db
    changes = [(path, (after, former)) for path, former, after in before["changes"]]
    _hold_still(desk.folder, before["place"], changes)
    _write(desk.folder, before["place"], _former(desk.folder, before))
    return ()


def _sha(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _target(folder: DataFolder, place: str, path: str) -> Path:
    """Return where a file goes; a link on the way would lead out of the desk."""
    target = folder.root / place / path
    for one in (target, *target.parents):
        if one == folder.root:
            return target
        if one.is_symlink():
            raise UsageError(
                text("%(path)s is a link.", path=str(one)),
                why=text("Nothing is written through links, which may lead anywhere."),
                fix=text("Put a folder or a file in the place of the link."),
            )
    return target


def _now(folder: DataFolder, place: str, path: str) -> str:
    target = _target(folder, place, path)
    try:
        if not stat.S_ISREG(target.lstat().st_mode):
            raise UsageError(text("%(path)s is no plain file.", path=str(target)))
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _hold_still(folder: DataFolder, place: str, expected: Sequence[tuple[str, Sequence[str]]]) -> None:
    for path, digests in expected:
        if _now(folder, place, path) not in digests:
            raise UsageError(
                text("%(path)s was changed meanwhile.", path=f"{place}/{path}"),
                why=text("Nothing was done, so that nobody's work is lost."),
                fix=text("Move that file away, or keep it and do nothing."),
            )


def _keep(folder: DataFolder, place: str, changes: Sequence[Change]) -> str:
    """Keep what lies there now, and return the name under which it is found again; empty where nothing does."""
    former = [one.path for one in changes if one.before]
    if not former:
        return ""
    name = secrets.token_hex(16)
    shelf = folder.root / KEPT
    shelf.mkdir(mode=0o700, exist_ok=True)
    with zipfile.ZipFile(shelf / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in former:
            archive.write(folder.root / place / path, path)
    return name


def _former(folder: DataFolder, before: Mapping[str, Any]) -> dict[str, bytes | None]:
    """Return the files as they were, None where there was none."""
    were = {path: bool(former) for path, former, _ in before["changes"]}
    if not any(were.values()):
        return dict.fromkeys(were)
    shelf = folder.root / KEPT / f"{before['kept']}.zip"
    try:
        with zipfile.ZipFile(shelf) as archive:
            return {path: archive.read(path) if was else None for path, was in were.items()}
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise StoreError(
            text("What lay there before is not kept any more."),
            why=text("It cannot be read: %(detail)s", detail=str(error)[:200]),
        ) from error


def _write(folder: DataFolder, place: str, files: Mapping[str, bytes | None]) -> None:
    """Write each file whole or not at all; None takes it away, and folders that it leaves empty."""
    try:
        for path, content in files.items():
            target = _target(folder, place, path)
            if content is None:
                _take_away(target, folder.root)
                continue
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = target.with_name(f".{target.name}.part")
            part.write_bytes(content)
            part.replace(target)
    except OSError as error:
        raise StoreError(
            text("Cannot write to %(path)s.", path=str(folder.root / place)),
            why=system_says(error),
        ) from error


def _take_away(target: Path, root: Path) -> None:
    target.unlink(missing_ok=True)
    for one in target.parents:
        if one == root or any(one.iterdir()):
            return
        one.rmdir()
