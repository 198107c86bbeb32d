from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import saved_views as saved
from desktop_app.core.database import Connection
from desktop_app.web import saved_views
from desktop_app.web.stream import snapshot


def save(client: FlaskClient, name: str, url: str) -> int:
    return client.post("/views/", data={"name": name, "url": url}).status_code


def test_a_saved_view_stands_in_the_navigation_with_how_much_it_holds(
    client: FlaskClient, made: dict[str, int]
) -> None:
    assert made
    assert save(client, "Disks", "/findings/?q=disk&id=3") == 303
    page = client.get("/findings/?q=disk").text
    assert '<a href="/findings/?q=disk" title="Disks" aria-current="true">' in page
    assert 'data-badge="view-1">2</span>' in page
    assert 'title="Disks" aria-current' not in client.get("/findings/").text


def test_the_number_of_a_view_stays_current(app: Flask, client: FlaskClient, db: Connection) -> None:
    save(client, "Disks", "/findings/?q=disk")
    with app.test_request_context():
        assert snapshot(db, "en")["counts"]["view-1"] == {"value": 0, "shown": "0"}


def test_a_page_that_is_not_cheap_to_count_has_no_number(client: FlaskClient) -> None:
    save(client, "Work", "/jobs/")
    page = client.get("/").text
    assert 'title="Work"' in page
    assert "view-1" not in page


@pytest.mark.parametrize(
    "url",
    ["https://example.org/", "//example.org/x", "javascript:alert(1)", "findings/", "/nowhere", "/undo",
     "/static/app.js", "/findings/?q=" + "x" * 5000, "", "http://["],
)  # fmt: skip
def test_only_pages_of_this_desk_can_be_saved(client: FlaskClient, db: Connection, url: str) -> None:
    assert save(client, "Elsewhere", url) == 400
    assert saved.listing(db) == []
    assert "save-view" not in client.get("/views/new", query_string={"url": url}).text.partition("<main")[2]


def test_a_name_that_is_taken_is_said_beside_the_field(client: FlaskClient) -> None:
    save(client, "Disks", "/findings/?q=disk")
    answer = client.post("/views/", data={"name": "disks", "url": "/jobs/"})
    assert answer.status_code == 422
    assert 'id="name-wrong"' in answer.text
    assert 'value="/jobs/"' in answer.text


def test_views_are_renamed_moved_and_deleted_with_a_way_back(client: FlaskClient, db: Connection) -> None:
    save(client, "One", "/findings/?q=1")
    save(client, "Two", "/findings/?q=2")
    client.post("/views/2/move", data={"step": "up"})
    client.post("/views/1/rename", data={"name": "First"})
    assert [one.name for one in saved.listing(db)] == ["Two", "First"]
    client.post("/views/2/delete")
    page = client.get("/views/").text
    assert "Deleted the view “Two”" in page
    client.post("/undo", data={"latest": "1", "next": "/views/"})
    assert [one.name for one in saved.listing(db)] == ["Two", "First"]


def test_a_name_that_cannot_be_is_refused_on_the_page(client: FlaskClient) -> None:
    save(client, "One", "/findings/?q=1")
    client.post("/views/1/rename", data={"name": " "})
    assert "The view has no name." in client.get("/views/").text


def test_a_view_has_an_address_of_its_own_and_is_found_by_its_name(client: FlaskClient) -> None:
    save(client, "夜间登录", "/findings/?q=login")
    assert client.get("/views/1").headers["Location"] == "/findings/?q=login"
    assert client.get("/views/2").status_code == 404
    assert 'href="/views/1"' in client.get("/palette/answers?q=yjdl").text


def test_a_view_of_a_restored_desk_leads_nowhere_else(client: FlaskClient, db: Connection) -> None:
    save(client, "One", "/findings/?q=1")
    db.execute("UPDATE saved_views SET url = 'https://elsewhere.example/'")
    assert client.get("/views/1").headers["Location"] == "/views/"


def test_without_views_the_page_says_how_to_save_one(client: FlaskClient) -> None:
    assert "No view was saved yet." in client.get("/views/").text
    assert "Order, rename and delete" not in client.get("/").text


def test_only_the_filters_of_an_address_are_kept(app: Flask) -> None:
    with app.test_request_context():
        assert saved_views.kept("/findings/?view=all&sev=high&sev=low&id=4") == "/findings/?view=all&sev=high&sev=low"
        assert saved_views.kept("/jobs/?") == "/jobs/"
