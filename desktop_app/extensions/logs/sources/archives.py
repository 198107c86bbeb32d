"""Archives: zip and tar (also packed with gz, bz2 or xz), read where they are; nothing is ever written to disk.

A container names its members once and opens them again later. Members of a packed tar lie one behind the other, so it
keeps a few readers open and takes the nearest one before the member: whoever reads the members in order, several times
each, still unpacks the archive only a few times.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import tarfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.model import Micros, micros
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.sources.guard import Guarded, Limits, bomb, broken
from desktop_app.extensions.logs.sources.names import shown

HEAD_BYTES = 512
_MAGIC = (
    (b"\x1f\x8b\x08", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_READERS = 3
_END_OF_ZIP = 22  # bytes of the end record without its comment
_SYMLINK = 0o120000
# What zipfile raises for bytes made to confuse it; RuntimeError stands for passwords.
_ZIP_FAULTS = (
    *(zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error, EOFError, RuntimeError),
    *(IndexError, KeyError),
)

Opener = Callable[[], BinaryIO]


def kind_of(head: bytes) -> str | None:
    """Tell a packed file by its first bytes: gz, bz2, xz, zip or tar."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    try:  # the header's checksum is what makes it a tar
        tarfile.TarInfo.frombuf(head[:HEAD_BYTES], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    return "tar"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    path: str
    size: int
    modified: Micros | None
    open: Opener


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in an archive that is not read, and why. ``path`` is empty for the archive as a whole."""

    path: str
    error: SourceUnreadable


class Container(Protocol):
    """An open archive."""

    def members(self) -> Iterator[Member | Refused]:
        """List what is inside, in the archive's order."""

    def rest(self) -> None:
        """Close what is not being read; it opens again by itself."""


class Shelf:
    """Keeps one container open at a time, so that a folder of a thousand archives needs few files open."""

    def __init__(self) -> None:
        self._current: Container | None = None

    def take(self, container: Container) -> None:
        """Turn to a container; the one before closes what it does not need."""
        if self._current is not None and self._current is not container:
            self._current.rest()
        self._current = container


class Zip:
    """A zip archive in a stream that can seek."""

    def __init__(self, opener: Opener, size: int, name: str, limits: Limits, shelf: Shelf) -> None:
        self._opener = opener
        self._size = size
        self._name = name
        self._limits = limits
        self._shelf = shelf
        self._file: zipfile.ZipFile | None = None
        self._closing: weakref.finalize[..., object] | None = None
        self._users = 0

    def members(self) -> Iterator[Member | Refused]:
        """List what is inside; an archive that lies about itself is refused as a whole."""
        try:
            infos = self._opened().infolist()
            if sum(info.file_size for info in infos) > self._limits.allowed(self._size):
                raise bomb(self._name)
        except SourceUnreadable as error:
            yield Refused("", error)
            return
        for info in infos:
            # A hostile archive may name a member with nothing, which has no last sign to look at.
            if info.filename and not info.is_dir():
                yield self._member(info)

    def _opened(self) -> zipfile.ZipFile:
        self._shelf.take(self)
        if self._file is None:
            stream = self._opener()
            try:
                if _zip_entries(stream) > self._limits.members:
                    raise _too_many(self._name)
                self._file = zipfile.ZipFile(stream)
            except _ZIP_FAULTS as error:
                stream.close()
                raise broken(self._name, error) from error
            except SourceUnreadable:
                stream.close()
                raise
            self._closing = weakref.finalize(self, _close_all, self._file, stream)
        return self._file

    def _member(self, info: zipfile.ZipInfo) -> Member | Refused:
        problem = None
        if info.flag_bits & 1:
            problem = _unread(
                info.filename, text("It is encrypted."), text("Unpack the archive with its password, then import it.")
            )
        elif info.external_attr >> 16 & 0o170000 == _SYMLINK:
            problem = _link(info.filename)
        elif _escapes(info.filename):
            problem = _escape(info.filename)
        if problem is not None:
            return Refused(info.filename, problem)
        return Member(info.filename, info.file_size, _zip_time(info), lambda: self._open(info))

    def _open(self, info: zipfile.ZipInfo) -> BinaryIO:
        name = f"{self._name}/{info.filename}"
        try:
            stream = self._opened().open(info)
        except _ZIP_FAULTS as error:
            raise broken(name, error) from error
        self._users += 1
        allowed = self._limits.allowed(info.compress_size)
        return cast("BinaryIO", Guarded(cast("BinaryIO", stream), name, allowed, also=self._done))

    def _done(self) -> None:
        self._users -= 1

    def rest(self) -> None:
        """Close the archive unless one of its members is being read."""
        if self._closing is not None and not self._users:
            self._closing()
            self._file = self._closing = None


class Tar:
    """A tar archive in a stream that can seek, if only by unpacking from the beginning again."""

    def __init__(self, opener: Opener, name: str, limits: Limits, shelf: Shelf) -> None:
        self._opener = opener
        self._name = name
        self._limits = limits
        self._shelf = shelf
        self._idle: list[BinaryIO] = []
        self._closing = weakref.finalize(self, _close_list, self._idle)

    def members(self) -> Iterator[Member | Refused]:
        """List what is inside; where the archive is damaged, what stood before is still listed."""
        self._shelf.take(self)
        try:
            with self._opener() as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
                for number, info in enumerate(archive):
                    if number >= self._limits.members:
                        raise _too_many(self._name)
                    if not info.isdir():
                        yield self._member(info)
        except SourceUnreadable as error:
            yield Refused("", error)
        except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
            yield Refused("", broken(self._name, error))

    def _member(self, info: tarfile.TarInfo) -> Member | Refused:
        problem, path = None, shown(info.name)
        if info.issym() or info.islnk():
            problem = _link(path)
        elif not info.isfile() or info.issparse():
            problem = _unread(
                path, text("It is a device or another special file."), text("Import a regular file instead.")
            )
        elif _escapes(info.name):
            problem = _escape(path)
        if problem is not None:
            return Refused(path, problem)
        offset, size = info.offset_data, info.size
        return Member(path, size, _tar_time(info), lambda: self._open(path, offset, size))

    def _open(self, name: str, offset: int, size: int) -> BinaryIO:
        self._shelf.take(self)
        before = [stream for stream in self._idle if stream.tell() <= offset]
        if before:
            stream = max(before, key=lambda one: one.tell())
        elif len(self._idle) < _READERS:
            stream = self._opener()
            self._idle.append(stream)
        else:
            stream = max(self._idle, key=lambda one: one.tell())
        self._idle.remove(stream)
        part = _Part(stream, offset, size, self._idle)
        return cast("BinaryIO", Guarded(cast("BinaryIO", part), f"{self._name}/{name}", size))

    def rest(self) -> None:
        """Close the readers that are not in use."""
        _close_list(self._idle)


class _Part(io.RawIOBase):
    """Some bytes of a stream; the stream goes back to its place when the part is closed."""

    def __init__(self, stream: BinaryIO, offset: int, size: int, home: list[BinaryIO]) -> None:
        super().__init__()
        self._stream = stream
        self._home = home
        self._left = size
        self._offset = offset
        self._begun = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._begun:
            self._stream.seek(self._offset)
            self._begun = True
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._stream.read(wanted) if wanted else b""
        if wanted and not data:
            raise EOFError
        self._left -= len(data)
        return data

    def close(self) -> None:
        if not self.closed:
            self._home.append(self._stream)
        super().close()


def _close_list(streams: list[BinaryIO]) -> None:
    while streams:
        streams.pop().close()


def _close_all(archive: zipfile.ZipFile, stream: BinaryIO) -> None:
    archive.close()
    stream.close()


def _zip_entries(stream: BinaryIO) -> int:
    """Return how many members the end record tells of, before their names are loaded (APPNOTE.TXT, 4.3.16)."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END_OF_ZIP - (1 << 16) - 20))
    tail = stream.read(size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END_OF_ZIP:
        raise zipfile.BadZipFile("its end is missing")
    entries: int = struct.unpack_from("<H", tail, at + 10)[0]
    if at >= 20 and tail.startswith(b"PK\x06\x07", at - 20):  # zip64
        stream.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        record = stream.read(56)
        entries = struct.unpack_from("<Q", record, 32)[0] if len(record) == 56 else 0
    return entries


def _escapes(path: str) -> bool:
    """Absolute, with a drive, or leading out of the archive: harmless while nothing is written, but never innocent."""
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) > 1 and parts[0][1] == ":")


def _zip_time(info: zipfile.ZipInfo) -> Micros | None:
    try:
        return micros(dt.datetime(*info.date_time, tzinfo=dt.UTC))
    except ValueError:
        return None


def _tar_time(info: tarfile.TarInfo) -> Micros | None:
    return int(info.mtime * 1_000_000) if 0 < info.mtime < 1e11 else None


def _unread(path: str, why: Text, fix: Text) -> SourceUnreadable:
    return SourceUnreadable(text("%(name)s was not read.", name=path), why=why, fix=fix)


def _link(path: str) -> SourceUnreadable:
    return _unread(
        path, text("It is a link, and links in archives are not followed."), text("Import the file it stands for.")
    )


def _escape(path: str) -> SourceUnreadable:
    return _unread(
        path,
        text("Its path leads out of the archive, as in archives made to do harm."),
        text("If you trust the archive, unpack it yourself and import the folder."),
    )


def _too_many(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        text("%(name)s was not read completely.", name=name),
        why=text("It holds more than 100,000 files."),
        fix=text("Unpack it and import the folders you need."),
    )
