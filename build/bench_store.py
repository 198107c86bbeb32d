"""Section ``store``: what it costs to write events, and how much disk they take."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from build import bench_data
from build.bench_measure import Figure, Took, folder_bytes, resident, timed
from desktop_app.core.database import Connection, connect, migrate, writing
from desktop_app.core.events import catalogue
from desktop_app.core.events.writer import write_segments
from desktop_app.core.model import EventBatch
from desktop_app.core.paths import DataFolder

TEXT_RATIO = 0.3
WRITE_SECONDS = 3.0  # CPU-s a million rows, so that parsing has the rest of 1/146,000 a line


@contextmanager
def desk() -> Iterator[tuple[DataFolder, Connection]]:
    """An empty desk in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-bench-") as place:
        folder = DataFolder(Path(place))
        migrate(folder)
        db = connect(folder)
        try:
            yield folder, db
        finally:
            db.conn.close()


def add_file(db: Connection) -> tuple[int, int]:
    """Add an import with one file; return their ids."""
    with writing(db):
        import_id = db.execute("INSERT INTO imports (label, state, created) VALUES ('bench', 'done', 0)").lastrowid or 0
        sql = "INSERT INTO files (import_id, path, name, state) VALUES (?, 'bench.log', 'bench.log', 'done')"
        return import_id, db.execute(sql, (import_id,)).lastrowid or 0


def write(folder: DataFolder, db: Connection, batch: EventBatch) -> None:
    """Write one batch as the pipeline does, as a file of its own."""
    import_id, file_id = add_file(db)
    made = write_segments(folder, batch, file_id=file_id, import_id=import_id, ingested=bench_data.FIRST * 1_000_000)
    with writing(db):
        catalogue.add(db, made, file_id=file_id, import_id=import_id, created=0)


def _text_bytes(batch: EventBatch) -> int:
    return sum(len(line or "") + 1 for line in batch.raw)  # the generated lines are ASCII


def _kind(folder: DataFolder, db: Connection, kind: str, count: int) -> tuple[Took, int, int]:
    """Write one kind; return what it took, the bytes of its text and of its segments."""
    before, text, cpu, wall = folder_bytes(folder.segments), 0, 0.0, 0.0
    for batch in bench_data.batches(kind, count):
        text += _text_bytes(batch)
        _, took = timed(partial(write, folder, db, batch))
        cpu, wall = cpu + took.cpu, wall + took.wall
    return Took(cpu, wall), text, folder_bytes(folder.segments) - before


def store(rows: int) -> Iterable[Figure]:
    """Write ``rows`` events in the usual mix."""
    with desk() as (folder, db):
        write(folder, db, bench_data.batch("access", 1_000))  # loads DuckDB
        all_text = all_disk = 0
        cpu = 0.0
        for kind, share in bench_data.MIX.items():
            count = round(rows * share)
            took, text, disk = _kind(folder, db, kind, count)
            columns = 7 + len(bench_data.batch(kind, 1).fields)
            rate = took.cpu / count * 1e6
            yield Figure(f"write {kind}", rate, "CPU-s a million", WRITE_SECONDS, f"{columns} columns")
            yield Figure(f"disk to text, {kind}", disk / text, "", TEXT_RATIO, f"{disk / count:.1f} bytes an event")
            all_text, all_disk, cpu = all_text + text, all_disk + disk, cpu + took.cpu
        yield Figure("write, all", cpu / rows * 1e6, "CPU-s a million", WRITE_SECONDS)
        yield Figure("disk to text, all", all_disk / all_text, "", TEXT_RATIO, f"{all_disk / 1e6:.1f} MB")
        yield Figure("memory after writing", resident(), "MB", 700)
        yield Figure("verify every SHA-256", timed(lambda: catalogue.verify(folder, db))[1].wall, "s")
