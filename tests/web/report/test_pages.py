from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import jobs, report_files, undo
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.printing import CannotPrint, no_engine
from desktop_app.core.text import text
from desktop_app.web.report.choice import Choice
from tests.web import sample


def work(desk: Desk, db: Connection) -> None:
    for one in jobs.active(db):
        jobs.run_here(desk, one.id)


def test_a_report_is_made_shown_and_handed_out_as_it_was_frozen(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    assert client.post("/report/", data={"period": "0", "severities": ["critical", "high"]}).status_code == 303
    assert "Being made…" in client.get("/report/").text
    work(desk, db)
    page = client.get("/report/").text
    assert "2 findings" in page
    assert str(desk.folder.reports) in page
    shown = client.get("/report/1")
    assert 'src="/report/1/document"' in shown.text
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    with client.get("/report/1/document") as framed:
        assert "38 failed sign-ins, then a success" in framed.text
        assert "style-src 'sha256-" in framed.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
        assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    for _ in range(2):
        with client.get("/report/1/file") as handed:
            assert "attachment" in handed.headers["Content-Disposition"]
            assert hashlib.sha256(handed.data).hexdigest() == report_files.report(db, 1).sha256


def test_a_choice_is_an_address(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    number, _ = cases.create(db, "One matter", [made["guess/OPC-GW-02"]])
    query = Choice(period="30", severities=("low",), cases=(str(number),), format="pdf", sections=("cover",)).query()
    page = client.get(f"/report/?{query}").text
    assert '<input type="radio" name="period" value="30" checked>' in page
    assert f'name="cases" value="{number}" checked' in page
    assert '<option value="pdf" selected>' in page
    preview = client.get(f"/report/preview?{query}").text
    assert f'src="/report/preview/document?{query.replace("&", "&amp;")}"' in preview
    assert '<input type="hidden" name="severities" value="low">' in preview


def test_a_preview_draws_the_first_findings_and_keeps_nothing(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    assert made
    answer = client.get("/report/preview/document?period=0")
    assert "38 failed sign-ins" in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert report_files.listing(db) == []


@pytest.mark.parametrize("path", ["/report/?period=x", "/report/preview?period=days&first=2026-11-22&last=2026-11-01"])
def test_a_choice_that_is_none_is_refused_beside_the_form(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert 'class="wrong" role="alert"' in answer.text


def test_other_formats_are_handed_out_and_not_shown(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    client.post("/report/", data={"format": "csv"})
    work(desk, db)
    assert "save a copy and open it there" in client.get("/report/1").text
    assert client.get("/report/1/document").status_code == 404
    with client.get("/report/1/file") as handed:
        assert handed.mimetype == "text/csv"


def test_a_report_is_deleted_and_brought_back(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    client.post("/report/", data={})
    work(desk, db)
    assert client.post("/report/1/delete").status_code == 303
    assert "Deleted the report" in client.get("/report/").text
    assert client.get("/report/1").status_code == 404
    undo.undo(desk, db)
    assert client.get("/report/1").status_code == 200


def test_a_report_whose_file_was_changed_is_not_handed_out(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    assert made
    client.post("/report/", data={})
    work(desk, db)
    for one in desk.folder.reports.glob("*.html"):
        one.write_text("other")
    for path in ("/report/1", "/report/1/file", "/report/1/document"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "not the one that was frozen" in answer.text


def test_what_could_not_be_made_is_told_until_something_is(
    client: FlaskClient, app: Flask, desk: Desk, db: Connection
) -> None:
    assert app
    with writing(db):
        job_id = jobs.enqueue(db, "report.make", text("Report"), {})
    with pytest.raises(CannotPrint) as refused:
        no_engine(desk.folder.root, desk.folder.root)
    jobs._finish(db, job_id, "failed", None, refused.value.to_json())
    assert "no engine that prints pages" in client.get("/report/").text


def test_a_report_can_be_asked_for_again(client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    client.post("/report/", data={"period": "30"})
    work(desk, db)
    assert 'href="/report/?period=30"' in client.get("/report/1").text
    db.execute("UPDATE reports SET query = '[]'")
    assert "Ask for the same again" not in client.get("/report/1").text


def test_an_empty_desk_offers_a_report_too(client: FlaskClient) -> None:
    assert "None yet." in client.get("/report/").text
    assert sample.NOW
