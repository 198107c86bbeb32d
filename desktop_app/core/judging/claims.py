"""How a claim becomes a finding, and how findings follow what contributes to them. Only the pipeline calls this."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

import orjson

from desktop_app.core import links, reopenings, scopes
from desktop_app.core.database import Connection, rows, value
from desktop_app.core.model import Claim, Evidence, Micros

FINGERPRINT_VERSION = "v1"
KEPT_EVIDENCE = 10  # of the earliest and as many of the latest


def fingerprint(claim: Claim) -> str:
    """Return the versioned hash of rule, asset and group; never of a time or a line number.

    A correlation's group-by says what belongs together, so an asset that merely happened to
    come last does not split it.
    """
    asset = "" if claim.correlated else claim.asset.lower()
    parts = [FINGERPRINT_VERSION, claim.rule_id, asset, *(f"{name}={one}" for name, one in claim.group)]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def apply(db: Connection, claim: Claim, extension: str, at: Micros, *, reopens: bool = True) -> int:
    """Bring one claim into the inbox and return the finding's id; inside ``writing()``.

    New matches after resolved or archived reopen the finding as new and mark it so, unless it is known that the same
    events were there before (``reopens`` False).
    """
    found = rows(db, "SELECT id, count, status FROM findings WHERE fingerprint = ?", [fingerprint(claim)])
    finding_id = found[0]["id"] if found else _insert(db, claim, extension, at)
    # Only a closed finding can be reopened; a noisy one has a great many segments.
    closed = reopens and bool(found) and found[0]["status"] in reopenings.CLOSED
    before = segments_of(db, finding_id) if closed else set()
    _replace_contributions(db, finding_id, claim)
    fresh = segments_of(db, finding_id) - before if closed else set()
    _add_evidence(db, finding_id, claim.evidence)
    _describe(db, finding_id, claim, at)
    back = bool(fresh) and reopenings.reopen(db, finding_id, at, fresh=fresh, before=before)
    settle(db, [finding_id])
    if reopens and found:
        db.execute("UPDATE findings SET grown = ? WHERE id = ? AND count > ?", (at, finding_id, found[0]["count"]))
    links.refresh(db, finding_id)
    scopes.judge(db, finding_id, claim, at, arrived=back or not found)
    return finding_id


def grew(db: Connection, finding_id: int, at: Micros, *, fresh: Iterable[int], before: Iterable[int]) -> None:
    """Note that a finding counts more than before: it is marked so, and reopened if it was closed.

    ``fresh`` are the segments of the new matches, ``before`` those that had contributed until then.
    """
    db.execute("UPDATE findings SET grown = ? WHERE id = ?", (at, finding_id))
    if reopenings.reopen(db, finding_id, at, fresh=fresh, before=before):
        scopes.judge_whole(db, finding_id, at)


def _insert(db: Connection, claim: Claim, extension: str, at: Micros) -> int:
    first = min(one.first for one in claim.contributions)
    last = max(one.last for one in claim.contributions)
    cursor = db.execute(
        "INSERT INTO findings (fingerprint, extension, rule_id, rule_version, asset_id, severity, count, first_seen,"
        " last_seen, created, changed) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
        (fingerprint(claim), extension, claim.rule_id, claim.rule_version, _asset(db, claim.asset),
         int(claim.severity), first, last, at, at),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def _asset(db: Connection, name: str) -> int:
    alias = value(db, "SELECT asset_id FROM asset_aliases WHERE alias = ?", [name.lower()])
    if alias is not None:
        return int(alias)
    asset_id = int(db.execute("INSERT INTO assets (kind, name) VALUES ('host', ?)", (name,)).lastrowid or 0)
    db.execute("INSERT INTO asset_aliases (alias, asset_id) VALUES (?, ?)", (name.lower(), asset_id))
    return asset_id


def segments_of(db: Connection, finding_id: int) -> set[int]:
    """Return the segments that contribute to a finding."""
    found = db.execute("SELECT segment_id FROM contributions WHERE finding_id = ?", (finding_id,))
    return {row[0] for row in found.fetchall()}


def _replace_contributions(db: Connection, finding_id: int, claim: Claim) -> None:
    db.conn.executemany(
        "DELETE FROM contributions WHERE finding_id = ? AND segment_id = ?",
        [(finding_id, segment_id) for segment_id in sorted(claim.silent)],
    )
    db.conn.executemany(
        "INSERT OR REPLACE INTO contributions (finding_id, segment_id, count, first, last, times)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (finding_id, one.segment_id, one.count, one.first, one.last, orjson.dumps(one.times).decode())
            for one in claim.contributions
        ],
    )


def _add_evidence(db: Connection, finding_id: int, evidence: Sequence[Evidence]) -> None:
    db.conn.executemany(
        # The record is the same for ever; what was read from it changes when it is read in another time zone.
        "INSERT INTO evidence (finding_id, event_id, time, host, source, raw, fields, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (finding_id, event_id) DO UPDATE SET time = excluded.time,"
        " host = excluded.host, source = excluded.source, fields = excluded.fields",
        [
            (finding_id, one.event_id, one.time, one.host, one.source, one.raw,
             orjson.dumps(dict(one.fields)).decode(), one.sha256)
            for one in evidence
        ],
    )  # fmt: skip
    db.execute(
        "DELETE FROM evidence WHERE finding_id = ? AND id NOT IN (SELECT id FROM (SELECT id FROM evidence WHERE"
        " finding_id = ? ORDER BY time, event_id LIMIT ?) UNION SELECT id FROM (SELECT id FROM evidence WHERE"
        " finding_id = ? ORDER BY time DESC, event_id DESC LIMIT ?))",
        (finding_id, finding_id, KEPT_EVIDENCE, finding_id, KEPT_EVIDENCE),
    )


def _describe(db: Connection, finding_id: int, claim: Claim, at: Micros) -> None:
    """Store what the texts quote: the values of the newest match, so that older files change nothing."""
    newest = value(db, "SELECT COALESCE(MAX(last), 0) FROM contributions WHERE finding_id = ?", [finding_id])
    if max(one.last for one in claim.contributions) < newest:
        return
    db.execute(
        'UPDATE findings SET rule_version = ?, severity = ?, group_values = ?, "values" = ?, changed = ? WHERE id = ?',
        (claim.rule_version, int(claim.severity), orjson.dumps(claim.group).decode(),
         orjson.dumps(dict(claim.values)).decode(), at, finding_id),
    )  # fmt: skip


def counts(db: Connection, finding_ids: Sequence[int]) -> dict[int, int]:
    """Return how much each finding counts."""
    listed = orjson.dumps(finding_ids).decode()
    found = rows(db, "SELECT id, count FROM findings WHERE id IN (SELECT value FROM json_each(?))", [listed])
    return {row["id"]: row["count"] for row in found}


def settle(db: Connection, finding_ids: Iterable[int]) -> None:
    """Make count, first and last the sums of what contributes now.

    Where nothing contributes any more the finding goes, unless a person has touched it: then it stays, marked.
    """
    for finding_id in finding_ids:
        count, first, last = db.execute(
            "SELECT COALESCE(SUM(count), 0), MIN(first), MAX(last) FROM contributions WHERE finding_id = ?",
            (finding_id,),
        ).fetchone()
        if count:
            db.execute(
                "UPDATE findings SET count = ?, first_seen = ?, last_seen = ?, events_removed = 0 WHERE id = ?",
                (count, first, last, finding_id),
            )
        elif value(db, "SELECT touched FROM findings WHERE id = ?", [finding_id]):
            db.execute("UPDATE findings SET events_removed = 1 WHERE id = ?", (finding_id,))
        else:
            db.execute("DELETE FROM findings WHERE id = ?", (finding_id,))


@contextmanager
def holding_open(db: Connection, segment_ids: Sequence[int]) -> Iterator[None]:
    """Let findings that wait or are worked on keep what they rest on while these segments go."""
    held = [
        row["id"]
        for row in rows(
            db,
            "SELECT id FROM findings WHERE touched = 0 AND status IN ('new', 'in_progress') AND id IN"
            " (SELECT value FROM json_each(?))",
            [orjson.dumps(touching(db, segment_ids)).decode()],
        )
    ]
    listed = orjson.dumps(held).decode()
    db.execute("UPDATE findings SET touched = 1 WHERE id IN (SELECT value FROM json_each(?))", (listed,))
    yield
    db.execute("UPDATE findings SET touched = 0 WHERE id IN (SELECT value FROM json_each(?))", (listed,))


def without_copies(db: Connection, finding_ids: Sequence[int]) -> list[int]:
    """Return those of some findings that events contribute to, though no copy of one is left."""
    found = rows(
        db,
        "SELECT id FROM findings WHERE id IN (SELECT value FROM json_each(?)) AND events_removed = 0"
        " AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.finding_id = findings.id)",
        [orjson.dumps(list(finding_ids)).decode()],
    )
    return [row["id"] for row in found]


def touching(db: Connection, segment_ids: Sequence[int], rules: Collection[str] | None = None) -> list[int]:
    """Return the findings that these segments contribute to, of some ``rules`` only where these are given."""
    # As JSON, because SQLite limits the number of parameters and an archive may hold more files than that.
    where, params = "segment_id IN (SELECT value FROM json_each(?))", [orjson.dumps(segment_ids).decode()]
    if rules is not None:
        where += " AND finding_id IN (SELECT id FROM findings WHERE rule_id IN (SELECT value FROM json_each(?)))"
        params.append(orjson.dumps(list(rules)).decode())
    found = db.execute(f"SELECT DISTINCT finding_id FROM contributions WHERE {where}", tuple(params))
    return [row[0] for row in found.fetchall()]
