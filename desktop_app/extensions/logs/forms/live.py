"""The form of a live source: its fields by kind, and the words of a request as its configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from desktop_app.core.text import Text, text
from desktop_app.extensions.logs.forms import Values
from desktop_app.extensions.logs.sources.feeds import EVERYWHERE, PORT, TLS_PORT

Control = Literal["text", "number", "check", "choice", "lines", "file", "folder", "path", "zone"]
OWN, BROUGHT = "own", "brought"
_LONGEST = 1_000
_MOST_NETWORKS = 100
_BREAKS = re.compile(r"[\s,;\uff0c\uff1b]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form. ``key`` is its word in the configuration too, but for ``secured``."""

    key: str
    label: Text
    help: Text | None = None
    control: Control = "text"
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: Text
    fields: tuple[Field, ...]


_NETWORK = Group(
    text("Where it listens"),
    (
        Field("bind", text("Address"), text("This computer only, or others too. What it listens on must also be let in"
              " by the firewall of this computer."), "choice"),
        Field("tcp", text("TCP"), text("Nothing is lost on the way; a sender waits while this desk is busy."), "check"),
        Field("udp", text("UDP"), text("For devices that know nothing else: what is lost on the way stays unknown."),
              "check"),
        Field("port", text("Port for TCP and UDP"), text("5514 needs no rights of an administrator; devices that are"
              " fixed to 514 must be set to it."), "number"),
        Field("tls", text("TLS"), text("TCP, but nobody on the way can read or change it."), "check"),
        Field("tls_port", text("Port for TLS"), None, "number"),
        Field("allow", text("Who may send"), text("Networks or addresses, such as 10.20.0.0/16, one a line. Empty:"
              " whoever reaches this computer."), "lines"),
    ),
)  # fmt: skip
_CERTIFICATE = Group(
    text("Certificate for TLS"),
    (
        Field("secured", text("Certificate"), text("The one that Watchdesk makes lasts ten years; senders are given its"
              " file from the page of this source."), "choice",
              ((OWN, text("made by Watchdesk")), (BROUGHT, text("brought by me")))),
        Field("certificate", text("File of the certificate"), text("PEM, with the certificates above it. Only for one"
              " that you bring."), "file"),
        Field("key", text("File of its key"), text("PEM, without a passphrase. Empty: it stands in the file of the"
              " certificate."), "file"),
        Field("clients", text("Authority of the senders"), text("PEM. With it, only senders that show a certificate of"
              " that authority are heard. Empty: no certificate is asked for."), "file"),
    ),
)  # fmt: skip
_FOLLOWED = Group(
    text("What is followed"),
    (
        Field("path", text("File, folder or pattern"), text("Such as /var/log/*.log. Files that rotation renames,"
              " copies or packs are read to their end."), "path"),
        Field("start", text("Begin"), text("What was imported before is not read again."), "choice",
              (("beginning", text("with all that stands in the files")), ("end", text("with what comes from now on")))),
    ),
)  # fmt: skip
_DROPPED = Group(
    text("The folder"),
    (
        Field("path", text("Folder"), text("What is put there is imported once it has stopped growing."), "folder"),
        Field("after", text("Files that were imported"), None, "choice",
              (("leave", text("stay where they are")), ("move", text("are moved into a folder beside them")))),
    ),
)  # fmt: skip
_GENERAL = Group(
    text("Time and silence"),
    (
        Field("zone", text("Time zone"), text("Of lines that name none. Empty: that of the site."), "zone"),
        Field("silent", text("Silent after (minutes)"), text("When no record has come for so long, a finding says so."
              " Empty: learned from its usual pauses; 0: never."), "number"),
    ),
)  # fmt: skip
GROUPS: Mapping[str, tuple[Group, ...]] = {
    "syslog": (_NETWORK, _CERTIFICATE, _GENERAL),
    "follow": (_FOLLOWED, _GENERAL),
    "drop": (_DROPPED, _GENERAL),
    "journald": (Group(_GENERAL.title, _GENERAL.fields[1:]),),
    "winevent": (Group(_GENERAL.title, _GENERAL.fields[1:]),),
}
ABOUT: Mapping[str, Text] = {
    "syslog": text("Routers, firewalls, servers and controllers send their messages to this computer."),
    "follow": text("Files of this computer, or of a share that is mounted here, as they grow."),
    "drop": text("A folder that others put logs into; each file is imported."),
    "journald": text("Everything that systemd writes down on this computer, from now on."),
    "winevent": text(
        "The channels of this computer's Windows event log that this account may read, from now on. "
        "Not yet tried on Windows."
    ),
}


def read_live(values: Values, kind: str) -> tuple[str, dict[str, Any], dict[str, Text]]:
    """Return the name, the configuration and what is wrong with words that are no values at all, by field."""
    config: dict[str, Any] = {}
    wrong: dict[str, Text] = {}
    for field in (one for group in GROUPS[kind] for one in group.fields if one.key != "secured"):
        written = values.get(field.key, "").strip()[:_LONGEST]
        if field.control == "check":
            config[field.key] = bool(written)
        elif field.control == "lines":
            config[field.key] = [one for one in _BREAKS.split(written) if one][:_MOST_NETWORKS]
        elif field.control == "number":
            config |= _number(field.key, written, wrong)
        else:
            config[field.key] = written
    if kind == "syslog" and values.get("secured", OWN) == OWN:
        config |= {"certificate": "", "key": ""}
    elif kind == "syslog" and config["tls"] and not config["certificate"]:
        wrong["certificate"] = text("Choose the file of your certificate.")
    return values.get("name", "").strip(), config, wrong


def _number(key: str, written: str, wrong: dict[str, Text]) -> dict[str, int | None]:
    if not written:
        return {key: {"port": PORT, "tls_port": TLS_PORT}.get(key)}
    if written.isascii() and written.isdigit() and len(written) < 9:
        return {key: int(written)}
    wrong[key] = text("Write a whole number.")
    return {}


def filled(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration as the controls of the form show it."""
    shown = {name: "" if value is None else value for name, value in config.items()}
    words = {field.key: "" for groups in GROUPS.values() for group in groups for field in group.fields}
    return {**words, **shown, "secured": BROUGHT if config.get("certificate") else OWN}


def addresses(own: Mapping[str, str], chosen: str) -> list[tuple[str, Text]]:
    """Return where one may listen; ``own`` are the addresses of this computer with the name of their card."""
    found: dict[str, Text] = {
        "127.0.0.1": text("this computer only (127.0.0.1)"),
        EVERYWHERE[0]: text("every address of this computer (0.0.0.0)"),
        EVERYWHERE[1]: text("every address, IPv6 too (::)"),
    }
    for address, card in own.items():
        if not ipaddress.ip_address(address).is_loopback:
            found.setdefault(address, text("%(address)s on %(card)s", address=address, card=card))
    if chosen:
        found.setdefault(chosen, text("%(address)s, which this computer does not have now", address=chosen))
    return list(found.items())
