from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import undo
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from tests.core.rules.writing import folder_with, id_of, yaml_of


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return folder_with(tmp_path / "site-rules", a=yaml_of(1), b=yaml_of(2))


def look(client: FlaskClient, path: Path) -> str:
    return client.get("/door/", query_string={"path": str(path)}).get_data(as_text=True)


def sha_of(shown: str) -> str:
    return shown.partition('name="sha256" value="')[2].partition('"')[0]


def test_a_pack_is_shown_before_it_is_brought_in_and_can_be_undone(
    client: FlaskClient, desk: Desk, db: Connection, pack: Path
) -> None:
    shown = look(client, pack)
    assert "Rules of site-rules" in shown
    assert "2 new, 0 changed, 0 unchanged, 0 gone" in shown
    assert rows(db, "SELECT id FROM rules") == []
    client.post("/door/rules", data={"path": str(pack), "sha256": sha_of(shown)})
    assert {row["id"] for row in rows(db, "SELECT id FROM rules")} == {id_of(1), id_of(2)}
    assert "Brought in the rules of site-rules" in client.get("/door/").get_data(as_text=True)
    undo.undo(desk, db)
    assert rows(db, "SELECT id FROM rules") == []


def test_a_pack_that_changed_since_it_was_looked_at_is_shown_again(
    client: FlaskClient, db: Connection, pack: Path
) -> None:
    sha = sha_of(look(client, pack))
    folder_with(pack, c=yaml_of(3))
    answer = client.post("/door/rules", data={"path": str(pack), "sha256": sha})
    assert answer.location.startswith("/door/?path=")
    assert rows(db, "SELECT id FROM rules") == []


def test_an_earlier_content_is_brought_back(client: FlaskClient, db: Connection, pack: Path) -> None:
    for value in ("one", "two"):
        folder_with(pack, a=yaml_of(1, value=value))
        client.post("/door/rules", data={"path": str(pack), "sha256": sha_of(look(client, pack))})
    newest = rows(db, "SELECT version FROM rules WHERE id = ?", [id_of(1)])
    oldest = rows(db, "SELECT min(id) AS id FROM pack_versions")[0]["id"]
    client.post(f"/door/versions/{oldest}")
    assert rows(db, "SELECT version FROM rules WHERE id = ?", [id_of(1)]) != newest


@pytest.mark.parametrize("name", ["nothing-here", "empty"])
def test_what_the_desk_does_not_know_is_told(client: FlaskClient, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    answer = client.get("/door/", query_string={"path": str(tmp_path / name)})
    assert answer.status_code == 422


def test_a_new_version_is_checked_and_explained_but_never_run(client: FlaskClient, tmp_path: Path) -> None:
    program = tmp_path / "watchdesk-0.2.0"
    program.write_text("#!/bin/sh\ntouch executed\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  {program.name}\n", encoding="utf-8")
    shown = look(client, program)
    assert "NOT the one of the list" in shown
    assert "never runs it by itself" in shown
    assert not (tmp_path / "executed").exists()
