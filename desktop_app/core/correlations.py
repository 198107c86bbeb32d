"""Findings from what the rules said: plain hits at once, correlations from the stored tallies of their base rules.

A correlation is judged from stored tallies, so it is exact whatever the order in which files arrive, and across
imports; what it says of a stretch of time replaces what it had said of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core import claims
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.examine import BaseHits, Hit, SegmentHits, chart, quotable
from desktop_app.core.model import ORDINAL_BITS, Claim, Contribution, Evidence, Micros, Times
from desktop_app.core.sigma.judge import Mask
from desktop_app.core.sigma.model import Series
from desktop_app.core.sigma.ruleset import RuleSet

EXTENSION = "logs"
GROUPS_AT_ONCE = 200  # whose evidence, at most 20 events each, is held in memory together
_INSERT = (
    "INSERT OR REPLACE INTO correlation_series (rule_id, key, segment_id, base_id, count, first, last, times, events,"
    ' "distinct", codes, fired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
)


Span = tuple[Micros, Micros]
# (correlation, key) -> the first and the last time between which its tallies changed.
Touched = dict[tuple[str, str], Span]


def touch(touched: Touched, rule_id: str, key: str, first: Micros, last: Micros) -> None:
    """Note that tallies of a group changed between two times."""
    known = touched.get((rule_id, key), (first, last))
    touched[rule_id, key] = (min(known[0], first), max(known[1], last))


def bring_in(
    desk: Desk, db: Connection, said: Mapping[int, SegmentHits], touched: Touched, *, reopens: bool = True
) -> set[int]:
    """Make findings of what the rules said of segments (by id) and return their ids; inside ``writing()``.

    ``touched`` receives the groups whose tallies changed; judge them with ``correlate`` before committing.
    """
    at = desk.clock()
    made: set[int] = set()
    for segment_id, one in said.items():
        made |= {claims.apply(db, claim_of(hit, segment_id), EXTENSION, at, reopens=reopens) for hit in one.hits}
        for base in one.base:
            touch(touched, base.rule_id, base.key, int(base.series.times[0]), int(base.series.times[-1]))
        db.conn.executemany(_INSERT, sorted(_stored_series(base, segment_id) for base in one.base))
    return made


def _stored_series(base: BaseHits, segment_id: int) -> tuple[Any, ...]:
    one = base.series
    fired = bytes(len(one))
    return (
        base.rule_id, base.key, segment_id, one.base_id, len(one), int(one.times[0]), int(one.times[-1]),
        one.times.astype("<i8").tobytes(), one.events.astype("<i8").tobytes(), orjson.dumps(one.distinct).decode(),
        one.codes.astype("<i4").tobytes(), fired,
    )  # fmt: skip


def claim_of(hit: Hit, segment_id: int) -> Claim:
    """Return what a plain rule's hits in a segment claim."""
    part = Contribution(segment_id, hit.count, hit.first, hit.last, hit.times)
    rule = hit.rule
    return Claim(
        rule.id, rule.version, rule.severity, hit.asset, hit.group, (part,), tuple(hit.evidence), hit.values,
        same=hit.same,
    )  # fmt: skip


def correlate(
    desk: Desk,
    db: Connection,
    ruleset: RuleSet,
    touched: Touched,
    *,
    gone: int | None = None,
    reopens: bool = True,
) -> set[int]:
    """Judge correlations anew where their tallies changed and return the findings that stand; inside ``writing()``.

    Only the stretch around the change is judged, up to the next pauses that are longer than the correlation reaches:
    nothing beyond them can depend on it. So a site that is attacked for months pays for what is new. ``gone`` is a
    segment that is judged anew: what it had brought to a group in which it has no tallies now is taken away.
    """
    made: set[int] = set()
    silenced = set() if gone is None else {gone}
    judged = _judged(db, ruleset, _worth_judging(db, ruleset, touched), silenced)
    # Copies of events are fetched for many groups at once: one look at a segment costs the same for one and for all.
    while some := list(islice(judged, GROUPS_AT_ONCE)):
        wanted = dict.fromkeys(event for group, _, _ in some for event in group.ends())
        copies = {one.event_id: one for one in map(_stored, desk.events.events(db, wanted, missing=[]))}
        for group, affected, values in some:
            claim = group.claim(affected, values, copies)
            finding_id = claims.apply(db, claim, EXTENSION, desk.clock(), reopens=reopens)
            group.forget_stale(finding_id)
            made.add(finding_id)
    return made


def _worth_judging(db: Connection, ruleset: RuleSet, touched: Touched) -> Iterator[tuple[tuple[str, str], Span]]:
    """Leave out groups too small to fire that never have: of the addresses that sign in, hardly one guesses."""
    by_rule: dict[str, list[str]] = {}
    for rule_id, key in sorted(touched):
        by_rule.setdefault(rule_id, []).append(key)
    for rule_id, keys in by_rule.items():
        known = [key for key in keys if _is_group_of(ruleset, rule_id, key)]
        if known:
            for key in _large_enough(db, rule_id, known, ruleset.least(rule_id)):
                yield (rule_id, key), touched[rule_id, key]


