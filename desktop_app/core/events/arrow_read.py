"""Columns out of DuckDB without an object a value: its answers as an Arrow stream (``arrow``), read where they lie.

DuckDB writes text as Arrow's plain strings: places in a buffer of all texts, which are the spans that batches are made
of. https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-layout
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import duckdb
import numpy as np

from desktop_app.core.events.arrow import Array, Schema, Stream
from desktop_app.core.spans import PAD, Bytes, Ints, Mask, Spans

_TEXT, _NUMBER = b"u", b"l"
_pointer: Callable[..., int] = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)  # type: ignore[attr-defined]
_Free = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Answer(Protocol):
    """What has an Arrow stream: a relation of DuckDB, or a table of ours."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """Return the stream as a capsule."""
        ...


def columns(answer: Answer) -> list[Ints | Spans]:
    """Return all columns: BIGINT without NULL as numbers, VARCHAR as spans. Raises duckdb.Error."""
    capsule = answer.__arrow_c_stream__()  # frees the stream when it goes
    stream = Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    kinds = _kinds(stream)
    parts: list[list[Ints | Spans]] = [[] for _ in kinds]
    while True:
        with _taken(stream, stream.get_next, Array()) as rows:
            if rows is None:
                break
            for part, kind, child in zip(parts, kinds, _children(rows, Array), strict=True):
                part.append(_spans(child) if kind == _TEXT else _numbers(child))
    return [_joined(part, kind) for part, kind in zip(parts, kinds, strict=True)]


def _kinds(stream: Stream) -> list[bytes]:
    with _taken(stream, stream.get_schema, Schema()) as whole:
        found = [one.format for one in _children(whole, Schema)]
    if not {_TEXT, _NUMBER}.issuperset(found):
        raise TypeError(found)  # a statement of ours that asks for something else
    return found


@contextmanager
def _taken(stream: Stream, take: Callable[[int, int], int], made: Any) -> Iterator[Any]:
    """Let the stream fill a structure, None at its end, and give it back afterwards."""
    if take(ctypes.addressof(stream), ctypes.addressof(made)):
        said = stream.get_last_error(ctypes.addressof(stream))
        raise duckdb.Error(ctypes.string_at(said).decode("utf-8", "replace") if said else "")
    if not made.release:
        yield None
        return
    try:
        yield made
    finally:
        _Free(made.release)(ctypes.addressof(made))


def _children(whole: Any, kind: type[Any]) -> Iterator[Any]:
    places = (ctypes.c_void_p * whole.n_children).from_address(whole.children)
    return (kind.from_address(place) for place in places)


def _copy(address: int | None, dtype: type[np.generic], first: int, number: int, room: int = 0) -> Any:
    """Copy numbers out of memory that goes with its array; zeros fill the room behind them."""
    size = np.dtype(dtype).itemsize
    made = np.zeros(number + room, dtype) if room else np.empty(number, dtype)
    if number and address is not None:
        ctypes.memmove(made.ctypes.data, address + first * size, number * size)
    return made


def _buffers(column: Array) -> Sequence[int | None]:
    return list((ctypes.c_void_p * column.n_buffers).from_address(column.buffers))


def _numbers(column: Array) -> Ints:
    found: Ints = _copy(_buffers(column)[1], np.int64, column.offset, column.length)
    return found


def _spans(column: Array) -> Spans:
    _, offsets, data = _buffers(column)
    ends = _copy(offsets, np.int32, column.offset, column.length + 1).astype(np.int64)
    first = int(ends[0])
    length = np.diff(ends)
    length[~_present(column)] = -1
    return Spans(_copy(data, np.uint8, first, int(ends[-1]) - first, len(PAD)), ends[:-1] - first, length)


def _present(column: Array) -> Mask:
    validity = _buffers(column)[0]
    if validity is None or not column.null_count:
        return np.ones(column.length, dtype=bool)
    bits: Bytes = _copy(validity, np.uint8, 0, (column.offset + column.length + 7) // 8)
    return np.unpackbits(bits, bitorder="little")[column.offset : column.offset + column.length].astype(bool)


def _joined(parts: Sequence[Any], kind: bytes) -> Ints | Spans:
    if len(parts) == 1:
        found: Ints | Spans = parts[0]
        return found
    if kind == _NUMBER:
        return np.concatenate([np.zeros(0, np.int64), *parts])
    places = np.cumsum([0, *(len(one.buffer) for one in parts)]).tolist()
    return Spans(
        np.concatenate([*(one.buffer for one in parts), np.frombuffer(PAD, np.uint8)]),
        np.concatenate([np.zeros(0, np.int64), *(one.start + at for one, at in zip(parts, places, strict=False))]),
        np.concatenate([np.zeros(0, np.int64), *(one.length for one in parts)]),
    )
