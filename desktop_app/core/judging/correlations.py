"""Findings from what the rules said: plain hits at once, correlations from the stored tallies of their base rules.

A correlation is judged from stored tallies, so it is exact whatever the order in which files arrive, and across
imports; what it says of a stretch of time replaces what it had said of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import orjson

from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.judging import blocks, claims, tallies
from desktop_app.core.judging.blocks import Block, Whole
from desktop_app.core.judging.examine import chart, quotable
from desktop_app.core.judging.groups import Group, Held, Span
from desktop_app.core.judging.tallies import Changed, Head, Touched
from desktop_app.core.model import ORDINAL_BITS, Claim, Contribution, Evidence
from desktop_app.core.sigma.model import Tallied
from desktop_app.core.sigma.ruleset import RuleSet

__all__ = ["Touched", "bring_in", "correlate", "file_name"]

EXTENSION = "logs"
GROUPS_AT_ONCE = 400  # whose evidence, at most 20 events each, is held in memory together
TALLIES_AT_ONCE = 1_000_000


def bring_in(
    desk: Desk,
    db: Connection,
    claimed: Iterable[Claim],
    base: Mapping[int, Iterable[Block]],
    touched: Touched,
    *,
    reopens: bool = True,
) -> set[int]:
    """Make findings of claims of plain rules and return their ids; inside ``writing()``.

    ``base``: what correlations count of each segment. ``touched`` receives the groups whose tallies changed; judge them
    with ``correlate`` before committing.
    """
    at = desk.clock()
    for segment_id, counted in base.items():
        for block in sorted(counted, key=lambda one: (one.rule_id, one.base_id)):
            touched.add(block.rule_id, block.hashes, block.ends, block.times)
            tallies.add(db, segment_id, block)
    return {claims.apply(db, claim, EXTENSION, at, reopens=reopens) for claim in claimed}


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
    for rule_id in touched.rules:
        rule = ruleset.rules.get(rule_id)
        if rule is None or not (rule.is_correlation and rule.generates):
            continue  # it was switched off, or is gone, since it counted
        changed, claimed = touched.of(rule_id), _claimed(db, rule_id)
        worth = np.isin(changed.hashes, np.fromiter(claimed, np.int64, len(claimed)))
        worth[_promising(db, ruleset, rule_id, changed)] = True
        worthwhile = changed.take(worth)
        for start in range(0, len(worthwhile), GROUPS_AT_ONCE):
            some = worthwhile.take(np.arange(start, min(start + GROUPS_AT_ONCE, len(worthwhile))))
            held = Held(db, ruleset, rule_id, some.hashes, claimed)
            made |= _Round(desk, db, held, some).judge(gone, reopens=reopens)
    return made


def _claimed(db: Connection, rule_id: str) -> dict[int, str]:
    """Return the keys of a correlation's findings by their hashes."""
    found = rows(db, "SELECT group_values FROM findings WHERE rule_id = ?", [rule_id])
    keys = [blocks.key_text([one for _, one in orjson.loads(row["group_values"])]) for row in found]
    return dict(zip(blocks.hashes_of(keys).tolist(), keys, strict=True))


# --- which groups are worth a look: of the addresses that ask, hardly one attacks ------------------------------------


def _promising(db: Connection, ruleset: RuleSet, rule_id: str, changed: Changed) -> Whole:
    """Return which of the changed groups may fire where they changed, as indices."""
    bases, reach = ruleset.bases(rule_id), ruleset.reach(rule_id)
    heads = tallies.heads(db, rule_id, bases, int(changed.first.min()) - reach, int(changed.last.max()) + reach)
    counts = np.zeros(len(changed), np.int64)
    for head in heads:
        hashes, ends = tallies.index(db, head.id)
        held, places = blocks.find(hashes, changed.hashes)
        counts[held] += (ends - blocks.starts(ends))[places]
    large = np.flatnonzero(counts >= ruleset.least(rule_id))
    found = [
        some[ruleset.promising(rule_id, _tallied(db, heads, bases, changed.hashes[some]))]
        for some in _parts(large, counts[large])
    ]
    return np.concatenate([np.zeros(0, np.int64), *found])


