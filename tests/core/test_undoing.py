from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from desktop_app.core import jobs, undo, undoing
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension, JobKind, SlowWayBack
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import catalogue, own
from desktop_app.core.text import text
from tests.core.rules.writing import id_of, yaml_of


def run(context: jobs.JobContext, params: Mapping[str, Any]) -> Mapping[str, Any]:
    undo.undo(context.desk, context.db, params["undo_id"])
    return {}


MADE_UP = Extension(
    id="x",
    title=text("X"),
    version="1",
    jobs=(JobKind("x.undo", text("Undo"), run, resumes=True), JobKind("x.other", text("X"), run)),
    ways_back={"x": lambda *_: ()},
    slow_ways_back={"x": SlowWayBack("x.undo", lambda _, before: int(before["events"]))},
)


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, (MADE_UP,))


def decide(db: Connection, events: int) -> int:
    with writing(db):
        return undo.record(db, "x", text("Did it"), before={"events": events}, after={}, subjects=["x:1"]).undo_id


def test_what_is_small_is_undone_at_once(desk: Desk) -> None:
    with desk.connection() as db:
        decide(db, undoing.AT_ONCE)
        undone = undoing.take_back(desk, db)
        assert (undone.job_id, str(undone.told())) == (None, "Undone: Did it")
        assert undo.latest(db) is None


def test_what_is_large_is_undone_by_one_job_however_often_it_is_asked_for(desk: Desk) -> None:
    with desk.connection() as db:
        number = decide(db, undoing.AT_ONCE + 1)
        undone = undoing.take_back(desk, db)
        assert undone.job_id is not None
        assert str(undone.told()).startswith("Being undone: Did it.")
        assert undoing.take_back(desk, db, number).job_id == undone.job_id
        latest = undo.latest(db)
        assert latest is not None
        jobs.run_here(desk, undone.job_id)
        assert jobs.job(db, undone.job_id).state == "done"
        assert undo.latest(db) is None


def test_what_cannot_be_undone_is_said_before_anything_is_queued(desk: Desk) -> None:
    with desk.connection() as db:
        first = decide(db, undoing.AT_ONCE + 1)
        decide(db, 0)
        with pytest.raises(UsageError, match="can't be undone yet"):
            undoing.take_back(desk, db, first)
        assert rows(db, "SELECT 1 FROM jobs") == []


def test_a_job_that_was_cut_off_goes_on_by_itself_where_its_kind_says_so(desk: Desk) -> None:
    with desk.connection() as db:
        with writing(db):
            made = [jobs.enqueue(db, kind, text("X"), {}) for kind in ("x.undo", "x.other")]
            db.execute("UPDATE jobs SET state = 'running'")
        jobs.recover(desk)
        assert [jobs.job(db, one).state for one in made] == ["queued", "interrupted"]


def test_extensions_are_told_which_rules_an_undo_put_back_with_the_texts_that_they_had(folder: DataFolder) -> None:
    told: list[Mapping[str, str]] = []
    listening = Extension(
        id="x", title=text("X"), version="1", rules_put_back=lambda _db, former: told.append(dict(former)) or len(told)
    )
    desk = Desk(folder, (listening,))
    with desk.connection() as db:
        own.save(db, yaml_of(1))
        catalogue.disable(db, [id_of(1)])
        for _ in range(2):
            assert undoing.take_back(desk, db).then == (len(told),)
        with writing(db):
            undo.record_rows(db, text("Said it"), [("settings", [], [{"key": "x"}])], ["setting:x"])
        assert undoing.take_back(desk, db).then == ()
    assert told == [{id_of(1): yaml_of(1)}] * 2
