from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import jobs, marks, undo
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.events import catalogue, checking
from desktop_app.core.events.search import Search
from desktop_app.core.jobs import enqueue
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.cli import detecting
from desktop_app.extensions.logs.jobs import compacting
from desktop_app.extensions.logs.jobs.compacting import TOGETHER, Beside, Compactor, groups
from desktop_app.extensions.logs.jobs.landing import Landing, Whose
from desktop_app.extensions.logs.sources.feed import Portion
from tests.extensions.logs.importing import count, guesses, run, state_of
from tests.extensions.logs.jobs import killed
from tests.extensions.logs.listening import add, eventually

LINES = guesses(TOGETHER * 2).splitlines()


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    add(desk)
    with desk.connection() as opened:
        landing = Landing(desk, opened)
        for start in range(0, len(LINES), 2):
            two = LINES[start : start + 2]
            landing.land(Whose(1, "syslog"), Portion(two, ("live:syslog", "s"), "syslog", 1, 2, 9), {})
        yield opened


def firing(db: Connection) -> list[Any]:
    """Return each tally of correlations with its mark, whatever block it lies in."""
    from desktop_app.core.judging import tallies

    found = []
    for row in rows(db, "SELECT DISTINCT rule_id, base_id FROM correlation_blocks"):
        for head in tallies.heads(db, row["rule_id"], [row["base_id"]], 0, 1 << 62):
            marks = tallies.fired(db, head).tolist()
            times, events = tallies.times(db, head.id).tolist(), tallies.events(db, head.id).tolist()
            _, codes = tallies.counted(db, head.id)
            found += [(row["rule_id"], row["base_id"], *one) for one in zip(times, events, marks, strict=True)]
            assert len(codes) in {0, len(times)}
    return sorted(found)


def seen(desk: Desk, db: Connection) -> dict[str, Any]:
    found = state_of(desk)
    found.pop("tallies")
    found["firing"] = firing(db)
    found["ingested"] = sorted(one for row in catalogue.live(db) for one in desk.events.ingested(db, row).tolist())
    return found


def test_segments_are_put_together_and_nobody_sees_it(desk: Desk, db: Connection) -> None:
    before = seen(desk, db)
    assert before["findings"], "the rules saw something"
    assert any(mark for *_, mark in before["firing"])
    [ids] = groups(db)
    assert len(ids) == TOGETHER
    assert Compactor(desk, db).turn()
    assert len(catalogue.live(db)) == 1
    assert seen(desk, db) == before
    assert catalogue.verify(desk.folder, db) == []


def test_more_that_comes_is_judged_with_what_was_put_together(desk: Desk, db: Connection) -> None:
    Compactor(desk, db).turn()
    more = guesses(4, hour=14, address="10.20.4.17").splitlines()
    Landing(desk, db).land(Whose(1, "syslog"), Portion(more, ("live:syslog", "s"), "syslog", 1, 2, 9), {})
    [burst] = rows(db, "SELECT MAX(count) AS n FROM findings")
    assert burst["n"] == len(LINES) + 4


