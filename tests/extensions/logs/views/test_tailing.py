from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from tests.extensions.logs.importing import bring_in
from tests.extensions.logs.views.conftest import JSON


def test_only_new_events_that_fit_are_counted(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    mark = client.get("/logs/rows", headers=JSON).get_json()["mark"]
    assert client.get(f"/logs/live?mark={mark}").get_json() == {"mark": mark, "new": 0}
    lines = ("Failed password for root", "Failed password for bob", "Accepted password for bob")
    text = "".join(f"Nov 20 15:0{n}:00 opc-gw sshd[1]: {line}\n" for n, line in enumerate(lines))
    (tmp_path / "more.log").write_text(text, encoding="utf-8")
    bring_in(own_desk, [tmp_path / "more.log"])
    assert client.get(f"/logs/live?mark={mark}").get_json()["new"] == 3
    told = client.get(f"/logs/live?q=failed&mark={mark}").get_json()
    assert told["new"] == 2
    assert client.get(f"/logs/live?q=failed&mark={told['mark']}").get_json()["new"] == 0
    assert client.get(f"/logs/live?f=host:nobody&mark={mark}").get_json()["new"] == 0


def test_the_first_question_only_tells_the_mark(pages: FlaskClient) -> None:
    assert pages.get("/logs/live").get_json()["new"] == 0
    assert pages.get("/logs/live?mark=words", headers=JSON).status_code == 400


def test_a_search_with_a_button_for_it_names_its_key(pages: FlaskClient) -> None:
    assert 'id="live"' in pages.get("/logs/").text
    assert 'id="live"' not in pages.get("/logs/counting").text, "a table of numbers is no tail"
