"""What retention takes away, what it leaves, and that until its days are over everything comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app import bundled
from desktop_app.core import audit, findings, jobs, marks, triage, undo, undoing
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.events import checking
from desktop_app.core.keeping import retention, retiring, upkeep
from desktop_app.core.keeping.retention import DAY, Limits
from desktop_app.core.model import Verdict, micros, moment
from desktop_app.core.paths import DataFolder
from tests.extensions.logs.importing import bring_in, count, guesses, run, state_of

NOON = micros(moment(0).replace(year=2026, month=11, day=20, hour=12))
LIMITS = Limits(days=30)
LATER = NOON + 31 * DAY
# Another rule, another host, a day on.
YOUNG = "".join(
    f"2026-12-01T10:00:{n:02}+08:00 hmi-07 sshd[7]: Failed password for invalid user bob from 10.9.9.9 port 4{n} ssh2\n"
    for n in range(30)
)


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    """Forty old events and thirty young ones, each with findings."""
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    for name, lines in (("old.log", guesses(40)), ("young.log", YOUNG)):
        (tmp_path / name).write_text(lines, encoding="utf-8")
        bring_in(made, [tmp_path / name])
    return made


def keep(desk: Desk, db: Connection, limits: Limits = LIMITS) -> dict[str, Any]:
    ended = run(desk, retiring.start(db, limits, LATER))
    assert (ended.state, ended.error) == ("done", ())
    return dict(ended.result or {})


def of_old(db: Connection) -> list[findings.FindingRow]:
    return [one for one in findings.listing(db, findings.Filter("all")) if one.asset == "opc-gw"]


def test_old_events_go_and_come_back_with_all_they_brought(desk: Desk, db: Connection) -> None:
    before = state_of(desk)
    assert keep(desk, db) == {"events": 40, "segments": 1, "bytes": rows(db, "SELECT bytes FROM segments")[0]["bytes"],
                              "findings": 0}  # fmt: skip
    assert (count(desk), count(desk, "opc-gw")) == (30, 0)
    assert list(checking.damages(desk.folder, db)) == []
    undone = undoing.take_back(desk, db)
    assert undone.job_id is None
    assert state_of(desk) == before
    assert rows(db, "SELECT * FROM retired_segments") == []


def test_a_large_run_comes_back_by_a_job(desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state_of(desk)
    keep(desk, db)
    monkeypatch.setattr(undoing, "AT_ONCE", 0)
    undone = undoing.take_back(desk, db)
    assert undone.job_id is not None
    assert run(desk, undone.job_id).state == "done"
    assert state_of(desk) == before
    assert undo.latest(db) is not None  # the import, no longer the retention


def test_open_findings_keep_what_they_rest_on(desk: Desk, db: Connection) -> None:
    [open_one] = of_old(db)
    held = rows(db, "SELECT * FROM evidence WHERE finding_id = ?", [open_one.id])
    keep(desk, db)
    [after] = of_old(db)
    assert (after.id, after.count, after.events_removed, after.touched) == (open_one.id, open_one.count, True, False)
    assert rows(db, "SELECT * FROM evidence WHERE finding_id = ?", [open_one.id]) == held


def test_a_finding_that_a_person_judged_stays_marked(desk: Desk, db: Connection) -> None:
    [one] = of_old(db)
    triage.resolve(db, [one.id], Verdict.FALSE_POSITIVE)
    keep(desk, db)
    assert [found.events_removed for found in of_old(db)] == [True]


def test_a_pinned_event_keeps_its_copy(desk: Desk, db: Connection) -> None:
    event = desk.events.page(db, retention_search(), limit=1).rows[0]
    marks.change(db, event, pin=True)
    assert retention.outlook(db, LIMITS, LATER).marked == 1
    keep(desk, db, Limits(days=30, grace=0))
    kept = marks.of(db, int(event["id"]))
    assert kept is not None
    assert kept.event["raw"] == event["raw"]


def retention_search() -> Any:
    from desktop_app.core.events.search import Search

    return Search("opc-gw")


def test_without_days_of_grace_it_is_deleted_at_once_and_the_trail_says_so(desk: Desk, db: Connection) -> None:
    newest = undo.latest(db)
    keep(desk, db, Limits(days=30, grace=0))
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1
    assert undo.latest(db) == newest
    assert str(audit.entries(db)[0].action) == "Deleted for good: Retention: 40 events beyond the limits"


def test_when_its_days_are_over_it_is_deleted_and_cannot_come_back(desk: Desk, db: Connection) -> None:
    keep(desk, db)
    [waiting] = retiring.waiting(db)
    upkeep.turn(desk.folder, db, waiting.due - 1)
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 2
    upkeep.turn(desk.folder, db, waiting.due)
    assert len(list(desk.folder.segments.rglob("*.parquet"))) == 1
    assert retiring.waiting(db) == []
    with pytest.raises(UsageError, match="can't be brought back"):
        undo.undo(desk, db, waiting.undo_id)
    latest = undo.latest(db)
    assert latest is not None
    assert latest.kind == "logs.import"


def test_what_waits_can_be_deleted_now(desk: Desk, db: Connection) -> None:
    keep(desk, db)
    assert retiring.delete_now(desk, db) == 40
    assert retiring.delete_now(desk, db) == 0
    assert list(checking.damages(desk.folder, db)) == []
    assert "40 events" in str(audit.entries(db)[0].action)


def test_a_stopped_run_leaves_what_went_with_a_way_back(
    desk: Desk, db: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "older.log").write_text(guesses(30, hour=9), encoding="utf-8")
    bring_in(desk, [tmp_path / "older.log"])
    before = state_of(desk)
    monkeypatch.setattr(retiring, "PORTION", 1)
    job_id = retiring.start(db, LIMITS, LATER)

    def stop(context: jobs.JobContext, *_words: object) -> None:
        jobs.cancel(context.db, job_id)
        context.check()

    with monkeypatch.context() as patched:
        patched.setattr(jobs.JobContext, "progress", stop)
        assert run(desk, job_id).state == "cancelled"
    assert count(desk) == 70
    undo.undo(desk, db)
    assert state_of(desk) == before


def test_runs_by_schedule_are_not_the_newest_decision(desk: Desk, db: Connection) -> None:
    newest = undo.latest(db)
    from desktop_app.core import settings
    from desktop_app.core.database import writing

    with writing(db):
        settings.store(db, {"retention_days": "30"})
        job_id = jobs.enqueue(db, retiring.JOB, retiring.TITLE, {"schedule": 1, "due": LATER, "at": LATER})
    assert run(desk, job_id).state == "done"
    assert count(desk) == 30
    assert undo.latest(db) == newest
    [waiting] = retiring.waiting(db)
    undo.undo(desk, db, waiting.undo_id)
    assert count(desk) == 70


def test_each_run_comes_back_alone(desk: Desk, db: Connection) -> None:
    before = state_of(desk)
    keep(desk, db)
    run(desk, retiring.start(db, LIMITS, LATER + 60 * DAY))
    later, earlier = retiring.waiting(db)
    assert count(desk) == 0
    undo.undo(desk, db, earlier.undo_id)
    assert (count(desk), count(desk, "opc-gw")) == (40, 40)
    undo.undo(desk, db, later.undo_id)
    assert state_of(desk) == before


def test_nothing_beyond_the_limits_leaves_no_trace(desk: Desk, db: Connection) -> None:
    newest, acts = undo.latest(db), len(audit.entries(db))
    assert keep(desk, db, Limits(days=9000))["events"] == 0
    assert (undo.latest(db), len(audit.entries(db))) == (newest, acts)


def test_undoing_the_import_takes_what_waits_along(desk: Desk, db: Connection) -> None:
    from desktop_app.extensions.logs import service, store

    keep(desk, db)
    oldest = store.import_rows(db)[-1]
    service.undo_import(desk, db, oldest.id)
    assert rows(db, "SELECT * FROM retired_segments") == []
    assert list(checking.damages(desk.folder, db)) == []
