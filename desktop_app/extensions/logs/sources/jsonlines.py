"""JSON objects, one a line or in one array: nested names are joined by points, so ``{"a": {"b": 1}}`` is ``a.b``.

Objects of one shape (the same keys in the same order) are turned into columns together; numbers and truth values are
text as JSON writes them, lists stay JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import orjson

from desktop_app.core.collector import collector_paused
from desktop_app.core.model import Column, EventBatch, LogSource
from desktop_app.core.spans import Ints, patched
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources import json_spans, roles
from desktop_app.extensions.logs.sources.columns import admits, names_left, note_unparsed
from desktop_app.extensions.logs.sources.json_objects import first_objects, read_objects
from desktop_app.extensions.logs.sources.names import file_name
from desktop_app.extensions.logs.sources.spanning import in_bytes, mostly

SOURCE = LogSource(category="application", service="json")

_LONGEST_NAME = 200
_DEEPEST = 16
_SAMPLE_LINES = 100
_PORTION = 4096

Object = Mapping[str, Any]


class JsonLines:
    """One object a record."""

    id = "json"
    growable = True
    title = text("JSON lines")

    def sniff(self, sample: Sample) -> float:
        """Return the share of lines that are objects; a file that is one array of objects counts as well."""
        if sample.text is None:
            return 0.0
        lines = [line for line in sample.lines[:_SAMPLE_LINES] if line.strip()]
        hits = sum(line.lstrip().startswith("{") and load(line) is not None for line in lines)
        if hits * 2 > len(lines):
            return 0.9 * hits / len(lines)
        found = first_objects(sample.text) if sample.text.lstrip().startswith(("[", "{")) else []
        return 0.8 if found and all(isinstance(one, dict) and one for one in found) else 0.0

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its objects."""
        return read_objects(stream, reading, spans=True)

    def normalize(self, records: RecordBatch, reading: Reading) -> list[EventBatch]:
        """Turn objects into columns; what is no object keeps its text."""
        with collector_paused():
            if (columns := _in_bytes(records, reading)) is None:
                records = records.listed()
                columns = {**_columns(records.raw, reading)}
        return [roles.batch(records, reading, columns, SOURCE, file_name(reading.name))]


def _in_bytes(records: RecordBatch, reading: Reading) -> dict[str, Column] | None:
    """Read at once the objects that are written alike, the others one by one; None where those are many."""
    lines = in_bytes(records.raw)
    if lines is None:
        return None
    fine = np.zeros(len(lines), bool)
    places: dict[str, tuple[Ints, Ints]] = {}
    known: dict[json_spans.Shape, list[str] | None] = {}
    for found in json_spans.shapes(lines):
        if found.shape not in known:
            known[found.shape] = _names(found.shape)
        names = known[found.shape]
        if names is None:
            return None
        fine[found.rows] = True
        rows = _run(found.rows)
        for name, (start, length) in zip(names, found.values, strict=True):
            if name not in places:
                places[name] = lines.start.copy(), np.full(len(lines), -1)
            whole = places[name]
            whole[0][rows], whole[1][rows] = start, length
    held = {name: place for name, place in places.items() if (place[1] >= 0).any()}
    if not mostly(fine) or names_left(reading) < len(held) or not all(admits(reading, name) for name in held):
        return None
    odd = np.flatnonzero(~fine)
    told = _columns(lines.take(odd).texts, reading)
    nothing = (lines.start, np.full(len(lines), -1))
    names = list(dict.fromkeys((*held, *told)))
    texts = [told.get(name) or [None] * len(odd) for name in names]
    made = patched(lines.buffer, [held.get(name, nothing) for name in names], odd, texts)
    return dict(zip(names, made, strict=True))


def _run(rows: Ints) -> Ints | slice:
    """Return rows as a slice where one follows the other, which costs less to write to."""
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows


def _names(shape: json_spans.Shape) -> list[str] | None:
    """Return the names of the columns that the leaves of an object go to; None where two go to one."""
    marked: dict[str, Any] = {}
    for number, path in enumerate(shape.leaves):
        inner = marked
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = str(number)
    table = Table(1, Reading(name=""))
    table.add([marked], [0])
    names = {column[0]: name for name, column in table.columns.items()}
    wanted = [str(number) for number in range(len(shape.leaves))]
    return [names[number] or "" for number in wanted] if names.keys() == set(wanted) else None


