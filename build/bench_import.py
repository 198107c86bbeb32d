"""Text import as a whole (parse, store, index), beside the plain parse of the same lines into the same columns."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from build import bench_parse
from build.bench_measure import Figure, folder_bytes, timed
from build.bench_search import promises
from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs import service

LEAST_RATIO = 0.4  # of the plain parse's CPU time, for the three commonest kinds
FEW = 500  # lines, to see what an import costs whatever its size
JUDGED = 200_000  # lines of each kind that are imported with rules as well


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
    run(desk, job_id)


def run(desk: Desk, job_id: int) -> jobs.Job:
    """Run a queued job in this process, to its good end."""
    with desk.connection() as db, writing(db):
        db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
    jobs.run_here(desk, job_id)
    with desk.connection() as db:
        ended = jobs.job(db, job_id)
    if ended.state != "done":
        raise SystemExit(" ".join(str(part) for part in ended.error))
    return ended


def plain_file(path: Path, read: Callable[[str], dict[str, Any]]) -> bench_parse.Rows:
    """Read a file into columns the plain way, its lines kept beside what was found in them.

    No stamp is known beforehand: the second run over a small file would find all of them read already, over a large
    one hardly any.
    """
    for read_before in (bench_parse.access_time, bench_parse.syslog_time):
        read_before.cache_clear()
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
        yield from _first(desk, place)
        files, plain, ours = [], dict[str, float](), dict[str, float]()
        for name, path, count, seconds in _samples(place, rows):
            _, took = timed(partial(add, desk, [path], detect=False))
            plain[name], ours[name] = seconds / count, took.cpu / count
            yield Figure(f"{name}: plain parse", 1e-3 / plain[name], "k lines/CPU-s")
            yield Figure(f"{name}: import without rules", 1e-3 / ours[name], "k lines/CPU-s")
            yield Figure(f"{name}: CPU of import / CPU of its plain parse", ours[name] / plain[name], "x")
            files.append(path)
        yield from _against_all(plain, ours)
        size = sum(one.stat().st_size for one in files)
        yield Figure("store with index / text", folder_bytes(desk.folder.segments) / size, "x", 0.3, f"{size:,} bytes")
        yield from _search(desk, files, rows)
        yield from _judged(place, files)


def _first(desk: Desk, place: Path) -> Iterable[Figure]:
    """Import a few lines before all others: what a process loads and a desk compiles once is no cost of a line."""
    for number, which in enumerate(("first", "second")):
        path = place / f"{which}.log"
        lines = bench_parse.access_lines(random.Random(number), FEW)  # noqa: S311 - made-up lines, no secrets
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _, took = timed(partial(add, desk, [path], detect=False))
        yield Figure(f"the {which} import of a desk, of a few lines", took.cpu * 1000, "ms CPU")


def _against_all(plain: Mapping[str, float], ours: Mapping[str, float]) -> Iterable[Figure]:
    """Compare with the rate of one plain parse for all kinds, which is what a plain program would be measured by."""
    mean = sum(plain.values()) / len(plain)
    yield Figure("plain parse of all kinds", 1e-3 / mean, "k lines/CPU-s")
    for name in ours:
        limit = None if name == "auth" else LEAST_RATIO
        yield Figure(f"{name}: CPU of import / plain parse of all", ours[name] / mean, "x", limit)
    yield Figure("CPU of import / CPU of plain parse", sum(ours.values()) / sum(plain.values()), "x", 1.0)


def _search(desk: Desk, files: Sequence[Path], rows: int) -> Iterable[Figure]:
    """Ask the imported lines what has a limit of its own."""
    with desk.connection() as db:
        yield from promises(desk.events, db, rows, named="req.id", filtered="http.response.status_code:500")
    desk.events.close()
    yield from scanned(files, rows)


def scanned(files: Sequence[Path], rows: int) -> Iterable[Figure]:
    """Say beside it what a program costs that goes through the text itself: rg, or grep where there is no rg."""
    for words in (("rg", "-i", "-c"), ("grep", "-i", "-c", "-F")):
        if program := shutil.which(words[0]):
            command = [program, *words[1:], "qzxwvq", *map(str, files)]
            _, took = timed(lambda: subprocess.run(command, check=False, stdout=subprocess.DEVNULL))  # noqa: B023 - called at once
            yield Figure(f"{' '.join(words)} over the text", took.cpu / rows * 1e6, "CPU-s a million")
            return


def _judged(place: Path, files: Sequence[Path]) -> Iterable[Figure]:
    """Import the beginning of each file with our rules."""
    heads = []
    for path in files:
        heads.append(path.with_suffix(".head"))
        with path.open("rb") as whole, heads[-1].open("wb") as head:
            head.writelines(islice(whole, JUDGED))
    count = sum(len(one.read_bytes().splitlines()) for one in heads)
    judged = empty(place / "judged")
    _, took = timed(lambda: add(judged, heads, detect=True))
    yield Figure("import with our rules", count / took.cpu / 1000, "k lines/CPU-s", None, f"{count:,} lines")


if __name__ == "__main__":
    for figure in imports(int(sys.argv[1]) if len(sys.argv) > 1 else 800_000):
        print(figure.line(), flush=True)
