"""The pages of formats: what is known, bringing in and saving, and a lesson that is wrong or right."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.store import taught
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.jobs.test_format import BOILER, LINES


def test_formats_of_ours_are_listed_and_none_of_the_site_yet(pages: FlaskClient) -> None:
    page = pages.get("/logs/formats").text
    assert "None yet." in page
    assert "AWS CloudTrail" in page


def test_a_file_that_somebody_shared_is_brought_in_saved_and_forgotten(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    shared = tmp_path / "boiler.json"
    shared.write_text(BOILER.written(), encoding="utf-8")
    assert client.post("/logs/formats/bring", data={"path": str(shared)}).status_code == 303
    assert "Boiler" in client.get("/logs/formats").text
    saved = client.get("/logs/formats/boiler/file")
    assert saved.text == BOILER.written()
    assert saved.headers["Content-Disposition"] == "attachment; filename=boiler.json"
    client.post("/logs/formats/boiler/remove")
    with own_desk.connection() as db:
        assert taught.definitions(db) == []


def test_what_is_no_format_is_refused_with_the_reason(client: FlaskClient, tmp_path: Path) -> None:
    wrong = tmp_path / "x.json"
    wrong.write_text("{}", encoding="utf-8")
    answer = client.post("/logs/formats/bring", data={"path": str(wrong)})
    assert answer.status_code == 400
    assert "does not say that it is one" in answer.text
    assert client.post("/logs/formats/bring", data={"path": "/nowhere"}).status_code == 400


def test_the_lines_of_a_plain_file_are_offered(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "boiler.log"
    log.write_text(LINES, encoding="utf-8")
    bring_in(own_desk, [log])
    [offered] = re.findall(r"/logs/formats/teach\?file=\d+", client.get("/logs/formats").text)
    assert "&lt;Boiler7&gt; {INFO} ok" in client.get(offered).text


def test_marks_make_a_pattern_and_it_is_tried_at_once(client: FlaskClient) -> None:
    first = LINES.splitlines()[0]
    marks = "0-19:@timestamp\n21-28:host.name\n31-35:log.level\n37-39:message"
    tried = client.post("/logs/formats/try", data={"lines": LINES, "line": first, "marks": marks, "kind": "lines"}).text
    assert 'value="%{@timestamp} &lt;%{host.name}&gt; {%{log.level}} %{message}"' in tried
    assert "Reads 2 of 2 lines" in tried


def test_marks_that_say_nothing_are_refused(client: FlaskClient) -> None:
    tried = client.post("/logs/formats/try", data={"lines": LINES, "line": "x", "marks": "a-b:c", "kind": "lines"})
    assert "cannot be understood" in tried.text


def test_a_format_without_a_name_or_a_time_is_not_kept(client: FlaskClient, own_desk: Desk) -> None:
    lesson = {"lines": LINES, "kind": "lines", "pattern": BOILER.pattern, "title": " "}
    assert "Give the format a name." in client.post("/logs/formats/teach", data=lesson).text
    timeless = lesson | {"title": "x", "pattern": "%{a} %{b} <%{@timestamp}> %{message}"}
    assert "No time could be read" in client.post("/logs/formats/teach", data=timeless).text
    with own_desk.connection() as db:
        assert taught.definitions(db) == []


def test_a_format_is_kept_with_the_way_its_times_are_written(client: FlaskClient, own_desk: Desk) -> None:
    lesson = {"lines": LINES, "kind": "lines", "pattern": BOILER.pattern, "title": "Boiler"}
    assert client.post("/logs/formats/teach", data=lesson).status_code == 303
    with own_desk.connection() as db:
        [kept] = taught.definitions(db)
    assert (kept.id, kept.time) == ("boiler", "iso")
    assert kept.pattern in client.get("/logs/formats/teach?id=boiler").text.replace("&lt;", "<").replace("&gt;", ">")


def test_formats_stand_in_the_import_dialog(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        taught.keep(db, BOILER)
    assert '<option value="site.boiler">Boiler</option>' in client.get("/logs/import").text