def _large_enough(db: Connection, rule_id: str, keys: list[str], least: int) -> list[str]:
    found = rows(
        db,
        "SELECT key FROM correlation_series WHERE rule_id = ? AND key IN (SELECT value FROM json_each(?))"
        " GROUP BY key HAVING SUM(count) >= ?",
        [rule_id, orjson.dumps(keys).decode(), least],
    )
    fired = rows(db, "SELECT group_values FROM findings WHERE rule_id = ?", [rule_id])
    claimed = {orjson.dumps([one for _, one in orjson.loads(row["group_values"])]).decode() for row in fired}
    return sorted({row["key"] for row in found} | (claimed & set(keys)))


def _judged(
    db: Connection, ruleset: RuleSet, groups: Iterable[tuple[tuple[str, str], Span]], silenced: set[int]
) -> Iterator[tuple[_Group, set[int], Mapping[str, str]]]:
    """Yield the groups that fire, with the segments they follow in and the values of the last firing."""
    for key, (first, last) in groups:
        group, affected = _Group(db, ruleset, key), set(silenced)
        values = group.judge(first, last, affected)
        if values is not None:
            yield group, affected, values


def _is_group_of(ruleset: RuleSet, rule_id: str, key: str) -> bool:
    """Say whether a rule as it is now counts such tallies: it may have been changed or switched off since."""
    rule = ruleset.rules.get(rule_id)
    counts = rule is not None and rule.is_correlation and rule.generates
    return counts and len(orjson.loads(key)) == len(ruleset.group_by(rule_id))