def _columns(raw: Sequence[str], reading: Reading) -> dict[str, list[str | None]]:
    columns: dict[str, list[str | None]] = {}
    for start in range(0, len(raw), _PORTION):
        part = _portion(raw[start : start + _PORTION], reading)
        size = min(_PORTION, len(raw) - start)
        for name in part.keys() - columns.keys():
            columns[name] = [None] * start
        for name, column in columns.items():
            column.extend(part.get(name) or [None] * size)
    return columns


def _portion(raw: Sequence[str], reading: Reading) -> dict[str, Column]:
    """Read a few thousand objects at a time: their memory is used again for the next ones."""
    objects = _load_all(raw)
    rows = [row for row, found in enumerate(objects) if found is not None]
    note_unparsed(reading, len(objects) - len(rows))
    table = Table(len(objects), reading)
    table.add([found for found in objects if found is not None], rows)
    return table.columns


def _load_all(raw: Sequence[str]) -> list[Object | None]:
    try:
        found = list(map(orjson.loads, raw))
    except ValueError:
        return [load(one) for one in raw]
    return found if set(map(type, found)) == {dict} else [load(one) for one in raw]


def load(raw: str) -> Object | None:
    """Parse one object; None where it is none."""
    try:
        found = orjson.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class Table:
    """Columns under construction."""

    def __init__(self, size: int, reading: Reading) -> None:
        self.columns: dict[str, Column] = {}
        self._size = size
        self._reading = reading

    def add(self, objects: Sequence[Object], rows: Sequence[int], prefix: str = "", depth: int = 0) -> None:
        """Put the values of objects into the columns, at the given rows; objects of one shape together."""
        shapes: dict[tuple[str, ...], list[int]] = {}
        for at, found in enumerate(objects):
            shapes.setdefault(tuple(found), []).append(at)
        for shape, members in shapes.items():
            if len(members) == len(objects):
                self._shape(shape, objects, rows, prefix, depth)
            else:
                self._shape(shape, [objects[at] for at in members], [rows[at] for at in members], prefix, depth)

    def _shape(
        self, shape: tuple[str, ...], objects: Sequence[Object], rows: Sequence[int], prefix: str, depth: int
    ) -> None:
        flat = list(chain.from_iterable(found.values() for found in objects))
        for at, key in enumerate(shape):
            self._column(prefix + (key or "(empty)"), flat[at :: len(shape)], rows, depth)

    def _column(self, name: str, values: list[Any], rows: Sequence[int], depth: int) -> None:
        kinds = set(map(type, values))
        if dict in kinds and depth < _DEEPEST:
            inner = [at for at, value in enumerate(values) if type(value) is dict]
            self.add([values[at] for at in inner], [rows[at] for at in inner], f"{name}.", depth + 1)
            if kinds == {dict}:
                return
            values = [None if type(value) is dict else value for value in values]
            kinds = set(map(type, values))
        if kinds != {_NONE}:
            self._put(name, values if kinds <= _PLAIN else [as_text(value) for value in values], rows)

    def _put(self, name: str, values: list[str | None], rows: Sequence[int]) -> None:
        if not name.isprintable() or len(name) > _LONGEST_NAME:
            name = "".join(char if char.isprintable() else " " for char in name)[:_LONGEST_NAME]
        if name not in self.columns and not admits(self._reading, name):
            return
        if len(rows) == self._size:
            self.columns[name] = values
            return
        column = list(self.columns.get(name, [None] * self._size))
        for row, value in zip(rows, values, strict=True):
            column[row] = value
        self.columns[name] = column


_NONE = type(None)
_PLAIN = {str, _NONE}


def as_text(value: Any) -> str | None:
    """Return a value of JSON as text: words as they are, the rest as JSON writes it."""
    kind = type(value)
    if kind is str or value is None:
        return value  # type: ignore[no-any-return] # str or None
    if kind is bool:
        return "true" if value else "false"
    return str(value) if kind is int else orjson.dumps(value).decode()


JSON_LINES = JsonLines()
