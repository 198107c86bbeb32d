"""Which log a file is, whatever it is called today: rotation renames it, copies and truncates it, or packs it.

A log is known by its inode together with its first bytes, or by its first bytes alone where a copy or a packed file
took its place. An entry is one log: how far it was read holds for each file that carries it.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import hashlib
import lzma
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from desktop_app.extensions.logs.sources.names import stem

HEAD_BYTES = 1024
MOST_FILES = 5_000
# What a file that has gone wrong in the middle of being packed makes these raise.
BROKEN = (OSError, EOFError, lzma.LZMAError)

Entry = dict[str, Any]  # path, id, head (length and digest), offset, size, state

_PACKED: Mapping[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may carry a log: where it lies, its inode, size in bytes and modification time in ns."""

    path: Path
    id: tuple[int, int]
    size: int
    modified: int

    @property
    def rotated(self) -> bool:
        """Whether its name says that it is no longer written."""
        return stem(self.path.name) != self.path.name

    @property
    def packed(self) -> bool:
        """Whether it is compressed; its size tells nothing about the log then."""
        return self.path.suffix.lower() in _PACKED

    @property
    def log(self) -> str:
        """The path of the log that it is a part of."""
        return str(self.path.with_name(stem(self.path.name)))

    def open(self) -> BinaryIO:
        """Open it for reading what was written, unpacked."""
        opener = _PACKED.get(self.path.suffix.lower())
        return cast("BinaryIO", opener(self.path) if opener else self.path.open("rb"))

    def lines(self, size: int) -> int:
        """Return how many lines end within so many bytes."""
        with self.open() as stream:
            return sum(part.count(b"\n") for part in iter(lambda: stream.read(min(1 << 20, size - stream.tell())), b""))

    def head(self) -> bytes:
        """Return its first bytes; nothing where it cannot be read."""
        try:
            with self.open() as stream:
                return stream.read(HEAD_BYTES)
        except BROKEN:
            return b""


def files(pattern: str) -> Iterator[Found]:
    """Yield the files that a path, a folder or a pattern names, with those beside them that rotation made of them."""
    names: set[str] = set()
    where = os.path.join(glob.escape(pattern), "*") if os.path.isdir(pattern) else pattern  # noqa: PTH112, PTH118 - text in, text out
    for name in sorted(glob.glob(where)):  # noqa: PTH207 - patterns are absolute
        names.add(name)
    if not os.path.isdir(pattern):  # noqa: PTH112 - as above
        names.update(glob.glob(f"{where}[.-]*"))  # noqa: PTH207 - as above
        names.update(_siblings(where))
    for name in sorted(names)[:MOST_FILES]:
        try:
            told = os.stat(name)  # noqa: PTH116 - one call, no object
        except OSError:
            continue  # rotated away in this moment
        if stat.S_ISREG(told.st_mode) and told.st_size:
            yield Found(Path(name), (told.st_dev, told.st_ino), told.st_size, told.st_mtime_ns)


def _siblings(where: str) -> Iterator[str]:
    """Yield what rotation by date makes of ``name.log``: ``name-20261122.log``."""
    base, ending = os.path.splitext(where)  # noqa: PTH122 - text in, text out
    if ending:
        yield from glob.glob(f"{base}-[0-9]*{ending}*")  # noqa: PTH207 - as above


def digest(head: bytes) -> str:
    """Return what the beginning of a log is known by."""
    return hashlib.sha256(head).hexdigest()


def begins(entry: Entry, head: bytes) -> bool:
    """Say whether a file with this head begins as the log does."""
    length, known = entry["head"]
    return bool(0 < length <= len(head) and digest(head[:length]) == known)


def matched(found: Mapping[Found, bytes], entries: Mapping[str, Entry]) -> dict[str, list[Found]]:
    """Return the files of each entry, the one that is written first; files of no entry stand under ``""``.

    A copy of a log whose own file is still there counts for nothing: it is left out.
    """
    by_id = {tuple(one["id"]): key for key, one in entries.items()}
    held: dict[str, list[Found]] = {}
    others: list[Found] = []
    for file, head in found.items():
        key = by_id.get(file.id)
        if key is not None and begins(entries[key], head) and (file.packed or file.size >= entries[key]["offset"]):
            held.setdefault(key, []).append(file)
        else:
            others.append(file)
    for file in others:
        key = _copied(file, found[file], entries)
        if key is None:
            held.setdefault("", []).append(file)
        elif key not in held or held[key][0].id != tuple(entries[key]["id"]):
            held.setdefault(key, []).append(file)
    return held


def _copied(file: Found, head: bytes, entries: Mapping[str, Entry]) -> str | None:
    """Return the entry that a file of another inode is a copy of: it holds all that was read of it."""
    for key, one in reversed(list(entries.items())):
        if one["path"] != str(file.path) and begins(one, head) and _holds(file, head, one):
            return key
    return None


def _holds(file: Found, head: bytes, entry: Entry) -> bool:
    if Found(Path(entry["path"]), (0, 0), 0, 0).log != file.log:
        return False
    read = int(entry["offset"])
    if entry["head"][0] >= HEAD_BYTES:
        return file.packed or file.size >= read
    # Of a short log all is known: a file that begins alike and goes on otherwise is another one.
    return len(head) >= read and (file.rotated or len(head) <= int(entry["head"][0]))
