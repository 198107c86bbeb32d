"""Who a file is: the SHA-256 of its unpacked bytes, and of its beginning where an earlier import may have ended.

A file that was imported before brings nothing; one that has grown brings only its tail.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from desktop_app.core.errors import SourceUnreadable

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Digest and size of the whole, and the digests of the beginnings that were asked for, by their length."""

    sha256: str
    size: int
    beginnings: dict[int, str]


class HashingReader(io.RawIOBase):
    """Passes a stream on and digests what went through, from its beginning to its end.

    ``stops`` are ascending lengths at which the digest so far is kept.
    """

    def __init__(self, stream: BinaryIO, stops: Sequence[int] = ()) -> None:
        super().__init__()
        self._stream = stream
        self._digest = hashlib.sha256()
        self._stops = list(stops)
        self._size = 0
        self._kept: dict[int, str] = {}

    def readable(self) -> bool:
        """Return True: it is made for reading."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes, all of them for -1."""
        data = self._stream.read(size)
        self._take(data)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer will do
        """Read into a buffer and return how many bytes came."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _take(self, data: bytes) -> None:
        view = memoryview(data)
        while self._stops and self._size + len(view) >= self._stops[0]:
            length = self._stops.pop(0) - self._size
            self._advance(view[:length])
            view = view[length:]
            self._kept[self._size] = self._digest.hexdigest()
        self._advance(view)

    def _advance(self, view: memoryview) -> None:
        self._digest.update(view)
        self._size += len(view)

    def finish(self) -> Identity:
        """Read what is left and say who the file is; one that breaks off is known by what could be read of it."""
        with suppress(SourceUnreadable):
            while self.read(CHUNK):
                pass
        return Identity(self._digest.hexdigest(), self._size, self._kept)


def identify(stream: BinaryIO, stops: Sequence[int] = ()) -> Identity:
    """Digest a whole stream, and its beginnings of the given ascending lengths."""
    return HashingReader(stream, stops).finish()


def skip(stream: BinaryIO, length: int) -> None:
    """Read past the first bytes of a stream that cannot seek."""
    while length > 0 and (data := stream.read(min(CHUNK, length))):
        length -= len(data)
