from __future__ import annotations

import sys
import threading

import pytest

from desktop_app.core import crashes
from desktop_app.core.paths import DataFolder
from desktop_app.shell.faults import FaultWatch, collect


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was told of faults before us says nothing."""
    monkeypatch.setattr(sys, "excepthook", lambda *_words: None)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)


def fail() -> None:
    raise ValueError("nobody foresaw this")


def test_a_fault_in_a_thread_leaves_a_note(folder: DataFolder, silent: None) -> None:
    watch = FaultWatch(folder)
    watch.begin()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    watch.end()
    (note,) = crashes.notes(folder)
    assert "nobody foresaw this" in note.read_text(encoding="utf-8")


def test_a_fault_of_the_main_thread_leaves_a_note(folder: DataFolder, silent: None) -> None:
    watch = FaultWatch(folder)
    watch.begin()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    watch.end()
    assert len(crashes.notes(folder)) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt()])
def test_ctrl_c_is_no_fault(folder: DataFolder, silent: None, error: BaseException) -> None:
    watch = FaultWatch(folder)
    watch.begin()
    sys.excepthook(type(error), error, None)
    watch.end()
    assert crashes.notes(folder) == []


def test_a_run_that_ends_well_leaves_nothing_and_puts_the_hooks_back(folder: DataFolder, silent: None) -> None:
    before = (sys.excepthook, threading.excepthook)
    watch = FaultWatch(folder)
    assert watch.begin() == []
    assert sys.excepthook is not before[0]
    watch.end()
    assert (sys.excepthook, threading.excepthook) == before
    assert list(folder.logs.iterdir()) == []


def test_what_a_killed_interpreter_wrote_becomes_a_dated_note_once(folder: DataFolder) -> None:
    (folder.logs / "fault-77.txt").write_text("Fatal Python error: Segmentation fault", encoding="utf-8")
    (folder.logs / "fault-78.txt").touch()
    (note,) = collect(folder)
    assert note.name.startswith("crash-")
    assert crashes.notes(folder) == [note]
    assert collect(folder) == []
    assert not list(folder.logs.glob("fault-*"))
