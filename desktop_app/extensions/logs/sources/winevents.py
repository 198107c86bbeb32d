"""Windows events from JSON to batches: one way for EVTX files and for the exports of other tools.

Events are parsed one by one and grouped by shape (``winshapes``); ``winflat`` says what becomes of an event.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from desktop_app.core.collector import collector_paused
from desktop_app.core.model import Column, EventBatch, Times
from desktop_app.core.spans import Coded, Codes, Ints, Spans
from desktop_app.core.text import text
from desktop_app.extensions.logs.messages import describe
from desktop_app.extensions.logs.messages_many import describe_many
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.columns import note_unparsed
from desktop_app.extensions.logs.sources.winchannels import level, log_source
from desktop_app.extensions.logs.sources.winflat import MAX_COLUMNS, Flat, Flattener
from desktop_app.extensions.logs.sources.winshapes import Interned, Key, Plan, Tree, look

_FEWEST = 8  # events of one shape for which working by columns pays


Load = Callable[[Any], Tree]  # takes a text; where the format collects bytes, bytes too


class Channel:
    """Events of one channel, growing into columns."""

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._texts: dict[str, list[str | None]] = {}
        self._messages = Interned()
        self._positions: list[Sequence[int]] = []
        self._parts: list[dict[str, Codes]] = []
        self._said: list[Codes] = []
        self._written: list[str] = []
        self._single = Singles()

    def add(
        self, positions: Sequence[int], columns: Mapping[str, Coded], written: list[str], messages: Sequence[str | None]
    ) -> None:
        """Append events whose values are in columns."""
        part = {}
        for name, column in columns.items():
            # A value that other shapes have too may stand twice among the texts: cheaper than to look each of them up.
            texts = self._texts.setdefault(name, [])
            part[name] = np.where(column.codes < 0, np.int32(-1), column.codes + np.int32(len(texts)))
            texts += column.texts
        self._positions.append(positions)
        self._parts.append(part)
        self._said.append(self._messages.numbers(messages))
        self._written += written

    def add_one(self, position: int, flat: Flat, written: str, message: str | None) -> None:
        """Append one event."""
        self._single.add(position, flat, written, message)

    def settle(self) -> None:
        """Put what was appended one by one into columns too."""
        single = self._single
        if single.positions:
            self.add(single.positions, single.whole(), single.written, single.messages)

    def batch(self, records: RecordBatch, raw: Column, fallback: int) -> EventBatch:
        """Return the events in their order."""
        positions = np.array([one for part in self._positions for one in part], np.int64)
        order = np.argsort(positions, kind="stable")
        rows = positions[order]
        fields = self._columns(order)
        empty = Coded.constant(None, len(rows))
        source = Coded.constant(self._name, len(rows))
        written = [self._written[one] for one in order.tolist()]
        return EventBatch(
            log_source=log_source(self._name),
            time=times(written, fallback),
            ordinal=records.ordinal[rows],
            source=fields.get("Channel", source),
            host=fields.get("Computer", empty),
            level=_levels(fields.get("Level", empty), fields.get("Keywords", empty)),
            message=Coded(self._messages.texts(), np.concatenate(self._said)[order]),
            raw=raw.take(rows) if isinstance(raw, Spans) else [raw[row] for row in rows.tolist()],
            fields=fields,
        )

    def _columns(self, order: Ints) -> dict[str, Coded]:
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        places = np.split(place, np.cumsum([len(one) for one in self._positions])[:-1])
        fields = {}
        for name, texts in self._texts.items():
            codes = np.full(len(order), -1, np.int32)
            for where, part in zip(places, self._parts, strict=True):
                if name in part:
                    codes[where] = part[name]
            fields[name] = Coded(texts, codes)
        return fields


class Singles:
    """Events that are looked at one by one, on their way into columns."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.written: list[str] = []
        self.messages: list[str | None] = []
        self._columns: dict[str, list[str | None]] = {}

    def add(self, position: int, flat: Flat, written: str, message: str | None) -> None:
        """Append one event; a column that skipped some rows is filled up when it is met again."""
        row = len(self.positions)
        for name, value in flat.items():
            column = self._columns.setdefault(name, [])
            column += [None] * (row - len(column))
            column.append(value)
        self.positions.append(position)
        self.written.append(written)
        self.messages.append(message)

    def whole(self) -> dict[str, Coded]:
        """Return the columns, all of one length."""
        made = {}
        for name, column in self._columns.items():
            table = Interned()
            codes = table.numbers(column + [None] * (len(self.positions) - len(column)))
            made[name] = Coded(table.texts(), codes)
        return made


