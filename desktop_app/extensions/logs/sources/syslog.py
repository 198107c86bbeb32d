"""Syslog as it stands in files: RFC 3164 and RFC 5424, with and without PRI, and lines with an ISO 8601 time.

The last is what rsyslog writes by default since Debian 12 and what ``journalctl -o short-iso`` prints. Lines of
programs that sign people in go to the log source ``auth``, the rest to ``syslog``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import syslog_lines as shapes
from desktop_app.extensions.logs.sources.auth import extract, is_auth
from desktop_app.extensions.logs.sources.auth_patterns import AUTH_PROGRAMS
from desktop_app.extensions.logs.sources.columns import (
    SYSLOG_LEVELS,
    Lines,
    note_unparsed,
    pick,
    present,
    transposed,
)
from desktop_app.extensions.logs.sources.times import VALID, iso_codes, resolve, yearless_codes

AUTH = LogSource(product="linux", service="auth")
SYSLOG = LogSource(product="linux", service="syslog")

_FACILITIES = (  # RFC 5424, table 1
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"),
    *("ntp", "audit", "alert", "clock"),
    *("local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"),
)


@dataclass(slots=True)
class _Columns:
    """A batch, cut: see ``syslog_lines.Row`` for the columns."""

    pri: list[str | None]
    host: list[str | None]
    program: list[str | None]
    pid: list[str | None]
    msgid: list[str | None]
    data: list[str | None]
    message: list[str]
    time: Times


class Syslog(Lines):
    """One message a line."""

    id = "syslog"
    title = text("System log (syslog)")

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that begin as syslog does and name a program."""
        lines = [line for line in sample.lines[:200] if line]
        rows = [shapes.careful(line) for line in lines]
        good = _codes([row[1] for row in rows], range(len(rows))) > VALID
        hits = sum(bool(fine) and shapes.is_plausible(row) for fine, row in zip(good, rows, strict=True))
        return 0.97 * hits / len(lines) if lines else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Cut the lines, then read what known programs say; a line that is no syslog keeps its text."""
        cut = _cut(records, reading)
        if set(cut.program) <= AUTH_PROGRAMS:
            return [_batch(AUTH, records, cut, reading)]
        auth = [is_auth(program, message) for program, message in zip(cut.program, cut.message, strict=True)]
        if not any(auth):
            return [_batch(SYSLOG, records, cut, reading)]
        chosen = np.array(auth)
        return [
            _batch(source, *_some(records, cut, np.flatnonzero(rows)), reading)
            for source, rows in ((AUTH, chosen), (SYSLOG, ~chosen))
        ]


def _cut(records: RecordBatch, reading: Reading) -> _Columns:
    columns, odd = transposed(records.raw, shapes.WIDTH, shapes.fastest(records.raw), shapes.careful)
    pri, stamps, host, program, pid, msgid, data, message = columns
    codes = _codes(stamps, odd)
    note_unparsed(reading, int(np.count_nonzero(codes < VALID)))
    names = {name: shapes.program_name(name) for name in set(program)}
    return _Columns(
        pri=pri,
        host=host,
        program=[names[name] for name in program],
        pid=pid,
        msgid=msgid,
        data=data,
        message=[value or "" for value in message],
        time=resolve(codes, records.ordinal, reading),
    )


def _codes(stamps: list[str | None], odd: Sequence[int]) -> Times:
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
    at = rows.tolist()
    part = _Columns(
        pri=pick(cut.pri, at),
        host=pick(cut.host, at),
        program=pick(cut.program, at),
        pid=pick(cut.pid, at),
        msgid=pick(cut.msgid, at),
        data=pick(cut.data, at),
        message=pick(cut.message, at),
        time=cut.time[rows],
    )
    return RecordBatch(pick(records.raw, at), records.ordinal[rows], records.offset), part


def _batch(source: LogSource, records: RecordBatch, cut: _Columns, reading: Reading) -> EventBatch:
    said = extract(cut.program, cut.message)
    levels, facilities = _priorities(cut.pri, said.level)
    fields: dict[str, Column] = {
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
        message=[said or None for said in cut.message],
        raw=records.raw,
        fields=present(fields),
        zone_assumed=reading.zone_assumed,
    )


def _priorities(column: list[str | None], said: list[str | None]) -> tuple[Column, Column]:
    """PRI is facility * 8 + severity (RFC 5424, 6.2.1); without it the level is what the message's first word says."""
    if column.count(None) == len(column):
        return said, column
    known = {pri: int(pri) for pri in set(column) if pri is not None and int(pri) < 192}
    levels = [SYSLOG_LEVELS[known[pri] % 8] if pri in known else other for pri, other in zip(column, said, strict=True)]
    return levels, [_FACILITIES[known[pri] // 8] if pri in known else None for pri in column]


SYSLOG_FORMAT = Syslog()
