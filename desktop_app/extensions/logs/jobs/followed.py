"""A file that is imported and also followed is one log: whichever comes second goes on where the other one ended.

What was followed stands in ``logs_followed`` as stretches of records; an import leaves those out. What was imported is
known by its content; a follower goes on where that was settled and takes out what had been made of the rest, as an
import of the grown file does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.model import EventBatch
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.jobs.earlier import longest
from desktop_app.extensions.logs.sources.discover import Input
from desktop_app.extensions.logs.sources.feed import Stretch
from desktop_app.extensions.logs.sources.follow_files import HEAD_BYTES, Entry, Found, digest
from desktop_app.extensions.logs.sources.identity import identify, skip
from desktop_app.extensions.logs.sources.names import shown, stem

_STRETCHES = """SELECT w.id, w.import_id, w.head_bytes, w.head_sha256, w.first, w.last, w."end", w.tail_bytes,
    w.tail_sha256 FROM logs_followed w JOIN imports i ON i.id = w.import_id
    WHERE w.stem = ? AND i.state = 'done' ORDER BY w."end" """


def extend(db: Connection, import_id: int, source_id: int, one: Stretch) -> None:
    """Note what was stored of a log; one that goes on where another ended makes that longer. Inside ``writing()``."""
    changed = db.execute(
        'UPDATE logs_followed SET last = ?, "end" = ?, head_bytes = ?, head_sha256 = ?, tail_bytes = ?, tail_sha256 = ?'
        ' WHERE import_id = ? AND source_id = ? AND stem = ? AND "end" = ? AND last = ?',
        (one.last, one.end, *one.head, *one.tail, import_id, source_id, one.stem, one.start, one.first - 1),
    )
    if not changed.rowcount:
        db.execute(
            "INSERT INTO logs_followed (import_id, source_id, stem, head_bytes, head_sha256, first, last, start,"
            ' "end", tail_bytes, tail_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            (import_id, source_id, one.stem, *one.head, one.first, one.last, one.start, one.end, *one.tail),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What was stored of a file while it was followed: from which to which record, by which import.

    ``seen``: the stretches that there were, whether they are of this file or not.
    """

    stretches: tuple[tuple[int, int, int], ...] = ()
    seen: tuple[tuple[int, int], ...] = ()

    def without_known(
        self, desk: Desk, db: Connection, batch: EventBatch, going: Mapping[int, int]
    ) -> tuple[EventBatch, set[int]]:
        """Drop what is stored already; return the rest, and the imports that had brought what was dropped."""
        known = np.zeros(len(batch), dtype=bool)
        imports: set[int] = set()
        for first, last, import_id in self.stretches:
            inside = (batch.ordinal >= first) & (batch.ordinal <= last)
            if inside.any():
                known |= inside
                imports.add(import_id)
        rest = store.picked(batch, np.flatnonzero(~known)) if imports else batch
        fresh, others = store.without_known(desk, db, rest, going)
        return fresh, imports | others

    def stands(self, db: Connection, one: Input) -> bool:
        """Say whether nobody has followed the file any further within what was read of it."""
        return _seen(_listed(db, one), one) == self.seen


def held(db: Connection, one: Input) -> Held:
    """Find what was stored of a file while it was followed. It is read for that only where it begins alike."""
    found = _listed(db, one)
    seen = _seen(found, one)
    if found:
        with one.open() as stream:
            head = stream.read(HEAD_BYTES)
        found = [row for row in found if digest(head[: row["head_bytes"]]) == row["head_sha256"]]
    if found:
        with one.open() as stream:
            found = _agreeing(stream, found)
    return Held(tuple((row["first"], row["last"], row["import_id"]) for row in found), seen)


def _listed(db: Connection, one: Input) -> list[dict[str, Any]]:
    return rows(db, _STRETCHES, [stem(one.name)])


def _seen(found: Sequence[Mapping[str, Any]], one: Input) -> tuple[tuple[int, int], ...]:
    return tuple((row["id"], row["end"] if one.bound is None else min(row["end"], one.bound)) for row in found)


def _agreeing(stream: BinaryIO, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the stretches that end with the same bytes at the same place of a stream; ascending."""
    kept, at, window = [], 0, b""
    for row in found:
        start, end = row["end"] - row["tail_bytes"], row["end"]
        if start > at:
            skip(stream, start - at)
            at, window = start, b""
        data = stream.read(max(0, end - at))
        window, at = (window + data)[-HEAD_BYTES:], at + len(data)
        if at == end and digest(window[-row["tail_bytes"] :]) == row["tail_sha256"]:
            kept.append(row)
    return kept


def imported(db: Connection, file: Found, entry: Entry) -> Entry | None:
    """Return where to go on with a file that was imported further than a follower has read it; the entry's new part."""
    offset = max(entry["offset"], entry.get("hold", 0))
    one = Input(file.path, "", file.path.name, file.size, file.modified // 1000, file.open, exact=not file.packed)
    sizes = [size for size in store.known_sizes(db, stem(one.name), (shown(one.path), ""), one.bound) if size > offset]
    if not sizes:
        return None
    with one.open() as stream:
        identity = identify(stream, sizes, max(sizes))
    past, _ = longest(db, one, identity)
    if past is None or past.bytes <= offset:
        return None
    settled = past.settled
    if settled.bytes < entry["offset"]:
        return {"hold": past.bytes, "replaces": {str(past.id): entry["records"]}}
    return {
        "offset": settled.bytes, "records": settled.records, "state": dict(settled.state), "format": past.format,
        "encoding": past.encoding, "hold": past.bytes, "replaces": {str(past.id): settled.records},
    }  # fmt: skip
