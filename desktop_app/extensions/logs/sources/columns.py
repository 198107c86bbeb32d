"""What every text format does with its columns, and the cutting of a file into lines that they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Column
from desktop_app.core.spans import Coded, Spans
from desktop_app.core.text import ntext, text
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.decode import read_lines

_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%\w+)?", re.ASCII)

_LEVEL_WORDS = {
    "critical": "emerg emergency panic alert crit critical fatal ftl severe f fault 紧急 危急 致命 严重 重大 崩溃",
    "error": "err error failure fail e 错误 错 出错 失败 异常 故障 报错",
    "warning": "warning warn wrn w 警告 告警 警示 预警 注意",
    "info": "notice info inf information informational i default log success 信息 消息 通知 提示 普通 正常 一般 成功",
    "debug": "debug dbug dbg trace trce trc verbose vrb fine finer finest d v t 调试 跟踪 追踪 详细",
}
LEVEL_OF = {word: level for level, words in _LEVEL_WORDS.items() for word in words.split()}
SYSLOG_LEVELS = ("critical", "critical", "critical", "error", "warning", "info", "info", "debug")


_MOST_FIELDS = 1_000  # names a file may bring; beyond it they are data that someone used as names
_PORTION = 4096

Row = tuple[str | None, ...]
T = TypeVar("T")


class Lines:
    """A format whose records are lines."""

    growable = True

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its lines."""
        return read_lines(stream, reading)


class SpanLines(Lines):
    """A format whose records are lines, and which reads them from the bytes of a block where it can."""

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its lines."""
        return read_lines(stream, reading, spans=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """How most lines of a file are cut: an expression, and the column that each of its groups goes to."""

    match: Callable[[str], re.Match[str] | None]
    places: tuple[int, ...]


def transposed(
    raw: Sequence[str], width: int, shape: Shape, careful: Callable[[str], Row]
) -> tuple[list[list[str | None]], list[int]]:
    """Cut lines into ``width`` columns; return them and the rows that only the careful way could read.

    A few thousand lines at a time, so that what was just made is still in the processor's cache; and as one flat list,
    because thousands of living tuples would keep the garbage collector busy.
    """
    columns: list[list[str | None]] = [[] for _ in range(width)]
    match, groups = shape.match, len(shape.places)
    odd: list[int] = []
    for start in range(0, len(raw), _PORTION):
        flat: list[str | None] = []
        for row, line in enumerate(raw[start : start + _PORTION], start):
            if found := match(line):
                flat += found.groups()
            else:
                odd.append(row)
                flat += (None,) * groups
        for at, place in enumerate(shape.places):
            columns[place] += flat[at::groups]
    columns = [column or [None] * len(raw) for column in columns]
    for row in odd:
        for column, value in zip(columns, careful(raw[row]), strict=True):
            column[row] = value
    return columns, odd


def present(fields: Mapping[str, Column]) -> dict[str, Column]:
    """Leave out the columns that hold nothing."""
    return {name: column for name, column in fields.items() if _holds_something(column)}


def _holds_something(column: Column) -> bool:
    return len(column) > 0 and (column[0] is not None or column.count(None) < len(column))


def mapped(column: Column, change: Callable[[str | None], str | None]) -> Column:
    """Return what becomes of each value; each distinct one is looked at once. Missing values are values here."""
    if isinstance(column, Spans | Coded):
        values, codes = column.encoded()
        # The code of a missing value, -1, means the last one.
        return Coded([change(one) for one in (*values, None)], codes % np.int32(len(values) + 1))
    known = {one: change(one) for one in set(column)}
    return [known[one] for one in column]


def constant(value: str | None, rows: int, like: Column) -> Column:
    """Return a column of one value, as codes where another column of the batch is bytes or codes."""
    return Coded.constant(value, rows) if isinstance(like, Spans | Coded) else [value] * rows


def level_of(word: str | None) -> str | None:
    """Return our level for the word that a program uses."""
    return LEVEL_OF.get(word.strip().lower()) if word else None


def is_address(value: str) -> bool:
    """Say whether a text is an IP address rather than a name."""
    return _ADDRESS.fullmatch(value) is not None


def split_addresses(column: Column, side: str = "source") -> dict[str, Column]:
    """Put addresses into ``source.ip`` and names into ``source.domain``, as ECS has it."""
    known = {value: is_address(value) for value in set(column) if value is not None}
    if all(known.values()):
        return {f"{side}.ip": column}
    ips = [value if value is not None and known[value] else None for value in column]
    names = [None if value is None or known[value] else value for value in column]
    return {f"{side}.ip": ips, f"{side}.domain": names}


def note_unparsed(reading: Reading, num: int) -> None:
    """Count the lines that a format could not read and say so."""
    if num:
        reading.unparsed += num
        reading.note(
            ntext(
                "%(num)s line is not in the format of the file and was kept as plain text.",
                "%(num)s lines are not in the format of the file and were kept as plain text.",
                num=num,
            )
        )


def names_left(reading: Reading) -> int:
    """Return how many names of fields a file may still bring, whatever they are."""
    return _MOST_FIELDS - len(reading.state.get("names", ()))


def admits(reading: Reading, name: str) -> bool:
    """Say whether there is room for a field, and keep it from then on.

    A file that invents names without end would make a table of a million columns.
    """
    names = reading.state.setdefault("names", [])
    if name not in names:
        if len(names) >= _MOST_FIELDS:
            reading.note(text("The file names more than 1000 fields; the others are only in the raw text."))
            return False
        names.append(name)
    return True


def pick(column: Sequence[T], rows: Sequence[int]) -> list[T]:
    """Return some rows of a column."""
    return [column[row] for row in rows]


def pick_rows(column: Column, rows: npt.NDArray[np.int64]) -> Column:
    """Return some rows of a column of events, whatever it is made of."""
    return column.take(rows) if isinstance(column, Spans | Coded) else pick(column, rows.tolist())


def filled(column: Column) -> Column:
    """Return a column whose empty values are missing ones."""
    if isinstance(column, Spans):
        return Spans(column.buffer, column.start, np.where(column.length == 0, -1, column.length))
    return [one or None for one in column]
