"""Findings from what the rules said: plain hits at once, correlations from the stored tallies of their base rules.

A correlation is judged from all tallies of its group, so it is exact whatever the order in which files arrive, and
across imports; what it claims replaces what it had claimed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import orjson

from desktop_app.core import claims
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.examine import SAMPLE, Hit, SegmentHits, chart, quotable
from desktop_app.core.model import ORDINAL_BITS, Claim, Contribution, Evidence
from desktop_app.core.sigma.model import RuleInfo, Tally
from desktop_app.core.sigma.ruleset import RuleSet

EXTENSION = "logs"


def bring_in(desk: Desk, db: Connection, said: Mapping[int, SegmentHits]) -> set[tuple[str, str]]:
    """Make findings of what the rules said of segments (by id); inside ``writing()``.

    Returns the (correlation, key) pairs whose tallies changed; judge them with ``correlate`` before committing.
    """
    at = desk.clock()
    touched: set[tuple[str, str]] = set()
    for segment_id, one in said.items():
        for hit in one.hits:
            claims.apply(db, _claim(hit, segment_id), EXTENSION, at)
        touched |= {(row.rule_id, row.key) for row in one.base}
        db.conn.executemany(
            "INSERT OR REPLACE INTO correlation_matches (rule_id, base_id, key, time, event_id, segment_id, value)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(b.rule_id, b.base_id, b.key, b.time, b.event_id, segment_id, b.value) for b in one.base],
        )
    return touched


def _claim(hit: Hit, segment_id: int) -> Claim:
    part = Contribution(segment_id, hit.count, hit.first, hit.last, hit.times)
    rule = hit.rule
    return Claim(rule.id, rule.version, rule.severity, hit.asset, hit.group, (part,), tuple(hit.evidence), hit.values)


def correlate(desk: Desk, db: Connection, ruleset: RuleSet, touched: Iterable[tuple[str, str]]) -> None:
    """Judge correlations anew for the given (rule, key) pairs from all their tallies; inside ``writing()``."""
    for rule_id, key in sorted(touched):
        if rule_id not in ruleset.rules:
            continue
        found = rows(
            db,
            "SELECT time, event_id, segment_id, base_id, value FROM correlation_matches WHERE rule_id = ? AND key = ?"
            " ORDER BY time, event_id",
            [rule_id, key],
        )
        parts = orjson.loads(key)
        firings = ruleset.correlate(rule_id, [Tally(**row) for row in found], parts)
        group = tuple(zip(ruleset.group_by(rule_id), parts, strict=True))
        tallies = sorted({one for firing in firings for one in firing.tallies}, key=lambda t: (t.time, t.event_id))
        if tallies:
            values = {name: str(value) for name, value in firings[-1].values.items()}
            claim = _correlated(desk, db, ruleset.rules[rule_id], group, (tallies, values))
            claims.apply(db, claim, EXTENSION, desk.clock())
        else:
            _withdraw(db, rule_id, group)


def _correlated(
    desk: Desk,
    db: Connection,
    rule: RuleInfo,
    group: tuple[tuple[str, str], ...],
    fired: tuple[Sequence[Tally], Mapping[str, str]],
) -> Claim:
    tallies, values = fired
    by_segment: dict[int, list[int]] = defaultdict(list)
    for one in tallies:
        by_segment[one.segment_id].append(one.time)
    parts = tuple(
        Contribution(segment_id, len(times), times[0], times[-1], chart(np.array(times, dtype=np.int64)))
        for segment_id, times in by_segment.items()
    )
    picked = list(dict.fromkeys(one.event_id for one in _ends(tallies)))
    copies = [_stored(one) for one in desk.events.events(db, picked)]
    copies.sort(key=lambda one: (one.time, one.event_id))
    asset = next((one.host for one in reversed(copies) if one.host), None) or file_name(db, tallies[-1].event_id)
    quoted = {**(quotable(copies[-1]) if copies else {}), **dict(group), **values}
    return Claim(rule.id, rule.version, rule.severity, asset, group, parts, tuple(copies), quoted, complete=True)


def _ends(tallies: Sequence[Tally]) -> Sequence[Tally]:
    return tallies if len(tallies) <= 2 * SAMPLE else [*tallies[:SAMPLE], *tallies[-SAMPLE:]]


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


def _withdraw(db: Connection, rule_id: str, group: tuple[tuple[str, str], ...]) -> None:
    """Take away what a correlation had claimed for a group that no longer fires."""
    stored = orjson.dumps(group).decode()
    found = rows(db, "SELECT id FROM findings WHERE rule_id = ? AND group_values = ?", [rule_id, stored])
    ids = [row["id"] for row in found]
    db.conn.executemany("DELETE FROM contributions WHERE finding_id = ?", [(one,) for one in ids])
    claims.settle(db, ids)
