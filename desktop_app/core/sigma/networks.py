"""Networks over distinct values: each value is read as an address once, however many networks rules ask about."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.sigma.checks import Network, address_of

Found = npt.NDArray[np.int64]


class Networks:
    """Some networks, each with the number of its atom."""

    def __init__(self, wanted: Sequence[tuple[int, str]]) -> None:
        self._wanted = [(number, ipaddress.ip_network(one)) for number, one in wanted]

    def match(self, values: Sequence[str]) -> Iterator[tuple[int, Found]]:
        """Yield for each network in which any value lies its number and the indices of those values."""
        if not self._wanted:
            return
        short, long = _addresses(values)
        for number, network in self._wanted:
            codes, addresses = short if network.version == 4 else long
            inside = codes[_within(addresses, network)]
            if len(inside):
                yield number, inside


Read = tuple[Found, npt.NDArray[np.object_] | npt.NDArray[np.uint64]]


def _addresses(values: Sequence[str]) -> tuple[Read, Read]:
    """Return (indices, addresses as numbers) of version 4, those in version 6's clothes included, and of version 6."""
    short, long = dict[int, int](), dict[int, int]()
    for code, value in enumerate(values):
        address = address_of(value)
        if isinstance(address, ipaddress.IPv4Address):
            short[code] = int(address)
        elif address is not None:
            long[code] = int(address)
            if address.ipv4_mapped:
                short[code] = int(address.ipv4_mapped)
    return (
        (np.array(list(short), np.int64), np.array(list(short.values()), np.uint64)),
        (np.array(list(long), np.int64), np.array(list(long.values()), object)),
    )


def _within(addresses: npt.NDArray[np.object_] | npt.NDArray[np.uint64], network: Network) -> npt.NDArray[np.bool_]:
    first, last = int(network.network_address), int(network.broadcast_address)
    if addresses.dtype != object:
        return (addresses >= np.uint64(first)) & (addresses <= np.uint64(last))
    return np.array([first <= one <= last for one in addresses.tolist()], dtype=bool)
