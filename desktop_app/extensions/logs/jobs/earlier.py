"""What was imported of a file before: all of it, its beginning, or nothing.

A file that was imported before brings nothing; a log that has grown brings only what was added. Where its last line had
no end yet, that line is read again as a whole, and the event that its beginning had become is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.events import catalogue
from desktop_app.core.jobs import JobContext
from desktop_app.core.model import ORDINAL_BITS
from desktop_app.core.pipeline import Intake, replace_segments
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.sources.columns import Lines
from desktop_app.extensions.logs.sources.discover import Input
from desktop_app.extensions.logs.sources.identity import Identity, identify
from desktop_app.extensions.logs.sources.names import stem
from desktop_app.extensions.logs.sources.recognise import by_id

TORN = "torn_bytes"  # in the state of a reading: the length of a last line that nothing ended


@dataclass(frozen=True, slots=True)
class Past:
    """What was known when the reading of a file began.

    ``sizes`` are those of files that it may continue; ``identity`` is None where no file is small enough to matter;
    ``file`` is the longest standing file that it equals or continues.
    """

    sizes: frozenset[int] = frozenset()
    identity: Identity | None = None
    file: store.FileRow | None = None

    @property
    def whole(self) -> bool:
        """Whether all of the file was imported before."""
        return self.file is not None and self.identity is not None and self.file.bytes == self.identity.size

    @property
    def stops(self) -> list[int]:
        """Where the second reading is compared with the first."""
        return [self.file.bytes] if self.file is not None else []

    @property
    def torn(self) -> int:
        """How many bytes the last line had when the earlier file ended in it; 0 where it ended after a line."""
        return int(self.file.reading_state.get(TORN, 0)) if self.file is not None else 0


def look_back(db: Connection, one: Input, *, surely: bool = False) -> Past:
    """Find what was imported of a file before. It is read for that only where that can be anything, or ``surely``."""
    sizes = _sizes(db, one)
    if not surely and not sizes and not store.has_size(db, one.bound):
        return Past()
    with one.open() as stream:
        identity = identify(stream, sizes, one.bound)
    return Past(frozenset(sizes), identity, _longest(db, one, identity))


def overtaken(db: Connection, one: Input, past: Past, sha256: str) -> bool:
    """Say whether another import has brought the file, or a beginning of it, since ``look_back``."""
    return bool(store.known_files(db, [sha256])) or not past.sizes.issuperset(_sizes(db, one))


def _sizes(db: Connection, one: Input) -> list[int]:
    return store.known_sizes(db, stem(one.name), one.key, one.bound)


def _longest(db: Connection, one: Input, identity: Identity) -> store.FileRow | None:
    """Return the longest standing file that this one equals or continues.

    Only files of lines are continued: an event log of Windows is made of blocks, and one that was cut off is no
    beginning of the whole; its events are told apart by their own numbers instead. And only where the names agree:
    files that merely begin alike may hold the same line for reasons of their own.
    """
    if not identity.size:
        return None
    for found in store.known_files(db, [identity.sha256, *identity.beginnings.values()]):
        agrees = stem(found.name) == stem(one.name) or (found.path, found.member) == one.key
        if found.sha256 == identity.sha256 or (agrees and isinstance(by_id(str(found.format)), Lines)):
            return found
    return None


@dataclass(frozen=True, slots=True)
class Shortened:
    """The segments of an earlier file that hold its torn last event, and what comes in their place without it."""

    file: store.FileRow
    segments: list[int]
    ruleset: RuleSet
    instead: Intake

    def stands(self, db: Connection) -> bool:
        """Say whether those segments are still there; a change of the time zone may have replaced them."""
        return all(catalogue.is_live(db, one) for one in self.segments)

    def land(self, context: JobContext, import_id: int) -> None:
        """Replace the segments; inside ``writing()``. ``import_id`` is the import whose undoing brings them back."""
        added = replace_segments(context.desk, context.db, self.ruleset, self.segments, [self.instead])
        store.add_events(context.db, self.file.id, -1)
        if import_id != self.file.import_id:
            kept = {"file": self.file.id, "added": added, "hidden": self.segments}
            store.keep_replaced(context.db, import_id, kept)


def shorten(context: JobContext, file: store.FileRow) -> Shortened | None:
    """Write the segments of a file that hold its last event again without it; None where they cannot be read."""
    db, desk = context.db, context.desk
    # Whatever rules this import applies: what the earlier one found must not get lost.
    ruleset = load(db, desk.folder)
    instead = Intake(desk, ruleset, import_id=file.import_id, file_id=file.id, name=file.name)
    held = [one.id for one in catalogue.holding(db, file.id << ORDINAL_BITS | file.records)]
    replaced = []
    for segment, batch in desk.events.load(db, held, missing=[]):
        kept = np.flatnonzero(batch.ordinal != file.records)
        if len(kept) < len(batch):
            replaced.append(segment.id)
            instead.add(store.picked(batch, kept))
    return Shortened(file, replaced, ruleset, instead) if replaced else None
