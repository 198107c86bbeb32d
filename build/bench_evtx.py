"""EVTX import by stages, beside the evtx library alone over the same file in the same run.

The file is made of the blocks of recorded attacks, which are no part of the repository, several times over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from evtx import PyEvtxParser

from build import bench_import
from build.bench_measure import Figure, resident, timed
from build.bench_windows import DATA
from desktop_app.core.events.writer import write_segments
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.evtx import EVTX
from desktop_app.extensions.logs.sources.evtx_blocks import HEADER_SIZE
from desktop_app.extensions.logs.sources.evtx_carve import BLOCK_MAGIC, BLOCK_SIZE

_WHOLE = 50_000  # bytes used of a block of a log that is in use; most samples end after a few events
_RUNS = 3


def _blocks() -> list[bytes]:
    found = []
    for path in sorted((DATA / "evtx-attack-samples").rglob("*.[eE][vV][tT][xX]")):
        data = path.read_bytes()
        cut = (data[at : at + BLOCK_SIZE] for at in range(HEADER_SIZE, len(data), BLOCK_SIZE))
        found += [one for one in cut if one.startswith(BLOCK_MAGIC) and int.from_bytes(one[48:52], "little") > _WHOLE]
    return found


def make(path: Path, rows: int) -> int:
    """Write a file of about so many events; return how many the library reads. 0 without the recordings."""
    blocks = _blocks()
    if not blocks:
        return 0
    head = next((DATA / "evtx-attack-samples").rglob("*.evtx")).read_bytes()[:HEADER_SIZE]
    events = sum(int.from_bytes(one[16:24], "little") - int.from_bytes(one[8:16], "little") + 1 for one in blocks)
    with path.open("wb") as stream:
        times = max(rows // events, 1)
        number = min(times * len(blocks), 0xFFFF)
        stream.write(head[:42] + number.to_bytes(2, "little") + head[44:])
        for _ in range(times):
            stream.writelines(blocks)
    return library(path)


def library(path: Path) -> int:
    """Read a file with the library alone, in one thread."""
    return sum(1 for _ in PyEvtxParser(str(path), number_of_threads=1, indent=False).records_json())


def _records(path: Path) -> list[RecordBatch]:
    with path.open("rb") as stream:
        return list(EVTX.collect(stream, Reading(path.name)))


def _batches(records: list[RecordBatch]) -> list[EventBatch]:
    return [batch for one in records for batch in EVTX.normalize(one, Reading("bench"))]


def _write(place: Path, batches: list[EventBatch]) -> None:
    folder = DataFolder(place)
    for batch in batches:
        write_segments(folder, batch, file_id=1, import_id=1, ingested=1)


def _cpu(work: Callable[[], object]) -> float:
    return timed(work)[1].cpu


def evtx(rows: int) -> Iterator[Figure]:
    """Yield the figures; the runs of the library and of ours alternate, and the least of each counts."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        path = place / "bench.evtx"
        events = make(path, rows // 10)
        if not events:
            return
        bench_import.bring_in(place / "first", [next((DATA / "evtx-attack-samples").rglob("*.evtx"))], detect=False)
        alone, whole = [], []
        for run in range(_RUNS):
            alone.append(_cpu(partial(library, path)))
            desk = bench_import.empty(place / f"desk{run}")
            whole.append(_cpu(partial(bench_import.add, desk, [path], detect=False)))
        scale = 1e6 / events
        records, collected = timed(partial(_records, path))
        batches, columns = timed(partial(_batches, records))
        stored = _cpu(partial(_write, place / "stored", batches))
        yield Figure("the evtx library alone", min(alone) * scale, "CPU us/event", note=f"{events:,} events")
        yield Figure("reading blocks and records, library included", collected.cpu * scale, "CPU us/event")
        yield Figure("fields, sentences, columns", columns.cpu * scale, "CPU us/event")
        yield Figure("writing segments and their bit sets", stored * scale, "CPU us/event")
        yield Figure("import without rules", min(whole) * scale, "CPU us/event")
        yield Figure("import / the library alone", min(whole) / min(alone), "x", note="the aim is 1.67")
        yield Figure("memory after it", resident(), "MB", 600)
