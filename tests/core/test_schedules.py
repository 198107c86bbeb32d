from __future__ import annotations

import datetime as dt
import time

import orjson
import pytest

from desktop_app.core import jobs, schedules, undo
from desktop_app.core.cadence import Cadence
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.model import Micros, micros
from desktop_app.core.text import text
from tests.core import made_up_jobs

HOUR = 3_600_000_000
DAY = 24 * HOUR
KINDS = {"test.double"}
NIGHTLY = Cadence("day", 2, 0)


@pytest.fixture(autouse=True)
def _in_utc(db: Connection) -> None:
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('site_zone', 'UTC', 0)")


def at(day: int, hour: float = 0) -> Micros:
    return micros(dt.datetime(2026, 11, day, tzinfo=dt.UTC)) + int(hour * HOUR)


def made(db: Connection, cadence: Cadence = NIGHTLY, key: str | None = None) -> int:
    schedules.add(db, "test.double", text("Nightly"), cadence, {"n": 2}, key=key)
    return int(value(db, "SELECT MAX(id) FROM schedules"))


def turn(db: Connection, moment: Micros) -> list[int]:
    return schedules.turn(db, moment, KINDS)


def end(db: Connection, job_id: int, state: str, finished: Micros) -> None:
    error = {"what": text("The folder is gone.").to_json()} if state == "failed" else None
    with writing(db):
        db.execute(
            "UPDATE jobs SET state = ?, finished = ?, error = ? WHERE id = ?",
            (state, finished, orjson.dumps(error).decode() if error else None, job_id),
        )


def test_a_new_schedule_waits_for_its_time(db: Connection) -> None:
    number = made(db)
    assert turn(db, at(22, 12)) == []
    assert schedules.schedule(db, number).next_run == at(23, 2)
    assert turn(db, at(23, 1.99)) == []
    [job_id] = turn(db, at(23, 2))
    assert jobs.job(db, job_id).params == {"n": 2, "schedule": number, "due": at(23, 2)}
    assert str(jobs.job(db, job_id).title) == "Nightly"
    assert schedules.schedule(db, number).next_run == at(24, 2)


def test_runs_that_were_missed_are_caught_up_once_for_the_newest(db: Connection) -> None:
    made(db)
    turn(db, at(2))
    [job_id] = turn(db, at(22, 9))
    assert jobs.job(db, job_id).params["due"] == at(22, 2)
    end(db, job_id, "done", at(22, 9))
    assert turn(db, at(22, 10)) == []
    assert len(turn(db, at(23, 2))) == 1


def test_a_run_that_is_due_waits_for_the_end_of_the_one_before(db: Connection) -> None:
    made(db)
    turn(db, at(21))
    [first] = turn(db, at(21, 2))
    assert turn(db, at(22, 3)) == []
    end(db, first, "done", at(22, 4))
    [second] = turn(db, at(22, 4))
    assert jobs.job(db, second).params["due"] == at(22, 2)


def test_a_failed_run_is_tried_again_more_and_more_seldom_for_the_same_time(db: Connection) -> None:
    number = made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    tried = at(21, 2)
    for wait in schedules.RETRY_AFTER[:3]:
        end(db, job_id, "failed", tried)
        assert turn(db, tried) == []
        standing = schedules.schedule(db, number)
        assert (standing.failing, standing.retry) == (True, tried + wait)
        assert [str(part) for part in standing.problem] == ["The folder is gone."]
        assert turn(db, tried + wait - 1) == []
        tried += wait
        [job_id] = turn(db, tried)
        assert jobs.job(db, job_id).params["due"] == at(21, 2)
    end(db, job_id, "done", tried)
    turn(db, tried + 1)
    standing = schedules.schedule(db, number)
    assert (standing.failures, standing.failing, standing.retry) == (0, False, None)


def test_the_next_time_puts_an_end_to_trying_again(db: Connection) -> None:
    made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    end(db, job_id, "failed", at(21, 2))
    turn(db, at(21, 2))
    [later] = turn(db, at(22, 2))
    assert jobs.job(db, later).params["due"] == at(22, 2)


def test_a_run_cut_off_with_the_desk_goes_on_at_the_next_start(db: Connection) -> None:
    made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    end(db, job_id, "interrupted", at(21, 2))
    assert turn(db, at(21, 3)) == []
    [again] = turn(db, at(21, 3))
    assert jobs.job(db, again).params["due"] == at(21, 2)


