r"""EVTX block by block: 64 KiB are read, handed to the evtx library as a file of one block, and forgotten.

So memory stays flat for any size, an archive's member needs no copy on disk, and a damaged block costs only itself:
a wrong file header, a "dirty" one that knows too few blocks, or a cut end lose nothing that is still there.
Layout after libyal's "Windows XML Event Log (EVTX) format": file header of 4096 bytes ``ElfFile\0``; blocks
``ElfChnk\0`` with first and last record number at 8 and 16, free space at 48, tables of names and templates at 128
to 512, records ``**\0\0`` from 512 on, each with its size at 4 and its number at 8.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evtx import PyEvtxParser

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading

FILE_MAGIC = b"ElfFile\0"
BLOCK_MAGIC = b"ElfChnk\0"
RECORD_MAGIC = b"**\0\0"
HEADER_SIZE = 4096
BLOCK_SIZE = 65536
FIRST_RECORD = 512
SMALLEST_RECORD = 28


def _header() -> bytes:
    """Return the header of a clean file with one block."""
    start = FILE_MAGIC + struct.pack("<QQQIHHHH", 0, 0, 1, 128, 1, 3, HEADER_SIZE, 1)
    start = start.ljust(120, b"\0")
    return (start + struct.pack("<II", 0, zlib.crc32(start))).ljust(HEADER_SIZE, b"\0")


_HEADER = _header()


@dataclass(slots=True)
class Damage:
    """What could not be read: events known to be missing, and blocks that are damaged or cut."""

    events: int = 0
    blocks: int = 0

    def __bool__(self) -> bool:
        """Say whether anything is wrong with the file."""
        return bool(self.events or self.blocks)


class _Source:
    """Reads exact amounts, fewer only at the end: members of archives answer in pieces.

    A stream that breaks off ends there; ``reading.error`` says why.
    """

    def __init__(self, stream: BinaryIO, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading
        self.consumed = 0

    def take(self, size: int) -> bytes:
        parts = []
        while size > 0 and (part := self._read(size)):
            parts.append(part)
            size -= len(part)
            self.consumed += len(part)
        return b"".join(parts)

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except SourceUnreadable as broken:
            self._reading.error = broken
        except (OSError, EOFError) as broken:
            self._reading.error = SourceUnreadable(
                text("%(name)s could not be read to its end.", name=self._reading.name),
                why=text("The system says: %(reason)s", reason=getattr(broken, "strerror", None) or str(broken)),
                fix=text("Import a fresh copy of it; what stands before that point is kept."),
            )
        return b""


def blocks(stream: BinaryIO, damage: Damage, reading: Reading) -> Iterator[tuple[bytes, int]]:
    """Yield each used block with the number of bytes consumed so far.

    Where bytes were lost in between, reading goes on at the next block's mark. Raises SourceUnreadable where nothing
    is an event log.
    """
    source = _Source(stream, reading)
    head = source.take(HEADER_SIZE)
    data = source.take(BLOCK_SIZE)
    if not head.startswith(FILE_MAGIC):
        if BLOCK_MAGIC not in data:
            raise reading.error or _another_kind(reading.name)
        damage.blocks += 1
    if len(head) < HEADER_SIZE:
        raise reading.error or SourceUnreadable(
            text("%(name)s ends within its header.", name=reading.name),
            why=text("It was cut off before its first event."),
            fix=text("Copy the file again from where it came."),
        )
    while data:
        at = data.find(BLOCK_MAGIC)
        if at > 0 or (at < 0 and data.count(0) != len(data)):
            damage.blocks += 1
        if at >= 0:
            yield data[at:] + source.take(at), source.consumed
        data = source.take(BLOCK_SIZE)


def _another_kind(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        text("%(name)s is not a Windows event log file.", name=name),
        why=text("The marks that such a file carries are absent."),
        fix=text("Choose another format, or copy the file again."),
    )


def records(block: bytes, damage: Damage) -> list[tuple[int, str]]:
    """Return (record number in the file, JSON) of each record of a block, and count what is missing."""
    cut = len(block) < BLOCK_SIZE
    whole = _up_to_date(block.ljust(BLOCK_SIZE, b"\0"))
    first, last = struct.unpack_from("<QQ", whole, 8)
    expected = last - first + 1
    if not 0 <= expected <= (BLOCK_SIZE - FIRST_RECORD) // SMALLEST_RECORD:
        expected = 0
    found, failed = _parse(whole)
    if failed and not found:
        # The tables of shared names are a shortcut; where they are what is broken, the records still stand.
        again, failed_again = _parse(whole[:128] + bytes(FIRST_RECORD - 128) + whole[FIRST_RECORD:])
        if again:
            found, failed = again, failed_again
    lost = max(expected - len(found), failed)
    damage.events += lost
    damage.blocks += 1 if lost or cut else 0
    return found


def _parse(block: bytes) -> tuple[list[tuple[int, str]], int]:
    """Return what the library reads, and how often it had to give up."""
    # The library tells of damage by warnings; they are counted here and never reach a console.
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            parser = PyEvtxParser(io.BytesIO(_HEADER + block), number_of_threads=1, indent=False, skip_errors=True)
            found = [(record["event_record_id"], record["data"]) for record in parser.records_json() if record]
        except (RuntimeError, OSError, ValueError):
            return [], 1
    return found, len(said)


def _up_to_date(block: bytes) -> bytes:
    """Return the block with its header told of records written after it ("dirty": the machine lost power).

    Windows writes a block's header last. Leftovers of earlier use are told from new records by their numbers.
    """
    last = struct.unpack_from("<Q", block, 16)[0]
    start = end = struct.unpack_from("<I", block, 48)[0]
    while FIRST_RECORD <= end <= BLOCK_SIZE - SMALLEST_RECORD and block[end : end + 4] == RECORD_MAGIC:
        size, number = struct.unpack_from("<IQ", block, end + 4)
        if number != last + 1 or not SMALLEST_RECORD <= size <= BLOCK_SIZE - end:
            break
        last, end = number, end + size
    if end == start:
        return block
    return block[:16] + struct.pack("<Q", last) + block[24:48] + struct.pack("<I", end) + block[52:]
