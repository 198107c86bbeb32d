r"""Records of EVTX blocks that are broken, or whose beginning is gone.

A record stands by itself: ``**\0\0``, its size at 4, its number at 8, and its size again in its last four bytes. Its
template, or the name of its first element, lies in it or in an earlier record of its block, told by a place in the
block: so one record that holds its own tells where its block began (libyal, "EVTX", chapters 5 and 6).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK_MAGIC = b"ElfChnk\0"
RECORD_MAGIC = b"**\0\0"
BLOCK_SIZE = 65536
FIRST_RECORD = 512
SMALLEST_RECORD = 28
_HEAD_SIZE = 128  # a block says at 40 how long its header is
_CONTENT = 24  # where a record's content begins: a fragment's header, then an instance of a template or an element
_INSTANCE = b"\x0f\x01\x01\x00\x0c\x01"
_ELEMENT = b"\x0f\x01\x01\x00\x41"
_UNREADABLE = b"\xff" * (SMALLEST_RECORD - _CONTENT)
_WRITTEN = 16  # where a record says when it was written: 100 ns since 1601; the event itself says it once more
_LAST_MOMENT = 2_650_466_808_000_000_000  # 9999-12-30 22:00; at a later one the library leaves the rest of a block
_EVENT = struct.pack("<H", 5) + "Event".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Record:
    """Where a record stands in its block, how long it is, and its number."""

    at: int
    size: int
    number: int


def next_block(data: bytes, start: int) -> int:
    """Return where the next block's mark stands from ``start`` on, -1 where there is none."""
    at = data.find(BLOCK_MAGIC, start)
    while at >= 0:
        if data[at + 40 : at + 44] in {b"", struct.pack("<I", _HEAD_SIZE)}:
            return at
        at = data.find(BLOCK_MAGIC, at + 1)
    return -1


def _record(data: bytes, at: int) -> Record | None:
    """Return the record at a place, None where there is no whole one."""
    if data[at : at + 4] != RECORD_MAGIC or at + SMALLEST_RECORD > len(data):
        return None
    size, number = struct.unpack_from("<IQ", data, at + 4)
    if not SMALLEST_RECORD <= size <= min(BLOCK_SIZE - FIRST_RECORD, len(data) - at):
        return None
    return Record(at, size, number) if struct.unpack_from("<I", data, at + size - 4)[0] == size else None


def standing(data: bytes, start: int, end: int) -> Iterator[Record]:
    """Yield the whole records that begin between two places, whatever lies between them."""
    while (at := data.find(RECORD_MAGIC, start, end)) >= 0:
        record = _record(data, at)
        if record is not None:
            yield record
        start = at + record.size if record is not None else at + 1


def beginning(data: bytes, record: Record) -> int | None:
    """Return where the block of a record began, perhaps before the data; None where the record does not tell."""
    for mark, pointer in ((_INSTANCE, _CONTENT + len(_INSTANCE) + 4), (_ELEMENT, _CONTENT + len(_ELEMENT) + 4)):
        if not data.startswith(mark, record.at + _CONTENT) or record.size < pointer + 24:
            continue
        place = int.from_bytes(data[record.at + pointer : record.at + pointer + 4], "little")
        offset = place - pointer - 4  # of the record, if what it points to stands right behind
        held = record.at + pointer + 4
        if mark == _INSTANCE:  # a template's number is how its GUID begins
            inside = data[held - 8 : held - 4] == data[held + 4 : held + 8]
        else:
            inside = data.startswith(_EVENT, held + 6)
        if inside and FIRST_RECORD <= offset <= BLOCK_SIZE - record.size:
            return record.at - offset
    return None


def fragment(data: bytes, end: int) -> tuple[bytes, int] | None:
    """Return a block made of what is left of one before ``end``, and where that ends; None where nothing is left."""
    for record in standing(data, 0, end):
        begin = beginning(data, record)
        if begin is not None:
            stop = min(begin + BLOCK_SIZE, end)
            kept = bytes(max(-begin, 0)) + data[max(begin, 0) : stop]
            return BLOCK_MAGIC + bytes(FIRST_RECORD - 8) + kept[FIRST_RECORD:].ljust(
                BLOCK_SIZE - FIRST_RECORD, b"\0"
            ), stop
    return None


def bridged(block: bytes) -> tuple[bytes, int]:
    """Return a block with its header made anew and what is broken in it passed over, and how often that was done.

    A reader goes from one record to the next: over what is broken it is led by a record that it cannot read. Records of
    an earlier use of the block are told by their numbers. A time that is none is taken out of a record's head.
    """
    first, last = struct.unpack_from("<QQ", block, 8)
    kept: list[Record] = []
    for record in standing(block, FIRST_RECORD, BLOCK_SIZE):
        expected = first <= record.number <= last or first > last or last == 0
        if expected and (not kept or record.number > kept[-1].number):
            kept.append(record)
    if not kept:
        return block, 0
    made, bridges, end = bytearray(block), 0, FIRST_RECORD
    for record in kept:
        if record.at >= end + SMALLEST_RECORD:
            made[end : end + SMALLEST_RECORD] = RECORD_MAGIC + struct.pack("<IQQ", record.at - end, 0, 0) + _UNREADABLE
            bridges += 1
        if struct.unpack_from("<Q", made, record.at + _WRITTEN)[0] > _LAST_MOMENT:
            struct.pack_into("<Q", made, record.at + _WRITTEN, 0)
        end = record.at + record.size
    numbers = (kept[0].number, kept[-1].number) * 2
    head = BLOCK_MAGIC + struct.pack("<QQQQIIII", *numbers, _HEAD_SIZE, kept[-1].at, end, 0)
    made[:128] = head.ljust(128, b"\0")
    struct.pack_into("<I", made, 52, zlib.crc32(made[FIRST_RECORD:end]))
    return bytes(made), bridges
