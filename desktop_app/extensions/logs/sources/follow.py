"""A live source that follows files: what is added to them, through every rotation, nothing twice and nothing left out.

It looks again and again instead of being told: that works on every system and on every share. How far each log was
read stands in the cursor, which is stored together with the events.
"""

from __future__ import annotations

import copy
import errno
import io
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from desktop_app.core.errors import SourceUnreadable, WatchdeskError
from desktop_app.core.model import now
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import SAMPLE_BYTES, Format, Reading
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.feed import Loss, Portion, Stretch
from desktop_app.extensions.logs.sources.follow_files import (
    BROKEN,
    HEAD_BYTES,
    Entry,
    Found,
    begins,
    digest,
    files,
    matched,
)
from desktop_app.extensions.logs.sources.recognise import by_id, find, recognise

POLL_SECONDS = 0.5
CHUNK_BYTES = 4 << 20
IDLE_SECONDS = 2.0  # after which a record that something may still be added to is taken as it is
MOST_ENTRIES = 2_000
COARSE_NS = 2_000_000_000  # FAT tells times in steps of two seconds, others in those of their timer


class Follow:
    """A live source of kind ``follow``."""

    gapless = True

    def __init__(self, config: Mapping[str, Any], cursor: dict[str, Any]) -> None:
        self._path = str(config["path"])
        self._format = config.get("format") or None
        self._from_end = config.get("start") == "end"
        self.cursor = cursor if "files" in cursor else {"files": {}, "next": 1, "since": None}
        self.problem: WatchdeskError | None = None
        self.address = self._path
        self._heads: dict[Found, bytes] = {}
        self._todo: list[tuple[str, Found]] = []
        self._unreadable: set[tuple[tuple[int, int], int]] = set()
        self._losses: list[Loss] = []
        self._looked = -POLL_SECONDS
        self._open: tuple[str, Found, int, BinaryIO] | None = None
        # What is known of a file that was imported further than it was followed: where to go on, as an entry has it.
        self.imported: Callable[[Found, Entry], Entry | None] = lambda _file, _entry: None
        # The formats that this site was taught, asked for whenever a log is met.
        self.taught: Callable[[], Sequence[Format]] = tuple

    def start(self) -> None:
        """Look whether there is anything to follow; a file that is not there yet is waited for."""
        if self.cursor["since"] is None:
            self.cursor["since"] = time.time_ns() - COARSE_NS
            if self._from_end:
                self._skip()

    def stop(self) -> None:
        """Let go of the files."""
        self._close()

    def waiting(self) -> int:
        """Return 0: how many records wait is not known before they are read."""
        return 0

    def take(self, most: int) -> Portion | None:
        """Return the next records of the first log that has any."""
        del most  # a chunk is bounded by its bytes
        if not self._todo and time.monotonic() - self._looked >= POLL_SECONDS:
            self._looked = time.monotonic()
            self._look()
        while self._todo:
            key, file = self._todo[0]
            portion = self._read(key, file)
            if portion is not None:
                return portion
            self._todo.pop(0)
            self._close()
        if not self._losses:
            return None
        losses, self._losses = self._losses, []
        at = now()
        return Portion([], (f"live:{self._path}", self._path), "plain", at, at, 0, cursor=self.cursor, losses=losses)

    # --- what there is ------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Find out which file carries which log, and which of them hold something new; the oldest comes first."""
        found = {one: self._heads.get(one) or one.head() for one in files(self._path)}
        self._heads = found
        held = matched({one: head for one, head in found.items() if head}, self.cursor["files"])
        fresh = sorted(held.pop("", []), key=lambda one: one.modified)
        todo = [(self._enter(one, found[one]), one) for one in fresh if self._is_new(one)]
        todo = [(key, one) for key, one in todo if self._beyond_import(key, one)]
        for key, carriers in held.items():
            best = max(carriers, key=lambda one: (one.id == tuple(self.cursor["files"][key]["id"]), one.size))
            self._follow(key, best, found[best])
            grown = best.packed or best.size > self.cursor["files"][key]["offset"]
            if grown and self._beyond_import(key, best):
                todo.append((key, best))
        self._miss({key for key, _ in todo} | set(held))
        self._todo = sorted(todo, key=lambda one: one[1].modified)

    def _is_new(self, file: Found) -> bool:
        """Say whether a file that carries no known log shall be read: one that was rotated before we began is not."""
        if (file.id, file.size) in self._unreadable:
            return False
        return not file.rotated or bool(file.modified > self.cursor["since"])

    def _enter(self, file: Found, head: bytes) -> str:
        key = str(self.cursor["next"])
        self.cursor["next"] += 1
        self.cursor["files"][key] = {
            "path": str(file.path), "id": list(file.id), "head": [len(head), digest(head)], "offset": 0,
            "size": file.size, "records": 0, "state": {},
        }  # fmt: skip
        return key

    def _beyond_import(self, key: str, file: Found) -> bool:
        """Go on behind what was imported of a file, and say whether there is more."""
        entry: Entry = self.cursor["files"][key]
        known = self.imported(file, entry)
        if known is not None:
            entry |= known
        return file.packed or bool(file.size > max(entry["offset"], entry.get("hold", 0)))

    def _follow(self, key: str, file: Found, head: bytes) -> None:
        """Note where a log lies now, and more of its beginning once there is more."""
        entry: Entry = self.cursor["files"][key]
        entry["path"], entry["id"] = str(file.path), list(file.id)
        entry["size"] = file.size
        if entry["head"][0] < len(head):
            entry["head"] = [len(head), digest(head)]

    def _miss(self, seen: set[str]) -> None:
        """Forget logs whose files are gone; where more of one was known to be there, that is a gap."""
        known: dict[str, Entry] = self.cursor["files"]
        for key in [key for key in known if key not in seen]:
            entry = known[key]
            if not entry.get("gone") and entry["offset"] < entry["size"]:
                at = now()
                self._losses.append(Loss(int(entry.get("read", at)), at, 0, "rotated"))
            entry["gone"] = True
        gone = [key for key, entry in known.items() if entry.get("gone") and key not in seen]
        for key in gone[: max(0, len(known) - MOST_ENTRIES)]:
            del known[key]

    def _skip(self) -> None:
        """Begin behind what is there already."""
        self._look()
        for key, file in self._todo:
            entry = self.cursor["files"][key]
            entry["offset"] = file.size
            entry["records"] = file.lines(file.size)
        self._todo = []

    # --- what stands in it --------------------------------------------------------------------------------------------

    def _read(self, key: str, file: Found) -> Portion | None:
        entry: Entry = self.cursor["files"][key]
        try:
            data = self._chunk(key, file, entry["offset"])
        except FileNotFoundError:
            self._todo = [(key, file)]  # rotated in this moment: look again before reading what is newer
            return None
        except BROKEN:
            return None  # not to be read, or still being packed
        if not data:
            return None
        try:
            chosen = self._chosen(entry, file, data)
        except SourceUnreadable:
            self._unreadable.add((file.id, file.size))
            return None
        final = file.rotated or file.packed
        if not final and len(data) < CHUNK_BYTES:
            data = _whole_lines(data, entry["encoding"])
        return self._portion(key, file, _Piece(chosen, data, final)) if data else None

    def _chunk(self, key: str, file: Found, offset: int) -> bytes:
        """Return the next bytes of a log; FileNotFoundError where the file is another one."""
        if self._open is None or not file.packed or self._open[:3] != (key, file, offset):
            self._close()
            stream = file.open()
            self._open = (key, file, offset, stream)
            told, head, entry = os.fstat(stream.fileno()), stream.read(HEAD_BYTES), self.cursor["files"][key]
            if (told.st_dev, told.st_ino) != file.id or not begins(entry, head):
                raise FileNotFoundError(errno.ESTALE, os.strerror(errno.ESTALE))
            entry["head"] = [len(head), digest(head)]  # more of it may be there than when it was found
            stream.seek(offset)
        return self._open[3].read(CHUNK_BYTES)

    def _close(self) -> None:
        if self._open is not None:
            self._open[3].close()
            self._open = None

    def _portion(self, key: str, file: Found, piece: _Piece) -> Portion | None:
        entry: Entry = self.cursor["files"][key]
        idle = time.time_ns() - file.modified > IDLE_SECONDS * 1e9
        raw, numbers, (used, last) = _records(
            piece, entry, file, whole=piece.final or idle or len(piece.data) >= CHUNK_BYTES
        )
        if not used:
            return None
        at, offset = now(), entry["offset"] + used
        cursor = copy.deepcopy(self.cursor)
        size = offset if file.packed else max(file.size, entry["size"])
        cursor["files"][key] |= {"offset": offset, "read": at, "size": size, "records": last}
        replaces = {int(one): after for one, after in cursor["files"][key].pop("replaces", {}).items()}
        self.cursor = cursor
        if self._open is not None:
            whole = used == len(piece.data) and self._open[3].tell() == offset
            self._open = (key, file, offset, self._open[3]) if whole else self._open
        losses, self._losses = self._losses, []
        name = file.log.replace("\\", "/").rpartition("/")[2]
        return Portion(
            raw, (f"live:{file.log}", name), piece.format.id, at, at, used, numbers=numbers, cursor=cursor,
            state=entry["state"], state_of=key, losses=losses, replaces=replaces,
            stretch=Stretch(name, (entry["head"][0], entry["head"][1]), entry["records"] + 1, last, entry["offset"],
                            offset, _tail(piece.data[:used])),
        )  # fmt: skip

    def _chosen(self, entry: Entry, file: Found, data: bytes) -> Format:
        """Return the format of a log, told by its beginning; by what follows where that was taught and forgotten."""
        known = self.taught()
        if standing := find(entry.get("format", ""), known):
            return standing
        taken = sample(file.path.name, data[:SAMPLE_BYTES])
        chosen = by_id(self._format, known) if self._format else recognise(taken, known)[0]
        if not chosen.growable:
            raise SourceUnreadable(text("%(name)s cannot be followed.", name=file.path.name))
        entry["format"], entry["encoding"] = chosen.id, taken.encoding
        return chosen


