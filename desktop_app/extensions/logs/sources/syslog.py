"""Syslog as it stands in files: RFC 3164 and RFC 5424, with and without PRI, and lines with an ISO 8601 time.

The last is what rsyslog writes by default since Debian 12 and what ``journalctl -o short-iso`` prints. Lines of
programs that sign people in go to the log source ``auth``, the rest to ``syslog``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.spans import Coded, Spans, patched
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import auth_spans, syslog_devices, syslog_pairs, syslog_spans
from desktop_app.extensions.logs.sources import syslog_lines as shapes
from desktop_app.extensions.logs.sources.auth import Found, extract, is_auth
from desktop_app.extensions.logs.sources.auth_patterns import AUTH_PROGRAMS
from desktop_app.extensions.logs.sources.columns import (
    SYSLOG_LEVELS,
    Shape,
    SpanLines,
    filled,
    mapped,
    note_unparsed,
    pick,
    pick_rows,
    present,
    transposed,
)
from desktop_app.extensions.logs.sources.spanning import in_bytes, mostly
from desktop_app.extensions.logs.sources.spanning import records as as_records
from desktop_app.extensions.logs.sources.times import VALID, iso_codes, resolve, yearless_codes

AUTH = LogSource(product="linux", service="auth")
SYSLOG = LogSource(product="linux", service="syslog")

_APPLE = re.compile(
    r" (?:com\.apple\.[\w.]+|corecaptured|WindowServer|sharingd|mDNSResponder|loginwindow|CalendarAgent|locationd)\[\d"
)
_FIRST_LINES = 50  # by which the shape of a batch is told
_FACILITIES = (  # RFC 5424, table 1
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"),
    *("ntp", "audit", "alert", "clock"),
    *("local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"),
)


@dataclass(slots=True)
class _Columns:
    """A batch, cut: see ``syslog_lines.Row`` for the columns."""

    pri: Column
    host: Column
    program: Column
    pid: Column
    msgid: Column
    data: Column
    message: Column
    time: Times


class Syslog(SpanLines):
    """One message a line."""

    id = "syslog"
    title = text("System log (syslog)")
    auth = AUTH
    rest = SYSLOG

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that begin as syslog does and name a program."""
        lines = [line for line in sample.lines[:200] if line]
        rows = [shapes.careful(line) for line in lines]
        good = _codes([row[1] for row in rows], range(len(rows))) > VALID
        hits = sum(bool(fine) and shapes.is_plausible(row) for fine, row in zip(good, rows, strict=True))
        return 0.97 * hits / len(lines) if lines else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Cut the lines, then read what known programs say; a line that is no syslog keeps its text."""
        shape = shapes.fastest(records.raw[:_FIRST_LINES])
        cut = _in_bytes(records, shape, reading)
        if cut is None:
            records = records.listed()
            cut = _columns(*_one_by_one(records.raw, shape), records, reading)
        wanted = syslog_devices.rows(cut.program, cut.message)
        if not wanted.any():
            return self._batches(records, cut, reading)
        found, taken = syslog_devices.read(records, wanted, reading)
        if taken.all():
            return found
        return [*self._batches(*_some(records, cut, np.flatnonzero(~taken)), reading), *found]

    def _batches(self, records: RecordBatch, cut: _Columns, reading: Reading) -> list[EventBatch]:
        auth = _auth_rows(cut)
        parts = ((self.auth, auth), (self.rest, ~auth))
        if auth.all() or not auth.any():
            return [_batch(source, records, cut, reading) for source, rows in parts if rows.all()]
        return [_batch(source, *_some(records, cut, np.flatnonzero(rows)), reading) for source, rows in parts]


def _auth_rows(cut: _Columns) -> npt.NDArray[np.bool_]:
    if isinstance(cut.program, Coded) and isinstance(cut.message, Spans):
        return auth_spans.auth_rows(cut.program, cut.message, AUTH_PROGRAMS)
    return np.array([is_auth(one, said or "") for one, said in zip(cut.program, cut.message, strict=True)])


def _one_by_one(raw: Sequence[str], shape: Shape) -> tuple[list[Column], Times]:
    columns, odd = transposed(raw, shapes.WIDTH, shape, shapes.careful)
    return list(columns), _codes(columns[1], odd)


def _in_bytes(records: RecordBatch, shape: Shape, reading: Reading) -> _Columns | None:
    """Read a block at once, and line by line the lines that are not written strictly; None where those are many."""
    lines = in_bytes(records.raw)
    if lines is None or shape not in shapes.WITHOUT_PRI:
        return None
    cut = syslog_spans.cut(lines, numeric=shape is shapes.WITHOUT_PRI[1])
    if not mostly(cut.fine):
        return None
    odd = np.flatnonzero(~cut.fine)
    columns, cut.times[odd] = _one_by_one(lines.take(odd).texts, shape)
    return _columns(list(patched(lines.buffer, cut.columns, odd, columns)), cut.times, records, reading)


def _columns(columns: list[Column], codes: Times, records: RecordBatch, reading: Reading) -> _Columns:
    pri, _, host, program, pid, msgid, data, message = columns
    note_unparsed(reading, int(np.count_nonzero(codes < VALID)))
    program = mapped(program, shapes.program_name)
    return _Columns(pri, host, program, pid, msgid, data, message, resolve(codes, records.ordinal, reading))


def _codes(stamps: Sequence[str | None], odd: Sequence[int]) -> Times:
    """Read the times: what one expression cut is written in one way, each odd line perhaps in the other."""
    left_out = set(odd)
    first = next((stamp for row, stamp in enumerate(stamps) if stamp and row not in left_out), "")
    codes = iso_codes(stamps) if first[:1].isdigit() else yearless_codes(stamps)
    for read, digit in ((iso_codes, True), (yearless_codes, False)):
        rows = [row for row in odd if (stamps[row] or "")[:1].isdigit() is digit]
        if rows:
            codes[rows] = read(pick(stamps, rows))
    return codes


def _some(records: RecordBatch, cut: _Columns, rows: npt.NDArray[np.int64]) -> tuple[RecordBatch, _Columns]:
    columns = (cut.pri, cut.host, cut.program, cut.pid, cut.msgid, cut.data, cut.message)
    pri, host, program, pid, msgid, data, message = (pick_rows(one, rows) for one in columns)
    part = _Columns(pri, host, program, pid, msgid, data, message, cut.time[rows])
    lines = in_bytes(records.raw)
    raw = pick(records.raw, rows.tolist()) if lines is None else as_records(lines.take(rows))
    return RecordBatch(raw, records.ordinal[rows], records.offset), part


def _batch(source: LogSource, records: RecordBatch, cut: _Columns, reading: Reading) -> EventBatch:
    said = _said(cut)
    levels, facilities = _priorities(cut.pri, said.level)
    pairs = None if source.service == AUTH.service else syslog_pairs.read(cut.message, reading)
    if pairs is not None:
        levels = [one or other for one, other in zip(levels, pairs[1], strict=True)]
    fields: dict[str, Column] = {
        **(pairs[0] if pairs is not None else {}),
        "process.name": cut.program,
        "process.pid": cut.pid,
        "log.syslog.facility.name": facilities,
        "log.syslog.msgid": cut.msgid,
        **said.fields,
        **shapes.structured(cut.data),
    }
    return EventBatch(
        log_source=source,
        time=cut.time,
        ordinal=records.ordinal,
        source=cut.program,
        host=cut.host,
        level=levels,
        message=filled(cut.message),
        raw=records.raw,
        fields=present(fields),
        zone_assumed=reading.zone_assumed,
    )


def _said(cut: _Columns) -> Found:
    if isinstance(cut.program, Coded) and isinstance(cut.message, Spans):
        return auth_spans.extracted(cut.program, cut.message)
    return extract(cut.program, [said or "" for said in cut.message])


def _priorities(column: Column, said: Column) -> tuple[Column, Column]:
    """PRI is facility * 8 + severity (RFC 5424, 6.2.1); without it the level is what the message's first word says."""
    if column.count(None) == len(column):
        return said, column
    known = {pri: int(pri) for pri in set(column) if pri is not None and int(pri) < 192}
    levels = [SYSLOG_LEVELS[known[pri] % 8] if pri in known else other for pri, other in zip(column, said, strict=True)]
    return levels, [_FACILITIES[known[pri] // 8] if pri in known else None for pri in column]


class MacSyslog(Syslog):
    """The same from a Mac, told by the names that only Apple's programs have."""

    id = "macos"
    title = text("System log of macOS")
    auth = LogSource("macos", "", "auth")
    rest = LogSource("macos", "", "syslog")

    def sniff(self, sample: Sample) -> float:
        """Be a little surer than of any syslog where one program in fifty is Apple's."""
        lines = [line for line in sample.lines[:200] if line]
        apple = sum(_APPLE.search(line, 15, 120) is not None for line in lines)
        return min(super().sniff(sample) * 1.005, 1.0) if apple and apple * 50 >= len(lines) else 0.0


SYSLOG_FORMAT = Syslog()
MACOS = MacSyslog()
