from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app import bundled
from desktop_app.core import jobs
from desktop_app.core.backup import archive, checking, swap
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue
from desktop_app.core.events.beside import counted
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


def tallies(desk: Desk) -> dict[str, dict[str, dict[str, int]]]:
    """Return what is counted beside each segment: column, value, number."""
    with desk.connection() as db:
        held = {one.path: counted.read(desk.folder.segments / one.path, one.sha256) for one in catalogue.live(db)}
    assert None not in held.values()
    return {path: {name: one.values() for name, one in (found or {}).items()} for path, found in held.items()}


def test_a_restored_desk_counts_at_its_start_what_was_counted_as_the_events_came(desk: Desk, tmp_path: Path) -> None:
    long = "".join(
        f"2026-11-20T15:00:{second:02} host-with-a-long-name-{second % 3} a-long-daemon-{second % 2}: said\n"
        for second in range(60)
    )
    (tmp_path / "syslog").write_text(long.replace(" host", "+08:00 host"), encoding="utf-8")
    bring_in(desk, [tmp_path / "syslog"])
    before = tallies(desk)
    assert any({"source", "process.name"} <= one.keys() and "event.action" not in one for one in before.values())
    archive.write(desk, tmp_path / "backup")
    restored = replace(desk, folder=DataFolder(tmp_path / "restored"))
    restored.prepare()
    checking.stage(restored, tmp_path / "backup", None)
    swap.put_in_place(restored.folder, 5, "backup")
    assert not list(restored.folder.segments.rglob("*.counts"))
    jobs.recover(restored)
    with restored.connection() as db:
        [queued] = rows(db, "SELECT id FROM jobs WHERE kind = ?", [indexing.JOB])
    assert run(restored, queued["id"]).result == {"segments": len(before), "unreadable": 0}
    after = tallies(restored)
    assert {path: {name: after[path].get(name) for name in known} for path, known in before.items()} == before


def test_a_segment_that_cannot_be_read_stays_without_and_is_told(desk: Desk, db: Connection) -> None:
    the_set(desk).unlink()
    [segment] = desk.folder.segments.rglob("*.parquet")
    segment.write_bytes(b"broken")
    assert run(desk, indexing.queue(desk.folder, db) or 0).result == {"segments": 0, "unreadable": 1}
