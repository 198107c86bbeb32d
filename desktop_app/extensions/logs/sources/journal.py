"""The systemd journal as JSON lines, as ``journalctl -o json`` writes it.

Fields after systemd.journal-fields(7) and the "Journal JSON Format" of systemd: numbers are text, a value that is not
UTF-8 is a list of bytes, a field given several times is a list of values, one that is too large is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from desktop_app.core.model import Column, EventBatch, LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import auth
from desktop_app.extensions.logs.sources.columns import SYSLOG_LEVELS, Lines, note_unparsed, pick, present

CURSOR = "journal_cursor"  # in the reading's state: where to go on next time

_AUTH = LogSource("linux", "", "auth")
_SYSLOG = LogSource("linux", "", "syslog")
_AUTH_FACILITIES = {"4", "10"}
_LATEST = 1 << 62  # what int64 microseconds hold with room to spare
_SAMPLE_LINES = 5
_FIELDS = {
    "process.pid": ("SYSLOG_PID", "_PID"),
    "process.executable": ("_EXE",),
    "systemd.unit": ("_SYSTEMD_UNIT",),
    "systemd.transport": ("_TRANSPORT",),
    "log.syslog.facility.code": ("SYSLOG_FACILITY",),
    "user.audit.id": ("_AUDIT_LOGINUID",),
}


def value(found: Any) -> str | None:
    """Return a field's value as text, None where it is absent or empty."""
    if isinstance(found, str):
        return found or None
    if isinstance(found, list) and found:
        if all(isinstance(one, int) and 0 <= one <= 255 for one in found):
            return bytes(found).decode("utf-8", "replace")
        return "\n".join(one for one in map(value, found) if one) or None
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _first(entry: dict[str, Any], names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := value(entry.get(name)))), None)


def _load(line: str) -> dict[str, Any] | None:
    try:
        entry = orjson.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _time(entry: dict[str, Any]) -> int | None:
    written = _first(entry, ("__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"))
    if written is None or not written.isascii() or not written.isdigit():
        return None
    return min(int(written[:20]), _LATEST)


def _level(entry: dict[str, Any]) -> str | None:
    priority = value(entry.get("PRIORITY"))
    return SYSLOG_LEVELS[int(priority)] if priority in {"0", "1", "2", "3", "4", "5", "6", "7"} else None


class Journal(Lines):
    """Exports of the systemd journal; messages of sshd, sudo and the like are read as in auth.log."""

    id = "journal"
    title = text("systemd journal (JSON)")

    def sniff(self, sample: Sample) -> float:
        """Be sure of lines that carry the journal's own time stamps."""
        entries = [_load(line) for line in sample.lines[:_SAMPLE_LINES]]
        own = [
            entry is not None and ("__REALTIME_TIMESTAMP" in entry or ("__CURSOR" in entry and "MESSAGE" in entry))
            for entry in entries
        ]
        return 0.98 if own and sum(own) * 2 > len(own) else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn journal entries into events of the auth log and of the general log."""
        entries = [_load(line) or {} for line in records.raw]
        note_unparsed(reading, sum(not entry for entry in entries))
        cursors = (entry.get("__CURSOR") for entry in reversed(entries))
        cursor = next((one for one in cursors if isinstance(one, str)), None)
        if cursor:
            reading.state[CURSOR] = cursor
        return _batches(records, entries, reading)


def _batches(records: RecordBatch, entries: list[dict[str, Any]], reading: Reading) -> list[EventBatch]:
    programs = [_first(entry, ("SYSLOG_IDENTIFIER", "_COMM")) for entry in entries]
    messages = [value(entry.get("MESSAGE")) for entry in entries]
    found = auth.extract(programs, [message or "" for message in messages])
    times = np.array(_times(entries, reading.reference), dtype=np.int64)
    fields = {name: [_first(entry, names) for entry in entries] for name, names in _FIELDS.items()}
    hosts = [value(entry.get("_HOSTNAME")) for entry in entries]
    levels = [_level(entry) or said for entry, said in zip(entries, found.level, strict=True)]
    columns: dict[str, Column] = {"process.name": programs, **fields, **found.fields}

    def batch(source: LogSource, rows: list[int]) -> EventBatch:
        return EventBatch(
            log_source=source,
            time=times[rows],
            ordinal=records.ordinal[rows],
            source=pick(programs, rows),
            host=pick(hosts, rows),
            level=pick(levels, rows),
            message=pick(messages, rows),
            raw=pick(records.raw, rows),
            fields=present({name: pick(column, rows) for name, column in columns.items()}),
        )

    split: dict[LogSource, list[int]] = {_AUTH: [], _SYSLOG: []}
    for row, (entry, program, message) in enumerate(zip(entries, programs, messages, strict=True)):
        private = entry.get("SYSLOG_FACILITY") in _AUTH_FACILITIES or auth.is_auth(program, message or "")
        split[_AUTH if private else _SYSLOG].append(row)
    return [batch(source, rows) for source, rows in split.items() if rows]


def _times(entries: list[dict[str, Any]], fallback: int) -> list[int]:
    """Return each entry's time; one without takes the time of the entry before it."""
    times = []
    last = fallback
    for entry in entries:
        found = _time(entry)
        last = last if found is None else found
        times.append(last)
    return times


JOURNAL = Journal()
