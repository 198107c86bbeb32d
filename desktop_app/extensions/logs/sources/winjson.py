"""Windows events as JSON, in the shapes that other tools export.

Known are: the tree of ``evtx_dump`` (``{"Event": {"System": ...}}``); PowerShell's ``Get-WinEvent | ConvertTo-Json``;
Winlogbeat's documents (``{"winlog": {...}}``); and flat objects with ``Channel`` and ``EventID`` as NXLog and public
data sets have them. One object a line, or one array over the whole file, on one line or indented.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from desktop_app.core.model import EventBatch
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import winevents
from desktop_app.extensions.logs.sources.json_objects import first_objects, read_objects
from desktop_app.extensions.logs.sources.winflat import joined

Tree = Mapping[str, Any]

_DOTNET_TIME = re.compile(r"/Date\((-?\d{1,15})")
_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
# In flat exports, what is about the event rather than in it.
_TIMES = ("SystemTime", "TimeCreated", "UtcTime", "@timestamp", "EventTime")
_FLAT_SYSTEM = {
    "EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "RecordNumber",
    "Hostname", "SourceName", "ProviderName", "Provider_Name", "ExecutionProcessID", "ThreadID", "Message",
    "EventReceivedTime", "SourceModuleName", "SourceModuleType", "Severity", "SeverityValue", "Category", "port",
    "host", "tags", "EventTime", "EventType", "ProviderGuid", "Version", "@version", "@timestamp",
}  # fmt: skip


def _tree(event: Tree) -> Tree:
    inner = event["Event"]
    if not isinstance(inner, dict):
        raise TypeError(inner)
    return inner


def _get_winevent(event: Tree) -> Tree:
    """PowerShell's objects: properties have no names, so they are numbered as unnamed data is."""
    properties = event.get("Properties") or []
    values = [one.get("Value") if isinstance(one, dict) else one for one in properties]
    user = event.get("UserId")
    return {
        "System": _system(
            Provider=event.get("ProviderName"),
            EventID=event.get("Id"),
            Channel=event.get("LogName"),
            Computer=event.get("MachineName"),
            EventRecordID=event.get("RecordId"),
            SystemTime=iso_time(event.get("TimeCreated")),
            UserID=user.get("Value") if isinstance(user, dict) else user,
            **{name: event.get(name) for name in ("Level", "Task", "Opcode")},
            Keywords=_hexadecimal(event.get("Keywords")),
        ),
        "EventData": {"Data": {"#text": [joined(one) for one in values]}} if values else None,
        "RenderingInfo": {"Message": event.get("Message")},
    }


def _winlogbeat(event: Tree) -> Tree:
    log = event["winlog"]
    process = log.get("process") or {}
    return {
        "System": _system(
            Provider=log.get("provider_name"),
            EventID=log.get("event_id"),
            Channel=log.get("channel"),
            Computer=log.get("computer_name"),
            EventRecordID=log.get("record_id"),
            SystemTime=iso_time(event.get("@timestamp")),
            ProcessID=process.get("pid"),
            UserID=(log.get("user") or {}).get("identifier"),
        ),
        "EventData": log.get("event_data"),
        "UserData": log.get("user_data"),
        "RenderingInfo": {"Message": event.get("message")},
    }


def _flat(event: Tree) -> Tree:
    data = {name: item for name, item in event.items() if name not in _FLAT_SYSTEM}
    times = (iso_time(event.get(name)) for name in _TIMES)
    return {
        "System": _system(
            Provider=event.get("Provider_Name") or event.get("SourceName") or event.get("ProviderName"),
            Computer=event.get("Computer") or event.get("Hostname"),
            EventRecordID=event.get("EventRecordID") or event.get("RecordNumber"),
            SystemTime=next((time for time in times if time), None),
            ProcessID=event.get("ExecutionProcessID"),
            Keywords=_hexadecimal(event.get("Keywords")),
            **{name: event.get(name) for name in ("EventID", "Channel", "Level", "Task", "Opcode")},
        ),
        "EventData": data,
        "RenderingInfo": {"Message": event.get("Message")},
    }


def _system(**found: Any) -> Tree:
    """Return a System part in the library's shape."""
    return {
        "Provider": {"#attributes": {"Name": found.pop("Provider", None)}},
        "TimeCreated": {"#attributes": {"SystemTime": found.pop("SystemTime", None)}},
        "Execution": {"#attributes": {"ProcessID": found.pop("ProcessID", None)}},
        "Security": {"#attributes": {"UserID": found.pop("UserID", None)}},
        **found,
    }


def iso_time(written: Any) -> str | None:
    """Return a time as ISO text in UTC: from ISO with or without an offset, or from .NET's ``/Date(ms)/``."""
    if isinstance(written, dict):  # PowerShell 5 wraps a time in an object
        written = written.get("value") or written.get("DateTime")
    if not isinstance(written, str) or not written:
        return None
    dotnet = _DOTNET_TIME.search(written)
    try:
        if dotnet:
            moment = dt.datetime.fromtimestamp(int(dotnet[1]) / 1000, dt.UTC)
        elif _OFFSET.search(written):
            moment = dt.datetime.fromisoformat(written).astimezone(dt.UTC)
        else:
            return written
    except (ValueError, OverflowError, OSError):
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}"


def _hexadecimal(keywords: Any) -> str | None:
    """Tools write the bits of Keywords as a signed number or as the text of one; Windows writes them in hex."""
    try:
        return f"0x{int(keywords) % (1 << 64):x}"
    except (TypeError, ValueError):
        return keywords if isinstance(keywords, str) else None


def shape(event: Any) -> Callable[[Tree], Tree] | None:
    """Return how to read an object, None when it is no Windows event."""
    if not isinstance(event, dict):
        return None
    if isinstance(event.get("Event"), dict) and "System" in event["Event"]:
        return _tree
    if isinstance(event.get("winlog"), dict) and "event_id" in event["winlog"]:
        return _winlogbeat
    if "EventID" in event and ("Channel" in event or "SourceName" in event or "Provider_Name" in event):
        return _flat
    if "Id" in event and "ProviderName" in event and "LogName" in event:
        return _get_winevent
    return None


def _load(raw: str) -> Tree:
    event = orjson.loads(raw)
    read = shape(event)
    if read is None:
        raise TypeError(raw[:50])
    return read(event)


class WinJson:
    """Windows events as other tools export them."""

    id = "winjson"
    growable = True
    title = text("Windows events (JSON)")

    def sniff(self, sample: Sample) -> float:
        """Look at the first objects: most must be Windows events."""
        events = first_objects(sample.text or "")
        known = sum(shape(event) is not None for event in events)
        return 0.97 if known and known * 2 > len(events) else 0.0

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the file into its objects."""
        return read_objects(stream, reading, spans=True)

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn the objects into columns, one batch a channel."""
        return winevents.normalize(records, reading, _load)


WINDOWS_JSON = WinJson()
