"""What one atom asks of a single value: the account that the matching of many values at once is held against."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
from collections.abc import Callable, Mapping

from desktop_app.core.sigma import regex
from desktop_app.core.sigma.tree import Node

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Check = Callable[[str, str], bool]  # (value, value in lower case) -> does the atom hold

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "lt": lambda value, limit: value < limit,
    "le": lambda value, limit: value <= limit,
    "gt": lambda value, limit: value > limit,
    "ge": lambda value, limit: value >= limit,
    "ne": lambda value, limit: value != limit,
}


def _number_check(kind: str, limit: float) -> Check:
    compare = _COMPARE[kind]

    def check(value: str, _lower: str) -> bool:
        try:
            return compare(float(value), limit)
        except ValueError:
            return False

    return check


@functools.lru_cache(maxsize=1 << 14)  # a site has few addresses, and each comes again in the next batch
def address_of(value: str) -> Address | None:
    """Return the address that a value is, in brackets or not; None where it is none."""
    if "." not in value and ":" not in value:  # to be told so by an exception costs ten times as much
        return None
    try:
        return ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return None


def _network_check(network: str) -> Check:
    wanted = ipaddress.ip_network(network)

    def check(value: str, _lower: str) -> bool:
        address = address_of(value)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped and wanted.version == 4:
            address = address.ipv4_mapped
        return address is not None and address in wanted

    return check


_PARTS: Mapping[str, Callable[[dt.datetime], int]] = {
    "minute": lambda time: time.minute,
    "hour": lambda time: time.hour,
    "day": lambda time: time.day,
    "week": lambda time: time.isocalendar().week,
    "month": lambda time: time.month,
    "year": lambda time: time.year,
}


def _time_check(part: str, number: int) -> Check:
    def check(value: str, _lower: str) -> bool:
        try:
            return _PARTS[part](dt.datetime.fromisoformat(value)) == number
        except ValueError:
            return False

    return check


def _literal_check(kind: str, wanted: str, *, cased: bool) -> Check:
    literal = wanted if cased else wanted.lower()

    def check(value: str, lower: str) -> bool:
        text = value if cased else lower
        if kind == "eq":
            return text == literal
        if kind == "sw":
            return text.startswith(literal)
        return text.endswith(literal) if kind == "ew" else literal in text

    return check


def _wildcard_check(pattern: str, *, cased: bool) -> Check:
    search = regex.searcher(pattern)
    return lambda value, lower: search(value if cased else lower)


def check_of(node: Node) -> Check:
    """Return the function that decides one atom over a single value (not for ``ex`` and ``fr``)."""
    _, _, kind, argument, cased = node
    if kind in _COMPARE:
        return _number_check(kind, argument)
    if kind == "ci":
        return _network_check(argument)
    if kind == "tp":
        return _time_check(argument[0], argument[1])
    if kind == "wi":
        return _wildcard_check(argument[0], cased=cased)
    if kind == "re":
        search = regex.searcher(argument[0], argument[1])
        return lambda value, _lower: search(value)
    return _literal_check(kind, argument, cased=cased)
