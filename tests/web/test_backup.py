from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs, moved, schedules
from desktop_app.core.backup import archive, checking, work
from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.core.text import text
from desktop_app.shell.work import Work
from desktop_app.web.app import create_app
from desktop_app.web.hall import Hall
from desktop_app.web.keeping import extension
from tests.web import sample
from tests.web.conftest import LOGS


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return sample.new_desk(folder, (LOGS, extension))


def queued(db: Connection) -> jobs.Job:
    return jobs.listing(db)[0]


def page(client: FlaskClient) -> str:
    return client.get("/backup/").get_data(as_text=True)


def test_an_empty_desk_shows_every_part(client: FlaskClient) -> None:
    shown = page(client)
    for part in ("Back up now", "Back up by itself", "Restore from a file", "Take the desk to another machine"):
        assert part in shown
    assert "Desks put aside" not in shown
    assert 'aria-current="page"' in shown


def test_a_backup_is_queued(client: FlaskClient, db: Connection, tmp_path: Path) -> None:
    answer = client.post("/backup/now", data={"folder": str(tmp_path)})
    assert (queued(db).kind, queued(db).params["folder"]) == ("desk.backup", str(tmp_path))
    assert answer.location == f"/jobs/{queued(db).id}"


@pytest.mark.parametrize(
    ("form", "told"),
    [({"folder": "backups"}, "no full path"), ({"passphrase": "a", "repeated": "b"}, "differ")],
)
def test_a_backup_that_cannot_be_is_told_on_the_page(
    client: FlaskClient, db: Connection, form: dict[str, str], told: str
) -> None:
    answer = client.post("/backup/now", data=form)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert jobs.listing(db) == []


def test_backups_are_planned_changed_and_ended(client: FlaskClient, db: Connection) -> None:
    form = {"every": "week", "weekday": "2", "time": "4:30", "keep": "3", "folder": ""}
    client.post("/backup/plan", data=form)
    plan = schedules.keyed(db, work.SCHEDULE)
    assert plan is not None
    assert (plan.cadence.every, plan.cadence.weekday, plan.cadence.hour, plan.cadence.minute) == ("week", 2, 4, 30)
    assert plan.params == {"folder": "", "keep": 3}
    client.post("/backup/plan", data=form | {"every": "day"})
    client.post("/backup/plan", data=form | {"every": "off"})
    plan = schedules.keyed(db, work.SCHEDULE)
    assert plan is not None
    assert (plan.cadence.every, plan.enabled) == ("day", False)


@pytest.mark.parametrize("wrong", [{"time": "25:00"}, {"keep": "0"}, {"every": "sometimes"}, {"weekday": "9"}])
def test_a_plan_that_names_no_time_is_refused(client: FlaskClient, db: Connection, wrong: dict[str, str]) -> None:
    form = {"every": "week", "weekday": "2", "time": "4:30", "keep": "3", "folder": ""}
    assert client.post("/backup/plan", data=form | wrong).status_code == 422
    assert schedules.keyed(db, work.SCHEDULE) is None


def test_backups_of_the_folder_are_listed(client: FlaskClient, desk: Desk) -> None:
    archive.write(desk, desk.folder.backups / work.name_for(sample.NOW))
    assert "watchdesk-20261122-063700.watchdesk-backup" in page(client)


def test_the_check_and_the_carrying_need_a_place(client: FlaskClient, db: Connection) -> None:
    assert client.post("/backup/check", data={}).status_code == 422
    assert client.post("/backup/carry", data={}).status_code == 422
    assert jobs.listing(db) == []


def test_without_a_hall_the_desk_is_not_exchanged(client: FlaskClient, desk: Desk, tmp_path: Path) -> None:
    archive.write(desk, tmp_path / "x")
    checking.stage(desk, tmp_path / "x", None)
    assert client.post("/backup/put").status_code == 422, "nothing was checked by the job"


@pytest.fixture
def house(desk: Desk) -> Iterator[Hall]:
    """The desk as the shell serves it, with its work."""
    done = Work(desk.folder, [])
    done.start()
    while done._lock is None:
        time.sleep(0.01)
    yield Hall(lambda: create_app(desk), done.rest)
    done.stop()


def staged(desk: Desk, other: Path) -> None:
    full = sample.new_desk(DataFolder(other), (LOGS, extension))
    with full.connection() as db, writing(db):
        db.execute("INSERT INTO settings VALUES ('theme', 'dark', 0)")
    archive.write(full, other / "full.watchdesk-backup")
    with desk.connection() as db, writing(db):
        job = jobs.enqueue(db, "desk.check", text("Check"), {"path": str(other / "full.watchdesk-backup")})
    jobs.run_here(desk, job)


def test_the_checked_backup_is_put_in_place_and_taken_back_in_the_running_desk(
    house: Hall, desk: Desk, tmp_path: Path, made: dict[str, int]
) -> None:
    from werkzeug.test import Client

    staged(desk, tmp_path / "other")
    client = Client(house)
    shown = client.get("/backup/", buffered=True).text
    assert "Checked and whole: full.watchdesk-backup" in shown
    first = house.app
    assert client.post("/backup/put", buffered=True).location == "/backup/?exchanged=1"
    assert house.app is not first
    with desk.connection() as db:
        assert rows(db, "SELECT value FROM settings WHERE key = 'theme'") == [{"value": "dark"}]
        assert rows(db, "SELECT count(*) AS n FROM findings") == [{"n": 0}]
    shown = client.get("/backup/?exchanged=1", buffered=True).text
    assert "full.watchdesk-backup took its place" in shown
    name = shown.partition("/backup/aside/")[2].partition("/")[0]
    assert client.post(f"/backup/aside/{name}/back", buffered=True).status_code == 303
    assert sample.count(desk, "triage") == 5
    name = client.get("/backup/", buffered=True).text.partition("/backup/aside/")[2].partition("/")[0]
    client.post(f"/backup/aside/{name}/delete", buffered=True)
    assert "Desks put aside" not in client.get("/backup/", buffered=True).text


def test_while_a_job_runs_the_desk_is_not_exchanged(house: Hall, desk: Desk, tmp_path: Path) -> None:
    from werkzeug.test import Client

    staged(desk, tmp_path / "other")
    sample.running_job(desk)
    answer = Client(house).post("/backup/put", buffered=True)
    assert answer.status_code == 422
    assert "Jobs are at work" in answer.text
    assert work.staged(desk.folder) is not None


def test_a_checked_backup_can_be_left(client: FlaskClient, desk: Desk, tmp_path: Path) -> None:
    staged(desk, tmp_path / "other")
    client.post("/backup/discard", buffered=True)
    assert work.staged(desk.folder) is None


def test_a_desk_from_another_machine_says_so_on_every_page_and_is_resumed_by_one_button(
    client: FlaskClient, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "comes from another machine" not in page(client)
    with monkeypatch.context() as away:
        away.setattr(moved, "this_machine", lambda: "another")
        moved.look(db)
        db.execute("UPDATE machine SET digest = 'another'")
        db.conn.commit()
    moved.look(db)
    for path in ("/", "/findings/", "/backup/"):
        assert "This desk comes from another machine" in client.get(path).text
    answer = client.post("/backup/resume", follow_redirects=True)
    assert "Live sources, alerts and schedules go on, on this machine" in answer.text
    assert "comes from another machine" not in answer.text
