r"""CEF of ArcSight and LEEF of QRadar: a header between bars, then pairs.

Sources: "Micro Focus ArcSight Common Event Format", revision 25; IBM's "Log Event Extended Format". In CEF's header
``\|`` and ``\\`` are escaped, in its pairs ``\=``, ``\\`` and ``\n``; values have spaces and are not quoted.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import HOST, LEVEL, MESSAGE, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.devices.packets import verdict
from desktop_app.extensions.logs.sources.enveloped import EnvelopedLines
from desktop_app.extensions.logs.sources.pairs import MOST_PAIRS, unescaped

_BAR = re.compile(r"(?:[^|\\]|\\.)*+", re.DOTALL)
_KEY = re.compile(r"(?:(?<=\s)|^)([A-Za-z_][\w.\[\]-]{0,99})=(?!=)", re.ASCII)
_ECS = {
    "src": "source.address", "shost": "source.domain", "spt": "source.port", "smac": "source.mac",
    "suser": "user.name", "duser": "user.target.name", "dst": "destination.address", "dhost": "destination.domain",
    "dpt": "destination.port", "proto": "network.transport", "act": "event.action", "outcome": "event.outcome",
    "reason": "event.reason", "request": "url.original", "requestMethod": "http.request.method",
    "requestClientApplication": "user_agent.original", "fname": "file.name", "filePath": "file.path",
    "fileHash": "file.hash", "fsize": "file.size", "sproc": "process.name", "spid": "process.pid", "in": "source.bytes",
    "out": "destination.bytes", "dvchost": HOST, "dvc": "observer.ip", "msg": MESSAGE, "externalId": "event.id",
    "srcPort": "source.port", "dstPort": "destination.port", "usrName": "user.name", "srcMAC": "source.mac",
    "identHostName": HOST, "url": "url.original", "policy": "rule.name", "app": "network.protocol",
}  # fmt: skip
_TIMES = ("rt", "end", "start", "devTime", "deviceReceiptTime")
_WORDS = {"low": "info", "medium": "warning", "high": "error", "very-high": "critical", "unknown": ""}


def severity(written: str) -> str | None:
    """CEF and LEEF count from 0 to 10, or write a word."""
    if written.isdecimal() and written.isascii():
        number = int(written[:3])
        return "critical" if number >= 9 else "error" if number >= 7 else "warning" if number >= 4 else "info"
    return _WORDS.get(written.lower(), written)


class Bars(EnvelopedLines):
    """What both share: a header between bars."""

    sure = 0.99

    def bars(self, rest: str, number: int) -> tuple[list[str], str]:
        """Return that many values between bars, and what follows them."""
        values, at = [], 0
        for _ in range(number):
            found = _BAR.match(rest, at)
            if found is None or found.end() >= len(rest):
                break
            values.append(unescaped(found[0]))
            at = found.end() + 1
        return values, rest[at:]

    def said(self, device: list[str], code: str, said: dict[str, str]) -> Told:
        """Return the fields of a header and its pairs; names without one in ECS stay as the device writes them."""
        told: Told = {}
        for name, value in said.items():
            told.setdefault(_ECS.get(name, name), value)
        action = told.get("event.action")
        time = next((said[name] for name in _TIMES if said.get(name)), None)
        vendor, product, version = device
        return {
            **told, "observer.vendor": vendor, "observer.product": product, "observer.version": version,
            "event.code": code, "event.type": verdict(action) if action else None, PROGRAM: product, TIME: time,
        }  # fmt: skip


class Cef(Bars):
    """``CEF:0|Vendor|Product|1.0|100|Name of it|7|src=192.0.2.1 msg=with spaces``."""

    id = "cef"
    title = text("Common Event Format (CEF)")
    log_source = LogSource(category="device", service="cef")
    mark = re.compile(r"CEF: ?\d(?:\.\d)?\|")
    _HEADER = 6

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - the base reads it
        """Read six values, then the pairs."""
        values, rest = self.bars(found.string[found.end() :], self._HEADER)
        if len(values) < self._HEADER:
            return None
        vendor, product, version, code, name, level = values
        told = self.said([vendor, product, version], code, spaced_pairs(rest))
        return {
            **told,
            "rule.name": told.get("rule.name") or name,
            LEVEL: severity(level),
            MESSAGE: told.get(MESSAGE) or name,
        }


class Leef(Bars):
    """``LEEF:2.0|Vendor|Product|1.0|100|^|src=192.0.2.1^msg=text``; version 1 has tabs between the pairs."""

    id = "leef"
    title = text("Log Event Extended Format (LEEF)")
    log_source = LogSource(category="device", service="leef")
    mark = re.compile(r"LEEF: ?(?P<version>\d)(?:\.\d)?\|")
    _HEADER = 4

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - the base reads it
        """Read four values, in version 2 the delimiter, then the pairs."""
        values, rest = self.bars(found.string[found.end() :], self._HEADER)
        if len(values) < self._HEADER:
            return None
        vendor, product, version, code = values
        delimiter = "\t"
        if found["version"] == "2" and (bar := rest.find("|", 0, 8)) >= 0:
            delimiter, rest = _delimiter(rest[:bar]), rest[bar + 1 :]
        parts = (part.partition("=") for part in rest.split(delimiter, MOST_PAIRS)[:MOST_PAIRS])
        said = {name.strip()[:100]: value.strip() for name, _, value in parts if name.strip() and value.strip()}
        if delimiter not in rest and len(said) == 1:
            said = spaced_pairs(rest)
        return {**self.said([vendor, product, version], code, said), LEVEL: severity(said.get("sev", "")) or None}


def spaced_pairs(rest: str) -> dict[str, str]:
    """Read pairs whose values may hold spaces: one ends before the next name."""
    keys = [found for found, _ in zip(_KEY.finditer(rest), range(MOST_PAIRS), strict=False)]
    said: dict[str, str] = {}
    for key, end in zip(keys, [*(found.start() for found in keys[1:]), len(rest)], strict=False):
        said.setdefault(key[1], unescaped(rest[key.end() : end].strip()))
    return said


def _delimiter(written: str) -> str:
    """``^``, or its number as ``x09`` or ``0x09``."""
    number = re.fullmatch(r"(?:0?x)([0-9A-Fa-f]{1,4})", written)
    return chr(int(number[1], 16)) if number and int(number[1], 16) else written or "\t"


CEF, LEEF = Cef(), Leef()
FORMATS = (CEF, LEEF)
