from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension
from desktop_app.core.rules import catalogue
from desktop_app.core.text import text
from desktop_app.web.app import create_app
from tests.core.rules.writing import folder_with, yaml_of


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


@pytest.mark.parametrize("name", ["nothing-here", ""])
def test_what_the_desk_does_not_know_is_told(client: FlaskClient, tmp_path: Path, name: str) -> None:
    answer = client.post("/door/", data={"path": str(tmp_path / name)})
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
