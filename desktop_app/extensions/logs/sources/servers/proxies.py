"""HAProxy (HTTP, TCP and its errors) and Squid's native access log.

Source: HAProxy's configuration manual, section 8.2; https://wiki.squid-cache.org/Features/LogFormat.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import LEVEL, MESSAGE, TIME, Told
from desktop_app.extensions.logs.sources.enveloped import EnvelopedLines

_REQUEST = re.compile(r"([A-Z-]{2,20}) (\S+)(?: HTTP/([\d.]+))?")
_HTTP = re.compile(
    r"(?P<frontend>\S+) (?P<backend>[^\s/]+)/(?P<server>\S+) (?P<timers>[-+\d/]+) (?P<status>\d{3}|-1) "
    r"(?P<bytes>\+?\d+) "
    r"\S+ \S+ (?P<termination>\S{4}) [\d/+]+ [\d/]+ (?:\{(?P<captured>[^}]*)\} )?(?:\{[^}]*\} )?"
    r'"(?P<request>[^"]*)"?',
    re.ASCII,
)
_TCP = re.compile(
    r"(?P<frontend>\S+) (?P<backend>[^\s/]+)/(?P<server>\S+) (?P<timers>[-+\d/]+) (?P<bytes>\+?\d+) "
    r"(?P<termination>\S{2}) "
    r"[\d/+]+ [\d/]+",
    re.ASCII,
)
_MILLISECOND = 1_000_000


def by_status(status: str | None) -> str | None:
    """A failing server is an error, a refused request a warning."""
    if not status or not status.isdecimal():
        return None
    return "error" if status >= "500" else "warning" if status >= "400" else "info"


def nanoseconds(milliseconds: str) -> str | None:
    """Return a duration as ECS counts it."""
    return str(int(milliseconds[:15]) * _MILLISECOND) if milliseconds.isascii() and milliseconds.isdecimal() else None


class Haproxy(EnvelopedLines):
    """A connection or a request a line."""

    id = "haproxy"
    title = text("HAProxy")
    log_source = LogSource(category="webserver", service="access")
    program = "haproxy"
    sure = 0.985
    mark = re.compile(
        r"(?P<client>[\d.]+|[\da-fA-F:.]+):(?P<port>\d{1,5}) "
        r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d{3})?)\] ",
        re.ASCII,
    )

    def inner(self, head: str, found: re.Match[str]) -> Told | None:
        """Read what follows the client and the time."""
        rest = found.string[found.end() :]
        told: Told = {
            TIME: found["time"], "source.address": found["client"], "source.port": found["port"],
        }  # fmt: skip
        if parts := _HTTP.match(rest):
            return {**told, **_served(parts), **_requested(parts)}
        if parts := _TCP.match(rest):
            return {**told, **_served(parts), LEVEL: "info" if parts["termination"] == "--" else "warning"}
        frontend, colon, message = rest.partition(": ")
        if not colon or " " in frontend.strip() or "haproxy" not in head:
            return None
        return {**told, "haproxy.frontend": frontend, MESSAGE: message, LEVEL: "error"}


def _served(parts: re.Match[str]) -> Told:
    return {
        "haproxy.frontend": parts["frontend"],
        "haproxy.backend": parts["backend"],
        "haproxy.server": parts["server"],
        "haproxy.termination": parts["termination"],
        "http.response.body.bytes": parts["bytes"].lstrip("+"),
        "event.duration": nanoseconds(parts["timers"].rpartition("/")[2].lstrip("+")),
    }


def _requested(parts: re.Match[str]) -> Told:
    status = parts["status"] if parts["status"] != "-1" else None
    request = _REQUEST.match(parts["request"])
    told: Told = {
        "http.response.status_code": status,
        "url.domain": (parts["captured"] or "").partition("|")[0],
        LEVEL: by_status(status),
    }
    if request:
        return {**told, "http.request.method": request[1], "url.original": request[2], "http.version": request[3]}
    return {**told, "url.original": parts["request"]}


class Squid(EnvelopedLines):
    """``1286536309.586 921 192.0.2.68 TCP_MISS/200 507 GET http://example.com/ - HIER_DIRECT/203.0.113.9 -``."""

    id = "squid"
    title = text("Squid proxy")
    log_source = LogSource("squid", "proxy", "squid")
    program = "squid"
    stamp = "epoch"
    sure = 0.99
    mark = re.compile(
        r"(?<!\S)(?P<time>1\d{9}\.\d{3}) +(?P<elapsed>\d+) (?P<client>\S+) (?P<result>[A-Z_]+)/(?P<status>\d{3}) "
        r"(?P<bytes>\d+) "
        r"(?P<method>[A-Z_]{2,20}) (?P<url>\S+) (?P<user>\S+) (?P<hierarchy>[A-Z_]+)/(?P<peer>\S+) ?(?P<type>\S+)?",
        re.ASCII,
    )

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - what stands before is known
        """All of it stands in the mark."""
        said = {name: value if value != "-" else None for name, value in found.groupdict().items()}
        status = said["status"] if said["status"] != "000" else None
        return {
            TIME: said["time"], "event.duration": nanoseconds(found["elapsed"]), "source.address": said["client"],
            "event.action": (said["result"] or "").lower(), "http.response.status_code": status,
            "http.response.body.bytes": said["bytes"], "http.request.method": said["method"],
            "url.original": said["url"], "url.domain": _domain(said["url"] or ""), "user.name": said["user"],
            "destination.address": said["peer"], "http.response.mime_type": said["type"],
            LEVEL: "warning" if "DENIED" in (said["result"] or "") else by_status(status),
        }  # fmt: skip


def _domain(url: str) -> str | None:
    """``http://user@example.com:80/a`` and, for CONNECT, ``example.com:443``."""
    rest = url.partition("://")[2] or url
    return rest.partition("/")[0].rpartition("@")[2].partition(":")[0] or None


HAPROXY, SQUID = Haproxy(), Squid()
FORMATS = (HAPROXY, SQUID)
