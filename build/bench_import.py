"""Text import as a whole (parse, store, index), beside the plain parse of the same lines into the same columns."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from build import bench_parse
from build.bench_measure import Figure, folder_bytes, timed
from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs import service

LEAST_RATIO = 0.4  # of the plain parse's CPU time, for the three commonest kinds


def bring_in(place: Path, files: Iterable[Path], *, detect: bool, zone: str | None = None) -> Desk:
    """Import files into a new desk, in this process."""
    desk = empty(place)
    add(desk, files, detect=detect, zone=zone)
    return desk


def empty(place: Path) -> Desk:
    """Make a desk with our rules in it."""
    desk = Desk(DataFolder(place), bundled.EXTENSIONS, load=bundled.load)
    desk.prepare()
    return desk


def add(desk: Desk, files: Iterable[Path], *, detect: bool, zone: str | None = None) -> None:
    """Import files into a desk, in this process."""
    with desk.connection() as db:
        job_id = service.start_import(db, [str(one) for one in files], detect=detect, zone=zone)
        with writing(db):
            db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
    jobs.run_here(desk, job_id)
    with desk.connection() as db:
        ended = jobs.job(db, job_id)
    if ended.state != "done":
        raise SystemExit(" ".join(str(part) for part in ended.error))


def plain_file(path: Path, read: Callable[[str], dict[str, Any]]) -> bench_parse.Rows:
    """Read a file into columns the plain way, its lines kept beside what was found in them."""
    kept: list[str] = []

    def lines() -> Iterator[str]:
        with path.open(encoding="utf-8") as file:
            for line in file:
                kept.append(line.rstrip("\n"))
                yield kept[-1]

    return bench_parse.plain_parse(lines(), read) | {"raw": kept}


def _samples(place: Path, rows: int) -> Iterator[tuple[str, Path, int, float]]:
    """Write one file a kind of log; yield its name, path, lines and the CPU seconds of the plain parse of them."""
    for name, _, make, read in bench_parse.CASES:
        lines = make(random.Random(7), rows // len(bench_parse.CASES))  # noqa: S311 - made-up lines, no secrets
        path = place / f"{name}.log"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        plain = min(timed(lambda: plain_file(path, read))[1].cpu for _ in range(2))  # noqa: B023 - called at once
        yield name, path, len(lines), plain


def imports(rows: int) -> Iterable[Figure]:
    """Yield the figures; ``rows`` lines in four kinds of log, each of which one process reads into one desk."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        desk = empty(place / "desk")
        files, plain, ours = [], 0.0, 0.0
        for name, path, count, seconds in _samples(place, rows):
            _, took = timed(partial(add, desk, [path], detect=False))
            yield Figure(f"{name}: plain parse", count / seconds / 1000, "k lines/CPU-s")
            yield Figure(f"{name}: import without rules", count / took.cpu / 1000, "k lines/CPU-s")
            limit = None if name == "auth" else LEAST_RATIO
            yield Figure(f"{name}: CPU of import / CPU of plain parse", took.cpu / seconds, "x", limit)
            files.append(path)
            plain, ours = plain + seconds, ours + took.cpu
        size = sum(one.stat().st_size for one in files)
        yield Figure("CPU of import / CPU of plain parse", ours / plain, "x", 1.0)
        yield Figure("store with index / text", folder_bytes(desk.folder.segments) / size, "x", 0.3)
        judged = empty(place / "judged")
        _, took = timed(lambda: add(judged, files, detect=True))
        yield Figure("import with our rules", rows / took.cpu / 1000, "k lines/CPU-s")


if __name__ == "__main__":
    for figure in imports(int(sys.argv[1]) if len(sys.argv) > 1 else 800_000):
        print(figure.line(), flush=True)
