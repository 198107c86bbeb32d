"""Columns of a batch, dictionary-encoded: each distinct value is looked at once, however many events carry it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Column, EventBatch
from desktop_app.core.sigma.fields import DERIVED, FIXED
from desktop_app.core.spans import Held, Spans

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
MayHold = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Encoded:
    """``codes[row]`` is the index into ``values``, -1 where the event has no such field."""

    values: list[str]
    codes: Codes


def encode(column: Column) -> Encoded:
    """Encode one column of text or None."""
    if isinstance(column, Held):
        return Encoded(*column.encoded())
    # A value that is not known yet gets the next number by being asked for: one pass, and none of it in Python.
    index: defaultdict[str | None, int] = defaultdict(count().__next__, {None: -1})
    codes = np.fromiter(map(index.__getitem__, column), dtype=np.int32, count=len(column))
    del index[None]
    return Encoded(list(index), codes)  # type: ignore[arg-type]  # None was taken out above


def _mapped(base: Encoded, change: Callable[[str], str | None]) -> Encoded:
    changed = [change(value) for value in base.values]
    kept = encode(changed)
    lookup = np.append(kept.codes, np.int32(-1))
    return Encoded(kept.values, lookup[base.codes])


def _messages(batch: EventBatch) -> Column:
    """Return what each event says: the raw record where it has no message of its own."""
    message, raw = batch.message, batch.raw
    if not isinstance(message, Held) or not isinstance(raw, Held):
        return [one if one is not None else line for one, line in zip(message, raw, strict=True)]
    missing = message.missing
    if missing.all():
        return raw
    rows = np.flatnonzero(missing)
    if not len(rows):
        return message
    texts = list(message.values)
    for row, line in zip(rows.tolist(), raw.take(rows).values, strict=True):
        texts[row] = line
    return texts


_FEW = 0.5  # of the rows: where more are asked for, others will ask again


def _anything(_text: str) -> bool:
    return True


class Columns:
    """The columns of one batch by lower-case name, encoded when first asked for.

    ``may_hold`` says of a text in ASCII and of each letter of RARE whether any raw record or message may hold it, case
    aside; it may err on the side of yes.
    """

    def __init__(self, batch: EventBatch, may_hold: MayHold = _anything) -> None:
        self._batch = batch
        self.may_hold = may_hold
        self._names = {name.lower(): name for name in batch.fields}
        self._encoded: dict[str, Encoded | None] = {}

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self._batch)

    def is_known(self, name: str) -> bool:
        """Say whether a column is one of those of which ``may_hold`` says what is in them."""
        return name not in self._names and FIXED.get(name) in ("raw", "message")

    def raw_column(self, name: str) -> Column | None:
        """Return the values of a column as they are, None where the batch has none of that name."""
        if name in self._names:
            return self._batch.fields[self._names[name]]
        fixed = FIXED.get(name)
        if fixed == "message":
            return self._said
        return getattr(self._batch, fixed) if fixed else None

    @cached_property
    def _said(self) -> Column:
        return _messages(self._batch)

    def lines(self, name: str) -> Spans | None:
        """Return a column that holds whole lines as they lie in their file; None where it was encoded already."""
        lines = self._batch.raw
        if name in self._encoded or not isinstance(lines, Spans):
            return None
        return lines if self.raw_column(name) is lines else None

    def get(self, name: str) -> Encoded | None:
        """Return a column, None where no event of the batch has it."""
        if name not in self._encoded:
            self._encoded[name] = self._load(name)
        return self._encoded[name]

    def some(self, name: str, rows: Rows) -> Encoded | None:
        """Return some rows of a column; of one that nothing else looked at no more than these is read."""
        column = self.raw_column(name) if name not in self._encoded else None
        if isinstance(column, Spans) and len(rows) < _FEW * len(self):
            return encode(column.take(rows))
        whole = self.get(name)
        return None if whole is None else Encoded(whole.values, whole.codes[rows])

    def encoded(self) -> dict[str, Encoded]:
        """Return the columns that were asked for so far, those left out that no event has."""
        return {name: one for name, one in self._encoded.items() if one is not None}

    def _load(self, name: str) -> Encoded | None:
        column = self.raw_column(name)
        if column is not None:
            encoded = encode(column)
        elif name in DERIVED and (base := self.get(DERIVED[name][0])) is not None:
            encoded = _mapped(base, DERIVED[name][1])
        else:
            return None
        return encoded if encoded.values else None

    def lines_of_events(self) -> tuple[Column, Column]:
        """Return the raw records and the messages, as they are."""
        return self._batch.raw, self._batch.message

    def texts(self, rows: Iterable[int]) -> Iterable[tuple[int, str]]:
        """Yield (row, text) for what keywords are looked for in: raw, message, and raw with JSON's escapes undone."""
        for row in rows:
            raw, message = self._batch.raw[row], self._batch.message[row]
            if raw is not None:
                yield row, raw
                if raw[:1] == "{" and "\\" in raw:
                    yield row, raw.replace('\\"', '"').replace("\\\\", "\\")
            if message:
                yield row, message
