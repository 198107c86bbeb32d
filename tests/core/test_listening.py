from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from desktop_app.core import listening, moved
from desktop_app.core.database import rows, writing
from desktop_app.core.desk import Desk
from desktop_app.core.listening import Listening
from desktop_app.core.paths import DataFolder
from tests.core import made_up_listeners


@pytest.fixture
def desk(folder: DataFolder) -> Desk:
    made = Desk(folder, made_up_listeners.load(), load=made_up_listeners.load)
    with made.connection() as db, writing(db):
        db.execute("CREATE TABLE notes_of_listener (words TEXT)")
    return made


@pytest.fixture
def ears(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    monkeypatch.setattr(listening, "AGAIN_AFTER", (0.0,))
    made = Listening(desk)
    made.start()
    yield made
    made.stop()


def want(desk: Desk, *, wanted: bool) -> None:
    with desk.connection() as db, writing(db):
        db.execute("DELETE FROM settings WHERE key = 'wanted'")
        if wanted:
            db.execute("INSERT INTO settings (key, value, changed) VALUES ('wanted', '1', 0)")


def said(desk: Desk) -> list[str]:
    with desk.connection() as db:
        return [row["words"] for row in rows(db, "SELECT words FROM notes_of_listener ORDER BY rowid")]


def until(desk: Desk, reached: Callable[[list[str]], bool]) -> list[str]:
    for _ in range(1200):
        if reached(found := said(desk)):
            return found
        time.sleep(0.05)
    raise AssertionError(f"never reached: {said(desk)}")


def test_nothing_runs_until_there_is_something_to_listen_for(desk: Desk, ears: Listening) -> None:
    before = {child.pid for child in psutil.Process().children()}
    want(desk, wanted=True)
    [began] = until(desk, bool)
    assert int(began.split()[1]) not in before | {os.getpid()}
    want(desk, wanted=False)
    assert until(desk, lambda found: len(found) == 2)[1] == "ended"


def test_at_the_end_the_listener_may_finish_what_it_does(desk: Desk) -> None:
    want(desk, wanted=True)
    ears = Listening(desk)
    ears.start()
    until(desk, bool)
    ears.stop()
    assert said(desk)[-1] == "ended"


def test_a_listener_that_was_killed_is_begun_again(desk: Desk, ears: Listening) -> None:
    want(desk, wanted=True)
    [began] = until(desk, bool)
    psutil.Process(int(began.split()[1])).kill()
    again = until(desk, lambda found: len(found) > 1)
    assert again[1].startswith("began")
    assert again[1] != began


@pytest.mark.skipif(os.name == "nt", reason="Windows asks nobody to end")
def test_a_listener_that_the_system_asks_to_end_finishes_first(desk: Desk, ears: Listening) -> None:
    want(desk, wanted=True)
    [began] = until(desk, bool)
    os.kill(int(began.split()[1]), signal.SIGTERM)
    assert until(desk, lambda found: len(found) > 1)[1] == "ended"


def test_two_never_listen_for_one_folder(desk: Desk, ears: Listening) -> None:
    want(desk, wanted=True)
    until(desk, bool)
    other = Listening(desk)
    other.start()
    time.sleep(1.0)
    assert len(said(desk)) == 1
    other.stop()
    assert len(said(desk)) == 1


def test_a_desk_on_another_machine_does_not_listen_until_it_is_resumed(
    desk: Desk, ears: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.connection() as db:
        with monkeypatch.context() as away:
            away.setattr(moved, "this_machine", lambda: "another")
            moved.look(db)
        moved.look(db)
        want(desk, wanted=True)
        time.sleep(4 * listening.LOOK_SECONDS)
        assert said(desk) == []
        moved.resume(db)
    until(desk, bool)
