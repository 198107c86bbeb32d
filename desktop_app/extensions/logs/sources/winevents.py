"""Windows events from JSON to columns: one way for EVTX files and for the exports of other tools.

The shape is the one of the evtx library (and of ``evtx_dump``): ``{"Event": {"System": ..., "EventData": ...}}``.
Names stay Windows' own, since Sigma's rules use them: characters that are no part of a word are dropped from a name
(``Threat Name`` becomes ``ThreatName``), ``Hashes`` is kept whole and split, truth is ``true``/``false``, unnamed data
is joined by line ends in ``Data`` and numbered as ``Data1``, ``Data2`` ... beside it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from desktop_app.core.model import EventBatch, Times
from desktop_app.core.text import text
from desktop_app.extensions.logs.messages import describe
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.columns import note_unparsed
from desktop_app.extensions.logs.sources.winchannels import level, log_source

Flat = dict[str, str]

MAX_NAME = 100
MAX_COLUMNS = 1000  # a file may invent a name for each of its values
MAX_UNNAMED = 24
MAX_DEPTH = 12

# In the System part; the names that would differ only by case from names in EventData carry their parent's.
_SYSTEM = ("EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "EventRecordID")
_PAYLOAD = ("EventData", "UserData", "ProcessingErrorData", "DebugData")
_HASHES = {"MD5", "SHA1", "SHA256", "IMPHASH"}
_SPELLINGS = ("ProcessId", "ThreadId", "ParentProcessId", "LogonId", "UserName", *_SYSTEM)
_NO_WORD = re.compile(r"\W+")


class Names(dict[str, str]):
    """Canonical column names: two spellings that differ only by case are one column, as in the store."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False
        self._seen = {name.lower(): name for name in _SPELLINGS}
        # Sigma's one rule about it writes the name so.
        self["Feature Name"] = "Feature_Name"

    def __missing__(self, key: str) -> str:
        """Settle the spelling of a name met for the first time; empty when there are too many."""
        word = _NO_WORD.sub("", key)[:MAX_NAME]
        if len(self._seen) < MAX_COLUMNS or word.lower() in self._seen:
            name = self._seen.setdefault(word.lower(), word)
        else:
            name, self.full = "", True
        if len(self) < MAX_COLUMNS * 2:
            self[key] = name
        return name


def plain(value: Any) -> str:
    """Return a JSON scalar as Sigma's rules expect its text; empty where there is nothing."""
    if type(value) is int:  # the most frequent by far
        return str(value)
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return value if isinstance(value, str) else str(value)


class Flattener:
    """Turns the library's trees into flat fields, event by event; column names are shared by the whole batch."""

    def __init__(self) -> None:
        self.names = Names()
        self._flat: Flat = {}

    def flatten(self, event: Mapping[str, Any]) -> tuple[Flat, str]:
        """Return the event's fields and its time as written (empty where it has none)."""
        system = event.get("System")
        if not isinstance(system, dict):
            system = {}
        flat = self._flat = {}
        for key in _SYSTEM:
            value = system.get(key)
            if type(value) is dict:
                value = value.get("#text")
            if value is not None and value != "":
                flat[key] = value if type(value) is str else joined(value)
        self._attributes(system)
        for part in _PAYLOAD:
            data = event.get(part)
            if type(data) is dict:
                self._spread(data, part, 0)
            elif isinstance(data, list | str) and data:
                self._unnamed(data, part)
        rendered = event.get("RenderingInfo")
        if isinstance(rendered, dict) and isinstance(rendered.get("Message"), str):
            flat["RenderedMessage"] = rendered["Message"]
        _split_hashes(flat)
        return flat, plain(attributes(system, "TimeCreated").get("SystemTime"))

    def _attributes(self, system: Mapping[str, Any]) -> None:
        execution = attributes(system, "Execution")
        found = (
            ("Provider_Name", attributes(system, "Provider").get("Name")),
            ("Execution_ProcessID", execution.get("ProcessID")),
            ("Execution_ThreadID", execution.get("ThreadID")),
            ("UserID", attributes(system, "Security").get("UserID")),
        )
        for name, value in found:
            if value is not None and value != "":
                self._flat[name] = value if type(value) is str else joined(value)

    def _spread(self, data: Mapping[str, Any], parent: str, depth: int) -> None:
        """Put every leaf below ``data`` under its own name."""
        flat, names = self._flat, self.names
        for key, value in data.items():
            kind = type(value)
            if kind is dict or kind is list:
                self._nested(key, value, parent, depth)
                continue
            shown = value if kind is str else plain(value)
            if not shown:
                continue
            name = names[key]
            if name in flat or not name:
                self._put(key, shown, parent)
            else:
                flat[name] = shown

    def _put(self, key: str, value: str, parent: str) -> None:
        """Add one value; a name that the event already has is told apart by its parent's."""
        name = self.names[key]
        if name in self._flat:
            name = self.names[f"{parent}_{key}"]
        if name:
            self._flat.setdefault(name, value)

    def _nested(self, key: str, value: Any, parent: str, depth: int) -> None:
        if key == "#attributes":
            for name, item in value.items():
                if not name.startswith("xmlns"):
                    self._put(f"{parent}_{name}", joined(item), parent)
            return
        content = value.get("#text", value) if isinstance(value, dict) else value
        if key == "Data" and not isinstance(content, dict):
            self._unnamed(content, parent)
        elif isinstance(content, dict) and depth < MAX_DEPTH:
            self._spread(content, key, depth + 1)
        else:
            self._put(key, joined(content), parent)

    def _unnamed(self, content: Any, parent: str) -> None:
        """Keep values without names: together, as rules look for them, and one by one, as messages quote them."""
        whole = joined(content)
        if whole.strip():
            self._put("Data", whole, parent)
        values = content if isinstance(content, list) else [content]
        for number, value in enumerate(values[:MAX_UNNAMED], 1):
            shown = joined(value)
            if shown:
                self._put(f"Data{number}", shown, parent)


