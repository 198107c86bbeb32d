"""From what a person dropped to the inputs in it: files, folders, archives and what is packed.

Every input is found in the same order each time. What is not read is told, one sentence each, and the rest goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.errors import SourceUnreadable, WatchdeskError, unexpected
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.sources.archives import (
    HEAD_BYTES,
    Container,
    Member,
    Refused,
    Shelf,
    Tar,
    Zip,
    kind_of,
)
from desktop_app.extensions.logs.sources.guard import Limits, bomb, open_file, refused, unpacked
from desktop_app.extensions.logs.sources.names import shown

__all__ = ["Input", "Limits", "Unreadable", "discover"]

_MOST_NESTED = 1  # an archive in an archive is opened, one in that is not


@dataclass(frozen=True, slots=True)
class Input:
    """One stream of records. ``member`` is empty for a file.

    ``size`` is in bytes, as it was when the input was found; ``exact`` is False where it is only an estimate.
    """

    path: Path
    member: str
    name: str
    size: int
    modified: Micros
    open: Callable[[], BinaryIO]
    exact: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What an input is stored by: path and member."""
        return shown(self.path), self.member

    @property
    def bound(self) -> int | None:
        """How many bytes of it are read, None for all: what is appended to a log meanwhile comes in the next time.

        Files that the system makes up while they are read claim to be empty.
        """
        return self.size if self.exact and self.size else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that was not read, and why."""

    path: Path
    error: WatchdeskError
    member: str = ""


Found = Iterator[Input | Unreadable]


def discover(paths: Iterable[Path], limits: Limits | None = None) -> Found:
    """Find the inputs below some paths, in the order given; folders by name."""
    finder = _Finder(limits or Limits())
    for path in paths:
        yield from finder.top(Path(path))


class _Finder:
    """One search: it remembers the folders it has seen, so that no circle holds it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._shelf = Shelf()
        self._seen: set[tuple[int, int]] = set()

    def top(self, path: Path) -> Found:
        """Look at what a person named; links are followed here because the person chose them."""
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            yield Unreadable(path, _refusal(shown(path.name or path), error))
            return
        yield from self._entry(path, shown(path.name or path), status, root=path)

    def _entry(self, path: Path, name: str, status: os.stat_result, root: Path) -> Found:
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(path, name, status, root)
        elif stat.S_ISREG(status.st_mode):
            yield from self._file(path, name, status)
        else:
            yield Unreadable(path, _special(name, status.st_mode))

    def _folder(self, path: Path, name: str, status: os.stat_result, root: Path) -> Found:
        key = (status.st_dev, status.st_ino)
        if status.st_ino and key in self._seen:
            return  # named twice, or a junction back into a folder above
        self._seen.add(key)
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(path, refused(name, error))
            return
        for entry in entries:
            inner, inner_name = path / entry.name, f"{name}/{shown(entry.name)}"
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield Unreadable(inner, refused(inner_name, error))
                continue
            if stat.S_ISLNK(status.st_mode):
                yield from _followed(inner, inner_name, root)
            else:
                yield from self._entry(inner, inner_name, status, root)

    def _file(self, path: Path, name: str, status: os.stat_result) -> Found:
        whole = Input(path, "", name, status.st_size, status.st_mtime_ns // 1000, partial(open_file, path, name))
        try:
            yield from self._look(whole, nested=-1)
        except Exception as error:  # noqa: BLE001 - the boundary of a file: what its packing trips over costs only that one
            told = unexpected(error)
            told.__cause__ = None if told is error else error
            yield Unreadable(path, told)

    def _look(self, one: Input, nested: int) -> Found:
        """Yield an input, or what is packed in it. ``nested`` counts the archives around it, from -1."""
        kind = _kind(one)
        if isinstance(kind, Unreadable):
            yield kind
        elif kind is None:
            yield one
        elif nested >= _MOST_NESTED:
            yield Unreadable(one.path, _too_deep(one.name), one.member)
        elif kind in {"zip", "tar"}:
            yield from self._inside(self._container(kind, one, in_memory=nested >= 0), one, nested + 1)
        else:
            opener = partial(_unpack, kind, one, self._limits)
            size = _unpacked_size(one, kind) if nested < 0 else one.size
            yield from self._packed(replace(one, size=size, open=opener, exact=False), nested + 1)

    def _packed(self, one: Input, nested: int) -> Found:
        """What was packed by itself: a tar most often, or one file."""
        kind = _kind(one)
        if isinstance(kind, Unreadable):
            yield kind
        elif kind == "tar":
            yield from self._inside(Tar(one.open, one.name, self._limits, self._shelf), one, nested)
        else:
            yield from self._look(one, nested) if kind else iter([one])

    def _container(self, kind: str, one: Input, *, in_memory: bool) -> Container:
        opener = partial(_in_memory, one, self._limits) if in_memory else one.open
        if kind == "zip":
            return Zip(opener, one.size, one.name, self._limits, self._shelf)
        return Tar(opener, one.name, self._limits, self._shelf)

    def _inside(self, container: Container, one: Input, nested: int) -> Found:
        for found in _numbered(container.members()):
            member = f"{one.member}/{found.path}".strip("/") if one.member else found.path
            if isinstance(found, Refused):
                yield Unreadable(one.path, found.error, member)
            else:
                yield from self._look(_as_input(found, one, member), nested)


def _kind(one: Input) -> str | Unreadable | None:
    """Return what an input is packed as, None where it is not; or why it cannot be opened."""
    try:
        with one.open() as stream:
            return kind_of(stream.read(HEAD_BYTES))
    except SourceUnreadable as error:
        return Unreadable(one.path, error, one.member)


def _numbered(members: Iterable[Member | Refused]) -> Iterator[Member | Refused]:
    """Tell members of the same name apart: an archive that was added to may hold a file several times."""
    given: dict[str, int] = {}
    for one in members:
        path, number = one.path, given.get(one.path, 0)
        while path and path in given:
            number += 1
            path = f"{one.path} ({number + 1})"
        given[path], given[one.path] = given.get(path, 0), number
        yield one if path == one.path else replace(one, path=path)


def _as_input(found: Member, archive: Input, member: str) -> Input:
    name = f"{archive.name}/{found.path}"
    return Input(archive.path, member, name, found.size, found.modified or archive.modified, found.open)


def _unpack(kind: str, one: Input, limits: Limits) -> BinaryIO:
    return unpacked(kind, one.open(), one.size, one.name, limits)


def _in_memory(one: Input, limits: Limits) -> BinaryIO:
    """Archives need to go back and forth in their stream, which a packed one cannot do quickly."""
    if one.size > limits.nested:
        raise SourceUnreadable(
            text("%(name)s was not read.", name=one.name),
            why=text("It is a large archive inside another archive."),
            fix=text("Unpack the outer one and import the folder."),
        )
    with one.open() as stream:
        data = stream.read(limits.nested + 1)
    if len(data) > limits.nested:
        raise bomb(one.name)
    return BytesIO(data)


def _unpacked_size(one: Input, kind: str) -> int:
    """A gz file ends with the size of what was packed, modulo 4 GiB (RFC 1952); the others keep it to themselves."""
    if kind != "gz":
        return one.size
    try:
        with one.open() as stream:
            stream.seek(-4, os.SEEK_END)
            told = int.from_bytes(stream.read(4), "little")
    except (SourceUnreadable, ValueError):
        return one.size
    return told if one.size <= told <= one.size * 100 else one.size


def _followed(path: Path, name: str, root: Path) -> Found:
    """Inside a folder links are not followed: what they point to is read where it stands, or was not chosen."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        yield Unreadable(path, _refusal(name, error))
        return
    if not target.is_relative_to(root.resolve()):
        why = text("It is a link out of the folder, to %(target)s.", target=shown(target))
        yield Unreadable(path, _not_read(name, why, text("Import the file it points to.")))
    elif target.is_dir() and path.parent.resolve().is_relative_to(target):
        why = text("It is a link back to a folder that it lies in.")
        yield Unreadable(path, _not_read(name, why, text("Nothing is lost: that folder is read once.")))


def _refusal(name: str, error: Exception) -> SourceUnreadable:
    if isinstance(error, RuntimeError):  # how resolve() tells of a circle of links before Python 3.13
        return _not_read(name, text("Its links lead in a circle."), text("Import the file itself."))
    if isinstance(error, OSError):
        return refused(name, error)
    return _not_read(name, text("This is no path: %(reason)s", reason=str(error)), text("Check the path."))


def _special(name: str, mode: int) -> SourceUnreadable:
    if stat.S_ISFIFO(mode):
        why = text("It is a pipe between programs: reading it would wait, and take the data away from its reader.")
    elif stat.S_ISSOCK(mode):
        why = text("It is a socket between programs.")
    else:
        why = text("It is a device.")
    return _not_read(name, why, text("Import a regular file instead."))


def _too_deep(name: str) -> SourceUnreadable:
    why = text("It is an archive inside an archive inside another one.")
    return _not_read(name, why, text("Unpack the outer one and import the folder."))


def _not_read(name: str, why: Text, fix: Text) -> SourceUnreadable:
    return SourceUnreadable(text("%(name)s was not read.", name=name), why=why, fix=fix)
