"""What a person brings, opened: a file, or the files of a folder or a zip, with limits; nothing is unpacked to disk.

An archive that names places outside of itself, hides links, is locked or unpacks to more than anybody writes by hand
is refused as a whole: whoever made it meant harm, or it is broken, and no part of it is to be trusted.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from desktop_app.core.errors import UsageError
from desktop_app.core.handbook.pages import LANGUAGES
from desktop_app.core.text import Text, text

MAX_NAMES = 20_000  # that are looked at, so that a wrong folder (a whole disk) costs no minutes
MAX_FILES = 2_000
MAX_BYTES = 10_000_000  # of one file: a large picture
MAX_TOTAL = 100_000_000
_HIDDEN = (".", "__MACOSX")
# What no file of any of our systems may be called: separators, devices, streams, what begins or ends with nothing.
_UNFIT = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)', re.IGNORECASE)


class NotTaken(UsageError):
    """What was brought is refused as a whole."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files by their paths inside (with ``/``), in a fixed order; ``whole``: a folder or a zip, not one file.

    ``names`` are the paths of all files there, read or not; only those that were wanted were read.
    """

    path: Path
    files: Mapping[str, bytes]
    names: tuple[str, ...]
    whole: bool

    @property
    def passed(self) -> tuple[str, ...]:
        """The files that nobody wanted."""
        return tuple(one for one in self.names if one not in self.files)


def open_path(path: Path, wanted: Collection[str]) -> Opened:
    """Read the files with one of these endings (``.md``) of a file, a folder or a zip; NotTaken says what is wrong."""
    try:
        if path.is_dir():
            return _opened(path, dict(_folder(path, wanted)), whole=True)
        if path.is_file() and zipfile.is_zipfile(path):
            return _opened(path, dict(_archive(path, wanted)), whole=True)
        plain = path.is_file() and _is(path.name, wanted)  # a pipe never ends
        return _opened(path, {path.name: _file(path) if plain else None}, whole=False)
    except (OSError, zipfile.BadZipFile) as error:
        said = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise refused(path, text("It cannot be read: %(detail)s", detail=said[:200])) from error


def refused(path: Path, why: Text) -> NotTaken:
    """Return the error that says why nothing of it is taken."""
    return NotTaken(text("Nothing of %(path)s was taken.", path=str(path)), why=why)


def _opened(path: Path, found: Mapping[str, bytes | None], *, whole: bool) -> Opened:
    total = sum(len(one) for one in found.values() if one is not None)
    read = sum(one is not None for one in found.values())
    if total > MAX_TOTAL or read > MAX_FILES:
        raise _too_much(path)
    cut = _shared_top(found) if whole else 0
    named = {name[cut:]: content for name, content in found.items()}
    return Opened(path, {name: one for name, one in sorted(named.items()) if one is not None}, tuple(sorted(named)),
                  whole)  # fmt: skip


def _too_much(path: Path) -> NotTaken:
    return refused(
        path,
        text("It holds more than %(files)s files or %(size)s MB.", files=MAX_FILES, size=MAX_TOTAL // 1_000_000),
    )


def _shared_top(names: Collection[str]) -> int:
    """Return the length of the one folder in which everything lies, as archives are often made; a language is none."""
    tops = {name.partition("/")[0] for name in names if "/" in name}
    top = next(iter(tops), "")
    alone = len(tops) == 1 and all("/" in name for name in names) and top not in LANGUAGES
    return len(top) + 1 if alone else 0


def _is(name: str, wanted: Collection[str]) -> bool:
    return PurePosixPath(name).suffix.lower() in wanted


def _shown(name: str) -> bool:
    return not any(part.startswith(_HIDDEN) for part in name.split("/"))


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise refused(path, text("%(name)s is larger than %(size)s MB.", name=path.name, size=MAX_BYTES // 1_000_000))
    return content


# --- a folder --------------------------------------------------------------------------------------------------------


def _folder(root: Path, wanted: Collection[str]) -> Iterator[tuple[str, bytes | None]]:
    total = 0
    for number, path in enumerate(_walk(root)):
        inside = path.relative_to(root).as_posix()
        if number >= MAX_NAMES:
            raise _too_much(root)
        if not _shown(inside):
            continue
        # A link may lead anywhere.
        plain = stat.S_ISREG(path.lstat().st_mode) and not _unfit(inside)
        content = _file(path) if plain and _is(inside, wanted) else None
        total += len(content or b"")
        if total > MAX_TOTAL:
            raise _too_much(root)
        yield inside, content


def _walk(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):  # does not follow links to folders
        folders[:] = sorted(one for one in folders if _shown(one))
        yield from (Path(place, name) for name in sorted(names))


def _unfit(name: str) -> bool:
    return any(not part or part == ".." or _UNFIT.search(part) for part in name.split("/"))


# --- an archive ------------------------------------------------------------------------------------------------------


def _archive(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, bytes | None]]:
    left = MAX_TOTAL
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        _judge(path, members)
        for one in members:
            if not _shown(one.filename):
                continue
            content = _member(path, archive, one, min(left, MAX_BYTES)) if _is(one.filename, wanted) else None
            left -= len(content or b"")
            yield one.filename, content


def _judge(path: Path, members: Collection[zipfile.ZipInfo]) -> None:
    """Refuse an archive by its list of contents, before anything in it is read."""
    if len(members) > MAX_NAMES:
        raise _too_much(path)
    seen: set[str] = set()
    for one in members:
        name = one.filename
        if _unfit(name):
            raise refused(path, text("The archive names a place outside of it, or one that no disk has: %(name)s",
                                     name=name[:200]))  # fmt: skip
        if stat.S_ISLNK(one.external_attr >> 16):
            raise refused(path, text("The archive holds a link: %(name)s", name=name[:200]))
        if one.flag_bits & 1:
            raise refused(path, text("The archive is locked with a password."))
        if name.lower() in seen:
            raise refused(path, text("The archive holds two files of one name: %(name)s", name=name[:200]))
        seen.add(name.lower())


def _member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(member) as stream:
            content = stream.read(most + 1)  # the size that the archive states is not believed
    except Exception as error:  # decompressors raise their own kinds (zlib.error, lzma.LZMAError)
        raise refused(path, text("The archive is damaged: %(name)s", name=member.filename[:200])) from error
    if len(content) > most:
        raise _too_much(path)
    return content
