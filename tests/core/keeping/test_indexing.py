from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.events.search import Search
from desktop_app.core.keeping import indexing
from desktop_app.core.paths import DataFolder
from tests.extensions.logs.importing import bring_in, guesses, run


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    (tmp_path / "auth.log").write_text(guesses(40), encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    return made


def the_set(desk: Desk) -> Path:
    [path] = desk.folder.segments.rglob("*.grams")
    return path


def test_a_desk_whose_segments_have_their_sets_has_nothing_to_do(desk: Desk, db: Connection) -> None:
    jobs.recover(desk)
    assert not rows(db, "SELECT 1 FROM jobs WHERE kind = ?", [indexing.JOB])


def test_a_set_that_is_lacking_is_made_by_a_job_of_the_next_start(desk: Desk, db: Connection) -> None:
    path = the_set(desk)
    path.unlink()
    jobs.recover(desk)
    jobs.recover(desk)
    [queued] = rows(db, "SELECT id FROM jobs WHERE kind = ?", [indexing.JOB])
    assert run(desk, queued["id"]).result == {"segments": 1, "unreadable": 0}
    assert path.exists()
    assert not indexing.lacking(desk.folder, db)
    assert desk.events.count(db, Search("Failed password")) > 0
    assert desk.events._plan(db, Search("qzxwvq")).segments == []


@pytest.mark.parametrize(
    "change", [lambda data: b"WDGRAMS0" + data[8:], lambda data: data[:9] + data[10:], lambda _: b""]
)
def test_a_set_of_another_version_or_segment_is_made_anew(desk: Desk, db: Connection, change: object) -> None:
    path = the_set(desk)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]  # from the list above
    assert len(indexing.lacking(desk.folder, db)) == 1
    run(desk, indexing.queue(desk.folder, db) or 0)
    assert not indexing.lacking(desk.folder, db)


@pytest.mark.parametrize("change", [None, lambda data: data[:-1], lambda data: data[:20] + b"?" + data[21:]])
def test_counts_that_are_lacking_or_damaged_are_made_by_a_job_of_the_next_start(
    desk: Desk, db: Connection, change: Callable[[bytes], bytes] | None
) -> None:
    [path] = desk.folder.segments.rglob("*.counts")
    asked = desk.events.facets(db, Search(), ["source.ip", "level", "user.name", "event.action"])
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    jobs.recover(desk)
    [queued] = rows(db, "SELECT id FROM jobs WHERE kind = ?", [indexing.JOB])
    assert run(desk, queued["id"]).result == {"segments": 1, "unreadable": 0}
    assert not indexing.lacking(desk.folder, db)
    desk.events.forget()
    assert desk.events.facets(db, Search(), ["source.ip", "level", "user.name", "event.action"]) == asked


def test_a_segment_that_cannot_be_read_stays_without_and_is_told(desk: Desk, db: Connection) -> None:
    the_set(desk).unlink()
    [segment] = desk.folder.segments.rglob("*.parquet")
    segment.write_bytes(b"broken")
    assert run(desk, indexing.queue(desk.folder, db) or 0).result == {"segments": 0, "unreadable": 1}
