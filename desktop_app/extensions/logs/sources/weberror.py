"""Error logs of Apache 2.2 and 2.4 and of nginx.

Formats: Apache's ErrorLogFormat default (2.4: with module, process and microseconds) and ngx_log.c of nginx.
"""

from __future__ import annotations

import re

import numpy as np

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.columns import (
    LEVEL_OF,
    Lines,
    Row,
    Shape,
    note_unparsed,
    present,
    split_addresses,
    transposed,
)
from desktop_app.extensions.logs.sources.times import MONTHS, VALID, iso_codes, resolve

SOURCE = LogSource(category="webserver", service="error")

_APACHE = re.compile(
    r"\[(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) (\d{4})\] \[(?:([\w-]+):)?(\w+)\] "
    r"(?:\[pid (\d+)(?::tid (\d+))?\] )?(?:\[(?:client|remote) ((?:\[[^\]]*\])?[^\] ]*)\] )?"
    r"(?:(AH\d{5}): )?(.*)",
    re.DOTALL,
).fullmatch
_NGINX = re.compile(r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (\d+)#(\d+): (?:\*\d+ )?(.*)", re.DOTALL).fullmatch
_DETAIL = re.compile(r', (client|server|request|upstream|host|referrer): ("(?:[^"\\]|\\.)*"|[^,\s]+)')
_REFERER = re.compile(r", referer: (\S+)\s*$")
_REQUEST = re.compile(r"([A-Z-]{2,20}) (.+?)(?: HTTP/([\d.]+))?")
_NOTHING: Row = (None,) * 13
_WIDTH = len(_NOTHING)
_NO_SHAPE = Shape(lambda _: None, ())  # servers write few of these: each is cut the careful way
_COLONS_OF_IPV6 = 7


def cut(line: str) -> Row:
    """Return time, level, program, module, pid, thread, client, code, message, method, url, domain, referrer."""
    if found := _APACHE(line):
        month, day, clock, year, module, level, pid, thread, client, code, message = found.groups()
        stamp = f"{year}-{MONTHS.get(month.lower(), 0):02d}-{int(day):02d} {clock}"
        referrer = found[1] if (found := _REFERER.search(message[-2048:])) else None
        return (stamp, level, "apache", module, pid, thread, client, code, message, None, None, None, referrer)
    if found := _NGINX(line):
        stamp, level, pid, thread, message = found.groups()
        said = {name: value.strip('"') for name, value in _DETAIL.findall(message[-8192:])}
        request = _REQUEST.fullmatch(said.get("request", ""))
        method, url = (request[1], request[2]) if request else (None, said.get("request"))
        domain = said.get("host") or said.get("server")
        client, referrer = said.get("client"), said.get("referrer")
        return (stamp, level, "nginx", None, pid, thread, client, None, message, method, url, domain, referrer)
    return _NOTHING


class WebError(Lines):
    """One complaint of the server a line."""

    id = "weberror"
    title = text("Web server error log")

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that read as complaints of a known level."""
        lines = [line for line in sample.lines[:200] if line]
        rows = [cut(line) for line in lines]
        good = iso_codes(row[0] for row in rows) > VALID
        hits = sum(bool(fine) and _level(row[1]) is not None for fine, row in zip(good, rows, strict=True))
        return 0.98 * hits / len(lines) if lines else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Read the lines into columns; what is no complaint keeps its text and the time of the line before."""
        columns, _ = transposed(records.raw, _WIDTH, _NO_SHAPE, cut)
        stamps, level, program, module, pid, thread, client, code, message, method, url, domain, referrer = columns
        times = iso_codes(stamps)
        note_unparsed(reading, int(np.count_nonzero(times < VALID)))
        fields: dict[str, Column] = {
            "process.pid": pid,
            "process.thread.id": thread,
            "log.logger": module,
            "error.code": code,
            **_clients(client),
            "http.request.method": method,
            "url.original": url,
            "url.domain": domain,
            "http.request.referrer": referrer,
        }
        times = resolve(times, records.ordinal, reading)
        return [_batch(records, reading, times, (program, [_level(word) for word in level], message), fields)]


def _batch(
    records: RecordBatch, reading: Reading, times: Times, said: tuple[Column, Column, Column], fields: dict[str, Column]
) -> EventBatch:
    program, level, message = said
    return EventBatch(
        log_source=SOURCE,
        time=times,
        ordinal=records.ordinal,
        source=[name or "web" for name in program],
        host=[None] * len(records),
        level=level,
        message=message,
        raw=records.raw,
        fields=present(fields),
        zone_assumed=reading.zone_assumed,
    )


def _level(word: str | None) -> str | None:
    return LEVEL_OF.get(word.rstrip("0123456789")) if word else None  # trace1 to trace8


def _clients(column: list[str | None]) -> dict[str, Column]:
    """Apache 2.4 writes ``192.0.2.1:51234`` and ``[2001:db8::1]:51234``; 2.2 and nginx only the address."""
    pairs = {client: _address_and_port(client) for client in set(column) if client}
    ports = [pairs[client][1] if client else None for client in column]
    return {**split_addresses([pairs[client][0] if client else None for client in column]), "source.port": ports}


def _address_and_port(client: str) -> tuple[str, str | None]:
    address, _, port = client.rpartition(":")
    if not address or not port.isdecimal():
        return client, None
    if address.startswith("["):
        return address.strip("[]"), port
    # Apache 2.4 puts a port behind an address of version 6 without brackets, which can then not be told from a part
    # of it; only an address already complete before it settles the matter.
    if ":" in address and address.count(":") != _COLONS_OF_IPV6:
        return client, None
    return address, port


WEB_ERROR = WebError()
