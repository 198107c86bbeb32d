"""What the writer hands to DuckDB without: columns missing everywhere, and messages that ``raw`` holds.

DuckDB finds both out itself where a column is not made of bytes; here it costs a comparison of two arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from desktop_app.core.spans import Held, Ints, Spans

MESSAGE, MESSAGE_AT, RAW = "message", "message_at", "raw"
_ASCII = 0x80
Other = TypeVar("Other")


def lean(columns: Mapping[str, Held | Other]) -> dict[str, Held | Other | Ints]:
    """Return the columns without those that are missing in all rows.

    Where ``message`` lies in ``raw`` it is missing in the rows in which it ends ``raw``, and ``message_at`` says with
    which character (1 is the first) it begins there; 0 where that says nothing new.
    """
    made: dict[str, Held | Other | Ints] = dict(columns)
    raw, message = columns.get(RAW), columns.get(MESSAGE)
    if isinstance(raw, Spans) and isinstance(message, Spans) and len(raw) and _lies_in(message, raw):
        ends = (message.start + message.length == raw.start + raw.length) & (message.length >= 0)
        begin = message.start - raw.start
        made[MESSAGE] = Spans(message.buffer, message.start, np.where(ends, -1, message.length))
        made[MESSAGE_AT] = np.where(ends & (begin > 0), begin + 1, 0)
    return {name: column for name, column in made.items() if not _is_missing(column)}


def _lies_in(message: Spans, raw: Spans) -> bool:
    """Say whether places in both mean the same bytes, and bytes are characters."""
    size = len(raw.buffer)
    if int(raw.buffer.max()) >= _ASCII:
        return False
    # Mostly what was read one by one was put behind the block that all the other values lie in.
    return message.buffer is raw.buffer or np.array_equal(message.buffer[:size], raw.buffer)


def _is_missing(column: object) -> bool:
    return isinstance(column, Held) and bool(column.missing.all())
