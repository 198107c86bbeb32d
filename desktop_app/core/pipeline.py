"""The one way from events to findings. Only this module and what it calls make findings.

``Intake`` takes the batches of one input file: it writes their segments, lets the rules examine them while they are in
hand, and commits everything the file brought in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.answers.results import Missing
from desktop_app.core.events.beside import grams
from desktop_app.core.events.waiting import Waiting
from desktop_app.core.events.writer import NewSegment, let_go, remove_file, write_segments
from desktop_app.core.judging import claims, tallies
from desktop_app.core.judging.blocks import Block
from desktop_app.core.judging.correlations import Touched, bring_in, correlate, file_name
from desktop_app.core.judging.examine import Hit, SegmentHits, examine
from desktop_app.core.judging.folding import Folded
from desktop_app.core.model import Claim, EventBatch
from desktop_app.core.rules.hunting import Hunt, learn
from desktop_app.core.sigma.ruleset import RuleSet

LARGE = 1_000_000  # values: writing fewer leaves little behind, and asking for the same memory again costs more
WORTH_A_DICTIONARY = 1_000  # events: what comes live is compacted before long

# Lists of ids go in as JSON: SQLite limits the number of parameters, and an archive may hold more files than that.
_LISTED = "(SELECT value FROM json_each(?))"


class Intake:
    """The events of one input file on their way in. Until ``land`` nothing of it can be seen."""

    def __init__(self, desk: Desk, ruleset: RuleSet, *, import_id: int, file_id: int, name: str) -> None:
        self._desk = desk
        self._ruleset = ruleset
        self._import_id = import_id
        self._file_id = file_id
        self._name = name
        self._written: list[NewSegment] = []
        self._folded = Folded()
        self._base: list[list[Block]] = []
        self._waiting = Waiting()

    @property
    def events(self) -> int:
        """How many events came in so far."""
        return sum(one.events for one in self._written) + self._waiting.events

    def add(self, batch: EventBatch, *, wait: bool = False) -> None:
        """Write and examine one batch; with ``wait`` a small one waits for others, until ``settle``."""
        for one in self._waiting.add(batch) if wait else [batch]:
            self._bring_in(one)

    def lot_ended(self) -> None:
        """Know that the batches of what was read at a time have come."""
        for one in self._waiting.lot_ended():
            self._bring_in(one)

    def settle(self) -> None:
        """Write and examine what waits; before ``land``, and outside of its transaction."""
        for one in self._waiting.all():
            self._bring_in(one)

    def _bring_in(self, batch: EventBatch) -> None:
        if not len(batch):
            return
        made = write_segments(
            self._desk.folder,
            batch,
            file_id=self._file_id,
            import_id=self._import_id,
            ingested=self._desk.clock(),
        )
        self._written += made
        if len(batch) * len(batch.fields) >= LARGE:
            let_go()
        known = grams.may_hold(self._desk.folder.segments, made)
        parts = [one.rows for one in made]
        for said in examine(self._ruleset, batch, parts, self._file_id, self._name, may_hold=known):
            self._folded.add(len(self._base), said.hits)
            self._base.append(said.base)
        large = {one.sha256: one.rows for one in made if one.events >= WORTH_A_DICTIONARY}
        learn(self._desk.folder, self._ruleset, batch, large)
        self._ruleset.forget()

    def land(self, db: Connection) -> list[int]:
        """Make everything real and return the segments' ids; inside ``writing()``, beside the file's own row."""
        touched = Touched()
        ids = self.place(db, touched)
        correlate(self._desk, db, self._ruleset, touched)
        return ids

    def place(self, db: Connection, touched: Touched, *, reopens: bool = True) -> list[int]:
        """Do what ``land`` does, but leave the correlations of the ``touched`` groups to the caller."""
        ids = catalogue.add(
            db, self._written, file_id=self._file_id, import_id=self._import_id, created=self._desk.clock()
        )
        base = dict(zip(ids, self._base, strict=True))
        bring_in(self._desk, db, self._folded.claims(ids), base, touched, reopens=reopens)
        return ids

    def abandon(self) -> None:
        """Delete what was written; nothing of the file stays."""
        for one in self._written:
            remove_file(self._desk.folder.segments / one.path)
        self._waiting.clear()
        self._written.clear()
        self._folded.clear()
        self._base.clear()


def _claims(segment_id: int, hits: Iterable[Hit]) -> Iterator[Claim]:
    """Return what plain rules claim of one segment."""
    folded = Folded()
    folded.add(segment_id, hits)
    return folded.claims()


# --- segments that go, and those that come in their place: all inside ``writing()`` ---------------------------------


def remove_segments(
    desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int], *, tells: bool = True
) -> list[str]:
    """Take segments out with everything they brought to findings; return the paths to delete after the commit.

    ``tells`` False leaves it to the caller to ``tell_anew``, once for many removals.
    """
    affected, touched = _take_out(db, ids)
    paths = catalogue.remove(db, ids)
    _settle(desk, db, ruleset, affected, touched, tells=tells)
    return paths


def retire_segments(desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int]) -> None:
    """Hide segments whose time has come, with what they brought to findings; inside ``writing()``.

    Findings that wait or are worked on stay, with the copies of the events that they rest on.
    """
    with claims.holding_open(db, ids):
        affected, touched = _take_out(db, ids)
        catalogue.hide(db, ids)
        _settle(desk, db, ruleset, affected, touched, reopens=False, tells=False)
    # The newest copies stay where the oldest events go; only what lost all of its copies is told anew.
    tell_anew(desk, db, ruleset, claims.without_copies(db, affected))


def replace_segments(
    desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int], intakes: Iterable[Intake]
) -> list[int]:
    """Hide segments behind the same events read anew; return the ids of the new segments."""
    affected, touched = _take_out(db, ids)
    catalogue.hide(db, ids)
    added = [one for intake in intakes for one in intake.place(db, touched, reopens=False)]
    _settle(desk, db, ruleset, affected, touched, reopens=False)
    return added


@dataclass(slots=True)
class Replaced:
    """Segments that are hidden behind what is left of them: ``instead``, without a number of ``events``.

    ``added`` are the ids of the segments that came in their place, once they have.
    """

    hidden: list[int]
    instead: Intake
    events: int
    added: list[int] = field(default_factory=list)


def land_instead(desk: Desk, db: Connection, ruleset: RuleSet, parts: Sequence[Replaced], intake: Intake) -> None:
    """Land a file together with what is left of the earlier ones that it reads again.

    What only stands elsewhere now is no new match: a finding that was closed is reopened only where it counts more.
    """
    hidden = [one for part in parts for one in part.hidden]
    held = {one: claims.segments_of(db, one) for one in claims.touching(db, hidden)}
    affected, touched = _take_out(db, hidden)
    before = claims.counts(db, affected)
    catalogue.hide(db, hidden)
    for part in parts:
        part.added = part.instead.place(db, touched, reopens=False)
    ids = intake.place(db, touched, reopens=False)
    _settle(desk, db, ruleset, affected, touched, reopens=False)
    now = claims.counts(db, claims.touching(db, ids))
    for finding_id, count in now.items():
        if count > before.get(finding_id, 0):
            earlier = held.get(finding_id) or claims.segments_of(db, finding_id).difference(ids)
            claims.grew(db, finding_id, desk.clock(), fresh=ids, before=earlier)


def restore_segments(
    desk: Desk, db: Connection, ruleset: RuleSet, added: Sequence[int], hidden: Sequence[int]
) -> list[str]:
    """Undo ``replace_segments``: show what was hidden again, with what the present rules say of it."""
    affected, touched = _take_out(db, added)
    paths = catalogue.remove(db, added)
    catalogue.show(db, hidden)
    for segment_id, said in _examined(desk, db, ruleset, hidden, []):
        bring_in(desk, db, _claims(segment_id, said.hits), {segment_id: said.base}, touched, reopens=False)
    _settle(desk, db, ruleset, affected, touched, reopens=False)
    return paths


def _take_out(db: Connection, ids: Sequence[int]) -> tuple[list[int], Touched]:
    """Forget what segments brought; return the findings that lost something and the groups to judge again."""
    listed = orjson.dumps(ids).decode()
    affected = claims.touching(db, ids)
    touched = Touched()
    tallies.remove(db, ids, touched)
    _forget_evidence(db, ids, affected)
    db.execute(f"DELETE FROM contributions WHERE segment_id IN {_LISTED}", (listed,))
    return affected, touched


def _settle(
    desk: Desk,
    db: Connection,
    ruleset: RuleSet,
    affected: Sequence[int],
    touched: Touched,
    *,
    reopens: bool = True,
    tells: bool = True,
) -> None:
    """Let findings follow, once it is settled which segments there are."""
    correlate(desk, db, ruleset, touched, reopens=reopens)
    claims.settle(db, affected)
    if tells:
        tell_anew(desk, db, ruleset, affected)


def tell_anew(desk: Desk, db: Connection, ruleset: RuleSet, findings: Sequence[int]) -> None:
    """Let findings that go on quote their newest match that is left, and keep copies from both ends of what is left."""
    listed = orjson.dumps(findings).decode()
    kept = rows(db, f"SELECT fingerprint FROM findings WHERE id IN {_LISTED}", [listed])
    fingerprints = {row["fingerprint"] for row in kept}
    ends = rows(
        db,
        "SELECT DISTINCT segment_id FROM (SELECT segment_id, last = MAX(last) OVER one OR first = MIN(first) OVER one"
        f" AS at_end FROM contributions WHERE finding_id IN {_LISTED} WINDOW one AS (PARTITION BY finding_id))"
        " WHERE at_end ORDER BY 1",
        [listed],
    )
    for segment_id, said in _examined(desk, db, ruleset, [row["segment_id"] for row in ends], []):
        claimed = [one for one in _claims(segment_id, said.hits) if claims.fingerprint(one) in fingerprints]
        bring_in(desk, db, claimed, {}, Touched(), reopens=False)


def _forget_evidence(db: Connection, ids: Sequence[int], findings: Sequence[int]) -> None:
    """Drop copies of events that go, except for findings that a person has touched: those keep what they rest on."""
    db.execute(
        f"DELETE FROM evidence WHERE finding_id IN (SELECT id FROM findings WHERE touched = 0 AND id IN {_LISTED})"
        f" AND EXISTS (SELECT 1 FROM segments s WHERE s.id IN {_LISTED}"
        " AND evidence.event_id BETWEEN s.min_id AND s.max_id)",
        (orjson.dumps(findings).decode(), orjson.dumps(ids).decode()),
    )


# --- the present rules over what is stored --------------------------------------------------------------------------


def _examined(
    desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int], missing: list[Missing]
) -> Iterator[tuple[int, SegmentHits]]:
    """Yield what the rules say of stored segments; ``missing`` receives those that cannot be read."""
    for segment, batch in desk.events.load(db, ids, missing=missing, together=ruleset.needed):
        name = file_name(db, segment.min_id)
        known = grams.may_hold(desk.folder.segments, [segment])
        whole = [np.arange(len(batch))]
        yield segment.id, next(examine(ruleset, batch, whole, segment.file_id, name, may_hold=known))
        if segment.events >= WORTH_A_DICTIONARY:
            learn(desk.folder, ruleset, batch, {segment.sha256: None})


def hunt(desk: Desk, db: Connection, wanted: Hunt, report: Callable[[int, int], None]) -> list[Missing]:
    """Judge stored segments by rules, a transaction each: what these claimed before is replaced, all else stands.

    Returns the segments that cannot be read: what they claimed stands as it was.
    """
    missing: list[Missing] = []
    silent = ((one, SegmentHits()) for one in wanted.silent)
    read = _examined(desk, db, wanted.ruleset, wanted.read, missing)
    for done, (segment_id, said) in enumerate(chain(silent, read), start=1):
        with writing(db):
            if catalogue.is_live(db, segment_id):  # an import may be undone while its segments are examined
                _judge_again(desk, db, wanted, segment_id, said)
        report(done, len(wanted))
    return missing


def _judge_again(desk: Desk, db: Connection, wanted: Hunt, segment_id: int, said: SegmentHits) -> None:
    """Replace what a segment claimed; a finding that fires again keeps its number and what a person did with it."""
    before = claims.touching(db, [segment_id], wanted.rules)
    touched = Touched()
    tallies.remove(db, [segment_id], touched, wanted.rules)
    _forget_evidence(db, [segment_id], before)
    again = bring_in(desk, db, _claims(segment_id, said.hits), {segment_id: said.base}, touched)
    again |= correlate(desk, db, wanted.ruleset, touched, gone=segment_id)
    stale = [one for one in before if one not in again]
    db.conn.executemany(
        "DELETE FROM contributions WHERE segment_id = ? AND finding_id = ?", [(segment_id, one) for one in stale]
    )
    claims.settle(db, stale)
