"""Small batches on their way into the store: those of one log source wait for each other, so that fewer segments form.

A log of many channels gives a few events of most of them at a time, and what a segment costs hardly depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from desktop_app.core.events.layout import fold
from desktop_app.core.events.merging import joined
from desktop_app.core.model import EventBatch, LogSource
from desktop_app.core.spans import Coded, Spans

SMALL = 6_000  # events
ENOUGH = 12_000
# Of what was read at a time: a later reading of the stored records takes up together what forms one range of numbers.
LOTS = 3


class Waiting:
    """Batches that wait."""

    def __init__(self) -> None:
        self._held: dict[tuple[LogSource, bool], list[EventBatch]] = {}
        self._names: dict[tuple[LogSource, bool], dict[str, str]] = {}
        self._lots = 0

    @property
    def events(self) -> int:
        """How many events wait."""
        return sum(len(one) for held in self._held.values() for one in held)

    def add(self, batch: EventBatch) -> list[EventBatch]:
        """Take a batch and return what shall not wait (longer): the batch itself, or what it came together with."""
        if not 0 < len(batch) < SMALL or not isinstance(batch.raw, Spans) or not _is_coded(batch):
            return [batch]
        key = batch.log_source, batch.zone_assumed
        names = {fold(name): name for name in batch.fields}
        known = self._names.setdefault(key, {})
        # Rules look at one column of a name: two spellings of it stay in segments of their own.
        ready = self._take(key) if any(known.get(one, name) != name for one, name in names.items()) else []
        self._names.setdefault(key, {}).update(names)
        # What waits must not hold the block that it was read in.
        held = self._held.setdefault(key, [])
        held.append(replace(batch, raw=batch.raw.apart()))
        return ready + (self._take(key) if sum(map(len, held)) >= ENOUGH else [])

    def lot_ended(self) -> Iterator[EventBatch]:
        """Yield all that waits after every few lots, nothing otherwise."""
        self._lots += 1
        if not self._lots % LOTS:
            yield from self.all()

    def all(self) -> Iterator[EventBatch]:
        """Yield all that waits, put together only when it is asked for; it does not wait from then on."""
        for key in list(self._held):
            yield from self._take(key)

    def clear(self) -> None:
        """Let go of all that waits."""
        self._held.clear()
        self._names.clear()

    def _take(self, key: tuple[LogSource, bool]) -> list[EventBatch]:
        self._names.pop(key, None)
        held = self._held.pop(key, [])
        return held if len(held) < 2 else [joined(held)]


def _is_coded(batch: EventBatch) -> bool:
    columns = (batch.source, batch.host, batch.level, batch.message, *batch.fields.values())
    return all(isinstance(one, Coded) for one in columns)
