"""Rule packs as they are brought in: a file, a folder or a zip -> the rule files inside, with limits.

Nothing is extracted to disk, and nothing outside the folder is followed to.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.sigma.documents import MAX_BYTES
from desktop_app.core.sigma.errors import RuleBroken
from desktop_app.core.text import text

MAX_FILES = 50_000
MAX_TOTAL = 500_000_000
SUFFIXES = (".yml", ".yaml")
# Test events beside our own rules; they are no rules.
_EVENTS = (".events.yml", ".events.yaml")


class PackUnreadable(WatchdeskError):
    """A rule pack cannot be read at all."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of a pack: its path inside, and its bytes or why there are none."""

    path: str
    content: bytes | RuleBroken


def _is_rule(name: str) -> bool:
    lower = name.lower()
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.replace("\\", "/").split("/"))
    return lower.endswith(SUFFIXES) and not lower.endswith(_EVENTS) and not hidden


def holds_rules(path: Path) -> bool:
    """Say whether a file, folder or zip holds a file that may be a rule, by names alone."""
    if path.is_dir():
        named = (name for _, _, names in os.walk(path) for name in names)
        return any(_is_rule(name) for name in itertools.islice(named, MAX_FILES))
    if not path.is_file() or not zipfile.is_zipfile(path):
        return _is_rule(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_is_rule(one) for one in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _too_large(size: int) -> RuleBroken:
    return RuleBroken(text("The file has %(size)s bytes; a rule file may have %(limit)s.", size=size, limit=MAX_BYTES))


def _read_file(path: Path) -> bytes | RuleBroken:
    try:
        if not path.is_file():
            return RuleBroken(text("This is no ordinary file."))
        size = path.stat().st_size
        return path.read_bytes() if size <= MAX_BYTES else _too_large(size)
    except OSError as error:
        return RuleBroken(text("The file cannot be read: %(detail)s", detail=error.strerror or str(error)))


def _folder(path: Path) -> Iterator[RuleFile]:
    # os.walk does not follow links to folders, so a loop of links ends here.
    for root, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            inside = (Path(root) / name).relative_to(path).as_posix()
            if _is_rule(inside):
                yield RuleFile(inside, _read_file(Path(root) / name))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | RuleBroken:
    if member.flag_bits & 1:
        return RuleBroken(text("The file is locked with a password."))
    try:
        with archive.open(member) as stream:
            # The size that the archive states is not believed.
            content = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError) as error:
        return RuleBroken(text("The file cannot be unpacked: %(detail)s", detail=str(error)[:200]))
    except Exception as error:  # noqa: BLE001 - decompressors raise their own kinds (zlib.error, lzma.LZMAError)
        return RuleBroken(text("The file cannot be unpacked: %(detail)s", detail=str(error)[:200]))
    return content if len(content) <= MAX_BYTES else _too_large(max(member.file_size, len(content)))


def _archive(path: Path) -> Iterator[RuleFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.infolist(), key=lambda one: one.filename):
                if not member.is_dir() and _is_rule(member.filename):
                    yield RuleFile(member.filename, _member(archive, member))
    except (zipfile.BadZipFile, OSError) as error:
        raise PackUnreadable(
            text("Cannot read the rules in %(path)s.", path=str(path)),
            why=text("The archive is damaged or no zip file: %(detail)s", detail=str(error)[:200]),
            fix=text("Unpack it yourself and import the folder, or fetch it again."),
        ) from error


def _bounded(files: Iterator[RuleFile], path: Path) -> Iterator[RuleFile]:
    total = 0
    for number, one in enumerate(files, start=1):
        total += len(one.content) if isinstance(one.content, bytes) else 0
        if number > MAX_FILES or total > MAX_TOTAL:
            raise PackUnreadable(
                text("Cannot read the rules in %(path)s.", path=str(path)),
                why=text("It holds too many files, or unpacks to too much."),
                fix=text("Import a smaller folder of rules."),
            )
        yield one


def read_pack(path: Path) -> Iterator[RuleFile]:
    """Yield the rule files of a file, folder or zip in a fixed order; PackUnreadable when there is nothing to read."""
    if path.is_dir():
        return _bounded(_folder(path), path)
    if not path.exists():
        raise PackUnreadable(
            text("Cannot read the rules in %(path)s.", path=str(path)),
            why=text("There is no such file or folder."),
            fix=text("Check the path."),
        )
    if path.suffix.lower() == ".zip" or (path.suffix.lower() not in SUFFIXES and zipfile.is_zipfile(path)):
        return _bounded(_archive(path), path)
    return iter([RuleFile(path.name, _read_file(path))])


def digest(files: list[RuleFile]) -> str:
    """Return the SHA-256 over names and contents."""
    made = hashlib.sha256()
    for one in files:
        made.update(one.path.encode("utf-8", "surrogatepass") + b"\0")
        made.update(one.content if isinstance(one.content, bytes) else b"")
    return made.hexdigest()
