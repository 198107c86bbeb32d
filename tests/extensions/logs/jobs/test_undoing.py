from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import findings, jobs, triage, undo, undoing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import Cancelled
from desktop_app.core.model import Verdict
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.jobs import undoing as undoing_job
from tests.extensions.logs.importing import bring_in, count, guesses, run, state_of


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "AT_ONCE", 0)
    monkeypatch.setattr(undoing_job, "PORTION", 30)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Four logs: three that are imported together, and one before them that shares a finding with them."""
    made = [tmp_path / f"{name}.log" for name in ("first", "a", "b", "c")]
    for number, one in enumerate(made):
        one.write_text(guesses(20, hour=9 + number), encoding="utf-8")
    return made


def queue(desk: Desk) -> int:
    with desk.connection() as db:
        job_id = service.undo_import(desk, db, store.import_rows(db)[0].id).job_id
    assert job_id is not None
    return job_id


def test_a_large_import_is_undone_in_portions_to_what_stood_before(desk: Desk, paths: list[Path]) -> None:
    bring_in(desk, paths[:1])
    before, files = state_of(desk), set(desk.folder.segments.rglob("*.parquet"))
    bring_in(desk, paths[1:])
    assert state_of(desk) != before
    ended = run(desk, queue(desk))
    assert (ended.state, ended.progress, ended.total) == ("done", 60, 60)
    assert state_of(desk) == before
    assert set(desk.folder.segments.rglob("*.parquet")) == files
    with desk.connection() as db:
        assert store.import_row(db, 2).state == "undone"
        assert store.import_row(db, 2).undo_id is None


def cut_off_after(monkeypatch: pytest.MonkeyPatch, portions: int) -> None:
    real, calls = undoing_job.remove_segments, list[int]()

    def remove(*args: Any, **options: Any) -> list[str]:
        calls.append(1)
        if len(calls) > portions:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(undoing_job, "remove_segments", remove)


@pytest.mark.parametrize("portions", [0, 1])
def test_one_that_was_cut_off_shows_nothing_of_the_import_and_goes_on_to_the_end(
    desk: Desk, paths: list[Path], monkeypatch: pytest.MonkeyPatch, portions: int
) -> None:
    bring_in(desk, paths[:1])
    before = state_of(desk)
    bring_in(desk, paths[1:])
    job_id = queue(desk)
    with monkeypatch.context() as broken:
        cut_off_after(broken, portions)
        with pytest.raises(KeyboardInterrupt):
            run(desk, job_id)
    assert count(desk) == 20
    jobs.recover(desk)
    with desk.connection() as db:
        assert jobs.job(db, job_id).state == "queued"
        assert service.undo_import(desk, db, 2).job_id == job_id
    assert run(desk, job_id).state == "done"
    assert state_of(desk) == before


def test_a_cancel_comes_too_late_for_one_that_has_begun(
    desk: Desk, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(desk, paths)
    job_id = queue(desk)

    def cancelled(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(jobs.JobContext, "progress", cancelled)
    assert run(desk, job_id).state == "done"
    assert count(desk) == 0


def copies(desk: Desk) -> list[tuple[int, str]]:
    with desk.connection() as db:
        found = findings.listing(db, findings.Filter("all"))
        return [(copy.event_id, copy.sha256) for row in found for copy in findings.evidence_of(db, row.id)]


def test_what_is_left_of_a_finding_rests_on_what_is_left(desk: Desk, paths: list[Path]) -> None:
    bring_in(desk, paths[:1])
    before = copies(desk)
    bring_in(desk, paths[1:])
    assert copies(desk) != before
    run(desk, queue(desk))
    assert copies(desk) == before


def test_a_finding_that_the_import_had_reopened_is_closed_again(desk: Desk, paths: list[Path]) -> None:
    bring_in(desk, paths[:1])
    with desk.connection() as db:
        ids = [row.id for row in findings.listing(db, findings.Filter("all"))]
        triage.resolve(db, ids, Verdict.BENIGN)
    bring_in(desk, paths[1:])
    run(desk, queue(desk))
    with desk.connection() as db:
        left = findings.listing(db, findings.Filter("all"))
    assert [(row.id, row.status, row.verdict) for row in left] == [(one, "resolved", "benign") for one in ids]


def test_an_import_that_replaced_parts_of_an_earlier_one_gives_them_back_in_one_step(
    desk: Desk, tmp_path: Path
) -> None:
    log = tmp_path / "auth.log"
    log.write_text(guesses(5).rstrip("\n")[:-9], encoding="utf-8")
    bring_in(desk, [log])
    before = state_of(desk)
    log.write_text(guesses(40), encoding="utf-8")
    bring_in(desk, [log])
    assert run(desk, queue(desk)).state == "done"
    assert state_of(desk) == before


def test_nothing_is_undone_while_the_import_still_runs(desk: Desk, paths: list[Path]) -> None:
    bring_in(desk, paths)
    job_id = queue(desk)
    with desk.connection() as db:
        db.execute("UPDATE jobs SET state = 'running' WHERE kind = 'logs.import'")
        ended = run(desk, job_id)
        assert (ended.state, str(ended.error[0])) == ("failed", "This import is still running.")
        assert count(desk) == 80
        assert undo.latest(db) is not None
