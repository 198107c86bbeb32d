"""Reading again: refused for what was undone, and nothing half done is left where it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core import undoing
from desktop_app.core.database import rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import LogSource
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service, store
from desktop_app.extensions.logs.jobs import again
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.store import taught
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import bring_in, run, state_of
from tests.extensions.logs.jobs.test_format import BOILER, LINES
from tests.extensions.logs.jobs.test_zone import guesses


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


def rule_that_is_off(desk: Desk, place: Path, body: str) -> None:
    with desk.connection() as db:
        catalogue.import_rules(db, folder_with(place / "pack", a=body))
        catalogue.disable(db, [id_of(1)])


def by_zone(desk: Desk, place: Path) -> int:
    rule_that_is_off(desk, place, yaml_of(1, value="root"))
    log = place / "auth.log"
    log.write_text(guesses(2), encoding="utf-8")
    bring_in(desk, [log])
    with desk.connection() as db:
        return service.change_zone(db, 1, "America/New_York")


def by_format(desk: Desk, place: Path) -> int:
    boiler = yaml_of(1).replace("product: linux, service: auth", "service: boiler")
    rule_that_is_off(desk, place, boiler.replace("user.name: x", "host.name: Boiler*"))
    log = place / "boiler.log"
    log.write_text(LINES, encoding="utf-8")
    bring_in(desk, [log])
    with desk.connection() as db:
        taught.keep(db, replace(BOILER, log_source=LogSource(service="boiler")))
        return service.read_by(db, 1, [1], "site.boiler")


@pytest.mark.parametrize("queued", [by_zone, by_format])
def test_a_rule_that_is_switched_on_and_applied_while_events_are_read_again_judges_what_was_read(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queued: Callable[[Desk, Path], int]
) -> None:
    job, whole = queued(desk, tmp_path), again.normalized

    def slow(*given: Any) -> Any:
        with desk.connection() as db:
            applying.after(db, catalogue.enable(db, [id_of(1)]))
        hunted(desk)  # over the events that are about to be replaced
        return whole(*given)

    monkeypatch.setattr(again, "normalized", slow)
    assert run(desk, job).state == "done"
    assert hunted(desk) == [{"rules": [id_of(1)]}]
    assert found(desk) == 2


def test_where_no_rule_was_changed_nothing_is_applied(desk: Desk, tmp_path: Path) -> None:
    assert run(desk, by_zone(desk, tmp_path)).state == "done"
    assert hunted(desk) == []


def hunted(desk: Desk) -> list[object]:
    """Run what is queued and return what it was asked."""
    with desk.connection() as db:
        waiting = rows(db, "SELECT id FROM jobs WHERE state = 'queued' ORDER BY id")
    return [dict(run(desk, one["id"]).params) for one in waiting]


def found(desk: Desk) -> int:
    with desk.connection() as db:
        return int(value(db, "SELECT COALESCE(SUM(count), 0) FROM findings WHERE rule_id = ?", [id_of(1)]))
