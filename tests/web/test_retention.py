from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app import bundled
from desktop_app.core import jobs, schedules, undo
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.keeping import retiring, verifying
from desktop_app.core.keeping.retention import DAY, limits
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import RETENTION, current
from desktop_app.web.app import create_app
from tests.extensions.logs.importing import bring_in, count, guesses, run

LATER = 1_795_000_000_000_000 + 400 * DAY


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    """Forty events of more than a year ago."""
    made = Desk(folder, bundled.EXTENSIONS, lambda: LATER, load=bundled.load)
    made.prepare()
    (tmp_path / "auth.log").write_text(guesses(40), encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    return made


@pytest.fixture
def client(desk: Desk) -> Iterator[FlaskClient]:
    with create_app(desk).test_client() as made:
        made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield made


@pytest.fixture
def db(desk: Desk) -> Iterator[Connection]:
    with desk.connection() as opened:
        yield opened


def test_limits_are_looked_at_before_they_are_saved(client: FlaskClient, db: Connection) -> None:
    assert "No limit is set" in client.get("/retention/").text
    page = client.get("/retention/?retention_days=30").text
    assert "By the limits above, which are not saved." in page
    assert '<td class="wide">auth.log</td>' in page
    assert "can be undone for 7 days" in page
    assert not limits(db).any
    assert "can’t be undone" in client.get("/retention/?retention_days=30&retention_grace=0").text


def test_limits_are_saved_with_a_way_back(client: FlaskClient, db: Connection, desk: Desk) -> None:
    client.post("/retention/limits", data={"retention_days": "30", "retention_sources": "auth.log = 90"})
    assert current(db, RETENTION)["retention_days"] == 30
    undo.undo(desk, db)
    assert not limits(db).any
    wrong = client.post("/retention/limits", data={"retention_days": "-3", "retention_sources": "auth.log"})
    assert wrong.status_code == 422
    assert "Write a name and days, as Firewall = 30: auth.log" in wrong.text
    assert client.get("/retention/?retention_days=x").status_code == 400


def test_what_the_page_showed_goes_and_comes_back(client: FlaskClient, db: Connection, desk: Desk) -> None:
    page = client.get("/retention/?retention_days=30").text
    form = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.split('action="/retention/apply"')[1])
    )
    client.post("/retention/apply", data=form)
    job = jobs.listing(db)[0]
    assert job.kind == retiring.JOB
    run(desk, job.id)
    assert count(desk) == 0
    page = client.get("/retention/").text
    assert "40 events, taken away" in page
    undo_id = re.findall(r'name="undo_id" value="(\d+)"', page)[0]
    client.post("/undo", data={"undo_id": undo_id})
    assert count(desk) == 40


def test_what_waits_is_deleted_for_good_when_that_is_wanted(client: FlaskClient, db: Connection, desk: Desk) -> None:
    client.post("/retention/apply", data={"retention_days": "30"})
    run(desk, jobs.listing(db)[0].id)
    client.post("/retention/delete")
    assert "40 events are deleted for good." in client.get("/retention/").text
    assert not list(desk.folder.segments.rglob("*.parquet"))


def test_a_schedule_is_made_changed_and_switched_off(client: FlaskClient, db: Connection) -> None:
    client.post("/retention/plan", data={"every": "day", "time": "02:15"})
    client.post("/retention/plan", data={"every": "day", "time": "04:45"})
    plan = schedules.keyed(db, retiring.SCHEDULE)
    assert plan is not None
    assert (plan.cadence.hour, plan.cadence.minute, plan.enabled) == (4, 45, True)
    client.post("/retention/plan", data={"every": "off"})
    plan = schedules.keyed(db, retiring.SCHEDULE)
    assert plan is not None
    assert not plan.enabled
    assert client.post("/retention/plan", data={"every": "day", "time": "25"}).status_code == 400


def test_the_last_check_of_the_files_is_shown(client: FlaskClient, db: Connection, desk: Desk) -> None:
    assert "Nobody has checked yet" in client.get("/retention/").text
    client.post("/retention/verify")
    assert "Open the job" in client.get("/retention/").text
    job = jobs.listing(db)[0]
    assert job.kind == verifying.JOB
    run(desk, job.id)
    assert "1 event files and" in client.get("/retention/").text
    [path] = desk.folder.segments.rglob("*.parquet")
    path.unlink()
    run(desk, verifying.start(db))
    assert "is gone." in client.get("/retention/").text
