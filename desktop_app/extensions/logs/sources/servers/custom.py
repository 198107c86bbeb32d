"""Access logs in a format of a site's own: what each part means is told by its shape.

A request in quotes and a time in brackets must be there; a status and a size follow the request, an address stands
before it, a page is the referrer, what names a browser the user agent, a fraction of a second how long it took.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Sample
from desktop_app.extensions.logs.sources.access import careful
from desktop_app.extensions.logs.sources.columns import is_address
from desktop_app.extensions.logs.sources.cutting import ANY, LEVEL, SAMPLE_LINES, TIME, CutLines, Told
from desktop_app.extensions.logs.sources.servers.proxies import by_status

_PART = re.compile(r'([\w.$@-]{1,40}[=:])?(?:"((?:[^"\\]|\\.)*+)"|\[([^\]]*)\]|([^\s"]+))')
_TIME = re.compile(
    r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*", re.ASCII
)
_REQUEST = re.compile(r"([A-Z]{3,16}) (\S+) HTTP/([\d.]+)", re.ASCII)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?::\d+)?", re.ASCII)
_AGENT = re.compile(r"[A-Za-z][\w.-]*/\d|Mozilla|[Bb]ot\b|curl|Go-http", re.ASCII)
_SECONDS = re.compile(r"\d{1,6}\.\d{1,6}", re.ASCII)
_NAMED = {
    "rt": "event.duration", "request_time": "event.duration", "time": "event.duration", "duration": "event.duration",
    "urt": "nginx.upstream_time", "upstream_response_time": "nginx.upstream_time", "uct": "nginx.upstream_connect_time",
    "uht": "nginx.upstream_header_time", "ua": "nginx.upstream", "upstream": "nginx.upstream", "host": "url.domain",
    "request_id": "http.request.id", "id": "http.request.id", "cs": "nginx.cache", "cache": "nginx.cache",
}  # fmt: skip
_MOST_PARTS = 60
_VERSION = " HTTP/"


class CustomAccess(CutLines):
    """One request a line, in whatever order its parts stand."""

    id = "accesscustom"
    title = text("Web server access log (own format)")
    log_source = LogSource(category="webserver", service="access")
    program = "access"
    stamp = ANY

    def sniff(self, sample: Sample) -> float:
        """Be surer than of the common formats only where these would leave something out."""
        score = super().sniff(sample)
        lines = [line for line in sample.lines[:SAMPLE_LINES] if line]
        common = sum(careful(line[:4096])[4] is not None and not _has_more(line[:4096]) for line in lines)
        return min(score * (0.9 if common * 2 > len(lines) else 1.025), 1.0)

    def cut(self, line: str) -> Told | None:
        """Read the parts of a line, each by its shape and by what stands before it."""
        if _VERSION not in line:  # no request: the parts need no look
            return None
        told = _Parts().read(line)
        if TIME not in told or "http.request.method" not in told:
            return None
        told[LEVEL] = by_status(told.get("http.response.status_code"))
        return told


def _has_more(line: str) -> bool:
    """Say whether anything but a common line stands there: more than two quoted values after the size."""
    return line.count('"') > 6 or (not line.rstrip().endswith('"') and line.count('"') > 2)


class _Parts:
    """What was told so far of one line."""

    def __init__(self) -> None:
        self.told: Told = {}
        self._numbers = 0  # bare numbers since the request

    def read(self, line: str) -> Told:
        for at, found in enumerate(_PART.finditer(line)):
            if at >= _MOST_PARTS:
                break
            name, quoted, bracketed, bare = found.groups()
            value = quoted if quoted is not None else bracketed if bracketed is not None else bare or ""
            if name and name[:-1].lower() in _NAMED:
                self._named(name[:-1].lower(), value)
            elif name:
                self._part(name + value, quoted=False)
            else:
                self._part(value, quoted=quoted is not None)
        return self.told

    def _put(self, name: str, value: str) -> None:
        self.told.setdefault(name, value)

    def _named(self, name: str, value: str) -> None:
        if value in {"", "-"}:
            return
        field = _NAMED[name]
        if field == "event.duration":
            self._duration(value)
        else:
            self._put(field, value.rpartition(":")[0] or value if field == "url.domain" else value)

    def _part(self, value: str, *, quoted: bool) -> None:
        if value in {"", "-"}:
            self._numbers += bool(self._numbers) and not quoted
        elif TIME not in self.told and (time := _TIME.fullmatch(value)):
            self._put(TIME, time[0])
        elif "http.request.method" not in self.told:
            self._before(value)
        elif quoted:
            self._quoted(value)
        else:
            self._number(value)

    def _before(self, value: str) -> None:
        if request := _REQUEST.fullmatch(value):
            self.told |= {"http.request.method": request[1], "url.original": request[2], "http.version": request[3]}
        elif is_address(value):
            self._put("source.ip", value)
        elif _DOMAIN.fullmatch(value):
            self._put("url.domain", value.partition(":")[0])

    def _quoted(self, value: str) -> None:
        if "://" in value[:12] and "http.request.referrer" not in self.told:
            self._put("http.request.referrer", value)
        elif is_address(value.partition(",")[0].strip()):
            self._put("client.address", value.partition(",")[0].strip())
        elif _SECONDS.fullmatch(value):
            self._duration(value)
        elif _AGENT.search(value):
            self._put("user_agent.original", value)

    def _number(self, value: str) -> None:
        if _SECONDS.fullmatch(value):
            self._duration(value)
            return
        if not (value.isascii() and value.isdecimal()):
            return
        self._numbers += 1
        if self._numbers == 1 and len(value) == 3:
            self._put("http.response.status_code", value)
        elif self._numbers <= 2:
            self._put("http.response.body.bytes", value)
        elif "user_agent.original" in self.told:  # Apache's %D
            self._put("event.duration", str(int(value[:15]) * 1000))

    def _duration(self, value: str) -> None:
        if _SECONDS.fullmatch(value):
            seconds, _, fraction = value.partition(".")
            self._put("event.duration", str(int(seconds) * 10**9 + int(fraction.ljust(9, "0"))))


CUSTOM_ACCESS = CustomAccess()
FORMATS = (CUSTOM_ACCESS,)
