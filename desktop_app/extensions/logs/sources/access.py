"""Access logs of Apache and nginx: common, combined, and with the virtual host in front.

Format: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html and ngx_http_log_module's ``combined``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from desktop_app.core.model import Column, EventBatch, LogSource, Times
from desktop_app.core.spans import patched
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import access_spans
from desktop_app.extensions.logs.sources.columns import (
    Row,
    Shape,
    SpanLines,
    constant,
    is_address,
    mapped,
    note_unparsed,
    present,
    transposed,
)
from desktop_app.extensions.logs.sources.spanning import in_bytes, mostly
from desktop_app.extensions.logs.sources.times import VALID, clf_codes, resolve

SOURCE = LogSource(category="webserver", service="access")

# A dash stands for nothing: such a group takes no part and is None.
_ADDRESS = r"(?:([\d.]+|[\da-fA-F:.]*:[\da-fA-F:.]*)|([^ ]+))"
_REST = (
    rf"{_ADDRESS} [^ ]+ (?:-|([^ ]+)) \[([^\]]{{26}})\] "
    r'"([A-Z]{3,16}) ([^ "]+) HTTP/[\d.]+" (\d{3}) (?:(\d+)|-)(?: "(?:-|([^"]*))" "(?:-|([^"]*))"(?: .*)?)?'
)
_FAST = Shape(re.compile(_REST).fullmatch, tuple(range(1, 11)))
_FAST_VHOST = Shape(re.compile(rf"([^ ]+) {_REST}").fullmatch, tuple(range(11)))
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_CAREFUL = re.compile(
    rf"(.+?) \[([^\]]{{26}})\] {_QUOTED} (\d{{3}}|-) (\d+|-)(?: {_QUOTED} {_QUOTED}(?: .*)?)?\s*"
).fullmatch
_REQUEST = re.compile(r"([A-Za-z_-]{2,20}) (.+?)(?: HTTP/[\d.]+)?").fullmatch
_STAMP = 4  # the place of the time among the columns
_HEAD_WORDS = 3  # address, identity, user; a virtual host stands before them
_NOTHING: Row = (None,) * 11


def careful(line: str) -> Row:
    """Read a line that the fast expression refused: escaped quotes, garbage requests, users with spaces."""
    found = _CAREFUL(line)
    if found is None or len(words := found[1].split(" ")) < _HEAD_WORDS:
        return _NOTHING
    stamp, request, *rest = found.groups()[1:]
    status, size, referrer, agent = (None if value in {"", "-"} else value for value in rest)
    parts = _REQUEST(request)
    method, url = parts.groups() if parts else (None, None if request in {"", "-"} else request)
    first = 1 if len(words) > _HEAD_WORDS and words[1] != "-" and _is_virtual_host(words[0]) else 0
    address = words[first]
    who = (address, None) if is_address(address) else (None, address or None)
    user = " ".join(words[first + 2 :])
    host = words[0] if first else None
    return (host, *who, None if user == "-" else user, stamp, method, url, status, size, referrer, agent)


def _is_virtual_host(word: str) -> bool:
    """``shop.example.com:443``; an address of version 6 also holds colons but no name before the last one."""
    name, _, port = word.rpartition(":")
    return port.isdecimal() and (":" not in name or name.startswith("[")) if name else "." in word


class AccessLog(SpanLines):
    """One request a line."""

    id = "access"
    title = text("Web server access log")

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that read as requests."""
        lines = [line for line in sample.lines[:200] if line]
        hits = int(np.count_nonzero(clf_codes(careful(line)[4] for line in lines) > VALID))
        return 0.98 * hits / len(lines) if lines else 0.0

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Read the lines into columns; what is no request keeps its text and the time of the line before."""
        shape = _FAST if careful(records.raw[0])[0] is None else _FAST_VHOST
        columns, times = _in_bytes(records.raw, shape) or _one_by_one(records.listed().raw, shape)
        host, ip, domain, user, _, method, url, status, size, referrer, agent = columns
        note_unparsed(reading, int(np.count_nonzero(times < VALID)))
        fields = {
            "url.domain": mapped(host, _without_port),
            "source.ip": ip,
            "source.domain": domain,
            "user.name": user,
            "http.request.method": method,
            "url.original": url,
            "http.response.status_code": status,
            "http.response.body.bytes": size,
            "http.request.referrer": referrer,
            "user_agent.original": agent,
        }
        return [_batch(records, reading, resolve(times, records.ordinal, reading), status, present(fields))]


def _one_by_one(raw: Sequence[str], shape: Shape) -> tuple[list[Column], Times]:
    columns, _ = transposed(raw, len(_NOTHING), shape, careful)
    return list(columns), clf_codes(columns[_STAMP])


def _in_bytes(raw: Sequence[str], shape: Shape) -> tuple[list[Column], Times] | None:
    """Read a block at once, and line by line the lines that are not written strictly; None where those are many."""
    lines = in_bytes(raw)
    if lines is None or shape is not _FAST:
        return None
    cut = access_spans.cut(lines)
    if not mostly(cut.fine):
        return None
    odd = np.flatnonzero(~cut.fine)
    columns, cut.times[odd] = _one_by_one(lines.take(odd).texts, shape)
    return list(patched(lines.buffer, cut.columns, odd, columns)), cut.times


def _batch(
    records: RecordBatch, reading: Reading, times: Times, status: Column, fields: dict[str, Column]
) -> EventBatch:
    rows = len(records)
    return EventBatch(
        log_source=SOURCE,
        time=times,
        ordinal=records.ordinal,
        source=constant("access", rows, status),
        host=constant(None, rows, status),
        level=mapped(status, _level),
        message=constant(None, rows, status),
        raw=records.raw,
        fields=fields,
        zone_assumed=reading.zone_assumed,
    )


def _level(status: str | None) -> str | None:
    """A failing server is an error, a refused request a warning."""
    if not status or not status.isdecimal():
        return None
    return "error" if status >= "500" else "warning" if status >= "400" else "info"


def _without_port(host: str | None) -> str | None:
    return host.rpartition(":")[0] or host or None if host else None


ACCESS = AccessLog()
