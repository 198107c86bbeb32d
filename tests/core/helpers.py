"""Rows and claims that several tests of the core need."""

from __future__ import annotations

from desktop_app.core.database import Connection, writing
from desktop_app.core.model import Claim, Contribution, Evidence, Severity

MINUTE = 60_000_000


def add_segment(db: Connection, number: int, *, state: str = "live") -> int:
    """Add an import with one file and one segment of that number, and return it."""
    with writing(db):
        db.execute("INSERT INTO imports (id, label, state, created) VALUES (?, 'x', 'done', 0)", (number,))
        db.execute(
            "INSERT INTO files (id, import_id, path, name, state) VALUES (?, ?, '', 'x.log', 'done')", (number, number)
        )
        db.execute(
            "INSERT INTO segments (id, path, file_id, import_id, product, category, service, min_time, max_time,"
            " min_id, max_id, events, bytes, sha256, state, created)"
            " VALUES (?, ?, ?, ?, 'linux', '', 'auth', 0, 1, ?, ?, 1, 1, '', ?, 0)",
            (number, f"{number}.parquet", number, number, number << 32, (number << 32) + 1000, state),
        )
    return number


def evidence(event_id: int, time: int = 0) -> Evidence:
    """Return a copy of a made-up event."""
    return Evidence(event_id, time, "web01", "sshd", f"line {event_id}", {"user.name": "root"}, "00")


def claim(
    segment: int, *, rule: str = "r1", asset: str = "web01", count: int = 3, first: int = 0, correlated: bool = False
) -> Claim:
    """Return a claim with one contribution."""
    part = Contribution(segment, count, first, first + MINUTE, ((first, count),))
    copies = (evidence((segment << 32) + 1, first),)
    return Claim(rule, "v", Severity.HIGH, asset, (), (part,), copies, {"user.name": "root"}, correlated)
