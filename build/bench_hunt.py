"""A few new rules over stored Windows events, against all rules over the same; the rules are no part of it."""

from __future__ import annotations

import re
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

from build import bench_windows
from build.bench_import import add, empty, run
from build.bench_measure import Figure, timed
from build.bench_million import write
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.service import applying

_ID = re.compile(r"(?m)^id:.*$")
_LIMITS = {1: 0.1, 100: 0.5}  # new rules: of the CPU time that all take


def hunts(rows: int) -> Iterator[Figure]:
    """Yield what hunting with so many new rules takes of what applying all rules takes."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        desk = empty(place / "desk")
        with desk.connection() as db:
            catalogue.import_rules(db, bench_windows.DATA / "sigma-rules.zip")
        add(desk, [write(place / "events.json", rows)], detect=True)
        with desk.connection() as db:
            every = applying.start_detect(db)
        _, whole = timed(lambda: run(desk, every))
        for number, limit in _LIMITS.items():
            found = _new_rules(desk, place / f"new{number}", number)
            ended, took = timed(lambda: run(desk, found))  # noqa: B023 - called at once
            note = f"{took.cpu:.2f} of {whole.cpu:.1f} CPU s, {(ended.result or {}).get('segments')} files read"
            yield Figure(f"hunt with new rules: {number}, of {rows:,} events", took.cpu / whole.cpu, "x", limit, note)


def _new_rules(desk: Desk, pack: Path, number: int) -> int:
    """Bring in some rules of the world as new ones, evenly taken; return the job that applies them."""
    pack.mkdir()
    with zipfile.ZipFile(bench_windows.DATA / "sigma-rules.zip") as world:
        names = sorted(name for name in world.namelist() if name.endswith(".yml"))
        for at in range(len(names) // number // 2, len(names), len(names) // number):
            body = _ID.sub(f"id: {uuid.uuid5(uuid.NAMESPACE_URL, names[at])}", world.read(names[at]).decode(), count=1)
            (pack / f"{at}.yml").write_text(body, encoding="utf-8")
    with desk.connection() as db:
        job_id = applying.after_import(db, catalogue.import_rules(db, pack))
    if job_id is None:
        raise SystemExit("the new rules are not applied")
    return job_id
