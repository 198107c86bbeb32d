"""Packets that a firewall tells of: netfilter (iptables, nftables, ufw, firewalld) and pf as tcpdump prints it.

Source: the kernel's nf_log_syslog.c; tcpdump's printer of pflog headers.
"""

from __future__ import annotations

import re

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.cutting import LEVEL, MESSAGE, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.enveloped import EnvelopedLines

ACTION = "firewall_packet"
_REFUSING = re.compile(r"block|drop|rej|den", re.IGNORECASE)
_ALLOWING = re.compile(r"allow|accept|pass|permit", re.IGNORECASE)
_KERNEL = re.compile(r"(?:kernel: )?(?:\[ *\d+\.\d+\] ?)?")
_WORD = re.compile(r"([A-Z]{2,8})=(\S*)", re.ASCII)


def verdict(word: str) -> str | None:
    """Return what became of a packet, in ECS's words, by what a device or a rule calls it."""
    return "denied" if _REFUSING.search(word) else "allowed" if _ALLOWING.search(word) else None


class Netfilter(EnvelopedLines):
    """``... kernel: [123.4] [UFW BLOCK] IN=eth0 OUT= MAC=... SRC=192.0.2.1 DST=... PROTO=TCP SPT=1 DPT=22``."""

    id = "netfilter"
    title = text("Linux firewall (iptables, nftables, ufw)")
    log_source = LogSource("linux", "firewall", "netfilter")
    program = "kernel"
    sure = 0.99
    mark = re.compile(r"IN=(?P<inside>\S*) OUT=(?P<outside>\S*) ", re.ASCII)

    def inner(self, head: str, found: re.Match[str]) -> Told | None:
        """Read the words behind the interfaces; the rule's own name stands before them."""
        said: dict[str, str] = {}
        for name, value in _WORD.findall(found.string[found.end() :][:2048]):
            said.setdefault(name, value)
        if "SRC" not in said:
            return None
        rule = head.rpartition("kernel: ")[2] if "kernel: " in head else head.rstrip(" :").rpartition(": ")[2]
        rule = _KERNEL.sub("", rule, count=1).strip(" :[]-")
        became = verdict(rule)
        return {
            "event.action": ACTION, "rule.name": rule, "event.type": became,
            "source.ip": said["SRC"], "source.port": said.get("SPT"), "source.mac": said.get("MAC"),
            "destination.ip": said.get("DST"), "destination.port": said.get("DPT"),
            "network.transport": said.get("PROTO", "").lower(), "network.bytes": said.get("LEN"),
            "observer.ingress.interface.name": found["inside"], "observer.egress.interface.name": found["outside"],
            "network.ttl": said.get("TTL"), "user.id": said.get("UID"), "process.name": "kernel",
            LEVEL: "warning" if became == "denied" else "info",
            MESSAGE: f"{head.rpartition('kernel: ')[2]}{found.string[found.start() :]}",
        }  # fmt: skip


class Pf(EnvelopedLines):
    """``2026-05-04 06:07:08.123456 rule 7/0(match): block in on em0: 192.0.2.1.4000 > 203.0.113.9.22: Flags [S]``."""

    id = "pf"
    title = text("pf firewall (tcpdump text)")
    log_source = LogSource("pf", "firewall", "pf")
    program = "pf"
    sure = 0.99
    within = "rule "
    mark = re.compile(
        r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{6})?)?"
        r"(?: \S+)? ?"
        r"(?:pf\[?\d*\]?: )?rule (?P<rule>[\w./]+)\((?P<reason>[\w-]+)\)(?: \[uid \d+[^\]]*\])?: "
        r"(?P<action>block|pass|match|rdr|nat)\S* (?P<way>in|out) on (?P<port>[\w.]+): (?:\([^)]*\) )?",
        re.ASCII,
    )
    _ENDS = re.compile(r"(?P<source>\S+) > (?P<target>\S+?):(?: (?P<rest>.*))?$", re.DOTALL)

    def inner(self, head: str, found: re.Match[str]) -> Told | None:  # noqa: ARG002 - the time stands in the mark
        """Read the two ends: behind the last point stands the port."""
        became = "denied" if found["action"] == "block" else "allowed"
        told: Told = {
            "event.action": ACTION, "rule.name": f"{found['action']} {found['rule']}", "event.type": became,
            "event.reason": found["reason"], "observer.ingress.interface.name": found["port"],
            "network.direction": "inbound" if found["way"] == "in" else "outbound",
            LEVEL: "warning" if became == "denied" else "info", PROGRAM: "pf",
        }  # fmt: skip
        if found["time"]:
            told[TIME] = found["time"]
        if ends := self._ENDS.search(found.string, found.end()):
            told["source.ip"], told["source.port"] = address_and_port(ends["source"])
            told["destination.ip"], told["destination.port"] = address_and_port(ends["target"])
            told["network.transport"] = (
                "udp"
                if "UDP" in (ends["rest"] or "")[:40]
                else "icmp"
                if "ICMP" in (ends["rest"] or "")[:10]
                else "tcp"
            )
        return told


def address_and_port(end: str) -> tuple[str, str | None]:
    """``192.0.2.1.4000`` has a port, ``192.0.2.1`` has none; an address of version 6 has points only before a port."""
    address, point, port = end.rpartition(".")
    four = end.count(".") == 4 if ":" not in end else bool(point)
    return (address, port) if four and port.isdecimal() else (end, None)


NETFILTER, PF = Netfilter(), Pf()
FORMATS = (NETFILTER, PF)
