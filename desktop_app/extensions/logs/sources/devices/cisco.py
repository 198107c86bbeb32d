"""Cisco: messages of ASA and Firepower (``%ASA-6-302013: ...``) and of IOS (``%SYS-5-CONFIG_I: ...``).

Source: Cisco's "Syslog Messages" reference of the ASA series; the number behind the name is syslog's severity.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.columns import SYSLOG_LEVELS
from desktop_app.extensions.logs.sources.cutting import KIND, LEVEL, MESSAGE, Told
from desktop_app.extensions.logs.sources.devices.packets import ACTION
from desktop_app.extensions.logs.sources.enveloped import EnvelopedLines

_END = r"(?:(?P<{0}_zone>[\w.-]+):)?(?P<{0}>[\w.:-]+?)/(?P<{0}_port>\d+)"
_SOURCE, _TARGET = _END.format("source"), _END.format("target")
_BUILT = re.compile(
    r"(?P<verb>Built|Teardown) (?:(?P<way>inbound|outbound|local-host|dynamic|static) )?(?P<protocol>\w+) "
    rf"(?:connection|translation) (?P<id>\d+)? ?(?:for|from) {_SOURCE}(?: \([^)]*\))? to {_TARGET}"
    r"(?:.*? bytes (?P<bytes>\d+))?",
    re.ASCII,
)
_DENIED = re.compile(
    r"(?:Deny|deny|Denied|denied|Dropping)\b(?: inbound)?(?: (?P<protocol>\w+))?.{0,40}?(?:src |from )"
    r"(?:(?P<source_zone>[\w.-]+):)?(?P<source>[\da-fA-F.:]+)(?:/(?P<source_port>\d+))?.{0,60}?(?:dst |to )"
    r"(?:(?P<target_zone>[\w.-]+):)?(?P<target>[\da-fA-F.:]+)(?:/(?P<target_port>\d+))?",
    re.ASCII,
)
_LIST = re.compile(
    r"access-list (?P<rule>\S+) (?P<verb>permitted|denied|est-allowed) (?P<protocol>\w+) "
    r"(?P<source_zone>[\w.-]+)/(?P<source>[\da-fA-F.:]+)\((?P<source_port>\d+)\).{0,40}? -> "
    r"(?P<target_zone>[\w.-]+)/(?P<target>[\da-fA-F.:]+)\((?P<target_port>\d+)\)",
    re.ASCII,
)
_USER = re.compile(r"\b[Uu]ser(?:name)?(?: ?[=:] ?[\"'<]?| [\"'<])(?P<user>[^\s\"'<>,:]{1,100})")
_ADDRESS = re.compile(r"(?:IP[ =:]+|from |server = )<?(?P<source>\d{1,3}(?:\.\d{1,3}){3})")
_RULE = re.compile(r'access-group "(?P<rule>[^"]+)"')
_FIELDS = {
    "source": "source.address", "source_port": "source.port", "source_zone": "observer.ingress.interface.name",
    "target": "destination.address", "target_port": "destination.port",
    "target_zone": "observer.egress.interface.name", "bytes": "network.bytes", "rule": "rule.name", "user": "user.name",
    "id": "event.id",
}  # fmt: skip


class Cisco(EnvelopedLines):
    """One message a line."""

    id = "cisco"
    title = text("Cisco ASA and IOS")
    log_source = LogSource("cisco", "", "syslog")
    program = "cisco"
    sure = 0.99
    mark = re.compile(
        r"%(?P<facility>[A-Z][A-Z0-9_]{1,30})(?:-[A-Z][A-Z0-9_]{1,30})?-"
        r"(?P<severity>[0-7])-(?P<code>[A-Z0-9_]{2,60}): ",
        re.ASCII,
    )

    def log_source_of(self, kind: str) -> LogSource:
        """Firewalls write of packets; routers' protocols and sign-ins have Sigma's own words."""
        if kind == "firewall":
            return LogSource("cisco", "firewall", "asa")
        return LogSource("cisco", "", kind) if kind else self.log_source

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - the base reads it
        """Read the code, then the few shapes in which connections and users are told of."""
        message = found.string[found.end() :]
        facility, code = found["facility"], found["code"]
        told: Told = {
            "event.code": f"{facility}-{found['severity']}-{code}",
            "log.syslog.appname": facility,
            MESSAGE: message,
            LEVEL: SYSLOG_LEVELS[int(found["severity"])],
            KIND: _kind(facility),
        }
        return {**told, **_said(message[:2048])}


def _kind(facility: str) -> str:
    if facility in {"ASA", "PIX", "FTD", "FWSM"}:
        return "firewall"
    return {"BGP": "bgp", "LDP": "ldp"}.get(
        facility, "aaa" if facility in {"AAA", "PARSER", "SYS", "SEC_LOGIN"} else ""
    )


def _said(message: str) -> Told:
    found = _BUILT.match(message) or _LIST.match(message) or _DENIED.search(message)
    if found is None:
        parts = [one.groupdict() for one in (_USER.search(message), _ADDRESS.search(message)) if one]
        return {_FIELDS[name]: value for part in parts for name, value in part.items()}
    said = found.groupdict()
    refused = "den" in message[:200].lower() or message.startswith("Dropping")
    rule = said.get("rule") or (one["rule"] if (one := _RULE.search(message)) else None)
    told: Told = {_FIELDS[name]: value for name, value in said.items() if name in _FIELDS}
    return {
        **told,
        "rule.name": f"{rule or 'deny'} denied" if refused else rule,
        "network.transport": (said.get("protocol") or "").lower(),
        "event.action": ACTION if refused else f"connection_{(said.get('verb') or 'permitted').lower()}",
        "event.type": "denied" if refused else "allowed",
    }


CISCO = Cisco()
FORMATS = (CISCO,)
