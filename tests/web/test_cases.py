"""The pages of cases."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from desktop_app.core import findings
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection
from desktop_app.core.findings import Filter

HTMX = {"HX-Request": "true"}


def held(db: Connection, case_id: int) -> list[int]:
    return sorted(row.id for row in findings.listing(db, Filter("all", case=case_id)))


def test_without_cases_the_page_says_how_one_is_made(client: FlaskClient) -> None:
    assert "No case is open." in client.get("/cases/").text
    assert "No case was closed yet." in client.get("/cases/?state=closed").text


def test_findings_are_added_to_a_new_case_and_the_next_one_opens(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    asked = client.get("/cases/choose?id=1", headers=HTMX).text
    assert "Add this finding to a case" in asked
    assert 'value="38 failed sign-ins, then a success"' in asked
    answer = client.post("/cases/add", data={"ids": [1], "case": "new", "name": "Night shift"}, headers=HTMX)
    assert answer.headers["HX-Push-Url"] == "/findings/?id=2"
    assert "Opened the case “Night shift”" in answer.text
    [one] = cases.listing(db)
    assert held(db, one.id) == [1]
    assert "In a case<b>1</b>" in client.get("/findings/").text
    assert 'href="/cases/1">Night shift</a>' in client.get("/findings/?id=1").text


def test_findings_are_added_to_a_case_that_is_open(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [1])
    asked = client.get("/cases/choose?ids=2&ids=3", headers=HTMX).text
    assert "Add 2 findings to a case" in asked
    assert "1 finding" in asked
    client.post("/cases/add", data={"ids": [2, 3], "case": case_id}, headers=HTMX)
    assert held(db, case_id) == [1, 2, 3]


def test_a_case_without_a_name_is_refused_in_the_dialog(client: FlaskClient, made: dict[str, int]) -> None:
    answer = client.post("/cases/add", data={"ids": [1], "case": "new", "name": " "}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#dialog-body")
    assert "A case needs a name." in answer.text
    plain = client.get("/cases/choose?id=1").text
    assert plain.startswith("<!doctype html>") or "<!doctype html>" in plain[:50]


def test_a_finding_is_taken_out_of_its_case(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [1])
    client.post("/findings/act", data={"id": 1, "action": "take_out"}, headers=HTMX)
    assert held(db, case_id) == []


def test_the_list_tells_how_cases_stand(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [1, 2])
    case_tasks.add(db, case_id, "Ask")
    page = client.get("/cases/").text
    assert 'href="/cases/1">Night shift</a>' in page
    assert "0 of 1" in page
    cases.close(db, case_id)
    assert "Night shift" in client.get("/cases/?state=closed").text


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ({"action": "rename", "name": "Day shift"}, "Day shift"),
        ({"action": "close"}, "Open again"),
        ({"action": "note", "text": "<b>asked</b>"}, "&lt;b&gt;asked&lt;/b&gt;"),
        ({"action": "task", "text": "Ask the lead"}, "Ask the lead"),
    ],
)
def test_every_act_on_a_case_shows_and_can_be_undone(
    client: FlaskClient, db: Connection, made: dict[str, int], sent: dict[str, str], seen: str
) -> None:
    cases.create(db, "Night shift", [1])
    answer = client.post("/cases/1", data=sent, follow_redirects=True)
    assert seen in answer.text
    assert 'name="undo_id"' in answer.text
    client.post("/undo", data={"latest": "1", "next": "/cases/1"})
    page = client.get("/cases/1").text
    assert "Night shift" in page
    assert seen not in page.replace("Undone: ", "").split('id="notices"')[0]


def test_tasks_are_ticked_moved_and_removed(client: FlaskClient, db: Connection) -> None:
    cases.create(db, "Night shift")
    for words in ("one", "two"):
        client.post("/cases/1", data={"action": "task", "text": words})
    client.post("/cases/1/tasks/1", data={"action": "done"})
    assert 'aria-checked="true" aria-label="Done: one"' in client.get("/cases/1").text
    client.post("/cases/1/tasks/1", data={"action": "open"})
    client.post("/cases/1/tasks/2", data={"action": "up"})
    assert [one.text for one in case_tasks.listing(db, 1)] == ["two", "one"]
    client.post("/cases/1/tasks/2", data={"action": "down"})
    client.post("/cases/1/tasks/1", data={"action": "remove"})
    assert [one.text for one in case_tasks.listing(db, 1)] == ["two"]


def test_a_case_can_be_opened_without_findings(client: FlaskClient) -> None:
    answer = client.post("/cases/", data={"name": "Something is odd"})
    assert answer.headers["Location"] == "/cases/1"
    assert "No finding is in this case." in client.get("/cases/1").text


def test_what_is_not_there_or_not_known_is_refused(client: FlaskClient, db: Connection) -> None:
    assert client.get("/cases/9").status_code == 404
    cases.create(db, "Night shift")
    assert client.post("/cases/1", data={"action": "burn"}).status_code == 400
    assert client.post("/cases/1/tasks/1", data={"action": "done"}).status_code == 400
