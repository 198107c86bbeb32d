"""Which column of a file with named columns is its time, its level, its message, its host, its program.

JSON lines and CSV name their columns as they like; the common names are known here. ECS names come first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.spans import Spans
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources import stamps, times_spans
from desktop_app.extensions.logs.sources.columns import SYSLOG_LEVELS, constant, level_of, mapped, present
from desktop_app.extensions.logs.sources.spanning import in_bytes
from desktop_app.extensions.logs.sources.times import INVALID, VALID, Cache, epoch_micros, iso_codes, resolve

TIME = (
    *("@timestamp", "timestamp", "time", "ts", "datetime", "date_time", "date time", "date and time", "event.created"),
    *("eventtime", "event_time", "timecreated", "time_created", "created_at", "createdat", "logged_at", "log_time"),
    *(
        "asctime",
        "utctime",
        "utc_time",
        "_time",
        "start_time",
        "date",
        "t",
        "eventdate",
        "时间",
        "日期",
        "时间戳",
        "发生时间",
    ),
)
LEVEL = (
    *("log.level", "level", "severity", "loglevel", "log_level", "levelname", "lvl", "priority", "severity_text"),
    *("syslog_severity", "entrytype", "级别", "等级"),
)
MESSAGE = (
    *("message", "msg", "log", "event.original", "text", "short_message", "body", "description", "event_message"),
    *("log_message", "消息", "描述", "内容"),
)
HOST = (
    *("host.name", "hostname", "host", "host.hostname", "computer", "computername", "computer_name", "machine"),
    *("machinename", "agent.hostname", "node", "server", "device", "source_host", "主机", "主机名", "计算机"),
)
PROGRAM = (
    *("process.name", "service.name", "program", "application", "app", "service", "appname", "app_name", "component"),
    *("logger", "log.logger", "logger_name", "logname", "provider", "source", "name", "程序"),
)
_ISO = re.compile(r"\d{4}[-/.]\d\d[-/.]\d\d[T _]\d\d:\d\d:\d\d")
_NUMBER = re.compile(r"(\d{9,19})(?:\.(\d{1,9}))?")
_PINO = {"10": "debug", "20": "debug", "30": "info", "40": "warning", "50": "error", "60": "critical"}
_SHARE = 0.8  # of a column's values that must read as times, if it is to be the time


def batch(
    records: RecordBatch, reading: Reading, fields: Mapping[str, Column], source: LogSource, name: str
) -> EventBatch:
    """Make events of named columns; what became a column of every event is not kept as a field too."""
    lower = {field.lower(): field for field in reversed(list(fields))}
    times, used = _times(fields, lower, records, reading)
    rows = len(records)
    level_field, host_field = _first(LEVEL, lower), _first(HOST, lower)
    message_field, program_field = _first(MESSAGE, lower), _first(PROGRAM, lower)
    used |= {field for field in (message_field, host_field) if field}
    kept = {field: column for field, column in fields.items() if field not in used}
    like = in_bytes(records.raw) or ()
    nothing = constant(None, rows, like)
    programs = fields[program_field] if program_field else nothing
    return EventBatch(
        log_source=source,
        time=times,
        ordinal=records.ordinal,
        source=mapped(programs, lambda program: program or name),
        host=fields[host_field] if host_field else nothing,
        level=mapped(fields[level_field], _level) if level_field else nothing,
        message=fields[message_field] if message_field else nothing,
        raw=records.raw,
        fields=present(kept),
        zone_assumed=reading.zone_assumed,
    )


def _first(names: Sequence[str], lower: Mapping[str, str]) -> str | None:
    return next((lower[name] for name in names if name in lower), None)


def _level(word: str | None) -> str | None:
    """Words; pino's and bunyan's numbers from 10 on; syslog's from 0 to 7."""
    if word and len(word) == 1 and word in "01234567":
        return SYSLOG_LEVELS[int(word)]
    return _PINO.get(word or "") or level_of(word)


def _times(
    fields: Mapping[str, Column], lower: Mapping[str, str], records: RecordBatch, reading: Reading
) -> tuple[Times, set[str]]:
    """Read the first column that holds times; rows that lack it may have another one."""
    codes = np.full(len(records), INVALID, np.int64)
    used = set()
    for name in TIME:
        missing = codes < VALID
        if name not in lower or not missing.any():
            continue
        column = fields[lower[name]]
        found = column_codes(column)
        good = int(np.count_nonzero(found > VALID))
        filled = len(column) - column.count(None)
        if good and good >= filled * _SHARE:
            codes[missing] = found[missing]
            if good == filled:
                used.add(lower[name])
    return resolve(codes, records.ordinal, reading), used


def column_codes(column: Column) -> Times:
    """Read a column of times in whatever way they are written, all alike or not."""
    first = _first_value(column)
    if first is None:
        return np.full(len(column), INVALID, np.int64)
    if isinstance(column, Spans) and _ISO.match(first):
        codes = _iso_in_bytes(column)
    elif _ISO.match(first):
        codes = iso_codes(column)
    else:
        codes = _codes(column, stamps.choose([v for v in column[:500] if v]))
    odd = [row for row in np.flatnonzero(codes < VALID).tolist() if column[row]]
    for row in odd[:_MOST_ODD]:
        value = column[row] or ""
        chosen = stamps.choose([value])
        codes[row] = _code(value, chosen)
    return codes


def _first_value(column: Column) -> str | None:
    if isinstance(column, Spans):
        rows = np.flatnonzero(column.length > 0)
        return column[int(rows[0])] if len(rows) else None
    return next((value for value in column if value), None)


def _iso_in_bytes(column: Spans) -> Times:
    read = [
        times_spans.iso(column.buffer, column.start[at : at + _PORTION], column.length[at : at + _PORTION])
        for at in range(0, len(column), _PORTION)
    ]
    codes, fine = (np.concatenate(parts) for parts in zip(*read, strict=True))
    rows = np.flatnonzero(~fine)
    codes[rows] = iso_codes(column.take(rows).values)
    return codes


_PORTION = 8192  # rows, so that what is looked at again stays in the processor's cache
_MOST_ODD = 10_000  # times written unlike the others of their batch; looking them up costs much more


def _codes(column: Column, stamp: stamps.Stamp | None) -> Times:
    cache = Cache(lambda value: _code(value, stamp))
    return np.array([cache[value] if value else INVALID for value in column], np.int64)


def _code(value: str, stamp: stamps.Stamp | None) -> int:
    if number := _NUMBER.fullmatch(value):
        whole = epoch_micros(int(number[1]))
        if whole == INVALID or not number[2]:
            return whole
        return whole + _fraction(number[1], number[2])
    found = stamp.find(value) if stamp else None
    return stamps.read(found) if found else INVALID


def _fraction(whole: str, digits: str) -> int:
    """A fraction of a second, or of a millisecond where the whole counts those."""
    scale = 6 if len(whole) <= 10 else 3
    return int(digits[:scale].ljust(scale, "0"))
