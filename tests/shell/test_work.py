from __future__ import annotations

import threading

import pytest

from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import DataFolder
from desktop_app.shell import work
from desktop_app.shell.work import Work
from desktop_app.web.hall import StillBusy


class Made:
    """A worker that says what it does."""

    def __init__(self, said: list[str], begun: threading.Event) -> None:
        self._said, self._begun = said, begun

    def start(self) -> None:
        self._said.append("start")
        self._begun.set()

    def stop(self) -> None:
        self._said.append("stop")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def begun() -> threading.Event:
    return threading.Event()


@pytest.fixture
def busy(folder: DataFolder, said: list[str], begun: threading.Event) -> Work:
    return Work(folder, [lambda: Made(said, begun)])


def test_it_works_from_start_to_stop_and_holds_the_lock(
    folder: DataFolder, busy: Work, said: list[str], begun: threading.Event
) -> None:
    busy.start()
    assert begun.wait(60)
    assert FolderLock.take(folder) is None
    busy.stop()
    assert said == ["start", "stop"]
    lock = FolderLock.take(folder)
    assert lock is not None
    lock.release()


def test_it_rests_with_the_lock_in_its_hand_and_goes_on_with_new_workers(
    folder: DataFolder, busy: Work, said: list[str], begun: threading.Event
) -> None:
    busy.start()
    assert begun.wait(60)
    with busy.rest():
        assert said == ["start", "stop"]
        assert FolderLock.take(folder) is None
    assert said == ["start", "stop", "start"]
    busy.stop()


def test_it_goes_on_after_a_fault_in_its_rest(busy: Work, said: list[str], begun: threading.Event) -> None:
    busy.start()
    assert begun.wait(60)
    with pytest.raises(RuntimeError), busy.rest():
        raise RuntimeError
    assert said == ["start", "stop", "start"]
    busy.stop()


def test_while_a_command_has_the_lock_it_waits_and_cannot_rest(
    folder: DataFolder, busy: Work, said: list[str], begun: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "LOCK_POLL_SECONDS", 0.01)
    command = FolderLock.take(folder)
    assert command is not None
    busy.start()
    with pytest.raises(StillBusy), busy.rest():
        pass
    assert said == []
    command.release()
    assert begun.wait(60)
    busy.stop()


def test_one_that_never_got_the_lock_ends_all_the_same(folder: DataFolder, busy: Work, said: list[str]) -> None:
    command = FolderLock.take(folder)
    assert command is not None
    busy.start()
    busy.stop()
    assert said == []
    command.release()
