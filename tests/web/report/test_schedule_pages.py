from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs, schedules, undo
from desktop_app.core.cadence import Cadence
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.web.report import schedule_pages
from desktop_app.web.report.job import SCHEDULED, Plan
from tests.web import sample


@pytest.fixture
def form(tmp_path: Path) -> dict[str, object]:
    return {"title": "Weekly", "every": "week", "time": "06:30", "weekday": "4", "day": "1", "folder": str(tmp_path),
            "formats": ["pdf", "csv"], "severities": ["critical", "high"], "language": "zh", "keep": "5"}  # fmt: skip


def test_a_schedule_is_made_listed_changed_and_removed(
    client: FlaskClient, desk: Desk, db: Connection, form: dict[str, object]
) -> None:
    assert client.post("/report/schedules", data=form).status_code == 303
    [one] = schedules.listing(db)
    plan = Plan.from_json(one.params)
    assert (one.kind, one.cadence, str(one.title)) == (SCHEDULED, Cadence("week", 6, 30, weekday=4), "Weekly")
    assert (plan.formats, plan.keep, plan.language) == (("pdf", "csv"), 5, "zh")
    assert plan.choice.severities == ("critical", "high")
    page = client.get("/report/schedules").text
    assert "every Friday at 06:30" in page
    assert "the newest 5 are kept" in page
    edited = client.get(f"/report/schedules/{one.id}").text
    assert 'value="06:30"' in edited
    assert client.post(f"/report/schedules/{one.id}", data={**form, "every": "day", "closed": "1"}).status_code == 303
    changed = schedules.schedule(db, one.id)
    assert (changed.cadence.every, len(Plan.from_json(changed.params).choice.statuses)) == ("day", 5)
    assert client.post(f"/report/schedules/{one.id}/remove").status_code == 303
    assert schedules.listing(db) == []
    undo.undo(desk, db)
    assert len(schedules.listing(db)) == 1


def test_a_schedule_is_switched_off_and_run_now(client: FlaskClient, db: Connection, form: dict[str, object]) -> None:
    client.post("/report/schedules", data=form)
    client.post("/report/schedules/1/switch")
    assert not schedules.schedule(db, 1).enabled
    assert ">off<" in client.get("/report/schedules").text
    client.post("/report/schedules/1/run")
    [queued] = jobs.active(db)
    assert queued.params["due"] == sample.NOW


def test_a_folder_that_fails_is_shown(
    client: FlaskClient, desk: Desk, db: Connection, form: dict[str, object], tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    client.post("/report/schedules", data={**form, "folder": str(tmp_path / "share")})
    (tmp_path / "share").rmdir()
    schedules.turn(db, sample.NOW, {SCHEDULED})
    [job_id] = schedules.turn(db, sample.NOW + 9 * 86_400_000_000, {SCHEDULED})
    jobs.run_here(desk, job_id)
    assert "The folder for reports is not there" in client.get("/report/schedules").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "needs a name"), ({"formats": []}, "at least one format"), ({"keep": "-1"}, "from 0 to 1000"),
        ({"time": "25:00"}, "names no time"), ({"every": "blue moon"}, "names no time"),
        ({"day": "32"}, "names no time"),
        ({"folder": "reports"}, "named in full"), ({"folder": "/not/there"}, "is not there"),
    ],
)  # fmt: skip
def test_what_cannot_be_scheduled_is_refused_beside_the_form(
    client: FlaskClient, db: Connection, form: dict[str, object], wrong: dict[str, object], said: str
) -> None:
    answer = client.post("/report/schedules", data={**form, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert schedules.listing(db) == []


@pytest.mark.parametrize("act", ["", "/switch", "/remove", "/run"])
def test_a_schedule_that_is_gone_is_told_as_such(client: FlaskClient, form: dict[str, object], act: str) -> None:
    assert client.post(f"/report/schedules/9{act}", data=form).status_code == 404
    assert client.get("/report/schedules/9").status_code == 404


def test_a_time_is_read_strictly() -> None:
    with pytest.raises(UsageError):
        schedule_pages.cadence_of({"every": "day", "time": "6:30", "weekday": "0", "day": "1"})
