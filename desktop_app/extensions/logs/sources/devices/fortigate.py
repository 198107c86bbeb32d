"""FortiGate: ``date=2026-05-04 time=06:07:08 devname="FG1" type="traffic" subtype="forward" srcip=... action="deny"``.

Source: Fortinet's "FortiOS Log Message Reference". The device's own names stay beside ECS's, since rules use them.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import HOST, KIND, LEVEL, MESSAGE, TIME, Told
from desktop_app.extensions.logs.sources.devices.packets import ACTION
from desktop_app.extensions.logs.sources.enveloped import EnvelopedLines
from desktop_app.extensions.logs.sources.pairs import pairs

_ECS = {
    "srcip": "source.address", "srcport": "source.port", "srcmac": "source.mac", "dstip": "destination.address",
    "dstport": "destination.port", "user": "user.name", "remip": "source.address", "hostname": "url.domain",
    "url": "url.original", "agent": "user_agent.original", "sentbyte": "source.bytes", "rcvdbyte": "destination.bytes",
    "srcintf": "observer.ingress.interface.name", "dstintf": "observer.egress.interface.name", "logid": "event.code",
    "policyid": "rule.id", "policyname": "rule.name", "attack": "rule.name", "virus": "rule.name",
    "service": "network.protocol",
    "msg": MESSAGE, "devname": HOST,
}  # fmt: skip
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "ipv6-icmp"}
_LEVELS = {"emergency", "alert", "critical", "error", "warning", "notice", "information", "debug"}
_REFUSED = {"deny", "blocked", "block", "dropped", "drop", "reset", "clear_session"}


class Fortigate(EnvelopedLines):
    """One event a line."""

    id = "fortigate"
    title = text("FortiGate")
    log_source = LogSource("fortigate", "", "event")
    program = "fortigate"
    sure = 0.99
    mark = re.compile(
        r"(?:date=\d{4}-\d\d-\d\d time=\d\d:\d\d:\d\d|(?:eventtime|devname|devid)=\S+) .{0,400}?\b(?:logid|type)=",
        re.ASCII,
    )

    def log_source_of(self, kind: str) -> LogSource:
        """Traffic is a firewall's; the rest has Sigma's word for it."""
        return (
            LogSource("fortigate", "firewall", "traffic")
            if kind == "traffic"
            else LogSource("fortigate", "", kind or "event")
        )

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - the base reads it
        """Read the pairs; ECS's names are added to the device's own."""
        said = pairs(found.string[found.start() :])
        if "type" not in said or not {"devname", "devid", "logid"} & said.keys():
            return None
        told: Told = dict(said)
        for name, value in said.items():
            if name in _ECS and value not in {"N/A", "0.0.0.0"}:  # noqa: S104 - how the device writes that there is none
                told.setdefault(_ECS[name], value)
        refused = said.get("action", "").lower() in _REFUSED
        traffic = said["type"] == "traffic"
        told |= {
            TIME: _time(said),
            LEVEL: said["level"] if said.get("level") in _LEVELS else None,
            KIND: "traffic" if traffic else said["type"],
            "network.transport": _PROTOCOLS.get(said.get("proto", ""), said.get("proto")),
            "event.action": ACTION if traffic and refused else said.get("action"),
            "event.type": "denied" if refused else "allowed" if traffic else None,
            "event.outcome": {"failed": "failure", "success": "success"}.get(said.get("status", "")),
        }
        return told


def _time(said: dict[str, str]) -> str | None:
    """The date and time are local; ``tz`` says how far from UTC. ``eventtime`` is UTC, in seconds or finer."""
    moment = said.get("eventtime", "")
    if moment.isdecimal() and moment.isascii() and len(moment) in {10, 13, 16, 19}:
        return moment
    if "date" not in said or "time" not in said:
        return None
    zone = said.get("tz", "")
    return f"{said['date']} {said['time']}" + (zone if re.fullmatch(r"[+-]\d{4}", zone) else "")


FORTIGATE = Fortigate()
FORMATS = (FORTIGATE,)
