from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core.crashes import notes
from desktop_app.core.desk import Desk
from desktop_app.core.errors import SourceUnreadable, StoreError, UsageError, WatchdeskError
from desktop_app.core.text import text
from desktop_app.web.errors import NotFound, status_of

WRONG = UsageError(text("The query ends too early."), why=text("A quote is open."), fix=text("Close it."))


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """A client of an application with pages that fail."""

    def expected() -> str:
        raise WRONG

    def unforeseen() -> str:
        return str(1 // 0)

    app.add_url_rule("/expected", view_func=expected)
    app.add_url_rule("/unforeseen", view_func=unforeseen)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_an_error_is_a_page_that_says_what_why_and_how_to_go_on(failing: FlaskClient) -> None:
    answer = failing.get("/expected")
    assert answer.status_code == 400
    for sentence in ("The query ends too early.", "A quote is open.", "Close it.", "What was stored before is safe."):
        assert sentence in answer.text


def test_a_part_of_a_page_gets_one_line_in_the_place_for_notices(failing: FlaskClient) -> None:
    answer = failing.get("/expected", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "<html" not in answer.text
    assert "The query ends too early. A quote is open. Close it." in answer.text


def test_a_script_gets_the_sentences_as_json(failing: FlaskClient) -> None:
    answer = failing.get("/expected", headers={"Accept": "application/json"})
    assert answer.get_json() == {
        "error": {"what": "The query ends too early.", "why": "A quote is open.", "fix": "Close it."}
    }


def test_what_nobody_foresaw_is_told_in_sentences_and_noted(failing: FlaskClient, desk: Desk) -> None:
    answer = failing.get("/unforeseen")
    assert answer.status_code == 500
    assert "Something unexpected went wrong: ZeroDivisionError" in answer.text
    assert "Traceback" not in answer.text
    assert len(notes(desk.folder)) == 1


def test_a_broken_database_is_told_without_the_frame(client: FlaskClient, desk: Desk) -> None:
    desk.folder.database.write_bytes(b"this is no database" * 1000)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "went wrong" in answer.text
    assert "<nav" not in answer.text


def test_an_address_without_a_page_is_told_as_such(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound(text("x")), 404), (UsageError(text("x")), 400), (StoreError(text("x")), 503),
     (SourceUnreadable(text("x")), 500), (WatchdeskError(text("x")), 500)],
)  # fmt: skip
def test_each_kind_of_error_has_its_status(error: WatchdeskError, status: int) -> None:
    assert status_of(error) == status


def test_a_stick_that_was_pulled_out_is_told_and_its_return_is_enough(client: FlaskClient, desk: Desk) -> None:
    away = desk.folder.root.with_name("pulled-out")
    desk.folder.root.rename(away)
    answer = client.get("/findings/")
    assert answer.status_code == 503
    assert "The folder of this desk is gone" in answer.get_data(as_text=True)
    assert not desk.folder.root.exists(), "nothing is made where the stick was"
    away.rename(desk.folder.root)
    assert client.get("/findings/").status_code == 200
