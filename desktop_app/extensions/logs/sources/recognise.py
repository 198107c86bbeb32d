"""Which format an input has, told by its content and never by its name alone."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.errors import SourceUnreadable, UsageError
from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.model import Format, Sample
from desktop_app.extensions.logs.sources.access import ACCESS
from desktop_app.extensions.logs.sources.applications import lines, objects_lines, pairs_lines
from desktop_app.extensions.logs.sources.csvlines import CSV
from desktop_app.extensions.logs.sources.databases import mysql, servers
from desktop_app.extensions.logs.sources.devices import cef, cisco, fortigate, packets
from desktop_app.extensions.logs.sources.evtx import EVTX
from desktop_app.extensions.logs.sources.hosts import auditd, wincsv, winlogs, winxml
from desktop_app.extensions.logs.sources.journal import JOURNAL
from desktop_app.extensions.logs.sources.jsonlines import JSON_LINES
from desktop_app.extensions.logs.sources.monitors import cloudtrail, suricata, zeek
from desktop_app.extensions.logs.sources.plain import PLAIN
from desktop_app.extensions.logs.sources.servers import custom, proxies, w3c
from desktop_app.extensions.logs.sources.syslog import MACOS, SYSLOG_FORMAT
from desktop_app.extensions.logs.sources.systems import clients, clusters, java
from desktop_app.extensions.logs.sources.weberror import WEB_ERROR
from desktop_app.extensions.logs.sources.winjson import WINDOWS_JSON

FORMATS: tuple[Format, ...] = (
    EVTX,
    WINDOWS_JSON,
    JOURNAL,
    MACOS,
    SYSLOG_FORMAT,
    ACCESS,
    WEB_ERROR,
    *java.FORMATS,
    *clusters.FORMATS,
    *clients.FORMATS,
    *w3c.FORMATS,
    *proxies.FORMATS,
    *custom.FORMATS,
    *packets.FORMATS,
    *cisco.FORMATS,
    *fortigate.FORMATS,
    *cef.FORMATS,
    *zeek.FORMATS,
    *suricata.FORMATS,
    *cloudtrail.FORMATS,
    *mysql.FORMATS,
    *servers.FORMATS,
    *auditd.FORMATS,
    *winxml.FORMATS,
    *wincsv.FORMATS,
    *winlogs.FORMATS,
    *objects_lines.FORMATS,
    *pairs_lines.FORMATS,
    *lines.FORMATS,
    JSON_LINES,
    CSV,
    PLAIN,
)
_SURE = 0.6  # share of lines that must read as the format; below it a guess would be wrong too often

# What is no text, by its first bytes, with what to do about it.
_KNOWN: tuple[tuple[bytes, Text, Text], ...] = (
    (
        b"LPKSHHRH",
        text("It is a journal of systemd in its binary form."),
        text("Export it with: journalctl --file %(file)s -o json, and import the result.", file="FILE"),
    ),
    (b"7z\xbc\xaf\x27\x1c", text("It is a 7z archive."), text("Unpack it and import the folder.")),
    (b"Rar!", text("It is a RAR archive."), text("Unpack it and import the folder.")),
    (b"\x28\xb5\x2f\xfd", text("It is compressed with Zstandard."), text("Unpack it and import the result.")),
    (b"SQLite format 3", text("It is an SQLite database."), text("Export its tables as CSV and import these.")),
    (
        b"\xd4\xc3\xb2\xa1",
        text("It is a capture of network traffic."),
        text("Import the logs of the programs involved instead."),
    ),
)


def recognise(sample: Sample, taught: Sequence[Format] = ()) -> tuple[Format, float]:
    """Return the format of a sample and how sure it is (0 to 1). SourceUnreadable where it is no text of any kind.

    ``taught``: the formats of this site, which come first where they are as sure as one of ours.
    """
    scores = [(one.sniff(sample), -at, one) for at, one in enumerate((*taught, *FORMATS)) if one is not PLAIN]
    score, _, best = max(scores, key=lambda scored: scored[:2])
    if score >= _SURE:
        return best, score
    if sample.text is None:
        raise _binary(sample)
    return PLAIN, PLAIN.sniff(sample)


def find(name: str, taught: Sequence[Format] = ()) -> Format | None:
    """Return the format of that id, None where it is not there, or not any more."""
    return next((one for one in (*taught, *FORMATS) if one.id == name), None)


def by_id(name: str, taught: Sequence[Format] = ()) -> Format:
    """Return the format of that id. UsageError where there is none."""
    if found := find(name, taught):
        return found
    known = ", ".join(one.id for one in (*taught, *FORMATS))
    raise UsageError(
        text("There is no log format %(name)s.", name=name), fix=text("The formats are: %(known)s.", known=known)
    )


def _binary(sample: Sample) -> SourceUnreadable:
    why, fix = text("It is not text, and no binary format that is known."), text("Import it in a readable form.")
    for magic, known_why, known_fix in _KNOWN:
        if sample.head.startswith(magic):
            why, fix = known_why, known_fix
    return SourceUnreadable(text("%(name)s cannot be read as a log.", name=sample.name), why=why, fix=fix)
