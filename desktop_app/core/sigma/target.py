"""What one kind of event looks like to a rule: where it is kept, how it is told, what names mean there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.channels import CHANNELS
from desktop_app.core.sigma.tree import Node, atom, conjunction, disjunction


@dataclass(frozen=True)
class Target:
    """One kind of event that a rule covers. An empty word of ``source`` is any; channels in lower case.

    ``asks``: a tree over columns that must hold of an event besides the rule's own, where the log source alone does
    not tell; ``names``: the rule's names, in lower case -> columns.
    """

    source: LogSource = field(default_factory=LogSource)
    channels: tuple[str, ...] = ()
    event_ids: tuple[int, ...] = ()
    asks: Node = True
    names: Mapping[str, str] = field(default_factory=dict)

    def covers(self, source: LogSource) -> bool:
        """Say whether batches of a log source can hold such events."""
        pairs = zip(
            (self.source.product, self.source.category, self.source.service),
            (source.product, source.category, source.service),
            strict=True,
        )
        if not all(wanted in ("", word) for wanted, word in pairs):
            return False
        return not self.channels or service_of(self.channels, source)


def having(*fields: str) -> Node:
    """Ask for events that have fields."""
    return conjunction([atom(name, "ex") for name in fields])


def by_programs(*programs: str) -> Node:
    """Ask for events that one of these programs wrote."""
    return disjunction([atom("process.name", "eq", program) for program in programs])


def channels_of(service: str) -> tuple[str, ...]:
    """Return the channels, in lower case, that Sigma's word for a Windows service means."""
    return CHANNELS.get(service, ())


def service_of(channels: tuple[str, ...], source: LogSource) -> bool:
    """Say whether a Windows log source may hold one of the channels: its service is a channel or the word for one."""
    service = source.service
    if service in ("", *channels):
        return True
    named = channels_of(service)
    if named:
        return not set(named).isdisjoint(channels)
    # A word of our own for a channel that no table knows: its short name.
    return any(service in re.sub(r"[^a-z0-9]+", "-", channel) for channel in channels)
