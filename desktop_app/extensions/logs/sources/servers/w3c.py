"""The W3C extended format: IIS, the Windows firewall, and whatever else writes a #Fields line (Exchange, FTP, CDNs).

Source: https://www.w3.org/TR/WD-logfile.html; IIS writes UTC unless it says otherwise, the firewall local time.
"""

from __future__ import annotations

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.csvlines import cells
from desktop_app.extensions.logs.sources.cutting import HOST, LEVEL, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.headed import MOST_COLUMNS, HeadedLines, Layout

_ECS = {
    "c-ip": "source.address", "c-port": "source.port", "s-ip": "destination.address", "s-port": "destination.port",
    "cs-method": "http.request.method", "cs-uri-stem": "url.path", "cs-uri-query": "url.query",
    "cs-uri": "url.original",
    "sc-status": "http.response.status_code", "sc-bytes": "http.response.body.bytes",
    "cs-bytes": "http.request.body.bytes", "cs(user-agent)": "user_agent.original",
    "cs(referer)": "http.request.referrer", "cs-username": "user.name", "cs-host": "url.domain",
    "cs(host)": "url.domain",
    "cs-version": "http.version", "s-computername": HOST, "s-sitename": "iis.site", "s-siteid": "iis.site",
    "sc-substatus": "iis.substatus", "sc-win32-status": "error.code", "s-reason": "event.reason",
    "src-ip": "source.address", "dst-ip": "destination.address", "src-port": "source.port",
    "dst-port": "destination.port", "protocol": "network.transport", "action": "event.type", "size": "network.bytes",
    "path": "network.direction", "pid": "process.pid", "client-ip": "source.address",
    "server-ip": "destination.address",
    "client-hostname": "source.domain", "server-hostname": HOST, "original-client-ip": "source.address",
    "x-forwarded-for": "client.address", "time-taken": "event.duration",
}  # fmt: skip
_SPACES_AS_PLUS = {"user_agent.original", "http.request.referrer"}
_DIRECTIONS = {"SEND": "outbound", "RECEIVE": "inbound", "FORWARD": "internal"}
_MILLISECOND = 1_000_000  # ECS counts durations in nanoseconds


class W3c(HeadedLines):
    """Any file with a #Fields line."""

    id = "w3c"
    title = text("W3C extended log")
    log_source = LogSource(service="w3c", category="application")
    sure = 0.97
    telling: frozenset[str] = frozenset()

    def learn(self, line: str, layout: Layout) -> Layout:
        """``#Fields: date time c-ip`` names the columns; ``#Time Format: Local`` says whose time it is."""
        name, _, rest = line[1:].partition(":")
        name, rest = name.strip().lower(), rest.strip()
        if name == "fields":
            delimiter = next((one for one in ",\t" if one in rest), " ")
            names = [one.strip() for one in (rest.split() if delimiter == " " else rest.split(delimiter))]
            return {**layout, "fields": names[:MOST_COLUMNS], "delimiter": delimiter}
        if name == "time format":
            return {**layout, "local": rest.lower() == "local"}
        return {**layout, "software": rest[:100]} if name == "software" else layout

    def knows(self, layout: Layout) -> bool:
        """The columns must be named, and hold what the format is told by."""
        return self.telling <= {str(name).lower() for name in layout.get("fields", ())} and bool(layout.get("fields"))

    def cells(self, line: str, layout: Layout) -> Told | None:
        """Cut a line; a dash stands for nothing."""
        names, delimiter = layout["fields"], layout["delimiter"]
        values = _split(line, delimiter)
        if len(values) != len(names):
            return None
        if delimiter == " " and '"' not in line and "\t" in line:
            return None
        found = {str(name).lower(): value for name, value in zip(names, values, strict=True) if value not in {"", "-"}}
        told: Told = {TIME: _time(found, local=bool(layout.get("local")))}
        for name, value in found.items():
            if name not in _TIMES:
                told.setdefault(_ECS.get(name, name), value)
        for name in _SPACES_AS_PLUS & told.keys():
            told[name] = (told[name] or "").replace("+", " ")
        return self.refine(told)

    def refine(self, told: Told) -> Told:
        """Put together what W3C keeps apart."""
        if (path := told.get("url.path")) and "url.original" not in told:
            query = told.get("url.query")
            told["url.original"] = f"{path}?{query}" if query else path
        taken = told.pop("event.duration", None)
        if taken and taken.isdecimal() and taken.isascii():
            told["event.duration"] = str(int(taken[:15]) * _MILLISECOND)
        status = told.get("http.response.status_code")
        if status:
            told[LEVEL] = "error" if status >= "500" else "warning" if status >= "400" else "info"
        return told


class Iis(W3c):
    """Web requests as IIS writes them."""

    id = "iis"
    title = text("IIS access log (W3C)")
    log_source = LogSource(category="webserver", service="access")
    program = "iis"
    sure = 0.99
    telling = frozenset({"cs-method", "sc-status"})


class WindowsFirewall(W3c):
    """pfirewall.log."""

    id = "winfirewall"
    title = text("Windows firewall log")
    log_source = LogSource("windows", "firewall", "pfirewall")
    program = "windows-firewall"
    sure = 0.99
    telling = frozenset({"action", "protocol", "src-ip", "dst-ip"})

    def refine(self, told: Told) -> Told:
        """``DROP TCP 192.0.2.1`` becomes a refused packet."""
        action = told.pop("event.type", None) or ""
        refused = action.upper() == "DROP"
        told |= {
            "event.action": "firewall_packet",
            "event.type": "denied" if refused else "allowed" if action.upper() == "ALLOW" else None,
            "rule.name": action,
            "network.transport": (told.get("network.transport") or "").lower(),
            "network.direction": _DIRECTIONS.get(told.get("network.direction") or "", told.get("network.direction")),
            LEVEL: "warning" if refused else "info",
            PROGRAM: self.program,
        }
        return told


_TIMES = {"date", "time", "date-time", "datetime", "timestamp"}


def _split(line: str, delimiter: str) -> list[str]:
    return line.split() if delimiter == " " and '"' not in line else cells(line, delimiter)


def _time(found: dict[str, str], *, local: bool) -> str | None:
    one = found.get("date-time") or found.get("datetime") or found.get("timestamp")
    if one:
        return one
    if "date" not in found or "time" not in found:
        return None
    return f"{found['date']} {found['time']}" + ("" if local else "Z")


W3C, IIS, WINDOWS_FIREWALL = W3c(), Iis(), WindowsFirewall()
FORMATS = (IIS, WINDOWS_FIREWALL, W3C)
