from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psutil
import pytest

from desktop_app.core import crashes, jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from tests.core import made_up_jobs


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, made_up_jobs.load(), load=made_up_jobs.load)


@pytest.fixture
def runner(desk: Desk) -> Iterator[jobs.Runner]:
    made = jobs.Runner(desk)
    made.start()
    yield made
    made.stop()


def enqueue(desk: Desk, kind: str, params: Mapping[str, Any] | None = None) -> int:
    with desk.connection() as db, writing(db):
        return jobs.enqueue(db, f"test.{kind}", text("Test"), params or {})


def until(desk: Desk, job_id: int, reached: Callable[[jobs.Job], bool]) -> jobs.Job:
    for _ in range(1200):
        with desk.connection() as db:
            found = jobs.job(db, job_id)
        if reached(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"never reached: {found}")


def ended(found: jobs.Job) -> bool:
    return not found.active


def test_a_job_runs_in_another_process_and_leaves_its_result(desk: Desk, runner: jobs.Runner) -> None:
    job_id = enqueue(desk, "double", {"n": 21})
    done = until(desk, job_id, ended)
    assert done.state == "done"
    assert done.result is not None
    assert done.result["twice"] == 42
    assert done.result["pid"] != os.getpid()
    assert (done.percent, str(done.message)) == (100, "Nearly there")
    with desk.connection() as db:
        assert [str(line.message) for line in jobs.log_lines(db, job_id)] == ["Doubling 21"]


def test_an_expected_failure_is_told_in_its_sentences(desk: Desk, runner: jobs.Runner) -> None:
    failed = until(desk, enqueue(desk, "refuse"), ended)
    assert (failed.state, [str(part) for part in failed.error]) == ("failed", ["Not this.", "Try that."])
    assert crashes.notes(desk.folder) == []


def test_an_unforeseen_fault_is_told_and_leaves_a_note(desk: Desk, runner: jobs.Runner) -> None:
    failed = until(desk, enqueue(desk, "break"), ended)
    assert failed.state == "failed"
    assert "ZeroDivisionError" in str(failed.error[0])
    assert len(crashes.notes(desk.folder)) == 1


def test_a_running_job_can_be_cancelled_and_resumed(desk: Desk, runner: jobs.Runner) -> None:
    job_id = enqueue(desk, "wait")
    until(desk, job_id, lambda one: one.progress > 0)
    with desk.connection() as db:
        jobs.cancel(db, job_id)
    assert until(desk, job_id, ended).state == "cancelled"
    with desk.connection() as db:
        jobs.resume(db, job_id)
    assert until(desk, job_id, lambda one: one.state == "running").cancel is False


def test_a_job_that_has_not_begun_ends_at_once_when_cancelled(desk: Desk) -> None:
    job_id = enqueue(desk, "double", {"n": 1})
    with desk.connection() as db:
        jobs.cancel(db, job_id)
        assert jobs.job(db, job_id).state == "cancelled"


def test_a_killed_worker_leaves_its_job_interrupted_and_the_others_running(desk: Desk, runner: jobs.Runner) -> None:
    dead, alive = enqueue(desk, "die"), enqueue(desk, "double", {"n": 1})
    assert until(desk, dead, ended).state == "interrupted"
    assert until(desk, alive, ended).state == "done"


def test_only_an_ended_job_can_be_resumed(desk: Desk, runner: jobs.Runner) -> None:
    job_id = enqueue(desk, "double", {"n": 1})
    until(desk, job_id, ended)
    with desk.connection() as db, pytest.raises(UsageError, match="can't be resumed"):
        jobs.resume(db, job_id)


def test_after_a_crash_running_jobs_are_shown_as_interrupted(desk: Desk) -> None:
    job_id = enqueue(desk, "double", {"n": 1})
    with desk.connection() as db:
        with writing(db):
            db.execute("UPDATE jobs SET state = 'running'")
        jobs.Runner(desk).recover()
        assert jobs.job(db, job_id).state == "interrupted"


def test_stopping_the_runner_ends_its_workers(desk: Desk) -> None:
    runner = jobs.Runner(desk)
    runner.start()
    until(desk, enqueue(desk, "wait"), lambda one: one.progress > 0)
    workers = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    assert workers
    runner.stop()
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]


def test_waiting_for_a_job_runs_it_where_no_desk_does(desk: Desk) -> None:
    done = jobs.run_to_end(desk, enqueue(desk, "double", {"n": 4}))
    assert done.result is not None
    assert done.result["twice"] == 8


_PARENT = """
import sys
from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from desktop_app.core.paths import data_folder
from tests.core import made_up_jobs
if __name__ == "__main__":
    desk = Desk(data_folder(sys.argv[1]), made_up_jobs.load(), load=made_up_jobs.load)
    jobs.run_to_end(desk, int(sys.argv[2]))
"""


def test_workers_die_with_their_parent(desk: Desk) -> None:
    job_id = enqueue(desk, "wait")
    with subprocess.Popen([sys.executable, "-c", _PARENT, str(desk.folder.root), str(job_id)]) as parent:
        until(desk, job_id, lambda one: one.progress > 0)
        workers = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    assert workers
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
    assert gone
