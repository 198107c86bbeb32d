"""Who a file is: the SHA-256 of its unpacked bytes, and of its beginning where an earlier import may have ended.

A file that was imported before brings nothing; one that has grown brings only its tail.
"""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

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

    ``stops`` are ascending lengths at which the digest so far is kept. ``limit`` is a length at which the stream is
    taken to end. Once the end was seen it stays: what is appended to a log in the
    meantime was not read by anybody, so it must not count as read.
    """

    def __init__(self, stream: BinaryIO, stops: Sequence[int] = (), *, limit: int | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._digest = hashlib.sha256()
        self._stops = list(stops)
        self._limit = limit
        self._size = 0
        self._ended = False
        # The digests before the last two pieces, and these: a length within them need not be known beforehand.
        self._latest: deque[tuple[int, Any, bytes]] = deque(maxlen=2)
        self._kept: dict[int, str] = {}

    def readable(self) -> bool:
        """Return True: it is made for reading."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes, all of them for -1."""
        if self._limit is not None:
            left = self._limit - self._size
            size = left if size < 0 else min(size, left)
        if self._ended or not size:
            return b""
        try:
            data = self._stream.read(size)
        except BaseException:
            self._ended = True
            raise
        self._ended = not data
        if data:
            self._latest.append((self._size, self._digest.copy(), data))
        self._take(data)
        return data

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer will do
        """Read into a buffer and return how many bytes came."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def kept(self, length: int) -> str | None:
        """Return the digest of a beginning, None where the stream was not read that far or nobody asked."""
        return self._kept.get(length)

    def digest_of(self, length: int) -> str | None:
        """Return the digest of a beginning that ends within what was read last; None for a shorter one."""
        for before, digest, data in self._latest:
            if before <= length <= before + len(data):
                found = digest.copy()
                found.update(data[: length - before])
                return str(found.hexdigest())
        return None

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


def identify(stream: BinaryIO, stops: Sequence[int] = (), limit: int | None = None) -> Identity:
    """Digest a stream, at most to ``limit``, and its beginnings of the given ascending lengths."""
    return HashingReader(stream, stops, limit=limit).finish()


def skip(stream: BinaryIO, length: int) -> None:
    """Read past the first bytes of a stream that cannot seek."""
    while length > 0 and (data := stream.read(min(CHUNK, length))):
        length -= len(data)
