from __future__ import annotations

import sqlite3

import pytest
from flask.testing import FlaskClient

from desktop_app.core import triage
from desktop_app.core.crashes import write_note
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.version import VERSION
from desktop_app.web.about import engine


def test_it_says_version_and_where_things_lie(client: FlaskClient, desk: Desk) -> None:
    page = client.get("/about/").text
    assert f"Watchdesk {VERSION}" in page
    assert str(desk.folder.root) in page
    assert "watchdesk.log" in page


def test_it_names_the_family_and_only_what_is_built(client: FlaskClient) -> None:
    page = client.get("/about/").text
    assert "SIEM: host monitoring, log collection and alert management" in page
    assert "Endpoint" not in page
    assert "Handbook" not in page


QT = "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) QtWebEngine/6.12.0 Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (QT, "Qt WebEngine 6.12.0"),
        (QT.replace("QtWebEngine/6.12.0 ", ""), "Chromium 140.0.0.0"),
        (QT.replace("QtWebEngine/6.12.0 ", "") + " Edg/140.0", "Edge WebView2 140.0"),
        ("Mozilla/5.0 (X11) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "WebKit 605.1.15"),
        ("Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140.0"),
        ("curl", ""),
    ],
)
def test_it_says_what_draws_the_page(client: FlaskClient, agent: str, said: str) -> None:
    assert engine(agent) == said
    page = client.get("/about/", headers={"User-Agent": agent}).text
    assert ("What draws this page" in page) is bool(said)


def test_it_names_the_versions_of_what_stores(client: FlaskClient) -> None:
    page = client.get("/about/").text
    assert f'<dt>SQLite</dt><dd class="num">{sqlite3.sqlite_version}</dd>' in page
    assert "<dt>DuckDB</dt>" in page


def test_it_says_under_which_terms_qt_is_used(client: FlaskClient) -> None:
    page = client.get("/about/").text
    if "Qt for Python" in page:
        assert 'href="/about/licences/PySide6/LGPL-3.0.txt"' in page
        assert client.get("/about/licences/PySide6/Qt-notice.txt").status_code == 200


def test_addresses_open_elsewhere_and_only_when_clicked(client: FlaskClient) -> None:
    page = client.get("/about/").text
    assert '<a href="https://github.com/zrf-rocket" target="_blank" rel="noopener noreferrer">' in page
    assert 'src="http' not in page


def test_the_trail_tells_what_was_done(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    assert "Nothing was done yet." in client.get("/about/activity").text
    triage.confirm(db, [made["cleared/ENG-WS-04"]])
    page = client.get("/about/activity").text
    assert "Confirmed 1 finding" in page
    assert f"finding:{made['cleared/ENG-WS-04']}" in page


def test_what_can_be_taken_back_has_a_button_until_it_was(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    first = triage.confirm(db, [made["cleared/ENG-WS-04"]])
    second = triage.archive(db, [made["disk/HMI-07"]])
    client.post("/undo", data={"undo_id": first.undo_id})
    page = client.get("/about/history").text
    assert f'name="undo_id" value="{second.undo_id}"' in page
    assert f'name="undo_id" value="{first.undo_id}"' not in page


def test_notes_of_crashes_can_be_read(client: FlaskClient, desk: Desk) -> None:
    assert "No crash was noted." in client.get("/about/crashes").text
    write_note(desk.folder, ValueError("<b>"))
    page = client.get("/about/crashes").text
    assert "ValueError: &lt;b&gt;" in page


def test_a_licence_can_be_read(client: FlaskClient) -> None:
    assert "Permission to use, copy, modify" in client.get("/about/licences/htmx.org/LICENSE").text


@pytest.mark.parametrize("path", ["htmx.org/manifest.json", "no-such-part/LICENSE", "..%2f..%2fx/LICENSE"])
def test_no_other_file_can_be_read_that_way(client: FlaskClient, path: str) -> None:
    assert client.get(f"/about/licences/{path}").status_code == 404


def test_the_trail_is_narrowed_by_words_kind_account_and_day(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    triage.confirm(db, [1])
    triage.note(db, 2, "asked")
    page = client.get("/about/activity?q=confirmed").text
    assert "Confirmed 1 finding" in page
    assert "Added a note" not in page
    page = client.get("/about/activity?kind=note").text
    assert '<option value="note" selected>Note</option>' in page
    assert "Added a note" in page
    assert "Confirmed 1 finding" not in page
    assert "No act fits." in client.get("/about/activity?actor=nobody").text
    assert "No act fits." in client.get("/about/activity?to=2020-01-01").text
    assert "Added a note" in client.get("/about/activity?from=2020-01-01&to=9999-12-31").text
    assert "Added a note" in client.get("/about/activity?from=yesterday").text


def test_older_acts_are_a_page_away(
    client: FlaskClient, db: Connection, made: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.web.about.ACTS", 2)
    for number in (1, 2, 3):
        triage.confirm(db, [number])
    page = client.get("/about/activity?kind=finding").text
    assert 'href="?kind=finding&amp;before=2"' in page
    assert "Older" not in client.get("/about/activity?kind=finding&before=2").text


def test_the_trail_says_that_it_is_intact_or_where_it_was_changed(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    triage.confirm(db, [1])
    assert ">intact<" in client.get("/about/").text
    db.execute("DROP TRIGGER audit_fixed")
    assert "its guards were taken out" in client.get("/about/").text
    db.execute("UPDATE audit SET actor = 'nobody'")
    assert "act 1 is not as it was written" in client.get("/about/activity").text


def test_a_decision_that_others_build_on_names_the_later_one(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    first = triage.confirm(db, [1])
    later = triage.resolve(db, [1])
    page = client.get("/about/history").text
    assert f'<a href="#d{later.undo_id}">Resolved 1 finding</a>' in page
    assert f'name="undo_id" value="{first.undo_id}"' not in page
    client.post("/undo", data={"undo_id": later.undo_id, "next": "/about/history"})
    page = client.get("/about/history").text
    assert f'name="undo_id" value="{first.undo_id}"' in page
    assert "undone <time" in page


def test_without_decisions_the_history_says_what_it_is_for(client: FlaskClient) -> None:
    assert "Nothing was decided yet." in client.get("/about/history").text
