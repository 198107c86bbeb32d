"""Windows events as XML: the export of Event Viewer and wevtutil, and Sysmon for Linux, which writes it into syslog.

Each ``<Event ...>`` is parsed by itself, so that a damaged one costs only itself; no document type can stand in one.
"""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np

from desktop_app.core.errors import SourceUnreadable, system_says
from desktop_app.core.model import EventBatch
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import BATCH_BYTES, BATCH_ROWS, Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import winevents
from desktop_app.extensions.logs.sources.winjson import iso_time

_BEGIN = re.compile(r"<Event(?:\s[^>]{0,500})?>")
_END = "</Event>"
_CHUNK = 1 << 20
_LARGEST = 4 << 20  # characters of one event
_DEEPEST = 24
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")


class WinXml:
    """One element a record."""

    id = "winxml"
    growable = False  # what ends the whole file is written anew when it grows
    title = text("Windows events (XML), Sysmon for Linux")

    def sniff(self, sample: Sample) -> float:
        """Look for an event with its System part near the beginning."""
        if sample.text is None:
            return 0.0
        found = _BEGIN.search(sample.text[:65536])
        return 0.99 if found and "<System>" in sample.text[found.end() : found.end() + 200] else 0.0

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its events; what stands between them is no part of any."""
        decoder = codecs.getincrementaldecoder(reading.encoding)("replace")
        held, offset, ordinal = "", 0, reading.first_ordinal
        found: list[str] = []
        size = 0
        for chunk in _chunks(stream, reading):
            offset += len(chunk)
            events, held = split(held + decoder.decode(chunk))
            for one in events:
                found.append(one)
                size += len(one)
                if len(found) >= BATCH_ROWS or size >= BATCH_BYTES:
                    yield _batch(found, ordinal, offset)
                    ordinal, found, size = ordinal + len(found), [], 0
        if _BEGIN.search(held):
            reading.skipped += 1
            reading.note(text("The file ends in the middle of an event."))
        if found:
            yield _batch(found, ordinal, offset)
        if reading.error is not None and ordinal == reading.first_ordinal and not found:
            raise reading.error

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn the events into columns, one batch a channel."""
        return winevents.normalize(records, reading, load)


def _chunks(stream: BinaryIO, reading: Reading) -> Iterator[bytes]:
    try:
        while chunk := stream.read(_CHUNK):
            yield chunk
    except SourceUnreadable as broken:
        reading.error = broken
    except (OSError, EOFError) as broken:
        reading.error = SourceUnreadable(
            text("%(name)s could not be read to its end.", name=reading.name),
            why=system_says(broken),
            fix=text("Import a fresh copy of it; what stands before that point is kept."),
        )


def _batch(found: list[str], ordinal: int, offset: int) -> RecordBatch:
    return RecordBatch(list(found), np.arange(ordinal, ordinal + len(found), dtype=np.int64), offset)


def split(held: str) -> tuple[list[str], str]:
    """Return the whole events of a text, and the end of it in which one may have begun."""
    found: list[str] = []
    at = 0
    while (begin := _BEGIN.search(held, at)) is not None:
        end = held.find(_END, begin.end())
        another = _BEGIN.search(held, begin.end(), end if end >= 0 else len(held))
        if another is not None:  # the first one never ended
            at = another.start()
        elif end < 0:
            rest = held[begin.start() :]
            return found, rest if len(rest) <= _LARGEST else ""
        else:
            at = end + len(_END)
            found.append(held[begin.start() : at])
    return found, held[max(at, len(held) - 600) :]


def load(raw: str) -> Mapping[str, Any]:
    """Return an event in the shape of the evtx library. ValueError where it cannot be parsed."""
    if any(one in raw for one in _FORBIDDEN):
        raise ValueError(raw[:50])
    try:
        root = ET.fromstring(raw)  # noqa: S314 - no document type stands in it, see above
    except ET.ParseError as wrong:
        raise ValueError(raw[:50]) from wrong
    event = {_local(part.tag): _tree(part, 0) for part in root}
    system = event.get("System")
    if not isinstance(system, dict):
        raise TypeError(raw[:50])
    created = system.get("TimeCreated")
    attributes = created.get("#attributes", {}) if isinstance(created, dict) else {}
    system["TimeCreated"] = {"#attributes": {"SystemTime": iso_time(attributes.get("SystemTime"))}}
    for name in ("EventData", "UserData"):
        if isinstance(part := root.find(f"{{*}}{name}"), ET.Element):
            event[name] = _data(part) if name == "EventData" else _tree(part, 0)
    return event


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tree(element: ET.Element, depth: int) -> Any:
    """An element with attributes or parts is an object, else its text."""
    attributes = {_local(name): value for name, value in element.attrib.items()}
    content = (element.text or "").strip()
    if not len(element) or depth >= _DEEPEST:
        return {"#attributes": attributes, "#text": content} if attributes else content
    parts: dict[str, Any] = {"#attributes": attributes} if attributes else {}
    for part in element:
        parts.setdefault(_local(part.tag), _tree(part, depth + 1))
    return parts


def _data(element: ET.Element) -> dict[str, Any]:
    """``<Data Name="x">1</Data>`` is x; data without a name is a list."""
    found: dict[str, Any] = {}
    unnamed: list[str] = []
    for part in element:
        name, value = part.attrib.get("Name"), (part.text or "")
        if name:
            found.setdefault(name, value)
        elif _local(part.tag) == "Data":
            unnamed.append(value)
        else:
            found.setdefault(_local(part.tag), value)
    return {**found, "Data": {"#text": unnamed}} if unnamed else found


WINDOWS_XML = WinXml()
FORMATS = (WINDOWS_XML,)
