from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.events.search import Search
from desktop_app.core.outcomes import outcome
from desktop_app.core.text import text
from desktop_app.extensions.logs import service
from desktop_app.web.app import create_app
from tests.extensions.logs.importing import bring_in, run
from tests.extensions.logs.views.conftest import JSON, make_desk


def test_imports_are_listed_with_what_they_brought(pages: FlaskClient) -> None:
    page = pages.get("/logs/sources").text
    assert "auth.log +1" in page
    assert "2 files · 42 events" in page
    assert "Sources<b>1</b>" in page


def test_each_file_tells_its_format_encoding_and_zone(pages: FlaskClient) -> None:
    page = pages.get("/logs/sources?id=1").text
    assert "Asia/Shanghai (assumed)" in page
    assert "in the lines" in page
    assert "2 files read" in page


def test_nothing_imported_yet_offers_what_to_do(tmp_path: Path) -> None:
    page = create_app(make_desk(tmp_path / "empty")).test_client().get("/logs/sources").text
    assert "No logs yet" in page
    assert "Look at this computer" in page


def test_a_file_that_could_not_be_read_is_named(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.log").write_text("Nov 20 13:00:00 gw sshd[1]: hello\n", encoding="utf-8")
    (folder / "bad.bin").write_bytes(bytes(range(256)) * 20)
    bring_in(own_desk, [folder])
    page = client.get("/logs/sources").text
    assert "1 of 2 files read whole; not whole: mixed/bad.bin" in page
    assert "1 not read" in page


def test_an_undo_says_before_what_it_takes_away_and_takes_it(client: FlaskClient, own_desk: Desk) -> None:
    assert "Removes 42 events" in client.get("/logs/sources?id=1").text
    answer = client.post("/logs/sources/1/undo", follow_redirects=True)
    assert "Undone: Imported auth.log +1" in answer.text
    assert "Undo this import" not in answer.text
    with own_desk.connection() as db:
        assert own_desk.events.count(db, Search()) == 0


@pytest.mark.parametrize(("state", "word"), [("cancelled", "Cancelled"), ("failed", "Failed")])
def test_an_import_whose_job_was_stopped_says_so_and_can_go_on(
    client: FlaskClient, own_desk: Desk, state: str, word: str
) -> None:
    with own_desk.connection() as db, writing(db):
        db.execute("UPDATE imports SET state = 'reading'")
        db.execute("UPDATE jobs SET state = ?", (state,))
        job = db.execute("SELECT job_id FROM imports").fetchone()[0]
    page = client.get("/logs/sources?id=1").text
    assert word in page
    assert ">Reading<" not in page
    assert f'action="/jobs/{job}/resume"' in page
    assert "Undo this import" in page


def test_a_file_that_broke_off_is_said_to_be_read_in_part(client: FlaskClient, own_desk: Desk) -> None:
    problem = SourceUnreadable(text("The file ends early"))
    with own_desk.connection() as db, writing(db):
        db.execute("UPDATE files SET error = ? WHERE name = 'auth.log'", (orjson.dumps(problem.to_json()).decode(),))
    page = client.get("/logs/sources?id=1").text
    assert "1 read in part" in page
    assert "1 of 2 files read whole; not whole: auth.log" in page


def test_large_numbers_are_set_apart_before_an_undo(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db, writing(db):
        db.execute("UPDATE files SET events = 50723 WHERE name = 'auth.log'")
        db.execute("UPDATE files SET events = 0 WHERE name <> 'auth.log'")
    assert "Removes 50,723 events" in client.get("/logs/sources?id=1").text


def test_an_import_is_undone_once(client: FlaskClient) -> None:
    client.post("/logs/sources/1/undo")
    assert client.post("/logs/sources/1/undo").status_code == 400


def test_another_zone_moves_the_times_of_lines_without_one(client: FlaskClient, own_desk: Desk) -> None:
    answer = client.post("/logs/sources/1/zone", data={"zone": "UTC"})
    assert answer.status_code == 303
    with own_desk.connection() as db:
        job_id = max(one.id for one in jobs.listing(db))
        before = own_desk.events.page(db, Search("root"), limit=1).rows[0]["time"]
    assert run(own_desk, job_id).state == "done"
    with own_desk.connection() as db:
        after = own_desk.events.page(db, Search("root"), limit=1).rows[0]["time"]
    assert after - before == 8 * 3_600_000_000


def test_a_zone_that_changes_nothing_or_is_none_is_told_in_place(client: FlaskClient) -> None:
    for zone in ("", "Mars/Base", "Asia/Shanghai"):
        answer = client.post("/logs/sources/1/zone", data={"zone": zone})
        assert answer.status_code == 400
        assert 'id="zone-wrong"' in answer.text


def test_an_import_that_does_not_exist_is_told(pages: FlaskClient) -> None:
    assert pages.get("/logs/sources?id=77").status_code == 400


def test_the_events_of_one_import_can_be_searched(pages: FlaskClient) -> None:
    assert 'href="/logs/?f=import:1"' in pages.get("/logs/sources?id=1").text
    assert (pages.get("/logs/count?f=import:1", headers=JSON).json or {})["count"] == 42
    assert (pages.get("/logs/count?f=import:2", headers=JSON).json or {})["count"] == 0


def test_an_import_whose_only_file_is_gone_says_that_nothing_was_read(own_desk: Desk, client: FlaskClient) -> None:
    log = own_desk.folder.root / "gone.log"
    log.write_text("2026-11-20T04:00:00Z gate cron[1]: tick\n", encoding="utf-8")
    with own_desk.connection() as db:
        job_id = service.start_import(db, [str(log)])
    log.unlink()
    assert outcome(run(own_desk, job_id)) == "unread"
    page = client.get("/logs/sources").text
    assert '<span class="sev s-high">Nothing was read</span>' in page
