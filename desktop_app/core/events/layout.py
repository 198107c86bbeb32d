"""How an event lies in a Parquet segment, and how field names become column names.

A segment is one Parquet file (zstd, version 2 pages) of one log source, sorted by time, then id. Its columns:

- ``id`` BIGINT, ``time`` and ``ingested`` TIMESTAMP (microseconds, UTC), ``source``, ``host``, ``level`` VARCHAR,
  ``import`` BIGINT, ``raw`` VARCHAR: the record as it was read;
- ``message`` VARCHAR and ``message_at`` INTEGER: the readable part, kept once. It is ``message`` where that is not
  NULL, else ``raw`` from the character ``message_at`` on (1 is the first), else ``raw``. Most text logs put the
  message at the end of the line, and storing it twice is a third of the file;
- one VARCHAR column a field, under the field's own name. A name that would clash with a column above, with one of
  DuckDB's virtual columns, or is empty, gets a dot in front (``id`` is stored as ``.id``, ``.id`` as ``..id``).

Two names that differ only by case are one field: DuckDB, Spark and the rest cannot tell such columns apart.
"""

from __future__ import annotations

FIXED = ("id", "time", "ingested", "source", "import", "host", "level", "message", "message_at", "raw")
# What DuckDB adds to every file it reads; a column of the same name would hide it.
VIRTUAL = ("filename", "file_index", "file_row_number", "rowid")
_RESERVED = frozenset({"", *FIXED, *VIRTUAL})

MESSAGE = "coalesce(message, substr(raw, message_at), raw)"
MAX_NAME = 200


def fold(name: str) -> str:
    """Return the spelling under which names are compared."""
    return name.lower()


def clean_name(name: str) -> str:
    """Return a name that Parquet and SQL can carry: no control characters, no lone surrogates, not endless."""
    if not name.isprintable():
        name = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return name[:MAX_NAME]


def column_of(name: str) -> str:
    """Return the column in which the field ``name`` is stored."""
    return "." + name if fold(name.lstrip(".")) in _RESERVED else name


def field_of(column: str) -> str:
    """Return the field that the column holds; the inverse of ``column_of``."""
    return column[1:] if column.startswith(".") and fold(column.lstrip(".")) in _RESERVED else column


def quote(identifier: str) -> str:
    """Return the identifier as SQL spells it: the one place where a name becomes part of a statement."""
    return '"' + identifier.replace('"', '""') + '"'
