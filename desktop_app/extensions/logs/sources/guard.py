"""Streams that cannot do harm: their faults are told in sentences, and what unpacks without end is stopped."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from desktop_app.core.errors import SourceUnreadable, system_says
from desktop_app.core.text import text

_BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError, ValueError)
_NO_LIMIT = 1 << 62
_PIECE = 1 << 20
T = TypeVar("T")
_LOCKED = {32, 33}  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


@dataclass(frozen=True, slots=True)
class Limits:
    """How far archives may unpack.

    ``ratio`` bytes for each packed byte once ``free`` bytes have come out; ``total`` bytes and ``members`` for one
    archive; ``nested`` bytes of an archive inside another one, which is held in memory.
    """

    ratio: int = 500
    free: int = 256 << 20
    total: int = 1 << 40
    members: int = 100_000
    nested: int = 64 << 20

    def allowed(self, packed: int) -> int:
        """Return how much may come out of so many packed bytes."""
        return min(self.total, max(self.free, packed * self.ratio))


def bomb(name: str) -> SourceUnreadable:
    """Say that an archive unpacks to more than anybody's logs would."""
    return SourceUnreadable(
        text("%(name)s was not unpacked to its end.", name=name),
        why=text("It grows out of proportion while it is unpacked, as archives made to do harm do."),
        fix=text("If you trust it, unpack it yourself and import the folder."),
    )


def broken_off(name: str, error: Exception) -> SourceUnreadable:
    """Say that reading a file failed in its middle."""
    return SourceUnreadable(
        text("%(name)s could not be read to its end.", name=name),
        why=system_says(error),
        fix=text("Import a fresh copy of it; what stands before that point is kept."),
    )


def broken(name: str, error: Exception) -> SourceUnreadable:
    """Say that an archive or a compressed file is damaged or ends too early."""
    if isinstance(error, EOFError):
        return SourceUnreadable(
            text("%(name)s ends in the middle.", name=name),
            why=text("The compressed data stops before its end: the copy may have been cut off."),
            fix=text("Copy it again from where it came and import that."),
        )
    return SourceUnreadable(
        text("%(name)s is damaged.", name=name),
        why=text("Its compressed data cannot be unpacked: %(reason)s", reason=str(error)[:200]),
        fix=text("Copy it again from where it came and import that."),
    )


def refused(name: str, error: OSError) -> SourceUnreadable:
    """Say why the system does not let a file be read."""
    what = text("%(name)s cannot be read.", name=name)
    if getattr(error, "winerror", None) in _LOCKED or error.errno in {errno.EAGAIN, errno.EBUSY, errno.ETXTBSY}:
        return SourceUnreadable(
            what,
            why=text("Another program holds it locked."),
            fix=text("Close that program, or import a copy of the file."),
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        why, fix = text("This account may not read it."), text("Give this account read access, or import a copy.")
    elif error.errno == errno.ENOENT:
        why, fix = text("It does not exist (any more)."), text("Check the path; a link may point to nothing.")
    elif error.errno == errno.ELOOP:
        why, fix = text("Its links lead in a circle."), text("Import the file itself.")
    else:
        why = system_says(error)
        fix = text("Copy it to another disk and import the copy.")
    return SourceUnreadable(what, why=why, fix=fix)


class Guarded(io.RawIOBase):
    """A stream whose reads raise nothing but SourceUnreadable and end at ``allowed`` bytes."""

    def __init__(self, stream: BinaryIO, name: str, allowed: int, *, also: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._allowed = allowed
        self._also = also
        self._position = 0
        self._broken: SourceUnreadable | None = None

    def readable(self) -> bool:
        """Return True: it is made for reading."""
        return True

    def seekable(self) -> bool:
        """Return whether it can be read from another place; packed streams can, slowly."""
        return self._stream.seekable()

    def tell(self) -> int:
        """Return the position in the unpacked bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position in the unpacked bytes; going beyond what is allowed counts as unpacking it."""
        if whence == io.SEEK_SET:
            self._check(offset)
        self._position = self._told(lambda: self._stream.seek(offset, whence))
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes; everything up to what is allowed for -1."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        if self._broken is not None:
            raise self._broken
        data = b"".join(self._pieces(size))
        self._position += len(data)
        self._check(self._position)
        return data

    def _pieces(self, size: int) -> Iterator[bytes]:
        """Yield what there is. Where the stream breaks off in the middle, what came before is not lost with it."""
        some = getattr(self._stream, "read1", self._stream.read)
        got = 0
        while got < size:
            try:
                piece = self._told(partial(some, size - got))
            except SourceUnreadable as error:
                if not got:
                    raise
                self._broken = error
                return
            if not piece:
                return
            got += len(piece)
            yield piece

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer will do
        """Read into a buffer and return how many bytes came."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _check(self, position: int) -> None:
        if position > self._allowed:
            raise bomb(self._name)

    def _told(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except _BROKEN as error:
            raise broken(self._name, error) from error
        except RuntimeError as error:  # what zipfile raises for a wrong or missing password
            raise broken(self._name, error) from error
        except OSError as error:
            # Without a number it comes from unpacking, not from the system.
            raise (refused if error.errno else broken)(self._name, error) from error

    def close(self) -> None:
        """Close the stream and what lies below it."""
        if not self.closed:
            self._stream.close()
            if self._also is not None:
                self._also()
        super().close()


def open_file(path: Path, name: str) -> BinaryIO:
    """Open a file for reading."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise refused(name, error) from error
    return cast("BinaryIO", Guarded(stream, name, _NO_LIMIT))


def unpacked(kind: str, packed: BinaryIO, size: int, name: str, limits: Limits) -> BinaryIO:
    """Open the stream inside a gz, bz2 or xz stream of ``size`` bytes."""
    openers: dict[str, Callable[[Any], Any]] = {
        "gz": lambda stream: gzip.GzipFile(fileobj=stream),
        "bz2": bz2.BZ2File,
        "xz": lzma.LZMAFile,
    }
    return cast("BinaryIO", Guarded(openers[kind](packed), name, limits.allowed(size), also=packed.close))
