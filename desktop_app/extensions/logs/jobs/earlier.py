"""What was imported of a file before: all of it, its beginning, or nothing.

A file that was imported before brings nothing; a log that has grown brings only what was added. It is read on from
where its reading was settled; what had been made of the rest, such as a line that nothing ended, is taken out. Where
the whole log shows that its beginning had been read wrongly (three lines do not show every format), all is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.events import catalogue
from desktop_app.core.model import ORDINAL_BITS
from desktop_app.core.pipeline import Intake, Replaced
from desktop_app.core.rules.catalogue import load
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.core.text import text
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.model import Format, Settled
from desktop_app.extensions.logs.sources.discover import Input
from desktop_app.extensions.logs.sources.identity import Identity, identify
from desktop_app.extensions.logs.sources.names import stem
from desktop_app.extensions.logs.sources.recognise import find
from desktop_app.extensions.logs.store import taught


@dataclass(frozen=True, slots=True)
class Past:
    """What was known when the reading of a file began.

    ``sizes`` are those of files that it may continue; ``identity`` is None where no file is small enough to matter;
    ``file`` is the longest standing file that it equals or continues, with which it shares its first ``shared`` bytes.
    """

    sizes: frozenset[int] = frozenset()
    identity: Identity | None = None
    file: store.FileRow | None = None
    shared: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of the file was imported before."""
        return self.file is not None and self.identity is not None and self.file.sha256 == self.identity.sha256

    @property
    def stops(self) -> list[int]:
        """Where the second reading is compared with the first."""
        return [self.shared] if self.file is not None else []

    def resumes(self, chosen: Format, encoding: str) -> Settled:
        """Return from where a log is read on: its beginning where it turned out to be something else than was read."""
        file = self.file
        if file is None or file.format != chosen.id or file.encoding != encoding:
            return Settled()
        return file.settled


def look_back(db: Connection, one: Input, *, surely: bool = False) -> Past:
    """Find what was imported of a file before. It is read for that only where that can be anything, or ``surely``."""
    sizes = _sizes(db, one)
    if not surely and not sizes and not store.has_size(db, one.bound):
        return Past()
    with one.open() as stream:
        identity = identify(stream, sizes, one.bound)
    return Past(frozenset(sizes), identity, *longest(db, one, identity))


def overtaken(db: Connection, one: Input, past: Past, sha256: str) -> bool:
    """Say whether another import has brought the file, or a beginning of it, since ``look_back``."""
    known = any(found.sha256 == sha256 for found in store.known_files(db, [sha256]))
    return known or not past.sizes.issuperset(_sizes(db, one))


def _sizes(db: Connection, one: Input) -> list[int]:
    return store.known_sizes(db, stem(one.name), one.key, one.bound)


def longest(db: Connection, one: Input, identity: Identity) -> tuple[store.FileRow | None, int]:
    """Return the longest standing file that this one equals or continues, and how long what they share is.

    A file is continued only where the names agree: files that merely begin alike may hold the same line for reasons
    of their own.
    """
    if not identity.size:
        return None, 0
    digests = {identity.sha256: identity.size} | {digest: size for size, digest in identity.beginnings.items()}
    best: tuple[store.FileRow | None, int] = (None, 0)
    for found in store.known_files(db, list(digests)):
        shared = digests.get(str(found.sha256)) or digests[str(found.settled_sha256)]
        agrees = stem(found.name) == stem(one.name) or (found.path, found.member) == one.key
        if found.sha256 == identity.sha256:
            return found, shared
        if shared > best[1] and agrees and _grows(db, found):
            best = found, shared
    return best


def _grows(db: Connection, earlier: store.FileRow) -> bool:
    """Say whether more of a file is its continuation; what a format read that was since forgotten begins anew."""
    chosen = find(str(earlier.format), taught.formats(db))
    return chosen is not None and chosen.growable


@dataclass(frozen=True, slots=True)
class Gone:
    """What a grown log takes out: from each earlier file all that follows a record, by the file's id."""

    files: Mapping[int, int]
    ruleset: RuleSet
    replaced: tuple[tuple[store.FileRow, Replaced], ...] = ()

    def stands(self, db: Connection) -> bool:
        """Say whether what goes is still there; a change of the time zone may have replaced it."""
        return all(catalogue.is_live(db, one) for _, part in self.replaced for one in part.hidden)

    def abandon(self) -> None:
        """Delete what was written for it."""
        for _, part in self.replaced:
            part.instead.abandon()

    def keep(self, db: Connection, import_id: int) -> None:
        """Write down what went, once it has; ``import_id`` is the import whose undoing brings it back."""
        for file, part in self.replaced:
            store.add_events(db, file.id, -part.events)
            if import_id != file.import_id:
                kept = {"file": file.id, "added": part.added, "hidden": part.hidden, "events": part.events}
                store.keep_replaced(db, import_id, kept)


def to_go(db: Connection, file: store.FileRow | None, resumes: Settled) -> Mapping[int, int]:
    """Return behind which record of which earlier files is read again."""
    if file is None:
        return {}
    if resumes.bytes:
        return {file.id: resumes.records}
    return {one.id: 0 for one in store.chain_of(db, file)}


def take_out(desk: Desk, db: Connection, files: Mapping[int, int]) -> Gone:
    """Write the segments of earlier files again without what goes; what cannot be read stays as it is."""
    # Whatever rules this import applies: what the earlier one found must not get lost.
    ruleset = load(db, desk.folder)
    found = ((store.file_row(db, one), after) for one, after in files.items())
    parts = [(file, part) for file, after in found for part in _without(desk, db, ruleset, file, after)]
    return Gone(files, ruleset, tuple(parts))


def _without(desk: Desk, db: Connection, ruleset: RuleSet, file: store.FileRow, after: int) -> Iterator[Replaced]:
    ids = store.segment_ids(db, file_ids=[file.id])
    held = [one for one in catalogue.by_ids(db, ids) if one.max_id > file.id << ORDINAL_BITS | after]
    if not held:
        return
    instead = Intake(desk, ruleset, import_id=file.import_id, file_id=file.id, name=file.name)
    whole = [one for one in held if one.min_id > file.id << ORDINAL_BITS | after]
    part = Replaced([one.id for one in whole], instead, sum(one.events for one in whole))
    cut = [one.id for one in held if one not in whole]
    for segment, batch in desk.events.load(db, cut, missing=[]):
        kept = np.flatnonzero(batch.ordinal <= after)
        part.hidden.append(segment.id)
        part.events += len(batch) - len(kept)
        instead.add(store.picked(batch, kept))
    if part.hidden:
        yield part


def changed(one: Input) -> SourceUnreadable:
    """Return what is told of a file whose beginning is no longer what it was a moment ago."""
    return SourceUnreadable(
        text("%(name)s cannot be read.", name=one.name),
        why=text("Its beginning was changed while it was read."),
        fix=text("Import it again."),
    )
