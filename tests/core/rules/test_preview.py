from __future__ import annotations

from pathlib import Path

from desktop_app.core.database import Connection, rows
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.preview import preview
from tests.core.rules.writing import folder_with, yaml_of


def test_it_says_what_an_import_would_do_and_does_nothing(tmp_path: Path, db: Connection) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b=yaml_of(2), d=yaml_of(4))
    catalogue.import_rules(db, pack)
    before = rows(db, "SELECT * FROM rules")
    found = preview(db, folder_with(pack, a=yaml_of(1, value="z"), c=yaml_of(3), d=yaml_of(4), e="title: ["))
    assert (len(found.new), len(found.changed), len(found.gone), found.unchanged, found.unusable) == (2, 1, 1, 1, 1)
    assert rows(db, "SELECT * FROM rules") == before
    result = catalogue.import_rules(db, pack)
    told = (len(result.new), len(result.changed), len(result.gone), result.unchanged)
    assert told == (2, 1, 1, 1)
