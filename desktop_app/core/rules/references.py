"""What a rule refers to, by name: an address says little to a reader whose machine is not on the internet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from desktop_app.core.rules.attack import numbers, technique
from desktop_app.core.rules.attack_table import FORMER
from desktop_app.core.rules.messages_attack import NAMES
from desktop_app.core.text import Text, text

# Techniques of MITRE ATT&CK (Enterprise) that our rules name, by the names that ATT&CK gives them.
TECHNIQUES: Mapping[str, Text] = {
    "T1016": text("Network configuration discovery"),
    "T1021.001": text("Remote Desktop"),
    "T1021.002": text("Windows admin shares"),
    "T1021.004": text("Remote services: SSH"),
    "T1021.006": text("Windows Remote Management"),
    "T1027": text("Obfuscated files or information"),
    "T1053.003": text("Scheduled tasks: cron"),
    "T1053.005": text("Scheduled tasks: Windows"),
    "T1059": text("Command and script interpreters"),
    "T1059.001": text("PowerShell"),
    "T1070": text("Removal of traces"),
    "T1070.001": text("Clearing of Windows event logs"),
    "T1070.002": text("Clearing of Linux and Mac logs"),
    "T1070.006": text("Timestamps changed"),
    "T1078": text("Use of valid accounts"),
    "T1078.003": text("Use of valid local accounts"),
    "T1083": text("File and directory discovery"),
    "T1091": text("Spread through removable media"),
    "T1098": text("Account manipulation"),
    "T1098.007": text("Accounts added to groups"),
    "T1105": text("Tools brought in from outside"),
    "T1110": text("Password guessing"),
    "T1110.001": text("Password guessing"),
    "T1110.003": text("Password spraying"),
    "T1133": text("Remote services open to the outside"),
    "T1136.001": text("Local account created"),
    "T1190": text("Attack on a public application"),
    "T1200": text("Hardware added"),
    "T1204.002": text("A person opens a harmful file"),
    "T1219": text("Remote access software"),
    "T1046": text("Network service discovery"),
    "T1489": text("Services stopped"),
    "T1499": text("Denial of service on a machine"),
    "T1505.003": text("Web shell"),
    "T1531": text("Accounts removed or locked"),
    "T1543.003": text("Windows service created"),
    "T1548.003": text("Misuse of sudo"),
    "T1562.001": text("Protection switched off"),
    "T1562.002": text("Windows logging switched off"),
    "T1562.004": text("Firewall switched off or changed"),
    "T1562.010": text("Downgrade to an older, weaker way"),
    "T1569.002": text("Commands run as a service"),
    "T1589.001": text("Credentials gathered"),
    "T1595.002": text("Vulnerability scanning"),
    "T1595.003": text("Scanning for known addresses"),
}
_OURS = {FORMER.get(number, number): name for number, name in TECHNIQUES.items()} | dict(TECHNIQUES)
_NAMES = {str(name): name for name in NAMES}
_TECHNIQUE = re.compile(r"https?://attack\.mitre\.org/techniques/(T\d{4})(?:/(\d{3}))?/?$", re.IGNORECASE)
_TAG = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://([^/\s?#]+)([^\s?#]*)\S*$", re.IGNORECASE)
_HOUSES = {
    "learn.microsoft.com": "Microsoft Learn",
    "docs.microsoft.com": "Microsoft Learn",
    "docs.kernel.org": "Linux kernel documentation",
    "owasp.org": "OWASP",
    "nvd.nist.gov": "NVD",
    "github.com": "GitHub",
    "dev.mysql.com": "MySQL documentation",
    "www.postgresql.org": "PostgreSQL documentation",
    "www.freedesktop.org": "systemd documentation",
    "chrony-project.org": "chrony documentation",
    "man7.org": "Linux manual pages",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: what it is called, what more is known of it, and its address where it has one.

    ``foreign``: what is known of it is in English for every reader.
    """

    name: str
    note: Text | None = None
    url: str = ""
    foreign: bool = False


def techniques(tags: Iterable[str]) -> list[Reference]:
    """Return the ATT&CK techniques that tags name, such as ``attack.t1110.001``."""
    found = [match[1].upper() for tag in tags if (match := _TAG.match(tag))]
    return [_technique(one, one) for one in dict.fromkeys(found)]


def _technique(name: str, number: str, url: str = "") -> Reference:
    note = technique_name(number)
    return Reference(name, note, url, foreign=note is not None and is_foreign(note))


def technique_name(number: str) -> Text | None:
    """Return what a technique is called: in our words where our rules name it, else as ATT&CK does."""
    if number in _OURS:
        return _OURS[number]
    known = technique(number)
    return None if known is None else _NAMES.get(known.name, Text(known.name))


def known_as(tags: Iterable[str]) -> list[Text]:
    """Return every name of the techniques that tags name: ours, ATT&CK's own, and that of the technique above."""
    found = [name for number in numbers(tags) for name in _names(number)]
    return list({name.id: name for name in found}.values())


def _names(number: str) -> Iterator[Text]:
    if ours := technique_name(number):
        yield ours
    if known := technique(number):
        yield Text(known.name)
        above = known.name.partition(": ")[0]
        yield _NAMES.get(above, Text(above))


def is_foreign(name: Text) -> bool:
    """Say whether a name is ATT&CK's English alone, as of a sub-technique that no rule of ours names."""
    return name.id not in _NAMES and name not in _OURS.values()


def named(reference: str) -> Reference:
    """Give a reference its name: an address of a house that is known by it, any other by host and last part."""
    if found := _TECHNIQUE.match(reference.strip()):
        number = ".".join(part for part in found.groups() if part).upper()
        return _technique(f"MITRE ATT&CK {number}", number, reference.strip())
    if found := _ADDRESS.match(reference.strip()):
        host = found[1].lower()
        last = re.sub(r"\.(html?|md|php|aspx)$", "", found[2].rstrip("/").rpartition("/")[2])
        return Reference(" · ".join(part for part in (_HOUSES.get(host, host), last) if part), None, reference.strip())
    return Reference(reference.strip())
