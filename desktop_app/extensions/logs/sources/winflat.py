"""One Windows event from JSON to flat fields: one way for EVTX files and for the exports of other tools.

The shape is the one of the evtx library (and of ``evtx_dump``): ``{"Event": {"System": ..., "EventData": ...}}``.
Names stay Windows' own, since Sigma's rules use them: characters that are no part of a word are dropped from a name
(``Threat Name`` becomes ``ThreatName``), ``Hashes`` is kept whole and split, truth is ``true``/``false``, unnamed data
is joined by line ends in ``Data`` and numbered as ``Data1``, ``Data2`` ... beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Flat = dict[str, str]

MAX_NAME = 100
MAX_COLUMNS = 1000  # a file may invent a name for each of its values
MAX_UNNAMED = 24
MAX_DEPTH = 12

# In the System part; the names that would differ only by case from names in EventData carry their parent's.
SYSTEM = ("EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "EventRecordID")
PAYLOAD = ("EventData", "UserData", "ProcessingErrorData", "DebugData")
HASHES = {"MD5", "SHA1", "SHA256", "IMPHASH"}
_SPELLINGS = ("ProcessId", "ThreadId", "ParentProcessId", "LogonId", "UserName", *SYSTEM)
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
        for key in SYSTEM:
            value = system.get(key)
            if type(value) is dict:
                value = value.get("#text")
            if value is not None and value != "":
                flat[key] = value if type(value) is str else joined(value)
        self._attributes(system)
        for part in PAYLOAD:
            data = event.get(part)
            if type(data) is dict:
                self._spread(data, part, 0)
            elif isinstance(data, list | str) and data:
                self._unnamed(data, part)
        rendered = event.get("RenderingInfo")
        if isinstance(rendered, dict) and isinstance(rendered.get("Message"), str) and rendered["Message"]:
            flat["RenderedMessage"] = rendered["Message"]
        for kind, digest in digests(flat.get("Hashes") or flat.get("Hash")):
            flat.setdefault(kind, digest)
        return flat, written(system)

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
        if not value:
            return
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


def written(system: Mapping[str, Any]) -> str:
    """Return an event's time as written, empty where it has none."""
    return plain(attributes(system, "TimeCreated").get("SystemTime"))


def digests(whole: Any) -> Iterator[tuple[str, str]]:
    """Sysmon writes ``SHA1=...,MD5=...`` in one value; rules ask for the whole and for its parts."""
    if isinstance(whole, str) and "=" in whole:
        for part in whole.split(","):
            kind, _, digest = part.partition("=")
            if digest and kind in HASHES:
                yield kind, digest