def joined(content: Any) -> str:
    """Return any JSON value as text; the items of a list on a line each."""
    if type(content) is int:
        return str(content)
    if isinstance(content, list):
        return "\n".join(item if isinstance(item, str) else orjson.dumps(item).decode() for item in content)
    return orjson.dumps(content).decode() if isinstance(content, dict) else plain(content)


def attributes(system: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an element's attributes in either spelling of the library."""
    element = system.get(key)
    inner = element.get("#attributes") if isinstance(element, dict) else system.get(f"{key}_attributes")
    return inner if isinstance(inner, dict) else {}


def _split_hashes(flat: Flat) -> None:
    """Sysmon writes ``SHA1=...,MD5=...`` in one value; rules ask for the whole and for its parts."""
    whole = flat.get("Hashes") or flat.get("Hash")
    if whole and "=" in whole:
        for part in whole.split(","):
            kind, _, digest = part.partition("=")
            if digest and kind in _HASHES:
                flat.setdefault(kind, digest)


def times(written: Sequence[str], fallback: int) -> Times:
    """Read ISO times in UTC at once; a missing or wrong one takes the time before it, the first one ``fallback``."""
    short = [value[:26].rstrip("Z") for value in written]
    with warnings.catch_warnings():
        # numpy reads a time with a zone as if it had none, and warns: such a time is a wrong one here.
        warnings.simplefilter("error", UserWarning)
        try:
            parsed = np.array(short, dtype="datetime64[us]")
        except (ValueError, UserWarning):
            parsed = np.array([_one_time(value) for value in short], dtype="datetime64[us]")
    known = ~np.isnat(parsed)
    if not known.all():
        last = np.maximum.accumulate(np.where(known, np.arange(len(short)), -1))
        parsed = np.where(last >= 0, parsed[last], np.datetime64(fallback, "us"))
    return parsed.astype(np.int64)


def _one_time(value: str) -> np.datetime64:
    try:
        return np.datetime64(value, "us") if value else np.datetime64("NaT", "us")
    except (ValueError, UserWarning):
        return np.datetime64("NaT", "us")


class Rows:
    """Events of one channel, growing into columns."""

    def __init__(self, channel: str | None) -> None:
        self.channel = channel
        self.columns: dict[str, list[str | None]] = {}
        self.index: list[int] = []
        self.message: list[str | None] = []
        self.written: list[str] = []

    def add(self, position: int, flat: Flat, written: str, message: str | None) -> None:
        """Append one event; a column that skipped some rows is filled up when it is met again."""
        row = len(self.index)
        columns = self.columns
        for name, value in flat.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = []
            gap = row - len(column)
            if gap:
                column.extend([None] * gap)
            column.append(value)
        self.index.append(position)
        self.message.append(message)
        self.written.append(written)

    def batch(self, records: RecordBatch, fallback: int) -> EventBatch:
        """Return the columns, all of one length."""
        count = len(self.index)
        for column in self.columns.values():
            column.extend([None] * (count - len(column)))
        empty: list[str | None] = [None] * count
        levels = zip(self.columns.get("Level", empty), self.columns.get("Keywords", empty), strict=True)
        source: list[str | None] = [self.channel] * count
        return EventBatch(
            log_source=log_source(self.channel),
            time=times(self.written, fallback),
            ordinal=records.ordinal[self.index],
            source=self.columns.get("Channel", source),
            host=self.columns.get("Computer", empty),
            level=[level(number, keywords) for number, keywords in levels],
            message=self.message,
            raw=[records.raw[position] for position in self.index],
            fields=self.columns,
        )


def normalize(records: RecordBatch, reading: Reading, load: Callable[[str], Mapping[str, Any]]) -> list[EventBatch]:
    """Turn records into one batch a channel. ``load`` reads one raw text into the library's shape; it may raise.

    What ``load`` refuses is kept with its raw text alone, counted and told.
    """
    flattener = Flattener()
    rows: dict[str, Rows] = {}
    refused = 0
    for position, raw in enumerate(records.raw):
        try:
            flat, written = flattener.flatten(load(raw))
        except (ValueError, TypeError, AttributeError):
            refused += 1
            flat, written = {}, ""
        channel = flat.get("Channel")
        kept = rows.get(channel or "")
        if kept is None:
            kept = rows[channel or ""] = Rows(channel)
        kept.add(position, flat, written, describe(flat, "en") if flat else None)
    note_unparsed(reading, refused)
    if flattener.names.full:
        reading.note(
            text(
                "The events have more than %(count)s different fields; the rest is found in the raw records only.",
                count=MAX_COLUMNS,
            )
        )
    return [one.batch(records, reading.reference) for one in rows.values()]
