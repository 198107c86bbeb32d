"""What an import leaves when it is taken back, and when that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import jobs, undo
from desktop_app.core.database import Connection, rows
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs import service, store
from tests.extensions.logs.importing import bring_in, run, written


def test_an_undone_import_says_what_was_undone_and_stays_in_the_list(desk: Desk, db: Connection, log: Path) -> None:
    bring_in(desk, [log])
    assert str(service.undo_import(desk, db, 1).told()) == "Undone: Imported auth.log"
    [row] = service.import_rows(db)
    assert (row.state, row.undo_id, row.findings) == ("undone", None, 0)
    with pytest.raises(UsageError, match="nothing of this import to undo"):
        service.undo_import(desk, db, 1)


def test_an_import_that_brought_nothing_has_nothing_to_undo(desk: Desk, db: Connection, tmp_path: Path) -> None:
    bring_in(desk, [written(tmp_path / "empty.log", "")])
    with pytest.raises(UsageError, match="brought no events"):
        service.undo_import(desk, db, 1)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_import_is_not_undone_while_a_job_of_it_waits_or_runs(
    desk: Desk, db: Connection, log: Path, state: str
) -> None:
    bring_in(desk, [log])
    db.execute("UPDATE jobs SET state = ?", (state,))
    with pytest.raises(UsageError, match=r"still running.*Cancel its job first"):
        service.undo_import(desk, db, 1)
    assert store.import_row(db, 1).state == "done"
    jobs.cancel(db, 1)
    db.execute("UPDATE jobs SET state = 'cancelled'")
    service.undo_import(desk, db, 1)


def test_an_import_that_was_undone_after_it_was_cut_off_does_not_go_on(desk: Desk, db: Connection, log: Path) -> None:
    bring_in(desk, [log])
    db.execute("UPDATE jobs SET state = 'interrupted'")
    service.undo_import(desk, db, 1)
    jobs.resume(db, 1)
    ended = run(desk, 1)
    assert (ended.state, str(ended.error[0])) == ("failed", "This import was undone.")
    assert rows(db, "SELECT 1 FROM segments") == []
    assert undo.latest(db) is None
