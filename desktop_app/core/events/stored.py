"""Stored segments as batches again, for detection: a column is read from the file when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

import duckdb
import numpy as np
import numpy.typing as npt

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.engine import Engine, damaged
from desktop_app.core.events.layout import MESSAGE, column_of, quote
from desktop_app.core.events.scope import Part, Plan
from desktop_app.core.events.segment import Segment
from desktop_app.core.model import ORDINAL_BITS, EventBatch, Times

Values = list[str | None]


class LazyColumn(Sequence[str | None]):
    """A column that is read when the first value is asked for."""

    def __init__(self, size: int, read: Callable[[], Values]) -> None:
        self._size = size
        self._read = read
        self._values: Values | None = None

    @property
    def values(self) -> Values:
        """The whole column as a list."""
        if self._values is None:
            self._values = self._read()
        return self._values

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.values)

    @overload
    def __getitem__(self, index: int) -> str | None: ...
    @overload
    def __getitem__(self, index: slice) -> Values: ...
    def __getitem__(self, index: int | slice) -> str | Values | None:
        return self.values[index]

    def __array__(self, dtype: Any = None, *, copy: bool | None = None) -> npt.NDArray[Any]:
        made = np.empty(self._size, dtype=object)
        made[:] = self.values
        return made if dtype is None else made.astype(dtype)


class LazyFields(Mapping[str, Values]):
    """The fields of a stored segment: the names are known, each column is read on demand and kept."""

    def __init__(self, names: Sequence[str], read: Callable[[str], Values]) -> None:
        self._known: dict[str, Values | None] = dict.fromkeys(names)
        self._read = read

    def __getitem__(self, name: str) -> Values:
        values = self._known[name]
        if values is None:
            values = self._known[name] = self._read(name)
        return values

    def __contains__(self, name: object) -> bool:
        return name in self._known  # without reading it, as Mapping's own would

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Reader:
    """Reads columns of one segment in the order of the event ids."""

    def __init__(self, engine: Engine, db: Connection, segment: Segment) -> None:
        self._engine = engine
        self._db = db
        self._segment = segment
        ids = self._column("id")
        self.order = np.argsort(ids, kind="stable")
        self.ids = np.asarray(ids)[self.order]

    def _column(self, expression: str) -> Any:
        statement = f"SELECT {expression} AS value FROM read_parquet(?)"
        plan = Plan([Part((self._segment,), None, {})], 1)
        with self._engine.call():
            self._engine.set_aside(self._db, plan)
            try:
                if plan.segments:
                    return self._engine.column(statement, [[self._engine.path(self._segment)]])
            except duckdb.Error as error:
                self._engine.blame(self._db, plan, [self._segment], error)
        raise plan.missing[0].error if plan.missing else damaged(self._segment, vanished=True)

    def numbers(self, expression: str) -> npt.NDArray[np.int64]:
        return np.asarray(self._column(expression))[self.order].astype(np.int64)

    def texts(self, expression: str) -> Values:
        column: Any = self._column(expression)
        # filled(None) would put numpy's own stand-in, a question mark.
        values = _unmasked(column) if isinstance(column, np.ma.MaskedArray) else column
        return values[self.order].tolist()  # type: ignore[no-any-return]  # numpy's tolist is untyped for objects

    def lazy(self, expression: str) -> LazyColumn:
        return LazyColumn(len(self.ids), lambda: self.texts(expression))


def _unmasked(column: Any) -> Any:
    return np.where(column.mask, None, column.data)


def batch(engine: Engine, db: Connection, segment: Segment) -> EventBatch:
    """Return a stored segment as a batch, in the order of the event ids. Raises StoreError naming a broken segment."""
    reader = _Reader(engine, db, segment)
    names = sorted(catalogue.field_counts(db, [segment.id]))
    return EventBatch(
        log_source=segment.log_source,
        time=reader.numbers("epoch_us(time)"),
        ordinal=reader.ids & ((1 << ORDINAL_BITS) - 1),
        source=reader.lazy("source"),
        host=reader.lazy("host"),
        level=reader.lazy("level"),
        message=reader.lazy(f"nullif({MESSAGE}, raw)"),
        raw=reader.lazy("raw"),
        fields=LazyFields(names, lambda name: reader.texts(quote(column_of(name)))),
        zone_assumed=segment.zone_assumed,
    )


def ingested(engine: Engine, db: Connection, segment: Segment) -> Times:
    """Return when each event of a stored segment came into the desk, in the order of the event ids."""
    return _Reader(engine, db, segment).numbers("epoch_us(ingested)")
