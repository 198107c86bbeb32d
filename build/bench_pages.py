"""Section ``pages``: how long the pages take on a desk with a hundred events a finding, as a storm leaves it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from build.bench_measure import Figure, best
from build.seed import seed
from desktop_app.web.app import create_app

PAGE = 0.3  # seconds
PAGES = {
    "Overview": "/",
    "inbox": "/findings/",
    "inbox, all views": "/findings/?view=all",
    "inbox, words": "/findings/?q=ssh",
    "inbox, one asset": "/findings/?asset=gw-01",
    "log page": "/logs/",
    "rules": "/logs/detections",
    "jobs": "/jobs/",
}


def pages(rows: int) -> Iterable[Figure]:
    """Seed ``rows`` events and a hundredth of findings, and open the pages."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-bench-") as name:
        desk = seed(Path(name) / "desk", events=rows, findings=rows // 100)
        client = create_app(desk).test_client()
        for title, path in PAGES.items():
            answer, took = best(partial(client.get, path))
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
            yield Figure(title, took.wall, "s", PAGE, f"{len(answer.data) / 1000:.0f} kB")
