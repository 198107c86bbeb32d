from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.extension import Extension
from desktop_app.core.paths import DataFolder
from desktop_app.core.settings import CORE, Setting
from desktop_app.core.text import text
from tests.core.rules.writing import folder_with, id_of, yaml_of

OWN = Migrations("own")


@OWN()
def first(db: Database) -> None:
    db.execute("CREATE TABLE own_things (id INTEGER PRIMARY KEY) STRICT")


def extension(**more: object) -> Extension:
    return Extension(id="own", title=text("Own"), version="1", **more)  # type: ignore[arg-type]


def test_a_connection_is_closed_at_the_end_however_it_comes(desk: Desk) -> None:
    kept: list[Connection] = []

    def fails() -> None:
        with desk.connection() as db:
            kept.append(db)
            raise KeyError

    with desk.connection() as db:
        kept.append(db)
        assert rows(db, "SELECT 1 AS one") == [{"one": 1}]
    with pytest.raises(KeyError):
        fails()
    for db in kept:
        with pytest.raises(sqlite3.ProgrammingError):
            db.execute("SELECT 1")


def test_an_extension_is_known_by_its_id(folder: DataFolder) -> None:
    own = extension()
    assert Desk(folder, (own,)).extension("own") is own
    with pytest.raises(KeyError):
        Desk(folder, (own,)).extension("other")


def test_settings_are_the_cores_and_then_the_extensions(folder: DataFolder) -> None:
    mine = Setting("own.number", "int", text("Number"), text("A number."), 3)
    assert Desk(folder, (extension(settings=(mine,)),)).settings == (*CORE, mine)


def test_preparing_makes_the_folder_its_tables_and_its_rules(tmp_path: Path) -> None:
    shipped = folder_with(tmp_path / "rules", one=yaml_of(1))
    desk = Desk(DataFolder(tmp_path / "new"), (extension(migrations=OWN, rules=shipped),))
    desk.prepare()
    with desk.connection() as db:
        assert db["own_things"].exists()
        assert [row["id"] for row in rows(db, "SELECT id FROM rules")] == [id_of(1)]
    desk.prepare()
    with desk.connection() as db:
        assert len(rows(db, "SELECT id FROM rules")) == 1


def test_the_event_store_is_of_this_folder_and_opened_once(desk: Desk) -> None:
    assert desk.events is desk.events
    assert desk.events.folder == desk.folder
