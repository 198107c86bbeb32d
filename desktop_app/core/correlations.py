"""Findings from what the rules said: plain hits at once, correlations from the stored tallies of their base rules.

A correlation is judged from stored tallies, so it is exact whatever the order in which files arrive, and across
imports; what it says of a stretch of time replaces what it had said of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import orjson

from desktop_app.core import claims
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.examine import SAMPLE, Hit, SegmentHits, chart, quotable
from desktop_app.core.model import ORDINAL_BITS, Claim, Contribution, Evidence, Micros
from desktop_app.core.sigma.model import Tally
from desktop_app.core.sigma.ruleset import RuleSet

EXTENSION = "logs"
_TALLY = ("time", "event_id", "segment_id", "base_id", "value")


# (correlation, key) -> the first and the last time between which its tallies changed.
Touched = dict[tuple[str, str], tuple[Micros, Micros]]


def touch(touched: Touched, rule_id: str, key: str, first: Micros, last: Micros) -> None:
    """Note that tallies of a group changed between two times."""
    known = touched.get((rule_id, key), (first, last))
    touched[rule_id, key] = (min(known[0], first), max(known[1], last))


def bring_in(desk: Desk, db: Connection, said: Mapping[int, SegmentHits], touched: Touched) -> None:
    """Make findings of what the rules said of segments (by id); inside ``writing()``.

    ``touched`` receives the groups whose tallies changed; judge them with ``correlate`` before committing.
    """
    at = desk.clock()
    for segment_id, one in said.items():
        for hit in one.hits:
            claims.apply(db, _claim(hit, segment_id), EXTENSION, at)
        for row in one.base:
            touch(touched, row.rule_id, row.key, row.time, row.time)
        db.conn.executemany(
            "INSERT OR REPLACE INTO correlation_matches (rule_id, base_id, key, time, event_id, segment_id, value)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(b.rule_id, b.base_id, b.key, b.time, b.event_id, segment_id, b.value) for b in one.base],
        )


def _claim(hit: Hit, segment_id: int) -> Claim:
    part = Contribution(segment_id, hit.count, hit.first, hit.last, hit.times)
    rule = hit.rule
    return Claim(rule.id, rule.version, rule.severity, hit.asset, hit.group, (part,), tuple(hit.evidence), hit.values)


def correlate(desk: Desk, db: Connection, ruleset: RuleSet, touched: Touched) -> None:
    """Judge correlations anew where their tallies changed; inside ``writing()``.

    Only the stretch around the change is judged, up to the next pauses that are longer than the correlation reaches:
    nothing beyond them can depend on it. So a site that is attacked for months pays for what is new.
    """
    for (rule_id, key), (first, last) in sorted(touched.items()):
        if rule_id in ruleset.rules:
            _Group(desk, db, ruleset, rule_id, key).judge(first, last)


class _Group:
    """The tallies of one correlation that share the values of its group-by."""

    def __init__(self, desk: Desk, db: Connection, ruleset: RuleSet, rule_id: str, key: str) -> None:
        self._desk = desk
        self._db = db
        self._ruleset = ruleset
        self._rule = ruleset.rules[rule_id]
        self._key = (rule_id, key)
        self._values = orjson.loads(key)
        self._group = tuple(zip(ruleset.group_by(rule_id), self._values, strict=True))

    def judge(self, first: Micros, last: Micros) -> None:
        """Judge the stretch around a change and bring what it says into the finding."""
        start, end = self._pause(first, -1), self._pause(last, 1)
        found = self._rows("time BETWEEN ? AND ? ORDER BY time, event_id", [start, end])
        tallies = [Tally(**{name: row[name] for name in _TALLY}) for row in found]
        firings = self._ruleset.correlate(self._rule.id, tallies, self._values)
        fired = {one for firing in firings for one in firing.tallies}
        self._mark([(tally, tally in fired) for row, tally in zip(found, tallies, strict=True)
                    if bool(row["fired"]) != (tally in fired)])  # fmt: skip
        affected = sorted({tally.segment_id for tally in tallies})
        self._bring_in(affected, firings[-1].values if firings else {})

    def _pause(self, edge: Micros, direction: int) -> Micros:
        """Return the last tally before a pause that nothing reaches across, going on from a time."""
        reach = self._ruleset.reach(self._rule.id)
        order, sign = ("DESC", "<=") if direction < 0 else ("ASC", ">=")
        cursor = self._db.execute(
            f"SELECT time FROM correlation_matches WHERE rule_id = ? AND key = ? AND time {sign} ? ORDER BY time {order}",
            (*self._key, edge),
        )
        for (time,) in cursor:
            if abs(time - edge) > reach:
                break
            edge = time
        return edge

    def _rows(self, where: str, params: Sequence[object]) -> list[dict[str, Any]]:
        return rows(
            self._db,
            "SELECT time, event_id, segment_id, base_id, value, fired FROM correlation_matches"
            f" WHERE rule_id = ? AND key = ? AND {where}",
            [*self._key, *params],
        )

    def _mark(self, changed: Sequence[tuple[Tally, bool]]) -> None:
        self._db.conn.executemany(
            "UPDATE correlation_matches SET fired = ?"
            " WHERE rule_id = ? AND key = ? AND time = ? AND event_id = ? AND base_id = ?",
            [(int(fired), *self._key, one.time, one.event_id, one.base_id) for one, fired in changed],
        )

    def _bring_in(self, affected: Sequence[int], values: Mapping[str, str]) -> None:
        marks = ", ".join("?" * len(affected))
        times: dict[int, list[int]] = {one: [] for one in affected}
        for row in self._rows(f"fired = 1 AND segment_id IN ({marks}) ORDER BY time", affected):
            times[row["segment_id"]].append(row["time"])
        parts = tuple(
            Contribution(one, len(held), held[0], held[-1], chart(np.array(held, dtype=np.int64)))
            for one, held in times.items()
            if held
        )
        silent = frozenset(one for one, held in times.items() if not held)
        if parts:
            claims.apply(self._db, self._claim(parts, silent, values), EXTENSION, self._desk.clock())
        else:
            self._withdraw(silent)

    def _claim(self, parts: tuple[Contribution, ...], silent: frozenset[int], values: Mapping[str, str]) -> Claim:
        ends = self._rows("fired = 1 ORDER BY time, event_id LIMIT ?", [SAMPLE])
        ends += self._rows("fired = 1 ORDER BY time DESC, event_id DESC LIMIT ?", [SAMPLE])
        copies = [
            _stored(one) for one in self._desk.events.events(self._db, dict.fromkeys(e["event_id"] for e in ends))
        ]
        copies.sort(key=lambda one: (one.time, one.event_id))
        asset = next((one.host for one in reversed(copies) if one.host), None)
        quoted = {**(quotable(copies[-1]) if copies else {}), **dict(self._group), **values}
        rule = self._rule
        return Claim(
            rule.id, rule.version, rule.severity, asset or file_name(self._db, ends[-1]["event_id"]), self._group,
            parts, tuple(copies), quoted, correlated=True, silent=silent,
        )  # fmt: skip

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
