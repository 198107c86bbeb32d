from __future__ import annotations

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.web.report import template


def test_a_copy_is_written_checked_and_its_faults_told(client: FlaskClient, desk: Desk) -> None:
    assert "Write a copy to start from" in client.get("/report/template").text
    assert client.post("/report/template").status_code == 303
    page = client.get("/report/template").text
    assert "Wrote a copy of the template" in page
    assert str(template.place(desk.folder)) in page
    assert "The template can be used." in client.get("/report/template/check").text
    (template.place(desk.folder) / "cover.html").write_text("{% nonsense %}")
    assert "The template cover.html has a fault in line 1." in client.get("/report/template/check").text


def test_a_second_copy_is_refused(client: FlaskClient) -> None:
    client.post("/report/template")
    answer = client.post("/report/template")
    assert answer.status_code == 400
    assert "There is a template of your own already" in answer.text


def test_a_preview_says_whose_template_it_is(client: FlaskClient) -> None:
    assert "template of this site" not in client.get("/report/preview").text
    client.post("/report/template")
    assert "template of this site" in client.get("/report/preview").text
