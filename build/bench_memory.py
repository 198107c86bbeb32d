"""Section ``memory``: what an import holds while it reads, over all processes that take part."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from build import bench_data
from build.bench_measure import Figure

PEAK = 700  # MB
GROWTH = 60  # MB that the second half of an import may hold more than the first
LOOKS = 100
EVERY = 0.25  # seconds between two looks
SHARES = {"access": 0.6, "syslog": 0.3, "auth": 0.1}


def _resident(process: psutil.Process) -> float:
    """Return the memory of a process and all below it, in MB; pages that they share are counted in each."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
    return total / 1e6


def watched(command: Sequence[str]) -> list[float]:
    """Run a command to its end and return what it held from moment to moment."""
    seen = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            seen.append(_resident(process))
            time.sleep(EVERY)
    if running.returncode:
        raise SystemExit(f"the import ended with {running.returncode}")
    return seen


def memory(rows: int) -> Iterable[Figure]:
    """Import ``rows`` lines of access and system logs with our rules; 6,000,000 are about 1 GB."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-bench-") as name:
        place = Path(name)
        texts = [place / f"{kind}.log" for kind in SHARES]
        sizes = [
            bench_data.write(kind, round(rows * share), text)
            for (kind, share), text in zip(SHARES.items(), texts, strict=True)
        ]
        command = [sys.executable, "-m", "desktop_app", "--data-dir", str(place / "desk"), "import", *map(str, texts)]
        seen = watched(command)
        half = len(seen) // 2
        note = f"{sum(sizes) / 1e9:.2f} GB of text, {len(seen)} looks"
        yield Figure("peak while text is imported", max(seen), "MB", PEAK, note)
        # A short import is over before it has taken what it needs.
        limit = GROWTH if len(seen) >= LOOKS else None
        yield Figure("peak of the second half over the first", max(seen[half:]) - max(seen[: half + 1]), "MB", limit)
