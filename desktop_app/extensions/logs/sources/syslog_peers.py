"""Who may send: networks that are allowed, and how many connections each sender gets."""

from __future__ import annotations

import ipaddress
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

MOST_CONNECTIONS = 512
MOST_OF_ONE = 64

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Peers:
    """The senders of a listener. Empty ``allowed`` lets everybody in that reaches the port."""

    def __init__(self, allowed: Iterable[str], most: int = MOST_CONNECTIONS, most_of_one: int = MOST_OF_ONE) -> None:
        self._networks: list[Network] = [ipaddress.ip_network(one, strict=False) for one in allowed]
        self._most = most
        self._most_of_one = most_of_one
        self._open: Counter[str] = Counter()
        self._known: dict[str, bool] = {}

    def may_send(self, address: str) -> bool:
        """Say whether an address is in an allowed network."""
        if not self._networks:
            return True
        found = self._known.get(address)
        if found is None:
            if len(self._known) > 10_000:  # a flood with made-up senders must not fill the memory
                self._known.clear()
            found = self._known[address] = self._allowed(address)
        return found

    def _allowed(self, address: str) -> bool:
        one = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(one, "ipv4_mapped", None)
        return any((mapped or one) in network for network in self._networks)

    def full(self) -> bool:
        """Say whether there are as many connections as there may be."""
        return self._open.total() >= self._most

    def enter(self, address: str) -> bool:
        """Note a connection; False where it is one too many of that sender, or of all."""
        if self.full() or self._open[address] >= self._most_of_one:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Note that a connection has ended."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]


def plain(address: str) -> str:
    """Return an address as logs write it: without the prefix of an IPv4 address seen through IPv6."""
    return address.removeprefix("::ffff:") if "." in address else address


def dropped_by_system(inode: int) -> int:
    """Return how many datagrams Linux has dropped for a socket as nobody fetched them in time; 0 elsewhere."""
    if sys.platform != "linux":
        return 0
    for name in ("udp", "udp6"):
        try:
            lines = Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            if len(words) > 12 and words[9] == str(inode):
                return int(words[-1])
    return 0
