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
from dataclasses import dataclass, field
from typing import BinaryIO

from evtx import PyEvtxParser

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources import evtx_carve
from desktop_app.extensions.logs.sources.evtx_carve import (
    BLOCK_MAGIC,
    BLOCK_SIZE,
    FIRST_RECORD,
    RECORD_MAGIC,
    SMALLEST_RECORD,
)
from desktop_app.extensions.logs.sources.guard import broken_off

FILE_MAGIC = b"ElfFile\0"
HEADER_SIZE = 4096


def _header() -> bytes:
    """Return the header of a clean file with one block."""
    start = FILE_MAGIC + struct.pack("<QQQIHHHH", 0, 0, 1, 128, 1, 3, HEADER_SIZE, 1)
    start = start.ljust(120, b"\0")
    return (start + struct.pack("<II", 0, zlib.crc32(start))).ljust(HEADER_SIZE, b"\0")


_HEADER = _header()


@dataclass(slots=True)
class Damage:
    """What could not be read: events known to be missing, and blocks that are damaged or cut, the header for one."""

    events: int = 0
    blocks: int = 0
    foreign: bool = field(default=False, compare=False)  # it does not begin as an event log does

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
            self._reading.error = broken_off(self._reading.name, broken)
        return b""


def blocks(stream: BinaryIO, damage: Damage, reading: Reading) -> Iterator[tuple[bytes, int]]:
    """Yield each used block, and what is left of broken ones, with the number of bytes consumed so far.

    Whatever lies before a block's mark is passed over, so that blocks are found in the middle of anything. Raises
    SourceUnreadable where nothing is an event log.
    """
    source = _Source(stream, reading)
    data = source.take(HEADER_SIZE)
    if data.startswith(FILE_MAGIC):
        if len(data) < HEADER_SIZE:
            raise reading.error or _cut_header(reading.name)
        data = b""
    else:
        damage.blocks += 1
        damage.foreign = True
    nothing = damage.foreign
    data += source.take(BLOCK_SIZE)
    if damage.foreign and evtx_carve.next_block(data, 0) == HEADER_SIZE:
        data, damage.foreign = data[HEADER_SIZE:], False  # only the header is damaged
    while data := data + source.take(BLOCK_SIZE - len(data)):
        if not data.startswith(BLOCK_MAGIC):
            data += source.take(2 * BLOCK_SIZE - len(data))
            piece, data = _without_mark(data, damage)
        else:
            end = evtx_carve.next_block(data, len(BLOCK_MAGIC))
            piece, data = (data, b"") if end < 0 else (data[:end], data[end:])
        if piece:
            nothing = False
            yield piece, source.consumed - len(data)
    if nothing:
        raise reading.error or _another_kind(reading.name)


def _without_mark(data: bytes, damage: Damage) -> tuple[bytes, bytes]:
    """Return what is left of a block before the next mark, perhaps nothing, and what comes behind it."""
    at = evtx_carve.next_block(data, 0)
    end = at if at >= 0 else len(data) if len(data) < 2 * BLOCK_SIZE else BLOCK_SIZE
    left = evtx_carve.fragment(data, len(data) if at < 0 else at)
    if left or not (damage.foreign or data.count(0, 0, end) == end):
        damage.blocks += 1
    return (left[0], data[left[1] :]) if left else (b"", data[end:])


def _cut_header(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        text("%(name)s ends within its header.", name=name),
        why=text("It was cut off before its first event."),
        fix=text("Copy the file again from where it came."),
    )


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
    if failed or not found or len(found) < expected:
        found, failed = max((found, failed), *_salvaged(whole), key=lambda one: len(one[0]))
    lost = max(expected - len(found), failed)
    damage.events += lost
    damage.blocks += 1 if lost or cut else 0
    return found


def _salvaged(block: bytes) -> Iterator[tuple[list[tuple[int, str]], int]]:
    """Yield what else can be read of a broken block, and how many records that leaves unread."""
    bridged, bridges = evtx_carve.bridged(block)
    for one in (block, bridged):
        # The tables of shared names are a shortcut; where they are what is broken, the records still stand.
        for tables in (one[128:FIRST_RECORD], bytes(FIRST_RECORD - 128)):
            found, failed = _parse(one[:128] + tables + one[FIRST_RECORD:])
            yield found, max(failed - (bridges if one is bridged else 0), 0)


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
