"""The distinct values of a segment's columns, kept beside the store: a new rule is asked about these before any event.

A file of the cache a segment, named by the segment's SHA-256: zlib over JSON ``{"column": ["value", ...]}``, columns
in lower case as rules see them. Written when the columns were in hand anyway, whole or not at all; one that is missing,
damaged or lacks a column only costs the reading of the events.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import orjson

from desktop_app.core.paths import DataFolder

Values = Mapping[str, Sequence[str]]

MOST_LETTERS = 1 << 17  # of one column: longer lists are hardly shorter than the events themselves
MOST_BYTES = 64 << 20  # of a file once unpacked: a longer one is none of ours


def home(folder: DataFolder) -> Path:
    """Return the folder of these files, which holds nothing else."""
    return folder.cache / "values"


def path_of(folder: DataFolder, sha256: str) -> Path:
    """Return the file that belongs to a segment."""
    return home(folder) / sha256


def read(folder: DataFolder, sha256: str) -> Values:
    """Return what is known of a segment; nothing where there is no file or it is damaged."""
    try:
        unpack = zlib.decompressobj()
        found = orjson.loads(unpack.decompress(path_of(folder, sha256).read_bytes(), MOST_BYTES))
    except (OSError, ValueError, zlib.error):
        return {}
    whole = isinstance(found, dict) and all(isinstance(one, list) for one in found.values())
    return found if whole and all(isinstance(one, str) for some in found.values() for one in some) else {}


def remember(folder: DataFolder, sha256: str, values: Values) -> None:
    """Add columns to what is known of a segment. That it cannot be written costs time later, nothing else."""
    kept = {name: some for name, some in values.items() if sum(map(len, some)) <= MOST_LETTERS}
    known = read(folder, sha256)
    if not kept.keys() - known.keys():
        return
    path = path_of(folder, sha256)
    try:
        content = zlib.compress(orjson.dumps({**known, **kept}), 1)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(path)
    except (OSError, TypeError):  # a value may be no Unicode, which JSON cannot carry
        return


def keep_only(folder: DataFolder, present: Iterable[str]) -> None:
    """Delete what is known of segments that are gone."""
    kept = set(present)
    with suppress(OSError):
        for path in home(folder).iterdir():
            if path.name not in kept and path.suffix != ".part":
                path.unlink(missing_ok=True)
