from __future__ import annotations

from pathlib import Path

from desktop_app.core.desk import Desk
from desktop_app.extensions.logs import service
from tests.core.rules.writing import folder_with, yaml_of
from tests.extensions.logs.importing import run


def test_a_preview_counts_and_an_import_brings_in_what_was_read(desk: Desk, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1), b="title: [")
    with desk.connection() as db:
        read = run(desk, service.start_rules_preview(db, pack)).result
        assert read is not None
        assert (read["pack"], read["rules"], read["counts"]) == ("mine", 2, {"new": 1, "broken": 1})
        folder_with(pack, a=yaml_of(9))
        done = run(desk, service.start_rules_import(db, read["token"], "mine")).result
    assert done is not None
    assert (done["new"], done["gone"], done["detect"]) == (2, 0, None)


def test_copies_of_uploaded_rules_go_once_they_were_read(desk: Desk, tmp_path: Path) -> None:
    sent = desk.folder.temporary / "upload-abc"
    sent.mkdir(parents=True)
    (sent / "a.yml").write_text(yaml_of(1), "utf-8")
    with desk.connection() as db:
        assert run(desk, service.start_rules_preview(db, sent / "a.yml", "abc")).state == "done"
    assert not sent.exists()
    del tmp_path
