from __future__ import annotations

import json
from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.views.imports import hidden_of, zones
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.conftest import JSON


def test_the_dialog_offers_formats_and_zones(pages: FlaskClient) -> None:
    page = pages.get("/logs/import").text
    assert '<option value="syslog">' in page
    assert "Asia/Shanghai (this site)" in page
    assert "<option>Europe/Berlin</option>" in page


def test_only_places_and_utc_are_offered_as_zones() -> None:
    assert zones()[0] == "UTC"
    assert not [one for one in zones() if one.startswith("Etc/")]


def test_a_path_becomes_a_job_with_its_progress(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "new.log"
    log.write_text("Nov 20 13:00:00 gw sshd[1]: Connection closed by 10.0.0.1\n", encoding="utf-8")
    answer = client.post("/logs/import", data={"path": str(log)}, headers=JSON).json
    assert answer is not None
    waiting = client.get(answer["url"]).text
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="load delay:600ms"' in waiting
    run(own_desk, answer["job"])
    done = client.get(answer["url"]).text
    assert "hx-get" not in done
    assert '<dd class="num">1</dd><dt>event</dt>' in done


def test_a_file_that_cannot_be_read_is_named(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.log").write_text("Nov 20 13:00:00 gw sshd[1]: hello\n", encoding="utf-8")
    (folder / "bad.bin").write_bytes(bytes(range(256)) * 20)
    answer = client.post("/logs/import", data={"path": str(folder)}, headers=JSON).json
    assert answer is not None
    run(own_desk, answer["job"])
    done = client.get(answer["url"]).text
    assert "of 2 files read" in done
    assert "bad.bin" in done


def test_without_scripts_an_import_leads_to_its_job(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x\n", encoding="utf-8")
    answer = client.post("/logs/import", data={"path": str(tmp_path / "a.log")})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/jobs/")


def test_what_is_wrong_is_told_beside_its_field(client: FlaskClient) -> None:
    answer = client.post("/logs/import", data={"path": "relative"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.json is not None
    assert "Write the whole path" in answer.json["problems"]["path"]
    missing = client.post("/logs/import", data={"path": "/no/such/file"})
    assert missing.status_code == 400
    assert "no/such/file" in missing.text


def test_uploaded_files_are_imported_and_their_copies_deleted(client: FlaskClient, own_desk: Desk) -> None:
    line = b"Nov 20 13:00:00 gw sshd[1]: hello\n"
    sent = client.post("/logs/upload?name=in/a.log", data=line, headers=JSON).json
    assert sent is not None
    answer = client.post("/logs/import", data={"upload": sent["upload"]}, headers=JSON).json
    assert answer is not None
    ended = run(own_desk, answer["job"])
    assert ended.state == "done"
    assert ended.result is not None
    assert ended.result["events"] == 1
    assert not [one for one in own_desk.folder.temporary.rglob("*") if one.is_file()]


def test_a_look_at_this_computer_is_a_job(client: FlaskClient, own_desk: Desk) -> None:
    answer = client.post("/logs/look", headers=JSON).json
    assert answer is not None
    with own_desk.connection() as db:
        assert jobs.job(db, answer["job"]).kind == "logs.look"


def test_sample_data_comes_by_a_job(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        service.undo_import(own_desk, db, 1)
    answer = client.post("/logs/demo", headers=JSON).json
    assert answer is not None
    with own_desk.connection() as db:
        assert jobs.job(db, answer["job"]).kind == "logs.demo"


def test_what_may_not_be_read_is_shown_with_the_command_that_would(client: FlaskClient, own_desk: Desk) -> None:
    told = text("The security log").to_json()
    with own_desk.connection() as db, writing(db):
        job_id = jobs.enqueue(db, "logs.look", text("Look"), {"import_id": 1})
        result = '{"import": 1, "hidden": [{"what": %s, "command": "sudo watchdesk look"}]}'
        db.execute("UPDATE jobs SET state = 'done', result = ? WHERE id = ?", (result % json.dumps(told), job_id))
    with own_desk.connection() as db:
        found = jobs.job(db, job_id)
    page = client.get(f"/logs/progress/{job_id}").text
    assert "The security log" in page
    assert "sudo watchdesk look" in page
    assert found.result is not None


def test_a_job_that_hides_nothing_hides_nothing(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        assert hidden_of(jobs.listing(db)[0]) == []


def test_jobs_of_others_have_no_progress_here(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db, writing(db):
        job_id = jobs.enqueue(db, "other.kind", text("Other"), {})
    assert client.get(f"/logs/progress/{job_id}").status_code == 404


def test_small_event_files_are_put_together_by_a_job(client: FlaskClient, own_desk: Desk) -> None:
    answer = client.post("/logs/compact")
    with own_desk.connection() as db:
        newest = jobs.listing(db)[0]
    assert (newest.kind, answer.location) == ("logs.compact", f"/jobs/{newest.id}")