def test_the_files_go_when_no_search_reads_them_any_more(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    compactor = Compactor(desk, db)
    compactor.turn()
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == TOGETHER + 1
    monkeypatch.setattr(compacting, "KEPT_SECONDS", 0.0)
    assert not compactor.turn()
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1
    assert rows(db, "SELECT * FROM doomed_files") == []


def test_beside_the_listener_a_turn_that_fails_is_noted_and_the_next_one_goes_on(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, tried = Compactor.turn, list[int]()

    def turn(self: Compactor) -> bool:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError
        return whole(self)

    monkeypatch.setattr(Compactor, "turn", turn)
    beside = Beside(desk)
    beside.start()
    beside.turn()
    eventually(lambda: list(desk.folder.logs.glob("*")))
    assert len(catalogue.live(db)) == TOGETHER
    beside.turn()
    eventually(lambda: len(catalogue.live(db)) == 1)
    beside.end()
    assert not beside.is_alive()
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1


def test_an_undo_is_a_drop_as_before(desk: Desk, db: Connection) -> None:
    Compactor(desk, db).turn()
    [one] = service.import_rows(db)
    service.undo_import(desk, db, one.id)
    assert count(desk) == 0
    assert value(db, "SELECT COUNT(*) FROM findings") == 0
    assert undo.latest(db) is not None


def test_it_waits_while_a_job_may_hold_the_segments(desk: Desk, db: Connection) -> None:
    with writing(db):
        enqueue(db, "logs.detect", text("Detection"), {})
    assert not Compactor(desk, db).turn()
    assert len(catalogue.live(db)) == TOGETHER
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == TOGETHER
    assert catalogue.verify(desk.folder, db) == []


def test_imports_and_log_sources_are_never_mixed(desk: Desk, db: Connection) -> None:
    with writing(db):
        ids = [one.id for one in catalogue.live(db)]
        db.execute("UPDATE segments SET service = 'syslog' WHERE id = ?", (ids[0],))
    assert groups(db) == []


# --- all of it, as a job ----------------------------------------------------------------------------------------------


def compacted(desk: Desk, db: Connection) -> jobs.Job:
    return run(desk, service.start_compaction(db))


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "KEPT_SECONDS", 0.0)


@pytest.mark.usefixtures("_at_once")
def test_a_job_puts_everything_together_and_nobody_sees_it(desk: Desk, db: Connection) -> None:
    before = seen(desk, db)
    marks.change(db, desk.events.page(db, Search(), limit=1).rows[0], pin=True)
    ended = compacted(desk, db)
    assert (ended.state, ended.result) == ("done", {"before": TOGETHER, "segments": 1, "files": TOGETHER})
    assert seen(desk, db) == before
    assert list(checking.damages(desk.folder, db)) == []
    assert desk.events.count(db, Search("pinned:true")) == 1
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1
    assert compacted(desk, db).result == {"before": 0, "segments": 0, "files": 0}


def test_a_job_that_is_stopped_leaves_a_whole_store_and_the_next_one_goes_on(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(desk, db)
    monkeypatch.setattr(compacting, "LARGE", 8)
    job_id = service.start_compaction(db)

    def stop(context: jobs.JobContext, *_words: object) -> None:
        jobs.cancel(context.db, job_id)
        context.check()

    with monkeypatch.context() as patched:
        patched.setattr(jobs.JobContext, "progress", stop)
        assert run(desk, job_id).state == "cancelled"
    assert 1 < len(catalogue.live(db)) < TOGETHER
    assert seen(desk, db) == before
    monkeypatch.setattr(compacting, "KEPT_SECONDS", 0.0)
    jobs.resume(db, job_id)
    assert run(desk, job_id).state == "done"
    assert seen(desk, db) == before
    assert jobs.recover(desk) is None  # the files that the stopped one had left are swept away
    assert list(checking.damages(desk.folder, db)) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop_app import bundled
from desktop_app.core.keeping import compacting
from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_here
from desktop_app.core.paths import DataFolder

compacting._join_tallies = lambda *words: os.kill(os.getpid(), signal.SIGKILL)
run_here(Desk(DataFolder(Path(sys.argv[1])), bundled.EXTENSIONS), int(sys.argv[2]))
"""


def test_a_process_that_is_killed_in_the_middle_loses_and_doubles_nothing(desk: Desk, db: Connection) -> None:
    before = seen(desk, db)
    job_id = service.start_compaction(db)
    with writing(db):
        db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (job_id,))
    ended = subprocess.run([sys.executable, "-c", KILLED, str(desk.folder.root), str(job_id)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == TOGETHER + 1
    jobs.recover(desk)
    assert jobs.job(db, job_id).state == "queued"  # it goes on by itself
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == TOGETHER
    assert seen(desk, db) == before
    assert list(checking.damages(desk.folder, db)) == []


def test_wherever_it_is_killed_the_next_start_finds_all_and_goes_on(desk: Desk, db: Connection, tmp_path: Path) -> None:
    before = seen(desk, db)
    for copy in killed.copies(desk, service.start_compaction(db), tmp_path):
        with copy.connection() as opened:
            assert list(checking.damages(copy.folder, opened)) == []
            assert seen(copy, opened) == before
            for job in jobs.active(opened):
                with pytest.MonkeyPatch.context() as patched:
                    patched.setattr(compacting, "KEPT_SECONDS", 0.0)
                    assert run(copy, job.id).state == "done"
            assert len(catalogue.live(opened)) == 1
            assert seen(copy, opened) == before
            assert list(checking.damages(copy.folder, opened)) == []


def test_it_is_asked_for_by_a_command(
    desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "run_to_end", run)
    monkeypatch.setattr(compacting, "KEPT_SECONDS", 0.0)
    assert detecting.run_compact(desk, argparse.Namespace(json=False)) == 0
    assert capsys.readouterr().out == f"{TOGETHER} small event files became 1.\n"
    assert len(catalogue.live(db)) == 1
