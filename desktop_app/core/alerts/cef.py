"""Findings as CEF (ArcSight Common Event Format, version 0), a line each, and the RFC 5424 frame around it."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping

from desktop_app.core.alerts import wording
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Item
from desktop_app.core.version import VERSION

LONGEST_NAME = 512
LONGEST_VALUE = 1023
FACILITY = 16  # local0
# Ours are 1 to 5, those of CEF 0 to 10, those of syslog 7 (debug) to 0.
SEVERITIES: Mapping[Severity, tuple[int, int]] = {
    Severity.CRITICAL: (10, 2),
    Severity.HIGH: (8, 3),
    Severity.MEDIUM: (5, 4),
    Severity.LOW: (3, 5),
    Severity.INFORMATIONAL: (1, 6),
}
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def header(words: str) -> str:
    """Escape a field of the header: backslash and pipe; a line may not end in it."""
    return _BREAKS.sub(" ", words).replace("\\", "\\\\").replace("|", "\\|")


def value(words: str) -> str:
    """Escape a value of the extension: backslash, equals sign, and line ends as backslash n."""
    return _BREAKS.sub("\n", words).replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n")


def event(item: Item) -> str:
    """Return a finding as one line of CEF."""
    fields: dict[str, object] = {
        "externalId": f"WD-{item.finding_id}", "cat": item.extension, "start": item.first_seen // 1000,
        "end": item.last_seen // 1000, "cnt": item.count, "dhost": item.asset, "cs1Label": "rule", "cs1": item.rule,
    }  # fmt: skip
    told = " ".join(
        f"{name}={value(wording.clean(str(one), LONGEST_VALUE))}" for name, one in fields.items() if one != ""
    )
    named = header(wording.clean(item.title, LONGEST_NAME))
    severity = SEVERITIES[item.severity][0]
    return f"CEF:0|Watchdesk|Watchdesk|{VERSION}|{header(wording.clean(item.rule))}|{named}|{severity}|{told}"


def own_name() -> str:
    """Return the name of this machine as RFC 5424 takes it: printable ASCII without spaces."""
    return "".join(one for one in socket.gethostname() if "!" <= one <= "~")[:255] or "-"


def framed(item: Item, at: Micros, host: str) -> bytes:
    """Return a finding as a syslog message; the text is UTF-8 without a mark before it, which CEF readers trip over."""
    priority = FACILITY * 8 + SEVERITIES[item.severity][1]
    return f"<{priority}>1 {wording.iso(at)} {host} watchdesk - finding - {event(item)}".encode("utf-8", "replace")