def _tail(data: bytes) -> tuple[int, str]:
    end = data[-HEAD_BYTES:]
    return len(end), digest(end)


Cut = tuple[int, int]  # bytes, and the number of the last line


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some bytes of a log and their format; ``final`` where nothing is added to them any more."""

    format: Format
    data: bytes
    final: bool


def _records(piece: _Piece, entry: Entry, file: Found, *, whole: bool) -> tuple[list[str], list[int], Cut]:
    """Cut bytes into records; return them, their numbers in the log, and how many bytes and lines are done with.

    What something may still be added to is left for the next time, unless ``whole``.
    """
    reading = Reading(
        file.path.name, encoding=entry["encoding"], state=copy.deepcopy(entry["state"]),
        first_offset=entry["offset"], first_ordinal=entry["records"] + 1,
    )  # fmt: skip
    raw: list[str] = []
    numbers: list[int] = []
    for records in piece.format.collect(io.BytesIO(piece.data), reading):
        raw += records.raw
        numbers += records.ordinal.tolist()
    settled = reading.settled.bytes - entry["offset"]
    if whole or settled >= len(piece.data):
        lines = piece.data.count("\n".encode(entry["encoding"]))
        return raw, numbers, (len(piece.data), max(entry["records"] + lines, *numbers[-1:], 0))
    kept = sum(number <= reading.settled.records for number in numbers)
    return raw[:kept], numbers[:kept], (max(0, settled), reading.settled.records)


def _whole_lines(data: bytes, encoding: str) -> bytes:
    """Leave out a last line that nothing has ended yet."""
    end = "\n".encode(encoding)
    at = data.rfind(end)
    while at >= 0 and at % len(end):  # half of one sign and half of the next
        at = data.rfind(end, 0, at + len(end) - 1)
    return data[: at + len(end)] if at >= 0 else b""
