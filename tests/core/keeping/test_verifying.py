from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app import bundled
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.keeping import verifying
from desktop_app.core.paths import DataFolder
from tests.extensions.logs.importing import bring_in, guesses, run


@pytest.fixture
def desk(folder: DataFolder, tmp_path: Path) -> Desk:
    made = Desk(folder, bundled.EXTENSIONS, load=bundled.load)
    made.prepare()
    (tmp_path / "auth.log").write_text(guesses(40), encoding="utf-8")
    bring_in(made, [tmp_path / "auth.log"])
    return made


def test_the_last_check_is_told_with_what_it_found(desk: Desk, db: Connection) -> None:
    assert verifying.last(db) is None
    run(desk, verifying.start(db))
    whole = verifying.last(db)
    assert whole is not None
    assert (whole.segments, whole.found, verifying.trouble(whole)) == (1, 0, None)
    [path] = desk.folder.segments.rglob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1])
    run(desk, verifying.start(db))
    damaged = verifying.last(db)
    assert damaged is not None
    assert str(verifying.trouble(damaged)) == "1 thing is not as it was written"
    assert "is damaged" in str(damaged.damages[0])
    assert [str(one.trouble) for ext in desk.extensions if ext.id == "desk" and ext.health for one in ext.health(desk)]


def test_a_check_that_was_stopped_is_no_result(desk: Desk, db: Connection) -> None:
    from desktop_app.core import jobs

    jobs.cancel(db, verifying.start(db))
    assert verifying.last(db) is None
