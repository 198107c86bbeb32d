"""Section ``million``: Windows events with all rules of SigmaHQ, from a file to findings; the rules are no part of it.

Stage by stage in this process over the first events, then as a whole in a process of its own over all of them: the
import, reading and matching alone without a store, and the present rules over what was stored. Figures are of a million
events, however many are measured with; that the rules are made ready once weighs more among few.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from build import bench_windows
from build.bench_import import add, empty
from build.bench_measure import Figure, Took, timed
from build.bench_memory import watched
from desktop_app import bundled
from desktop_app.core import pipeline
from desktop_app.core.collector import collector_calm
from desktop_app.core.desk import Desk
from desktop_app.core.events.beside import grams
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue
from desktop_app.core.sigma.ruleset import RuleSet
from desktop_app.extensions.logs.jobs import importing
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.winjson import WINDOWS_JSON

_STAGED = 100_000
SECONDS, MEMORY = 25, 600  # CPU s a million events, MB
# What is timed: where it is called from, and what is measured inside of it and counts there.
_STAGES: dict[str, tuple[object, str, str | None]] = {
    "records into columns": (importing, "normalized", None),
    "writing": (pipeline, "write_segments", "the bit sets"),
    "the bit sets": (grams, "write", None),
    "examining: counts, samples, groups": (pipeline, "examine", "matching"),
    "matching": (RuleSet, "examine", None),
    "keeping distinct values": (pipeline, "learn", None),
}


class Stages:
    """What each stage took, in CPU seconds."""

    def __init__(self) -> None:
        self.took = dict.fromkeys(_STAGES, 0.0)

    def _timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            def whole() -> Any:
                made = work(*given, **named)
                return list(made) if isinstance(made, Iterator) else made

            made, took = timed(whole)
            self._count(name, took)
            return made

        return run

    def _count(self, name: str, took: Took) -> None:
        self.took[name] += took.cpu
        for outer, (_, _, inner) in _STAGES.items():
            if inner == name:
                self.took[outer] -= took.cpu

    def over(self, work: Callable[[], object]) -> Took:
        """Run something with its stages measured."""
        with ExitStack() as patched:
            for name, (place, attribute, _) in _STAGES.items():
                work_of = getattr(place, attribute)
                patched.enter_context(mock.patch.object(place, attribute, self._timed(name, work_of)))
            return timed(work)[1]


def write(path: Path, rows: int) -> Path:
    """Write events as evtx_dump does: a JSON object a line."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for lot in bench_windows.raw_events(rows):
            stream.writelines(f"{one}\n" for one in lot)
    return path


def _desk(place: Path) -> Desk:
    """Make a desk whose rules are compiled already, as they are from the second start on."""
    desk = empty(place)
    with desk.connection() as db:
        catalogue.import_rules(db, bench_windows.DATA / "sigma-rules.zip")
        catalogue.load(db, desk.folder)
    return desk


def _staged(place: Path, rows: int) -> Iterator[Figure]:
    desk, file, stages = _desk(place / "staged"), write(place / "first.jsonl", rows), Stages()
    warm = write(place / "warm.jsonl", 100)
    add(empty(place / "warm"), [warm], detect=False)  # loads the libraries
    whole = stages.over(lambda: add(desk, [file], detect=True))
    rest = whole.cpu - sum(stages.took.values())
    for name, seconds in (*stages.took.items(), ("all the rest: reading, rules, findings, database", rest)):
        yield Figure(name, seconds / rows * 1e6, "CPU s/million", note=f"{rows:,} events")


def _command(desk: Desk, *words: str) -> list[str]:
    return [sys.executable, "-m", "desktop_app", "--data-dir", str(desk.folder.root), *words]


def match(root: Path, path: Path) -> int:
    """Read a file into columns and apply the rules of a desk, storing nothing; return how often they match."""
    desk = Desk(DataFolder(root), bundled.EXTENSIONS, load=bundled.load)
    with desk.connection() as db:
        rules = catalogue.load(db, desk.folder)
    reading, found = Reading(path.name), 0
    with path.open("rb") as stream, collector_calm():  # as in a job
        for records in WINDOWS_JSON.collect(stream, reading):
            for batch in WINDOWS_JSON.normalize(records, reading):
                found += sum(len(one.rows) for one in rules.examine(batch))
                rules.forget()
    return found


def _judged(desk: Desk, file: Path, rows: int) -> Iterator[Figure]:
    """Yield what the facts' prototype measured (it stores nothing), and what the rules cost over what is stored."""
    script = f"from pathlib import Path; from build.bench_million import match; match(Path({str(desk.folder.root)!r}), "
    alone = [sys.executable, "-c", f"{script}Path({str(file)!r}))"]
    for name, command in (
        ("read, into columns, matched; no store", alone),
        ("all rules over the stored events", _command(desk, "detect")),
    ):
        seen, took = timed(partial(watched, command))
        yield Figure(name, took.cpu / rows * 1e6, "CPU s/million", SECONDS, f"{rows:,} events")
        yield Figure("peak of all its processes", max(seen), "MB", MEMORY, f"{len(seen)} looks")


def million(rows: int) -> Iterable[Figure]:
    """Yield the figures; nothing without the rules and the recorded attacks."""
    if not bench_windows.DATA.is_dir():
        return
    with tempfile.TemporaryDirectory(prefix="watchdesk-bench-") as name:
        place = Path(name)
        yield from _staged(place, min(rows, _STAGED))
        desk, file = _desk(place / "desk"), write(place / "events.jsonl", rows)
        seen, took = timed(lambda: watched(_command(desk, "import", str(file))))
        with desk.connection() as db:
            [(findings, matches)] = db.execute("SELECT COUNT(*), SUM(count) FROM findings").fetchall()
        note = (
            f"{rows:,} events, {file.stat().st_size / 1e6:,.0f} MB of JSON, {findings:,} findings, {matches:,} matches"
        )
        yield Figure("import with all rules", took.cpu / rows * 1e6, "CPU s/million", SECONDS, note)
        yield Figure("peak of all its processes", max(seen), "MB", MEMORY, f"{len(seen)} looks")
        yield from _judged(desk, file, rows)