def test_a_run_that_a_person_stopped_is_not_tried_again(db: Connection) -> None:
    made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    end(db, job_id, "cancelled", at(21, 2))
    assert turn(db, at(21, 3)) == []
    assert turn(db, at(21, 23)) == []


def test_a_clock_put_back_a_little_repeats_nothing(db: Connection) -> None:
    made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    end(db, job_id, "done", at(21, 2))
    assert turn(db, at(21, 1)) == []
    assert turn(db, at(21, 2)) == []
    assert turn(db, at(21, 3)) == []


def test_a_clock_that_was_years_ahead_does_not_silence_a_schedule_for_years(db: Connection) -> None:
    number = made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21) + 9_000 * DAY)
    end(db, job_id, "done", at(21))
    assert turn(db, at(21, 3)) == []
    assert schedules.schedule(db, number).next_run == at(22, 2)
    assert len(turn(db, at(22, 2))) == 1


def test_a_new_time_zone_moves_the_next_run(db: Connection) -> None:
    number = made(db)
    turn(db, at(21, 12))
    with writing(db):
        db.execute("UPDATE settings SET value = 'Asia/Shanghai' WHERE key = 'site_zone'")
    turn(db, at(21, 12))
    assert schedules.schedule(db, number).next_run == at(21, 18)


def test_what_is_switched_off_does_not_run_and_catches_nothing_up(db: Connection) -> None:
    number = made(db)
    turn(db, at(20))
    schedules.change(db, number, enabled=False)
    assert turn(db, at(22, 3)) == []
    schedules.change(db, number, enabled=True)
    assert turn(db, at(22, 3)) == []
    assert schedules.schedule(db, number).next_run == at(23, 2)


def test_a_kind_of_job_that_nobody_can_run_waits(db: Connection) -> None:
    made(db)
    assert schedules.turn(db, at(22), set()) == []
    assert value(db, "SELECT next_run FROM schedules") is None


def test_a_schedule_can_run_besides_its_times(db: Connection) -> None:
    number = made(db)
    job_id = schedules.run_now(db, number, at(22, 9))
    assert jobs.job(db, job_id).params["due"] == at(22, 9)
    assert schedules.schedule(db, number).job_id is None


def test_every_decision_can_be_undone(desk: Desk, db: Connection) -> None:
    number = made(db, key="backup")
    schedules.change(db, number, cadence=Cadence("month", 3, day=9), params={"n": 9})
    schedules.remove(db, number)
    assert schedules.keyed(db, "backup") is None
    undo.undo(desk, db)
    standing = schedules.keyed(db, "backup")
    assert standing is not None
    assert (standing.cadence.every, standing.params) == ("month", {"n": 9})
    undo.undo(desk, db)
    assert schedules.schedule(db, number).cadence == NIGHTLY
    undo.undo(desk, db)
    assert schedules.listing(db) == []


def test_a_key_belongs_to_one_schedule_after_the_other(desk: Desk, db: Connection) -> None:
    removed = schedules.remove(db, made(db, key="backup"))
    made(db, key="backup")
    with pytest.raises(UsageError, match="can't be undone yet"):
        undo.undo(desk, db, removed.undo_id)


def test_schedules_are_listed_by_their_kind(db: Connection) -> None:
    number = made(db)
    assert [one.id for one in schedules.listing(db, "test.double")] == [number]
    assert schedules.listing(db, "other") == []
    with pytest.raises(UsageError, match="no schedule of that number"):
        schedules.schedule(db, 99)


def test_a_schedule_outlives_the_record_of_its_job(db: Connection) -> None:
    number = made(db)
    turn(db, at(21))
    [job_id] = turn(db, at(21, 2))
    with writing(db):
        db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
    assert (schedules.schedule(db, number).job_id, turn(db, at(21, 3))) == (None, [])


def test_the_process_that_runs_jobs_takes_the_turns(desk: Desk, db: Connection) -> None:
    working = Desk(desk.folder, made_up_jobs.load(), lambda: at(22, 3), made_up_jobs.load)
    number = made(db)
    turn(db, at(21))
    runner = jobs.Runner(working)
    runner.start()
    for _ in range(600):
        if schedules.schedule(db, number).job_state == "done":
            break
        time.sleep(0.05)
    runner.stop()
    [row] = rows(db, "SELECT result FROM jobs")
    assert orjson.loads(row["result"])["twice"] == 4
