"""Reading again: refused for what was undone, and nothing half done is left where it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import undoing
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.jobs import again
from desktop_app.extensions.logs.store import taught
from tests.extensions.logs.importing import bring_in, run, state_of
from tests.extensions.logs.jobs.test_format import BOILER, LINES


@pytest.fixture
def asked(desk: Desk, tmp_path: Path) -> int:
    """A reading again that is queued."""
    log = tmp_path / "boiler.log"
    log.write_text(LINES, encoding="utf-8")
    bring_in(desk, [log])
    with desk.connection() as db:
        taught.keep(db, BOILER)
        return service.read_by(db, 1, [1], "site.boiler")


def test_an_import_that_was_undone_meanwhile_is_not_read(desk: Desk, asked: int) -> None:
    with desk.connection() as db, writing(db):
        store.set_state(db, 1, "undone")
    ended = run(desk, asked)
    assert ended.state == "failed"
    assert "The format of boiler.log was not changed." in [str(one) for one in ended.error]


def test_a_failure_leaves_everything_as_it_was(desk: Desk, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state_of(desk)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(again, "normalized", broken)
    assert run(desk, asked).state == "failed"
    assert state_of(desk) == before
    with desk.connection() as db:
        assert undoing.take_back(desk, db)  # the teaching, the newest decision there is
