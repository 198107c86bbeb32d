from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop_app.core import outbox, settings
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder
from desktop_app.shell.background import PAUSE, Acts, Keeper, is_on, menu

AT = 1_790_000_000_000_000


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    return Desk(folder, (), clock=lambda: AT)


def switch(desk: Desk, key: str, value: str) -> None:
    with desk.connection() as db, writing(db):
        settings.store(db, {key: value})


class Noted:
    """A way that notes what it is asked to do."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def on(self, command: Sequence[str]) -> None:
        self.done.append(list(command))

    def off(self) -> None:
        self.done.append("off")


def test_starting_at_sign_in_follows_the_setting_and_its_undo(desk: Desk) -> None:
    way = Noted()
    keeper = Keeper(desk, way, ["watchdesk"])
    keeper.look()
    assert way.done == [], "what another desk switched on stays"
    switch(desk, "start_at_sign_in", "1")
    keeper.look()
    keeper.look()
    switch(desk, "start_at_sign_in", "0")
    keeper.look()
    assert way.done == [["watchdesk"], "off"]


def test_a_running_keeper_looks_at_once_and_ends(desk: Desk) -> None:
    way = Noted()
    switch(desk, "start_at_sign_in", "1")
    keeper = Keeper(desk, way, ["watchdesk"])
    keeper.start()
    keeper.stop()
    assert way.done == [["watchdesk"]]


def test_a_desk_that_cannot_be_read_has_everything_off(desk: Desk) -> None:
    switch(desk, "keep_watching", "1")
    assert is_on(desk, settings.KEEP_WATCHING)
    desk.folder.root.rename(desk.folder.root.with_name("pulled-out"))
    assert not is_on(desk, settings.KEEP_WATCHING)


def shown(desk: Desk, acts: Acts) -> dict[str, object]:
    return {str(one.title): one.act for one in menu(desk, acts) if one.shown()}


def test_the_menu_shows_what_makes_sense(desk: Desk) -> None:
    acts = Acts(lambda: None, lambda: None, lambda: None)
    assert list(shown(desk, acts)) == ["Open Watchdesk", "Pause notifications for an hour", "Quit Watchdesk"]
    with desk.connection() as db:
        db.execute("INSERT INTO passphrase VALUES (1, 'x', 0, 0, 0)")
    assert "Lock" in shown(desk, acts)


def test_the_menu_pauses_and_resumes(desk: Desk) -> None:
    acts = Acts(lambda: None, lambda: None, lambda: None)
    shown(desk, acts)["Pause notifications for an hour"]()  # type: ignore[operator]
    with desk.connection() as db:
        assert outbox.paused_until(db) == AT + PAUSE
    assert "Pause notifications for an hour" not in shown(desk, acts)
    shown(desk, acts)["Resume notifications"]()  # type: ignore[operator]
    with desk.connection() as db:
        assert outbox.paused_until(db) == 0
