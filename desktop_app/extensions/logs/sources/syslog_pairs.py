"""Messages of syslog that are made of ``name=value`` pairs, as firewalls and appliances send them.

The pairs become fields as those of a file of such lines do, those of the Linux firewall as its own format names them;
the message stays whole. What a sign-in says is read by those who know it, never here: somebody may have typed it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from desktop_app.core.model import Column
from desktop_app.core.spans import Spans
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.applications.pairs_lines import level_in
from desktop_app.extensions.logs.sources.columns import level_of
from desktop_app.extensions.logs.sources.cutting import LEVEL, LONGEST, MESSAGE, Told, spread, with_sides
from desktop_app.extensions.logs.sources.devices.packets import NETFILTER
from desktop_app.extensions.logs.sources.pairs import LEAST, made_of

_SIGN = ord("=")
_BEFORE = 40  # characters in which the first sign stands: what programs print of their objects comes later


def read(messages: Column, reading: Reading) -> tuple[Mapping[str, Column], Column] | None:
    """Return the fields and the levels of messages that are made of pairs; None where none is."""
    found = {row: said for row in _likely(messages) if (said := told_of((messages[row] or "")[:LONGEST])) is not None}
    if not found:
        return None
    levels = [level_of(found[row].pop(LEVEL, None)) if row in found else None for row in range(len(messages))]
    return with_sides(spread([found.get(row) for row in range(len(messages))], reading)), levels


def told_of(message: str) -> Told | None:
    """Return what a message that begins with pairs, behind a mark or a word or two, says; None for any other."""
    if message.find("=", 0, _BEFORE) < 0 or (said := made_of(message)) is None:
        return None
    packet = NETFILTER.mark.search(message)
    inner = NETFILTER.inner(message[: packet.start()], packet) if packet is not None else None
    if inner is not None:
        return {name: value for name, value in inner.items() if name != MESSAGE}
    return {**said, LEVEL: level_in(said)}


def _likely(messages: Column) -> list[int]:
    """Return the rows with enough signs of equality; a text without any costs one look at its bytes."""
    if not isinstance(messages, Spans):
        return [row for row, one in enumerate(messages) if one and one.count("=") >= LEAST]
    places = np.flatnonzero(messages.buffer == _SIGN)
    if len(places) < LEAST:
        return []
    signs = np.searchsorted(places, messages.start + messages.length) - np.searchsorted(places, messages.start)
    found: list[int] = np.flatnonzero(signs >= LEAST).tolist()
    return found
