"""Running imports inside a test's own process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.core import jobs
from desktop_app.core.database import rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.extensions.logs import service

_TALLIES = (
    "SELECT b.rule_id, b.base_id, b.fired, t.keys, t.times, t.events FROM correlation_blocks b"
    " JOIN correlation_tallies t ON t.block_id = b.id ORDER BY 1, 2, 4, 5"
)


def written(path: Path, content: str) -> Path:
    """Write a text and return its place."""
    path.write_text(content, encoding="utf-8")
    return path


def run(desk: Desk, job_id: int) -> jobs.Job:
    """Run a queued job here and return how it ended."""
    with desk.connection() as db, writing(db):
        db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
    jobs.run_here(desk, job_id)
    with desk.connection() as db:
        return jobs.job(db, job_id)


def bring_in(desk: Desk, paths: Sequence[Path], **options: Any) -> dict[str, Any]:
    """Import files and return the result of the job, which must end well."""
    with desk.connection() as db:
        job_id = service.start_import(db, [str(one) for one in paths], **options)
    ended = run(desk, job_id)
    assert ended.state == "done", [str(part) for part in ended.error]
    assert ended.result is not None
    return dict(ended.result)


def state_of(desk: Desk) -> dict[str, Any]:
    """Return all that an import brings, without the times at which it was done."""
    with desk.connection() as db:
        events = sorted(
            (one["id"], one["time"], one["host"], one["source"], one["message"], one["raw"])
            for one in desk.events.events(db, _ids(desk))
        )
        found = rows(
            db,
            "SELECT f.fingerprint, f.rule_id, f.count, f.first_seen, f.last_seen, f.status FROM findings f ORDER BY 1",
        )
        contributions = rows(
            db,
            "SELECT f.fingerprint, SUM(c.count) AS n FROM contributions c JOIN findings f ON f.id = c.finding_id"
            " GROUP BY 1 ORDER BY 1",
        )
        tallies = rows(db, _TALLIES)
    return {"events": events, "findings": found, "contributions": contributions, "tallies": tallies}


def _ids(desk: Desk) -> list[str]:
    found: list[str] = []
    with desk.connection() as db:
        after = None
        while True:
            page = desk.events.page(db, Search(), after=after, limit=1000)
            found += [row["id"] for row in page.rows]
            after = page.older_key
            if after is None or not page.rows:
                return found


def guesses(number: int, *, hour: int = 14, address: str = "10.20.4.17") -> str:
    """Return sshd lines of failed sign-ins, one every two seconds."""
    return "".join(
        f"2026-11-20T{hour:02}:{second // 30:02}:{second % 30 * 2:02}+08:00 opc-gw sshd[4242]: Failed password for root"
        f" from {address} port {40000 + second} ssh2\n"
        for second in range(number)
    )


def count(desk: Desk, query: str = "") -> int:
    with desk.connection() as db:
        return desk.events.count(db, Search(query))
