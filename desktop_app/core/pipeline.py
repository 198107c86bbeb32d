"""The one way from events to findings. Only this module and what it calls make findings.

``Intake`` takes the batches of one input file: it writes their segments, lets the rules examine them while they are in
hand, and commits everything the file brought in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from desktop_app.core import claims
from desktop_app.core.correlations import Touched, bring_in, correlate, file_name
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.writer import NewSegment, write_segments
from desktop_app.core.examine import SegmentHits, examine
from desktop_app.core.model import EventBatch
from desktop_app.core.sigma.ruleset import RuleSet


class Intake:
    """The events of one input file on their way in. Until ``land`` nothing of it can be seen."""

    def __init__(self, desk: Desk, ruleset: RuleSet, *, import_id: int, file_id: int, name: str) -> None:
        self._desk = desk
        self._ruleset = ruleset
        self._import_id = import_id
        self._file_id = file_id
        self._name = name
        self._written: list[NewSegment] = []
        self._said: list[SegmentHits] = []

    @property
    def events(self) -> int:
        """How many events were written so far."""
        return sum(one.events for one in self._written)

    def add(self, batch: EventBatch) -> None:
        """Write and examine one batch."""
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
        self._said += examine(self._ruleset, batch, [one.rows for one in made], self._file_id, self._name)

    def land(self, db: Connection) -> list[int]:
        """Make everything real and return the segments' ids; inside ``writing()``, beside the file's own row."""
        ids = catalogue.add(
            db, self._written, file_id=self._file_id, import_id=self._import_id, created=self._desk.clock()
        )
        touched: Touched = {}
        bring_in(self._desk, db, dict(zip(ids, self._said, strict=True)), touched)
        correlate(self._desk, db, self._ruleset, touched)
        return ids

    def abandon(self) -> None:
        """Delete what was written; nothing of the file stays."""
        for one in self._written:
            (self._desk.folder.segments / one.path).unlink(missing_ok=True)
        self._written.clear()
        self._said.clear()


def remove_segments(desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int], *, hide: bool) -> list[str]:
    """Take segments out with everything they brought to findings; inside ``writing()``.

    ``hide`` keeps their files, so that an undo can show them again; else the paths returned may be deleted after the
    commit.
    """
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    affected = claims.touching(db, ids)
    touched = _tallies_of(db, ids)
    db.execute(f"DELETE FROM correlation_series WHERE segment_id IN ({marks})", tuple(ids))
    db.execute(f"DELETE FROM contributions WHERE segment_id IN ({marks})", tuple(ids))
    _forget_evidence(db, ids)
    paths: list[str] = []
    if hide:
        catalogue.hide(db, ids)
    else:
        paths = catalogue.remove(db, ids)
    correlate(desk, db, ruleset, touched)
    claims.settle(db, affected)
    return paths


def _forget_evidence(db: Connection, ids: Sequence[int]) -> None:
    """Drop copies of events that go, except for findings that a person has touched: those keep what they rest on."""
    marks = ", ".join("?" * len(ids))
    db.execute(
        "DELETE FROM evidence WHERE finding_id IN (SELECT id FROM findings WHERE touched = 0) AND EXISTS"
        f" (SELECT 1 FROM segments s WHERE s.id IN ({marks}) AND evidence.event_id BETWEEN s.min_id AND s.max_id)",
        tuple(ids),
    )


def detect_again(
    desk: Desk, db: Connection, ruleset: RuleSet, segment_ids: Sequence[int], report: Callable[[int, int], None]
) -> None:
    """Judge stored segments by the present rules, a transaction each: what they claimed before is replaced."""
    for done, (segment, batch) in enumerate(desk.events.load(db, segment_ids), start=1):
        name = file_name(db, segment.min_id)
        said = next(examine(ruleset, batch, [np.arange(len(batch))], segment.file_id, name))
        with writing(db):
            plain, touched = _forget(db, segment.id, ruleset)
            bring_in(desk, db, {segment.id: said}, touched)
            correlate(desk, db, ruleset, touched)
            # After the new claims: a finding that fires again keeps its number and what a person did with it.
            claims.settle(db, plain)
        report(done, len(segment_ids))


def restore_segments(desk: Desk, db: Connection, ruleset: RuleSet, ids: Sequence[int]) -> None:
    """Show hidden segments again, with what the present rules say of them; inside ``writing()``."""
    catalogue.show(db, ids)
    touched: Touched = {}
    for segment, batch in desk.events.load(db, ids):
        said = next(examine(ruleset, batch, [np.arange(len(batch))], segment.file_id, file_name(db, segment.min_id)))
        bring_in(desk, db, {segment.id: said}, touched)
    correlate(desk, db, ruleset, touched)


def _forget(db: Connection, segment_id: int, ruleset: RuleSet) -> tuple[list[int], Touched]:
    """Remove what plain rules had said of a segment, and the tallies from which correlations are judged again."""
    affected = rows(
        db,
        "SELECT c.finding_id, f.rule_id FROM contributions c JOIN findings f ON f.id = c.finding_id"
        " WHERE c.segment_id = ?",
        [segment_id],
    )
    correlating = {rule.id for rule in ruleset.rules.values() if rule.is_correlation}
    plain = [row["finding_id"] for row in affected if row["rule_id"] not in correlating]
    db.conn.executemany(
        "DELETE FROM contributions WHERE segment_id = ? AND finding_id = ?", [(segment_id, one) for one in plain]
    )
    touched = _tallies_of(db, [segment_id])
    db.execute("DELETE FROM correlation_series WHERE segment_id = ?", (segment_id,))
    return plain, touched


def _tallies_of(db: Connection, segment_ids: Sequence[int]) -> Touched:
    """Return the groups whose tallies lie in segments, with the times between which they do."""
    marks = ", ".join("?" * len(segment_ids))
    found = rows(
        db,
        "SELECT rule_id, key, MIN(first) AS first, MAX(last) AS last FROM correlation_series"
        f" WHERE segment_id IN ({marks}) GROUP BY rule_id, key",
        segment_ids,
    )
    return {(row["rule_id"], row["key"]): (row["first"], row["last"]) for row in found}
