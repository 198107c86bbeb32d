from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import saved_views, settings, undo
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension
from desktop_app.core.rules import catalogue
from desktop_app.core.text import text
from desktop_app.web import keeping
from desktop_app.web.app import create_app
from tests.core.rules.writing import folder_with, yaml_of


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk that knows the way back for files."""
    return replace(desk, extensions=(*desk.extensions, keeping.extension))


@pytest.fixture
def taking(desk: Desk) -> Iterator[FlaskClient]:
    """A client of a desk with a room that takes rules."""
    room = Extension(id="rules", title=text("Rules"), version="1", takes_rules="inbox.index")
    with create_app(replace(desk, extensions=(*desk.extensions, room))).test_client() as client:
        yield client


def look(client: FlaskClient, path: Path) -> str:
    return client.post("/door/", data={"path": str(path)}, follow_redirects=True).get_data(as_text=True)


def test_rules_are_handed_on_to_the_room_that_takes_them(taking: FlaskClient, tmp_path: Path) -> None:
    answer = taking.post("/door/", data={"path": str(folder_with(tmp_path / "site-rules", a=yaml_of(1)))})
    assert (answer.status_code, answer.location) == (307, "/findings/")


def test_packs_that_were_brought_in_have_a_way_back_to_each_content(
    taking: FlaskClient, db: Connection, tmp_path: Path
) -> None:
    for value in ("one", "two"):
        catalogue.import_rules(db, folder_with(tmp_path / "site-rules", a=yaml_of(1, value=value)))
    page = taking.get("/door/").get_data(as_text=True)
    oldest = rows(db, "SELECT min(id) AS id FROM pack_versions")[0]["id"]
    assert f'name="version" value="{oldest}"' in page
    assert page.count('name="version"') == 1


def test_what_the_desk_does_not_know_is_told(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post("/door/", data={"path": str(tmp_path)}, follow_redirects=True)
    assert answer.status_code == 422
    assert "that this desk knows" in answer.text
    assert client.post("/door/", data={"path": ""}).location == "/door/"


def test_a_new_version_is_checked_and_explained_but_never_run(client: FlaskClient, tmp_path: Path) -> None:
    program = tmp_path / "watchdesk-0.2.0"
    program.write_text("#!/bin/sh\ntouch executed\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  {program.name}\n", encoding="utf-8")
    shown = look(client, program)
    assert "NOT the one of the list" in shown
    assert "never runs it by itself" in shown
    assert not (tmp_path / "executed").exists()


def test_handbook_pages_are_shown_then_taken_and_can_be_undone(
    client: FlaskClient, desk: Desk, db: Connection, tmp_path: Path
) -> None:
    page = tmp_path / "pumps.md"
    page.write_text("# Pumps <b>", encoding="utf-8")
    shown = look(client, page)
    assert "Pumps &lt;b&gt;" in shown
    assert "Nothing is stored yet." in shown
    lies = desk.folder.root / "handbook" / "pumps.md"
    assert not lies.exists()
    form = {"path": str(page), "digest": digest_in(shown)}
    assert "Took 1 file into the handbook" in client.post("/door/take", data=form, follow_redirects=True).text
    assert lies.is_file()
    undo_id = rows(db, "SELECT max(id) AS id FROM undo")[0]["id"]
    client.post("/undo", data={"undo_id": undo_id, "next": "/door/"})
    assert not lies.exists()


def digest_in(page: str) -> str:
    return page.partition('name="digest" value="')[2].partition('"')[0]


def test_only_what_was_shown_is_taken(client: FlaskClient, desk: Desk, tmp_path: Path) -> None:
    page = tmp_path / "pumps.md"
    page.write_text("# Pumps", encoding="utf-8")
    form = {"path": str(page), "digest": digest_in(look(client, page))}
    page.write_text("# Something else", encoding="utf-8")
    answer = client.post("/door/take", data=form)
    assert answer.status_code == 422
    assert "it is not what you saw any more" in answer.text
    assert not (desk.folder.root / "handbook").exists()


def test_settings_leave_as_a_file_and_only_the_ticked_ones_come_back(
    client: FlaskClient, db: Connection, tmp_path: Path
) -> None:
    answer = client.get("/door/settings")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="watchdesk-settings.json"'
    place = tmp_path / "mine.json"
    place.write_bytes(
        answer.data.replace(b'"theme": "auto"', b'"theme": "dark"').replace(b'"keys": "1"', b'"keys": "0"')
    )
    shown = look(client, place)
    form = {"path": str(place), "digest": digest_in(shown), "key": ["theme"]}
    assert "Took settings from mine.json" in client.post("/door/take", data=form, follow_redirects=True).text
    assert settings.get(db, settings.THEME) == "dark"
    assert settings.get(db, settings.KEYS) is True


def test_views_and_channels_of_the_file_are_named_and_only_the_ticked_ones_are_added(
    client: FlaskClient, desk: Desk, db: Connection, tmp_path: Path
) -> None:
    saved_views.save(db, "Waiting", "/findings/")
    channels.add(db, AlertChannel("wecom", "<b>Group</b>", {"ca": ""}), 1)
    place = tmp_path / "mine.json"
    place.write_bytes(client.get("/door/settings").data)
    for _ in range(2):
        undo.undo(desk, db)
    shown = look(client, place)
    assert "Alert channel: WeCom robot; switched off, without its secret" in shown
    assert "Saved view: /findings/" in shown
    assert "&lt;b&gt;Group" in shown
    form = {"path": str(place), "digest": digest_in(shown), "key": ["view:Waiting"]}
    client.post("/door/take", data=form)
    assert ([one.name for one in saved_views.listing(db)], channels.listing(db)) == (["Waiting"], [])


def test_a_file_with_settings_of_none_ticked_changes_nothing(
    client: FlaskClient, db: Connection, tmp_path: Path
) -> None:
    place = tmp_path / "mine.json"
    place.write_bytes(client.get("/door/settings").data.replace(b'"theme": "auto"', b'"theme": "dark"'))
    form = {"path": str(place), "digest": digest_in(look(client, place))}
    assert "Nothing was changed." in client.post("/door/take", data=form, follow_redirects=True).text
    assert settings.get(db, settings.THEME) == "auto"


def test_a_hostile_archive_is_refused_with_a_sentence(client: FlaskClient, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../evil.md", "# Evil")
    assert "The archive names a place outside of it" in look(client, tmp_path / "a.zip")


def test_a_template_with_a_fault_is_shown_and_cannot_be_taken(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "cover.html").write_text("{% if %}", encoding="utf-8")
    shown = look(client, tmp_path / "cover.html")
    assert "The template cover.html has a fault in line 1." in shown
    form = {"path": str(tmp_path / "cover.html"), "digest": digest_in(shown)}
    assert client.post("/door/take", data=form).status_code == 422


@pytest.mark.parametrize("path", ["/nothing/here", "~nobody-of-that-name/a", "a" * 5000, "a\0b"])
def test_a_path_that_leads_nowhere_is_told(client: FlaskClient, path: str) -> None:
    for answer in (
        client.post("/door/", data={"path": path}),
        client.get("/door/", query_string={"path": path}),
        client.post("/door/take", data={"path": path}),
    ):
        assert answer.status_code == 422
        assert "It cannot be read" in answer.text
