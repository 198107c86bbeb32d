from __future__ import annotations

import orjson
import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.outcomes import outcome
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


def import_of(desk: Desk, db: Connection, *files: tuple[str, int, str | None]) -> int:
    """End a job that read an import of these files (name, events, what was wrong)."""
    job_id = sample.running_job(desk)
    told = [{"path": name, "events": events, "error": wrong} for name, events, wrong in files]
    end(db, job_id, "done", params='{"import_id": 7}', result=orjson.dumps({"files": told}).decode())
    with writing(db):
        db["imports"].insert({"id": 7, "label": "x", "state": "done", "created": 0})
        for name, events, wrong in files:
            error = SourceUnreadable(text("Cannot read it."), why=text("%(why)s", why=wrong)) if wrong else None
            db["files"].insert({
                "import_id": 7, "path": name, "name": name, "events": events, "state": "failed" if wrong else "done",
                "error": orjson.dumps(error.to_json()).decode() if error else None,
            })  # fmt: skip
    return job_id


def test_a_job_whose_only_file_is_gone_does_not_look_done(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = import_of(desk, db, ("a.log", 0, "There is no such file."))
    assert outcome(jobs.job(db, job_id)) == "unread"
    for page in (client.get(f"/jobs/{job_id}").text, client.get("/jobs/").text):
        assert '<span class="state st-unread">Nothing was read</span>' in page
        assert "st-done" not in page
    page = client.get(f"/jobs/{job_id}").text
    assert '<span class="mono">a.log</span>: Cannot read it. There is no such file.' in page
    assert "Nothing came of this job." in page


def test_a_job_that_read_a_part_names_the_rest(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = import_of(desk, db, ("a.log", 5, None), ("b.log", 0, "It is locked."))
    assert outcome(jobs.job(db, job_id)) == "part"
    page = client.get(f"/jobs/{job_id}").text
    assert '<span class="state st-part">Done in part</span>' in page
    assert "1 file could not be read, or not whole" in page
    assert "b.log</span>: Cannot read it. It is locked." in page


def test_a_job_that_read_everything_is_done(client: FlaskClient, desk: Desk, db: Connection) -> None:
    job_id = import_of(desk, db, ("a.log", 5, None))
    page = client.get(f"/jobs/{job_id}").text
    assert '<span class="state st-done">Done</span>' in page
    assert "wrongbox" not in page
