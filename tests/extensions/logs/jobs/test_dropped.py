from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import outbox
from desktop_app.core.desk import Desk
from desktop_app.core.keeping import retention
from desktop_app.extensions.logs.jobs import dropped
from desktop_app.extensions.logs.sources import drop_folder
from desktop_app.extensions.logs.sources.drop_folder import DropFolder
from desktop_app.extensions.logs.store import live
from tests.extensions.logs.importing import count, guesses, run
from tests.extensions.logs.listening import add, source


def test_what_is_put_into_the_folder_is_imported(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_folder, "SETTLED_SECONDS", 0.0)
    place = tmp_path / "drop"
    place.mkdir()
    add(desk, "drop", path=str(place), after="move")
    (place / "auth.log").write_text(guesses(40), encoding="utf-8")
    folder = DropFolder(source(desk).config, {})
    with desk.connection() as db:
        outbox.collect(db, {}, 0)
        assert dropped.look(db, source(desk), folder) == 0
        [job_id] = folder.jobs()
        assert dropped.look(db, source(desk), folder) == 0, "it still runs"
        again = DropFolder(source(desk).config, live.cursor(db, 1))
        run(desk, job_id)
        assert dropped.look(db, source(desk), again) == 40
        assert {one.attended for one in outbox.fresh(db)} == {False}, "nobody stood by"
        assert {one.names[0] for one in retention.standing(db)} == {"drop"}
    assert (place / "imported" / "auth.log").is_file()
    assert (source(desk).events, count(desk)) == (40, 40)
