"""Whom and what events name: addresses, accounts, files and hosts, and what all events of a finding have in common."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

Kind = Literal["address", "account", "file", "host"]
KINDS: tuple[Kind, ...] = ("address", "account", "file", "host")
LONGEST_VALUE = 500
MOST = 60  # entities of one finding; its copies of events are twenty at most
MOST_COMMON = 80

# ECS names, and the names that Windows and Sigma use.
_FIELDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("source.ip", "client.ip", "destination.ip", "server.ip", "related.ip", "IpAddress", "SourceIp",
         "SourceAddress", "DestinationIp", "DestAddress", "ClientAddress", "ClientIP", "ip"),
        "address",
    ),
    **dict.fromkeys(
        ("user.name", "user.effective.name", "user.target.name", "TargetUserName", "SubjectUserName", "MemberName",
         "SamAccountName", "AccountName", "User", "user"),
        "account",
    ),
    **dict.fromkeys(
        ("file.path", "file.target_path", "process.executable", "Image", "ImagePath", "ImageLoaded", "TargetFilename",
         "ServiceFileName", "NewProcessName", "Path", "FileName"),
        "file",
    ),
    **dict.fromkeys(("host.name", "Computer", "WorkstationName", "destination.domain", "host"), "host"),
}  # fmt: skip
# Every machine has these: sharing them links nothing.
_EVERYWHERE = frozenset(
    {"-", "(null)", "n/a", "unknown", "system", "local service", "network service", "anonymous logon", "localhost",
     "nt authority\\system", "nt authority\\local service", "nt authority\\network service"}
)  # fmt: skip


def kind_of(name: str) -> Kind | None:
    """Return what the values of a field name, None where that is not known."""
    return _FIELDS.get(name)


def entity(kind: Kind, value: str) -> str | None:
    """Return a value in the form in which two of them are compared; None where it names nothing in particular."""
    told = value.strip()
    if not told or len(told) > LONGEST_VALUE or told.lower() in _EVERYWHERE:
        return None
    return _address(told) if kind == "address" else told.lower()


def _address(told: str) -> str | None:
    try:
        address = ipaddress.ip_address(told.split("%", maxsplit=1)[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None) or address
    return None if mapped.is_loopback or mapped.is_unspecified else str(mapped)


def entities(pairs: Iterable[tuple[str, str]], hosts: Iterable[str | None] = ()) -> list[tuple[Kind, str]]:
    """Return the entities that fields (name, value) and hosts name, each once, at most MOST."""
    # Events of one finding mostly name the same: each value is read once.
    named: dict[tuple[Kind, str], None] = dict.fromkeys(("host", one) for one in hosts if one)
    named.update(((kind, value), None) for name, value in pairs if (kind := _FIELDS.get(name)) is not None)
    found = {(kind, told): None for kind, value in named if (told := entity(kind, value)) is not None}
    return list(found)[:MOST]


def common(copies: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the fields that have one and the same value in all of these events."""
    if not copies:
        return {}
    first, *others = copies
    shared = {
        name: value
        for name, value in first.items()
        if len(value) <= LONGEST_VALUE and value and all(one.get(name) == value for one in others)
    }
    return dict(list(shared.items())[:MOST_COMMON])
