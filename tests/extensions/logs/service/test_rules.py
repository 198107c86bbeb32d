from __future__ import annotations

from pathlib import Path

from desktop_app.core import undo
from desktop_app.core.desk import Desk
from desktop_app.core.rules import site
from desktop_app.extensions.logs.service.rules import start_pipeline
from tests.extensions.logs.importing import run


def test_a_pipeline_is_changed_by_jobs_each_with_a_way_back(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ours.yml"
    path.write_text("transformations: [{type: field_name_prefix, prefix: a.}]", encoding="utf-8")
    with desk.connection() as db:
        for act, left in (("import", [True]), ("off", [False]), ("off", [False]), ("on", [True]), ("remove", [])):
            ended = run(desk, start_pipeline(db, act, "ours", path=str(path)))  # type: ignore[arg-type] # one of the acts
            assert ended.state == "done"
            assert [one.enabled for one in site.pipelines(db)] == left
        assert ended.result is not None
        undo.undo(desk, db, ended.result["undo_id"])
        assert [one.name for one in site.pipelines(db)] == ["ours"]
        assert str(ended.title) == "Remove the pipeline ours"


def test_the_copy_of_a_sent_pipeline_goes_once_it_was_read(desk: Desk) -> None:
    sent = desk.folder.temporary / "upload-abc"
    sent.mkdir(parents=True)
    (sent / "a.yml").write_text("transformations: []", encoding="utf-8")
    with desk.connection() as db:
        assert run(desk, start_pipeline(db, "import", "a", path=str(sent / "a.yml"), upload="abc")).state == "done"
    assert not sent.exists()