class _Group:
    """The tallies of one correlation that share the values of its group-by."""

    def __init__(self, db: Connection, ruleset: RuleSet, key: tuple[str, str]) -> None:
        self._db = db
        self._ruleset = ruleset
        self._rule = ruleset.rules[key[0]]
        self._key = key
        self._values = orjson.loads(key[1])
        self._group = tuple(zip(self._rule.group_by, self._values, strict=True))
        found = rows(db, "SELECT * FROM correlation_series WHERE rule_id = ? AND key = ?", self._key)
        self._series = [_series(row) for row in found]
        self._fired = [np.frombuffer(row["fired"], np.uint8).astype(bool) for row in found]

    def judge(self, first: Micros, last: Micros, affected: set[int]) -> Mapping[str, str] | None:
        """Judge the stretch around a change; return the values of the last firing, None where nothing fires any more.

        ``affected`` are segments that may have contributed and have no tallies now; those judged are added.
        """
        stretch = self._stretch(first, last)
        values = {} if stretch is None else self._judge(stretch, affected)
        final = max((int(one.times[fired][-1]) for one, fired in self._pairs() if fired.any()), default=None)
        if final is None:
            self._withdraw(affected)
            return None
        if stretch is None or not stretch[0] <= final <= stretch[1]:
            # The texts tell of the last burst, wherever the change was.
            values = self._judge(self._stretch(final, final) or (final, final), affected)
        return values

    def _pairs(self) -> Iterable[tuple[Series, Mask]]:
        return zip(self._series, self._fired, strict=True)

    def _judge(self, stretch: tuple[Micros, Micros], affected: set[int]) -> Mapping[str, str]:
        """Mark the tallies of a stretch that are part of a firing; return the values of the last one."""
        parts = [one.between(*stretch) for one in self._series]
        inside = [index for index, part in enumerate(parts) if part.stop > part.start]
        judged = [self._series[index].cut(parts[index]) for index in inside]
        masks, values = self._ruleset.judge(self._rule.id, judged, self._values)
        for index, mask in zip(inside, masks, strict=True):
            affected.add(self._series[index].segment_id)
            if not np.array_equal(self._fired[index][parts[index]], mask):
                self._fired[index][parts[index]] = mask
                self._mark(index)
        return values

    def _stretch(self, first: Micros, last: Micros) -> tuple[Micros, Micros] | None:
        """Return from when to when a change can matter: on both sides up to a pause that nothing reaches across."""
        if not self._series:
            return None
        reach = self._ruleset.reach(self._rule.id)
        times = np.sort(np.concatenate([one.times for one in self._series]))
        low = int(np.searchsorted(times, first - reach, "left"))
        high = int(np.searchsorted(times, last + reach, "right")) - 1
        if low > high:
            return None
        pauses = np.flatnonzero(np.diff(times) > reach)
        before, after = pauses[pauses < low], pauses[pauses >= high]
        start = int(before[-1]) + 1 if len(before) else 0
        end = int(after[0]) if len(after) else len(times) - 1
        return int(times[start]), int(times[end])

    def _mark(self, index: int) -> None:
        one = self._series[index]
        self._db.execute(
            "UPDATE correlation_series SET fired = ? WHERE rule_id = ? AND key = ? AND segment_id = ? AND base_id = ?",
            (self._fired[index].astype(np.uint8).tobytes(), *self._key, one.segment_id, one.base_id),
        )

    def claim(self, affected: set[int], values: Mapping[str, str], held: Mapping[int, Evidence]) -> Claim:
        """Return what the group claims in the segments ``affected``; ``held`` are the copies of events at hand."""
        times = {segment_id: self._times(segment_id) for segment_id in sorted(affected)}
        parts = tuple(
            Contribution(segment_id, len(found), int(found[0]), int(found[-1]), chart(found))
            for segment_id, found in times.items()
            if len(found)
        )
        silent = frozenset(segment_id for segment_id, found in times.items() if not len(found))
        ends = self.ends()
        copies = sorted((held[one] for one in ends if one in held), key=lambda one: (one.time, one.event_id))
        asset = next((one.host for one in reversed(copies) if one.host), None)
        quoted = {**(quotable(copies[-1]) if copies else {}), **dict(self._group), **values}
        rule = self._rule
        return Claim(
            rule.id, rule.version, rule.severity, asset or file_name(self._db, ends[-1]), self._group,
            parts, tuple(copies), quoted, correlated=True, silent=silent,
        )  # fmt: skip

    def forget_stale(self, finding_id: int) -> None:
        """Drop copies of events that are part of no firing any more, unless a person has touched the finding."""
        found = rows(
            self._db,
            "SELECT e.id, e.event_id FROM evidence e JOIN findings f ON f.id = e.finding_id"
            " WHERE f.id = ? AND f.touched = 0",
            [finding_id],
        )
        held = np.isin([row["event_id"] for row in found], self._events())
        stale = [(row["id"],) for row, kept in zip(found, held.tolist(), strict=True) if not kept]
        self._db.conn.executemany("DELETE FROM evidence WHERE id = ?", stale)

    def _events(self) -> npt.NDArray[np.int64]:
        """Return the events that are part of a firing, in the order of their times."""
        times = np.concatenate([one.times[fired] for one, fired in self._pairs()])
        events = np.concatenate([one.events[fired] for one, fired in self._pairs()])
        ordered = events[np.lexsort((events, times))]
        # One event may be a tally of several base rules.
        once: npt.NDArray[np.int64] = ordered[np.diff(ordered, prepend=-1) != 0]
        return once

    def _times(self, segment_id: int) -> Times:
        """Return the times of the events of a segment that are part of a firing; an event counts once."""
        held = [(one, fired) for one, fired in self._pairs() if one.segment_id == segment_id]
        if not held:
            return np.zeros(0, np.int64)
        found = [(one.times[fired], one.events[fired]) for one, fired in held]
        events, where = np.unique(np.concatenate([events for _, events in found]), return_index=True)
        del events
        return np.sort(np.concatenate([times for times, _ in found])[where])

    def ends(self) -> list[int]:
        """Return the first and the last events that are part of a firing: as many as a finding keeps."""
        events = self._events().tolist()
        return list(dict.fromkeys([*events[: claims.KEPT_EVIDENCE], *events[-claims.KEPT_EVIDENCE :]]))

    def _withdraw(self, silent: Iterable[int]) -> None:
        """Take away what the segments had brought to a group that no longer fires in them."""
        stored = orjson.dumps(self._group).decode()
        found = rows(
            self._db, "SELECT id FROM findings WHERE rule_id = ? AND group_values = ?", [self._rule.id, stored]
        )
        ids = [row["id"] for row in found]
        self._db.conn.executemany(
            "DELETE FROM contributions WHERE finding_id = ? AND segment_id = ?", product(ids, sorted(silent))
        )
        claims.settle(self._db, ids)


def _series(row: Mapping[str, Any]) -> Series:
    return Series(
        row["base_id"],
        row["segment_id"],
        np.frombuffer(row["times"], "<i8"),
        np.frombuffer(row["events"], "<i8"),
        tuple(orjson.loads(row["distinct"])),
        np.frombuffer(row["codes"], "<i4"),
    )


def _stored(event: Mapping[str, object]) -> Evidence:
    raw = str(event["raw"] or event["message"] or "")
    fields = event["fields"]
    return Evidence(
        event_id=int(str(event["id"])),
        time=int(str(event["time"])),
        host=None if event["host"] is None else str(event["host"]),
        source=None if event["source"] is None else str(event["source"]),
        raw=raw,
        fields={str(k): str(v) for k, v in fields.items()} if isinstance(fields, dict) else {},
        sha256=hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def file_name(db: Connection, event_id: int) -> str:
    """Return the name of the file that an event came from; it stands for the asset where no host is known."""
    found = rows(db, "SELECT name FROM files WHERE id = ?", [event_id >> ORDINAL_BITS])
    return str(found[0]["name"]) if found else "-"