def _parts(which: Whole, counts: Whole) -> list[Whole]:
    """Split groups so that each part has a bounded number of tallies, or is one group."""
    numbers = np.cumsum(counts) // TALLIES_AT_ONCE
    return np.split(which, np.flatnonzero(np.diff(numbers)) + 1) if len(which) else []


def _tallied(db: Connection, heads: Sequence[Head], bases: Mapping[str, int], hashes: Whole) -> Tallied:
    """Return the tallies of some groups in some blocks; groups are numbered as ``hashes`` has them."""
    known: dict[str | None, int] = {None: -1}
    empty = np.zeros(0, np.int64)
    groups, times, refs, codes = [empty], [empty], [empty], [empty]
    for head in heads:
        stored, ends = tallies.index(db, head.id)
        held, places = blocks.find(stored, hashes)
        if len(held):
            begin = blocks.starts(ends)[places]
            size = ends[places] - begin
            which = blocks.spans(begin, size)
            groups.append(np.repeat(held, size))
            times.append(tallies.times(db, head.id)[which])
            refs.append(np.full(len(which), bases[head.base_id]))
            codes.append(_numbered(*tallies.counted(db, head.id), which, known))
    group, time = np.concatenate(groups), np.concatenate(times)
    order = np.lexsort((time, group))
    return Tallied(group[order], time[order], np.concatenate(refs)[order], np.concatenate(codes)[order])


def _numbered(distinct: Sequence[str | None], codes: Whole, which: Whole, known: dict[str | None, int]) -> Whole:
    """Give values the numbers that they have in all blocks."""
    if not distinct:
        return np.full(len(which), -1)
    used, where = np.unique(codes[which], return_inverse=True)
    numbers = [known.setdefault(distinct[one], len(known)) for one in used.tolist()]
    return np.array(numbers, np.int64)[where]


# --- judging some groups ---------------------------------------------------------------------------------------------


class _Round:
    """Some groups of one correlation that are judged together."""

    def __init__(self, desk: Desk, db: Connection, held: Held, changed: Changed) -> None:
        self._desk = desk
        self._db = db
        self._held = held
        self._changed = changed

    def judge(self, gone: int | None, *, reopens: bool) -> set[int]:
        """Judge the groups and return the findings that stand."""
        self._held.cover((int(self._changed.first.min()), int(self._changed.last.max())))
        groups = dict(self._held)
        spans = zip(self._changed.first.tolist(), self._changed.last.tolist(), strict=True)
        around = {number: span for number, span in enumerate(spans) if number in groups}
        numbers = _known(self._db, groups.values())
        finals: dict[int, int | None] = {}
        for group in groups.values():
            group.affected |= set() if gone is None else {gone}
        judged: dict[int, Span] = {}
        while around:
            judged |= self._judge(groups, around)
            # The texts tell of the last burst, wherever the change was.
            finals = {number: group.final(self._held.loaded) for number, group in groups.items()}
            around = {number: (time, time) for number, time in finals.items()
                      if time is not None and not _within(time, judged.get(number))}  # fmt: skip
        self._held.flush()
        self._withdraw([group for number, group in groups.items() if finals[number] is None], numbers)
        return self._claim([group for number, group in groups.items() if finals[number] is not None], reopens=reopens)

    def _judge(self, groups: Mapping[int, Group], around: Mapping[int, Span]) -> dict[int, Span]:
        """Judge groups around some time each; return which stretch of each was judged."""
        stretches: dict[int, Span] = {}
        while around:
            found = {number: groups[number].stretch(*span) for number, span in around.items()}
            wanted = {number: span or around[number] for number, span in found.items()}
            stretches |= {number: span for number, span in found.items() if span is not None}
            around = {number: around[number] for number, one in wanted.items() if not self._held.covers(one)}
            if around:
                open_ = [wanted[number] for number in around]
                self._held.cover((min(one for one, _ in open_), max(one for _, one in open_)))
        for number, stretch in stretches.items():
            groups[number].judge(stretch)
        return stretches

    def _claim(self, standing: Sequence[Group], *, reopens: bool) -> set[int]:
        """Bring the groups that fire into the inbox."""
        self._held.load_segments({one for group in standing for one in group.outermost(self._held.loaded)})
        # Copies of events are fetched for many groups at once: one look at a segment costs the same for one and all.
        wanted = dict.fromkeys(event for group in standing for event in group.ends())
        found = self._desk.events.events(self._db, wanted, missing=[]) if wanted else []
        copies = {one.event_id: one for one in map(_stored, found)}
        made = set()
        for group in standing:
            claim = _claim(self._db, group, copies)
            finding_id = claims.apply(self._db, claim, EXTENSION, self._desk.clock(), reopens=reopens)
            _forget_stale(self._db, finding_id, group, group.elsewhere(self._held.loaded))
            made.add(finding_id)
        return made

    def _withdraw(self, groups: Sequence[Group], numbers: Mapping[str, int]) -> None:
        """Take away what the segments had brought to groups that no longer fire in them."""
        ids = []
        for group in groups:
            finding_id = numbers.get(_fingerprint(group))
            if finding_id is not None:
                ids.append(finding_id)
                self._db.conn.executemany(
                    "DELETE FROM contributions WHERE finding_id = ? AND segment_id = ?",
                    [(finding_id, one) for one in sorted(group.affected)],
                )
        claims.settle(self._db, ids)