def _levels(numbers: Coded, keywords: Coded) -> Coded:
    """Return the levels of events; each pair of values is looked at once."""
    width = len(keywords.texts) + 1
    pairs = (numbers.codes.astype(np.int64) + 1) * width + keywords.codes + 1
    distinct, codes = np.unique(pairs, return_inverse=True)
    first, second = [None, *numbers.texts], [None, *keywords.texts]
    found = [level(first[pair // width], second[pair % width]) for pair in distinct.tolist()]
    return Coded(found, codes.astype(np.int32))


def times(written: Sequence[str], fallback: int) -> Times:
    """Read ISO times in UTC at once; a missing or wrong one takes the time before it, the first one ``fallback``."""
    short = [value[:26].rstrip("Z") for value in written]
    with warnings.catch_warnings():
        # numpy reads a time with a zone as if it had none, and warns: such a time is a wrong one here.
        warnings.simplefilter("error", UserWarning)
        try:
            parsed = np.array(short, dtype="datetime64[us]")
        except (ValueError, UserWarning):
            parsed = np.array([_one_time(value) for value in short], dtype="datetime64[us]")
    known = ~np.isnat(parsed)
    if not known.all():
        last = np.maximum.accumulate(np.where(known, np.arange(len(short)), -1))
        parsed = np.where(last >= 0, parsed[last], np.datetime64(fallback, "us"))
    return parsed.astype(np.int64)


def _one_time(value: str) -> np.datetime64:
    try:
        return np.datetime64(value, "us") if value else np.datetime64("NaT", "us")
    except (ValueError, UserWarning):
        return np.datetime64("NaT", "us")


class _Normalizer:
    """Turns the records of one batch into channels."""

    def __init__(self, raw: Sequence[str], load: Load) -> None:
        self._raw = raw
        self._load = load
        self._flattener = Flattener()
        self.channels: dict[str, Channel] = {}
        self.refused = 0

    @property
    def full(self) -> bool:
        """Whether there were more names than columns may have."""
        return self._flattener.names.full

    def run(self) -> None:
        """Read all records."""
        plans: dict[Key, Plan] = {}
        odd: list[int] = []
        for position, one in enumerate(_pieces(self._raw)):
            try:
                event = self._load(one)
                found = look(event)
            except (ValueError, TypeError, AttributeError):
                found = None
            if found is None:
                odd.append(position)
                continue
            key, data = found
            plan = plans.get(key)
            if plan is None:
                plan = plans[key] = Plan(key)
            if not plan.take(position, event, data):
                odd.append(position)
        # In the order in which they first appear, since the first spelling of a name is kept.
        large = {plan.positions[0]: plan for plan in plans.values() if len(plan.positions) >= _FEWEST}
        odd += [one for plan in plans.values() if len(plan.positions) < _FEWEST for one in plan.positions]
        for position in sorted((*large, *odd)):
            if position in large:
                self._bring_in(large[position])
            else:
                self._bring_one(position)
        for channel in self.channels.values():
            channel.settle()

    def _bring_in(self, plan: Plan) -> None:
        """Add the events of a shape."""
        columns = plan.columns(self._flattener.names)
        if columns is None:
            for position in plan.positions:
                self._bring_one(position)
            return
        said = describe_many(plan.channel, str(plan.number), columns, len(plan.positions), "en")
        self._channel(plan.channel).add(plan.positions, columns, plan.written, said)

    def _bring_one(self, position: int) -> None:
        try:
            flat, written = self._flattener.flatten(self._load(self._raw[position]))
        except (ValueError, TypeError, AttributeError):
            self.refused += 1
            flat, written = {}, ""
        message = describe(flat, "en") if flat else None
        self._channel(flat.get("Channel")).add_one(position, flat, written, message)

    def _channel(self, name: str | None) -> Channel:
        kept = self.channels.get(name or "")
        if kept is None:
            kept = self.channels[name or ""] = Channel(name)
        return kept


def normalize(records: RecordBatch, reading: Reading, load: Load) -> list[EventBatch]:
    """Turn records into one batch a channel. ``load`` reads one raw text into the library's shape; it may raise.

    What ``load`` refuses is kept with its raw text alone, counted and told.
    """
    normalizer = _Normalizer(records.raw, load)
    with collector_paused():
        normalizer.run()
        raw = _in_bytes(records.raw)
        batches = [one.batch(records, raw, reading.reference) for one in normalizer.channels.values()]
    note_unparsed(reading, normalizer.refused)
    if normalizer.full:
        reading.note(
            text(
                "The events have more than %(count)s different fields; the rest is found in the raw records only.",
                count=MAX_COLUMNS,
            )
        )
    return batches


def _pieces(raw: Sequence[str]) -> Iterable[str | memoryview]:
    """Return the records as they are parsed most quickly: those that lie in bytes where they lie."""
    if not isinstance(raw, Spans):
        return raw
    data = raw.buffer.data
    return (data[start : start + size] for start, size in zip(raw.start.tolist(), raw.length.tolist(), strict=True))


def _in_bytes(raw: Sequence[str]) -> Column:
    """Return raw texts as bytes, which the store takes as they lie; a lone surrogate keeps them texts."""
    if isinstance(raw, Spans):
        return raw
    try:
        return Spans.of(raw)
    except UnicodeEncodeError:
        return raw
