from __future__ import annotations

import orjson
import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.core.undo import record
from tests.web import sample


def end(db: Connection, job_id: int, state: str, **columns: object) -> None:
    with writing(db):
        db["jobs"].update(job_id, {"state": state, "finished": sample.NOW, **columns})


def test_jobs_are_listed_with_their_progress(client: FlaskClient, desk: Desk) -> None:
    job_id = sample.running_job(desk)
    page = client.get("/jobs/").text
    assert f'href="/jobs/{job_id}"' in page
    assert "64%" in page


def test_a_running_job_can_be_cancelled(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    assert f'action="/jobs/{job_id}/cancel"' in client.get(f"/jobs/{job_id}").text
    client.post(f"/jobs/{job_id}/cancel")
    assert jobs.job(db, job_id).cancel
    page = client.get(f"/jobs/{job_id}").text
    assert "Stopping…" in page
    assert "/cancel" not in page


def test_a_failed_job_says_what_why_and_how_to_go_on(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    error = SourceUnreadable(text("Cannot read %(path)s", path="D:"), why=text("It is gone."), fix=text("Put it back."))
    end(db, job_id, "failed", error=orjson.dumps(error.to_json()).decode())
    page = client.get(f"/jobs/{job_id}").text
    for sentence in ("Cannot read D:", "It is gone.", "Put it back.", "Try again"):
        assert sentence in page


@pytest.mark.parametrize("state", ["interrupted", "cancelled", "failed"])
def test_a_job_that_did_not_end_well_can_be_resumed(
    client: FlaskClient, desk: Desk, db: Connection, state: str
) -> None:
    job_id = sample.running_job(desk)
    end(db, job_id, state)
    assert client.post(f"/jobs/{job_id}/resume").status_code == 303
    assert jobs.job(db, job_id).state == "queued"


def test_a_job_that_ended_well_cannot_be_resumed(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    end(db, job_id, "done", result='{"events": 1284906, "files": [], "seconds": 3.5}')
    page = client.get(f"/jobs/{job_id}").text
    assert "1,284,906" in page
    assert "/resume" not in page
    assert client.post(f"/jobs/{job_id}/resume").status_code == 400


def test_what_an_interrupted_job_brought_can_be_taken_back(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    end(db, job_id, "interrupted", params='{"import_id": 7}')
    assert "Take back" not in client.get(f"/jobs/{job_id}").text
    with writing(db):
        made = record(db, "logs.import", text("x"), before={}, after=[], subjects=["import:7"])
    page = client.get(f"/jobs/{job_id}").text
    assert "Take back what it brought" in page
    assert f'name="undo_id" value="{made.undo_id}"' in page


def test_a_job_says_that_what_it_brought_was_taken_back(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    end(db, job_id, "done", params='{"import_id": 7}', result='{"findings": 3}')
    assert "See the findings" in client.get(f"/jobs/{job_id}").text
    with writing(db):
        db["imports"].insert({"id": 7, "label": "x", "state": "undone", "created": 0})
    page = client.get(f"/jobs/{job_id}").text
    assert "What this job brought was taken back." in page
    assert "See the findings" not in page


def test_a_job_without_findings_offers_none(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    end(db, job_id, "done", result='{"findings": 0}')
    assert "See the findings" not in client.get(f"/jobs/{job_id}").text


def test_the_log_of_a_job_is_shown_in_order(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = sample.running_job(desk)
    context = jobs.JobContext(desk, db, job_id)
    context.log("info", text("Reading %(name)s", name="a.log"))
    context.log("warning", text("Skipped %(name)s", name="<b>"))
    page = client.get(f"/jobs/{job_id}").text
    assert page.index("Reading a.log") < page.index("Skipped &lt;b&gt;")


def test_a_job_that_never_was_is_told_as_such(client: FlaskClient) -> None:
    answer = client.get("/jobs/99")
    assert answer.status_code == 400
    assert "There is no job 99." in answer.text
