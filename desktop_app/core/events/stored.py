"""Stored segments as batches again, for detection: columns are read from the file when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.events.engine import Engine, damaged
from desktop_app.core.events.layout import MESSAGE, column_of, quote
from desktop_app.core.events.segment import Segment
from desktop_app.core.events.terms.scope import Part, Plan
from desktop_app.core.model import ORDINAL_BITS, EventBatch, Times
from desktop_app.core.spans import Ints, Spans


class LazySpans(Spans):
    """A column that is read when the first value is asked for; how long it is, is known before."""

    def __init__(self, size: int, read: Callable[[], Spans]) -> None:  # the places come when they are asked for
        self._size = size
        self._read = read
        self._values = None
        self._encoded = None

    def __getattr__(self, name: str) -> Any:
        """Read the column: the attribute that is asked for is not there yet."""
        if name not in {"buffer", "start", "length"}:
            raise AttributeError(name)
        whole = self._read()
        self.buffer, self.start, self.length = whole.buffer, whole.start, whole.length
        return self.__dict__[name]

    def __len__(self) -> int:
        return self._size


class LazyFields(Mapping[str, Spans]):
    """The fields of a stored segment: the names are known, columns are read on demand and kept.

    Those of a group are read together; the others, together too, when one of them is wanted.
    """

    def __init__(
        self, names: Iterable[str], group: AbstractSet[str], read: Callable[[Sequence[str]], Sequence[Spans]]
    ) -> None:
        self._known: dict[str, Spans | None] = dict.fromkeys(names)
        self._group = group
        self._read = read

    def __getitem__(self, name: str) -> Spans:
        found = self._known[name]
        if found is None:
            inside = name in self._group
            some = [one for one, column in self._known.items() if column is None and (one in self._group) is inside]
            self._known.update(zip(some, self._read(some), strict=True))
            found = self._known[name]
        if found is None:
            raise AssertionError  # it was just read
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._known  # without reading it, as Mapping's own would

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class _Reader:
    """Reads columns of one segment in the order of the event ids."""

    def __init__(self, engine: Engine, db: Connection, segment: Segment, moment: str) -> None:
        self._engine = engine
        self._db = db
        self._segment = segment
        self._order: Ints | None = None
        ids, times = self._columns(["id", f"epoch_us({moment})"])
        order = np.argsort(_numbers(ids), kind="stable")
        self._order = None if (np.diff(order) == 1).all() else order  # most files are in that order already
        self.ids, self.times = _numbers(ids)[order], _numbers(times)[order]

    def _columns(self, expressions: Sequence[str]) -> list[Ints | Spans]:
        statement = f"SELECT {', '.join(expressions)} FROM read_parquet(?)"
        plan = Plan([Part((self._segment,), None, {})], 1)
        with self._engine.call():
            self._engine.set_aside(self._db, plan)
            try:
                if plan.segments:
                    return self._engine.columns(statement, [[self._engine.path(self._segment)]])
            except duckdb.Error as error:
                self._engine.blame(self._db, plan, [self._segment], error)
        raise plan.missing[0].error if plan.missing else damaged(self._segment, vanished=True)

    def texts(self, expressions: Sequence[str]) -> list[Spans]:
        found = [one for one in self._columns(expressions) if isinstance(one, Spans)]
        return found if self._order is None else [one.take(self._order) for one in found]

    def lazy(self, expression: str) -> LazySpans:
        return LazySpans(len(self.ids), lambda: self.texts([expression])[0])

    def fields(self, names: Sequence[str]) -> list[Spans]:
        return self.texts([quote(column_of(name)) for name in names])


def _numbers(column: Any) -> npt.NDArray[np.int64]:
    return np.asarray(column, np.int64)


def batch(engine: Engine, db: Connection, segment: Segment, together: AbstractSet[str] = frozenset()) -> EventBatch:
    """Return a stored segment as a batch, in the order of the event ids. Raises StoreError naming a broken segment.

    ``together``: fields, in lower case, that are read at once when one of them is wanted.
    """
    reader = _Reader(engine, db, segment, "time")
    names = sorted(catalogue.field_counts(db, [segment.id]))
    return EventBatch(
        log_source=segment.log_source,
        time=reader.times,
        ordinal=reader.ids & ((1 << ORDINAL_BITS) - 1),
        source=reader.lazy("source"),
        host=reader.lazy("host"),
        level=reader.lazy("level"),
        message=reader.lazy(f"nullif({MESSAGE}, raw)"),
        raw=reader.lazy("raw"),
        fields=LazyFields(names, {name for name in names if name.lower() in together}, reader.fields),
        zone_assumed=segment.zone_assumed,
    )


def ingested(engine: Engine, db: Connection, segment: Segment) -> Times:
    """Return when each event of a stored segment came into the desk, in the order of the event ids."""
    return _Reader(engine, db, segment, "ingested").times
