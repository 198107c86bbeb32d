"""Columns as DuckDB reads them in place: Arrow's C data interface, over the memory of numpy arrays.

DuckDB takes any object with ``__arrow_c_stream__`` and needs no Arrow library for it. Text goes as string views:
sixteen bytes a value that hold a short text whole, else its first four bytes and where it lies in the buffer.
https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html, CDataInterface/PyCapsuleInterface.html
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core.spans import LOW, WORD, Bytes, Coded, Held, Ints, Mask, Spans, gathered

_NULLABLE = 2  # ARROW_FLAG_NULLABLE
_INLINE = 12  # bytes of a text that fit into its view
_HALF = np.uint64(32)
_PORTION = 8192  # values at a time


class Schema(ctypes.Structure):
    """What a column, or the row of all of them, is: ArrowSchema."""

    _fields_ = (
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class Array(ctypes.Structure):
    """The values of one: ArrowArray."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.c_void_p),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_Fill = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_Say = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Stream(ctypes.Structure):
    """What hands over one array after the other: ArrowArrayStream."""

    _fields_ = (
        ("get_schema", _Fill),
        ("get_next", _Fill),
        ("get_last_error", _Say),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


def _releaser(kind: type[ctypes.Structure]) -> Any:
    """Return what marks a structure as released: its memory is ours, and the garbage collector's."""

    def release(address: int) -> None:
        kind.from_address(address).release = None

    return _Release(release)


_RELEASED = {kind: _releaser(kind) for kind in (Schema, Array, Stream)}
_RELEASE = {kind: ctypes.cast(call, ctypes.c_void_p).value for kind, call in _RELEASED.items()}
_capsule: Callable[..., Any] = ctypes.pythonapi.PyCapsule_New
_capsule.restype, _capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow's format, its length and its buffers (None: an absent one).

    With ``values`` it holds places among these: each of them is handed over once.
    """

    name: str
    format: bytes
    rows: int
    buffers: tuple[npt.NDArray[Any] | None, ...]
    values: Column | None = None


def numbers(name: str, values: Ints) -> Column:
    """Return a BIGINT column."""
    return Column(name, b"l", len(values), (None, np.ascontiguousarray(values)))


def times(name: str, values: Ints) -> Column:
    """Return a TIMESTAMP column of microseconds since 1970 UTC."""
    return Column(name, b"tsu:", len(values), (None, np.ascontiguousarray(values)))


def texts(name: str, column: Held) -> Column:
    """Return a VARCHAR column."""
    return columns({name: column})[0]


def columns(given: Mapping[str, Held | Ints]) -> list[Column]:
    """Return columns by their names: texts as VARCHAR, numbers as BIGINT."""
    known = {name: one.coded or one if isinstance(one, Spans) else one for name, one in given.items()}
    views = iter(views_of([one for one in known.values() if isinstance(one, Spans)]))
    return [
        _viewed(name, one, next(views)) if isinstance(one, Spans) else _other(name, one) for name, one in known.items()
    ]


def _viewed(name: str, column: Spans, views: npt.NDArray[np.uint64]) -> Column:
    sizes = np.array([column.buffer.nbytes], np.int64)
    return Column(name, b"vu", len(views), (_validity(column.missing), views, column.buffer, sizes))


def _other(name: str, column: Coded | Ints) -> Column:
    if not isinstance(column, Coded):
        return numbers(name, column)
    codes = np.ascontiguousarray(column.codes, np.int32)
    return Column(name, b"i", len(codes), (_validity(column.missing), codes), texts("", column.table))


def _validity(missing: Mask) -> Bytes | None:
    return np.packbits(~missing, bitorder="little") if missing.any() else None


_INSIDE = np.arange(_INLINE + 1)
_FIRST = LOW[np.minimum(_INSIDE, WORD)]  # what of the first two words belongs to a text of each size
_SECOND = LOW[np.maximum(_INSIDE - WORD, 0)]


def views_of(columns: Sequence[Spans]) -> list[npt.NDArray[np.uint64]]:
    """Return the string views (two words each) of the values of columns of one length; a missing one is empty.

    All columns come after each other for some thousand rows: the bytes of these are then in the processor's cache.
    """
    sizes = [np.maximum(one.length, 0) for one in columns]
    views = [np.empty((len(size), 2), np.uint64) for size in sizes]
    for at in range(0, len(sizes[0]) if sizes else 0, _PORTION):
        rows = slice(at, at + _PORTION)
        for column, size, filled in zip(columns, sizes, views, strict=True):
            _fill(filled[rows], column.buffer, column.start[rows], size[rows])
    return views


def _fill(views: npt.NDArray[np.uint64], buffer: Bytes, start: Ints, size: Ints) -> None:
    """Write the views of some values."""
    longest, shortest = int(size.max()), int(size.min())
    both = gathered(buffer, start, 1 if shortest > _INLINE else 2)
    first = both[:, 0]
    if shortest > _INLINE:
        np.bitwise_or(size.view(np.uint64), first << _HALF, out=views[:, 0])
        # The number of the buffer (the only one), then the place in it.
        np.left_shift(start.view(np.uint64), _HALF, out=views[:, 1])
        return
    within = np.minimum(size, _INLINE) if longest > _INLINE else size
    first = first & _FIRST[within]
    np.bitwise_or(size.view(np.uint64), first << _HALF, out=views[:, 0])
    np.right_shift(first, _HALF, out=views[:, 1])
    if longest > WORD:
        views[:, 1] |= (both[:, 1] & _SECOND[within]) << _HALF
    if longest > _INLINE:
        np.copyto(views[:, 1], start.view(np.uint64) << _HALF, where=size > _INLINE)


class Table:
    """A table that DuckDB can read any number of times, one at a time."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._rows = columns[0].rows
        self._kept: list[Any] = []  # what DuckDB holds pointers to

    def __contains__(self, name: object) -> bool:
        """Say whether there is a column of that name."""
        return any(one.name == name for one in self._columns)

    def close(self) -> None:
        """Let go of what DuckDB could point to; it must have let go first. Waiting for the collector costs memory."""
        self._kept.clear()

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """Return a new stream of one batch, as a capsule."""
        del requested_schema  # DuckDB takes the columns as they are
        ended = False

        def schema(_stream: int, target: int) -> int:
            self._fill(Schema, target, self._schema(b"+s", b"", self._columns))
            return 0

        def batch(_stream: int, target: int) -> int:
            nonlocal ended
            if ended:
                Array.from_address(target).release = None
            else:
                self._fill(Array, target, self._array(self._rows, (None,), self._columns))
            ended = True
            return 0

        calls = _Fill(schema), _Fill(batch), _Say(lambda _stream: None)
        stream = Stream(*calls, _RELEASE[Stream], None)
        self._kept += [stream, *calls]
        return _capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    @staticmethod
    def _fill(kind: type[ctypes.Structure], target: int, made: ctypes.Structure) -> None:
        ctypes.memmove(target, ctypes.addressof(made), ctypes.sizeof(kind))

    def _pointers(self, addresses: Sequence[int | None]) -> int:
        made = (ctypes.c_void_p * len(addresses))(*addresses)
        self._kept.append(made)
        return ctypes.addressof(made)

    def _schema(
        self, kind: bytes, name: bytes, children: Sequence[Column] = (), values: Column | None = None
    ) -> Schema:
        below = [ctypes.addressof(self._schema(one.format, one.name.encode(), (), one.values)) for one in children]
        made = Schema(kind, name, None, _NULLABLE if name else 0, len(below))
        made.children, made.release = self._pointers(below) if below else None, _RELEASE[Schema]
        if values is not None:
            made.dictionary = ctypes.addressof(self._schema(values.format, b""))
        self._kept.append(made)
        return made

    def _array(
        self,
        rows: int,
        buffers: Sequence[npt.NDArray[Any] | None],
        children: Sequence[Column] = (),
        values: Column | None = None,
    ) -> Array:
        below = [ctypes.addressof(self._array(one.rows, one.buffers, (), one.values)) for one in children]
        unknown = -1 if buffers[0] is not None else 0
        made = Array(rows, unknown, 0, len(buffers), len(below))
        made.buffers = self._pointers([None if one is None else one.ctypes.data for one in buffers])
        made.children, made.release = self._pointers(below) if below else None, _RELEASE[Array]
        if values is not None:
            made.dictionary = ctypes.addressof(self._array(values.rows, values.buffers))
        self._kept += [made, *buffers]
        return made
