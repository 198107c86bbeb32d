"""The sealed form of a file: a passphrase, argon2id, and AES-256-GCM over chunks, so that any length can be streamed.

Layout: ``WDSEAL01``; salt (16 bytes); passes, memory in KiB, lanes and chunk length (four big-endian 32-bit numbers);
then the chunks, each with its 16-byte tag. The key of 32 bytes is argon2id over the passphrase (UTF-8, NFKC) and the
salt. The nonce of a chunk is its number (11 bytes, big-endian) and a byte that is 1 for the last chunk alone, so a file
that lost its end does not open; the header is authenticated with every chunk. A key is never used for two files.
"""

from __future__ import annotations

import io
import os
import struct
import unicodedata
from typing import IO, TYPE_CHECKING

from desktop_app.core.backup.errors import WrongPassphrase, damaged
from desktop_app.core.text import text

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"WDSEAL01"
CHUNK = 1 << 20
TAG = 16
_NUMBERS = struct.Struct(">IIII")
HEADER = len(MAGIC) + 16 + _NUMBERS.size
PASSES, MEMORY, LANES = 3, 65_536, 4  # RFC 9106, the second recommended
# A hostile header must not make us reckon for hours or take all memory.
MOST_PASSES, MOST_MEMORY, MOST_LANES, MOST_CHUNK = 20, 1 << 20, 16, 1 << 24


def is_sealed(file: IO[bytes]) -> bool:
    """Say whether a file is sealed; the file stands at its beginning afterwards."""
    found = file.read(len(MAGIC))
    file.seek(0)
    return found == MAGIC


def _cipher(words: str, salt: bytes, passes: int, memory: int, lanes: int) -> AESGCM:
    # They take their time, and are rarely needed.
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    secret = unicodedata.normalize("NFKC", words).encode()
    return AESGCM(hash_secret_raw(secret, salt, passes, memory, lanes, 32, Type.ID))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealer(io.RawIOBase):
    """Seals what is written to it; ``close`` writes the last chunk and leaves the file below open."""

    def __init__(self, file: IO[bytes], words: str) -> None:
        super().__init__()
        salt = os.urandom(16)
        self._file = file
        self._header = MAGIC + salt + _NUMBERS.pack(PASSES, MEMORY, LANES, CHUNK)
        self._cipher = _cipher(words, salt, PASSES, MEMORY, LANES)
        self._waiting = bytearray()
        self._number = 0
        file.write(self._header)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Take data; whole chunks go out as soon as something follows them."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return memoryview(data).nbytes

    def close(self) -> None:
        """Write what is left as the last chunk."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
        super().close()

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._header))
        self._number += 1


class Opener(io.RawIOBase):
    """Reads a sealed file at any place. Raises WrongPassphrase, or BackupUnusable where it is damaged or cut off."""

    def __init__(self, file: IO[bytes], words: str) -> None:
        super().__init__()
        self._file = file
        self._header = file.read(HEADER)
        if len(self._header) < HEADER:
            raise _cut_off()
        salt = self._header[len(MAGIC) : len(MAGIC) + 16]
        passes, memory, lanes, self._chunk = _NUMBERS.unpack(self._header[len(MAGIC) + 16 :])
        if not (0 < passes <= MOST_PASSES and 8 * lanes <= memory <= MOST_MEMORY and 0 < lanes <= MOST_LANES
                and 0 < self._chunk <= MOST_CHUNK):  # fmt: skip
            raise damaged(text("Its header names numbers that no Watchdesk writes."))
        payload = file.seek(0, os.SEEK_END) - HEADER
        self._chunks = -(-payload // (self._chunk + TAG))
        self._size = payload - TAG * self._chunks
        if self._size < 0 or not self._chunks:
            raise _cut_off()
        self._cipher = _cipher(words, salt, passes, memory, lanes)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        self._try_words()

    def _try_words(self) -> None:
        from cryptography.exceptions import InvalidTag

        try:
            self._plain(0)
        except InvalidTag:
            raise WrongPassphrase(
                text("The passphrase does not open this backup."),
                why=text("It is another one, or the beginning of the file is damaged."),
                fix=text("Try again; capital letters matter. The present desk was not touched."),
            ) from None
        self._read_chunk(self._chunks - 1)

    def _plain(self, number: int) -> bytes:
        self._file.seek(HEADER + number * (self._chunk + TAG))
        sealed = self._file.read(self._chunk + TAG)
        return self._cipher.decrypt(_nonce(number, last=number == self._chunks - 1), sealed, self._header)

    def _read_chunk(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._held[0] != number:
            try:
                self._held = (number, self._plain(number))
            except InvalidTag:
                raise _cut_off() from None
        return self._held[1]

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place of the plain content."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """Return the place in the plain content."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read as far as the present chunk goes."""
        view = memoryview(buffer).cast("B")
        if self._at >= self._size:
            return 0
        number, inside = divmod(self._at, self._chunk)
        found = self._read_chunk(number)[inside : inside + len(view)]
        view[: len(found)] = found
        self._at += len(found)
        return len(found)


def _cut_off() -> Exception:
    return damaged(text("A part of the sealed file is missing or was changed."))