def _within(time: int, span: Span | None) -> bool:
    return span is not None and span[0] <= time <= span[1]


def _fingerprint(group: Group) -> str:
    rule = group.rule
    return claims.fingerprint(Claim(rule.id, rule.version, rule.severity, "", group.pairs, (), correlated=True))


def _known(db: Connection, groups: Iterable[Group]) -> dict[str, int]:
    """Tell each group what its finding holds of which segment; return the findings by fingerprint."""
    by = {_fingerprint(group): group for group in groups}
    listed = [orjson.dumps(list(by)).decode()]
    where = "WHERE f.fingerprint IN (SELECT value FROM json_each(?))"
    found = rows(
        db,
        "SELECT f.fingerprint, c.segment_id, c.count, c.first, c.last FROM findings f"
        f" JOIN contributions c ON c.finding_id = f.id {where}",
        listed,
    )
    for row in found:
        group = by[row.pop("fingerprint")]
        group.brought[row["segment_id"]] = Contribution(**row)
    numbers = rows(db, f"SELECT f.id, f.fingerprint FROM findings f {where}", listed)
    return {row["fingerprint"]: row["id"] for row in numbers}


def _claim(db: Connection, group: Group, held: Mapping[int, Evidence]) -> Claim:
    """Return what a group claims in the segments that were judged; ``held`` are the copies of events at hand."""
    times = {segment_id: group.times(segment_id) for segment_id in sorted(group.affected)}
    parts = tuple(
        Contribution(segment_id, len(found), int(found[0]), int(found[-1]), chart(found))
        for segment_id, found in times.items()
        if len(found)
    )
    silent = frozenset(segment_id for segment_id, found in times.items() if not len(found))
    ends = group.ends()
    copies = sorted((held[one] for one in ends if one in held), key=lambda one: (one.time, one.event_id))
    asset = next((one.host for one in reversed(copies) if one.host), None)
    quoted = {**(quotable(copies[-1]) if copies else {}), **dict(group.pairs), **group.quoted}
    rule = group.rule
    return Claim(
        rule.id, rule.version, rule.severity, asset or file_name(db, ends[-1]), group.pairs,
        parts, tuple(copies), quoted, correlated=True, silent=silent,
    )  # fmt: skip


def _forget_stale(db: Connection, finding_id: int, group: Group, elsewhere: Sequence[Contribution]) -> None:
    """Drop copies of events that are part of no firing any more, unless a person has touched the finding."""
    found = rows(
        db,
        "SELECT e.id, e.event_id, e.time FROM evidence e JOIN findings f ON f.id = e.finding_id"
        " WHERE f.id = ? AND f.touched = 0",
        [finding_id],
    )
    held = np.isin([row["event_id"] for row in found], group.events()).tolist()
    stale = [
        (row["id"],)
        for row, kept in zip(found, held, strict=True)
        if not kept and not any(one.first <= row["time"] <= one.last for one in elsewhere)
    ]
    db.conn.executemany("DELETE FROM evidence WHERE id = ?", stale)


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
