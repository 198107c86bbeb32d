"""Writes small EVTX files for tests: plain BinXml without templates, one block for each list of events."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

XMLNS = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(
    record: int,
    number: int = 4625,
    data: Mapping[str, str] | None = None,
    *,
    time: str = "2026-01-02T03:04:05.678901Z",
    channel: str = "Security",
    provider: str = "Microsoft-Windows-Security-Auditing",
    computer: str = "OPC-GW-02",
    keywords: str = "0x8010000000000000",
    level: str = "0",
    payload: Sequence[Any] | None = None,
) -> tuple[Any, ...]:
    """Return an event as nested (name, attributes, content) with content text or a list of elements."""
    system = [
        ("Provider", {"Name": provider}, ""),
        ("EventID", {}, str(number)),
        ("Level", {}, level),
        ("Keywords", {}, keywords),
        ("TimeCreated", {"SystemTime": time}, ""),
        ("EventRecordID", {}, str(record)),
        ("Execution", {"ProcessID": "708", "ThreadID": "12"}, ""),
        ("Channel", {}, channel),
        ("Computer", {}, computer),
    ]
    named = [("Data", {"Name": name}, value) for name, value in (data or {}).items()]
    return ("Event", {"xmlns": XMLNS}, [("System", {}, system), *(payload or [("EventData", {}, named)])])


class _Block:
    def __init__(self) -> None:
        self.data = bytearray(512)

    def _utf16(self, text: str) -> bytes:
        return struct.pack("<H", len(text)) + text.encode("utf-16-le")

    def _name(self, name: str) -> None:
        self.data += struct.pack("<I", len(self.data) + 4)
        self.data += struct.pack("<IH", 0, 0) + self._utf16(name) + b"\0\0"

    def _text(self, value: str) -> None:
        self.data += b"\x05\x01" + self._utf16(value)

    def element(self, name: str, attributes: Mapping[str, str], content: Any) -> None:
        self.data += b"\x41" if attributes else b"\x01"  # outside templates no dependency number follows
        at = len(self.data)
        self.data += b"\0\0\0\0"
        self._name(name)
        if attributes:
            begin = len(self.data)
            self.data += b"\0\0\0\0"
            for number, (key, value) in enumerate(attributes.items(), 1):
                self.data += b"\x46" if number < len(attributes) else b"\x06"
                self._name(key)
                self._text(value)
            struct.pack_into("<I", self.data, begin, len(self.data) - begin - 4)
        self.data += b"\x02"
        if isinstance(content, str):
            if content:
                self._text(content)
        else:
            for child in content:
                self.element(*child)
        self.data += b"\x04"
        struct.pack_into("<I", self.data, at, len(self.data) - at - 4)

    def record(self, number: int, tree: tuple[Any, ...]) -> None:
        start = len(self.data)
        self.data += b"**\0\0" + struct.pack("<IQQ", 0, number, 0) + b"\x0f\x01\x01\0"
        self.element(*tree)
        self.data += b"\0" * (1 + -(len(self.data) + 5 - start) % 8)
        size = len(self.data) + 4 - start
        struct.pack_into("<I", self.data, start + 4, size)
        self.data += struct.pack("<I", size)


def block(events: Sequence[tuple[Any, ...]], first: int = 1) -> bytes:
    """Return one block of 64 KiB; its records are numbered from ``first``."""
    made = _Block()
    last = start = len(made.data)
    for number, tree in enumerate(events, first):
        last = len(made.data)
        made.record(number, tree)
    free = len(made.data)
    end = first + len(events) - 1
    head = b"ElfChnk\0" + struct.pack(
        "<QQQQIIII", first, end, first, end, 128, last, free, zlib.crc32(made.data[start:])
    )
    made.data[: len(head)] = head
    checked = bytes(made.data[:120]) + bytes(made.data[128:512])
    struct.pack_into("<I", made.data, 124, zlib.crc32(checked))
    return bytes(made.data.ljust(65536, b"\0"))


def file(*blocks: bytes) -> bytes:
    """Return a whole file of blocks."""
    head = b"ElfFile\0" + struct.pack("<QQQIHHHH", 0, len(blocks) - 1, 1, 128, 1, 3, 4096, len(blocks))
    head = head.ljust(120, b"\0")
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0") + b"".join(blocks)
