"""A real window under a real X server."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from PIL import Image

from desktop_app.core.paths import DataFolder
from desktop_app.shell import toolkit
from desktop_app.shell.window import DeskWindow, Look
from tests.shell.running import PATIENCE, THE_END, display, press_close, program

pytestmark = pytest.mark.window


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Iterator[dict[str, str | None]]:
    with display(request) as name:
        yield {"DISPLAY": name, "WAYLAND_DISPLAY": None, "BROWSER": "true"}


def xdotool(screen: dict[str, str | None], *words: str) -> str:
    env = {**os.environ, "DISPLAY": str(screen["DISPLAY"])}
    return subprocess.run(
        ["xdotool", *words], env=env, capture_output=True, check=True, timeout=PATIENCE, text=True
    ).stdout


def window_id(screen: dict[str, str | None], title: str = "^Watchdesk$") -> int:
    return int(xdotool(screen, "search", "--sync", "--onlyvisible", "--name", title).split()[0])


def picture(screen: dict[str, str | None], to: Path) -> Image.Image:
    subprocess.run(["import", "-display", str(screen["DISPLAY"]), "-window", "root", str(to)], check=True)
    return Image.open(to).convert("L")


def resize(screen: dict[str, str | None], window: int, *words: int) -> None:
    for command, pair in (("windowsize", words[:2]), ("windowmove", words[2:])):
        xdotool(screen, command, "--sync", str(window), *map(str, pair))


class NeverShown:
    """A window that is made, but which the toolkit does not come to show."""

    def destroy(self) -> None:
        raise RuntimeError("Main window failed to start")


def test_the_loop_of_a_window_that_is_made_but_never_shown_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(toolkit, "of_this_system", lambda: SimpleNamespace(attach=lambda *_: None, stop_loop=ended.set))
    window = DeskWindow(DataFolder(tmp_path), "http://127.0.0.1:1/start", Look("en", dark=False))
    monkeypatch.setattr(window, "_window", NeverShown())
    window.close()
    window._attach()
    assert ended.wait(PATIENCE)


def test_the_window_shows_the_page_and_nothing_of_it_breaks_our_policy(
    tmp_path: Path, screen: dict[str, str | None]
) -> None:
    with program(tmp_path / "desk", "open", env=screen) as desk:
        assert desk.seen("loaded") == "/"
        assert desk.seen("window") is True
        assert desk.seen("size") == [1280, 820]
        assert desk.seen("camera") == "denied"
        assert desk.seen("microphone") == "denied"
        assert desk.seen("popup") == "refused"
        assert desk.seen("external") is False, "nobody clicked"
        assert desk.seen("file") == "refused"
        assert desk.seen("violation") == "connect-src file", "what the page tried on purpose"
        window_id(screen)
        while sum(picture(screen, tmp_path / "screen.png").crop((60, 60, 1340, 300)).histogram()[:100]) < 1000:
            time.sleep(0.2)  # until text is drawn; a window that stays blank runs into the limit of a hanging test
        assert desk.end() == 0
        assert len([line for line in desk.said if "violation" in line]) == 1
        assert not [line for line in desk.said if "fault" in line]


def test_closing_the_window_ends_the_program_with_success(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open:worker", env=screen) as desk:
        desk.seen("loaded")
        children = desk.children()
        press_close(str(screen["DISPLAY"]), window_id(screen))
        assert desk.wait() == 0
        assert "runner stopped" in desk.said
        assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not (tmp_path / "desk" / "desk.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_window_and_all_its_children(
    tmp_path: Path, screen: dict[str, str | None], number: int
) -> None:
    with program(tmp_path / "desk", "open:worker", env=screen) as desk:
        desk.seen("loaded")
        children = desk.children()
        assert desk.end(number) == 0
        assert len(children) > 1, "the engine and the worker"
        assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_a_page_that_owes_an_answer_does_not_hold_up_the_end(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open:stuck", env=screen) as desk:
        desk.seen("size")
        assert desk.end() == 0


def test_size_and_place_are_the_same_at_the_next_start(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open", env=screen) as desk:
        desk.seen("loaded")
        resize(screen, window_id(screen), 1000, 600, 140, 90)
        press_close(str(screen["DISPLAY"]), window_id(screen))
        assert desk.wait() == 0
    kept = json.loads((tmp_path / "desk" / "window.json").read_bytes())
    assert kept == {"width": 1000, "height": 600, "x": 140, "y": 90, "maximized": False}
    with program(tmp_path / "desk", "open", env=screen) as desk:
        assert desk.seen("size") == [1000, 600]
        assert desk.end() == 0
    assert json.loads((tmp_path / "desk" / "window.json").read_bytes()) == kept


def test_what_is_dropped_on_the_window_reaches_the_page_with_its_full_path(
    tmp_path: Path, screen: dict[str, str | None]
) -> None:
    dropped = [tmp_path / "auth 100%25 日志.log", tmp_path / "folder with logs"]
    dropped[0].write_text("x", encoding="utf-8")
    dropped[1].mkdir()
    paths = [str(path) for path in dropped]
    with program(tmp_path / "desk", "open:drop", env={**screen, "DROPPED": os.pathsep.join(paths)}) as desk:
        assert sorted(desk.seen("dropped")) == sorted(paths)
        assert desk.end() == 0


@pytest.mark.parametrize("what", ["files", "folder"])
def test_the_systems_dialog_brings_full_paths(tmp_path: Path, screen: dict[str, str | None], what: str) -> None:
    chosen = tmp_path / "logs of the plant"
    if what == "files":
        chosen.write_text("x", encoding="utf-8")
    else:
        chosen.mkdir()
    with program(tmp_path / "desk", f"open:{what}", env=screen) as desk:
        desk.seen("loaded")
        dialog = window_id(screen, "^Open f")
        xdotool(screen, "windowfocus", "--sync", str(dialog))
        xdotool(screen, "type", "--window", str(dialog), str(chosen))
        # The dialog goes with the key's press, so its release may find no window any more: what was picked tells.
        with contextlib.suppress(subprocess.CalledProcessError):
            xdotool(screen, "key", "--window", str(dialog), "Return")
        assert desk.seen("picked") == [str(chosen)]
        assert desk.end() == 0


def test_a_second_start_brings_its_paths_into_the_open_window(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open", env=screen) as first:
        first.seen("loaded")
        with program(tmp_path / "desk", "open", str(tmp_path / "auth.log"), env=screen) as second:
            assert second.wait() == 0
            assert second.said == [THE_END], "no address: the window came forward"
        assert first.seen("dropped") == [str(tmp_path / "auth.log")]
        assert first.end() == 0


def test_a_page_that_goes_elsewhere_stays(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open:leave", env=screen) as desk:
        desk.seen("loaded")
        log = tmp_path / "desk" / "logs" / "watchdesk.log"
        while "tried to leave" not in log.read_text(encoding="utf-8"):
            assert desk.process.poll() is None
            time.sleep(0.05)
        with program(tmp_path / "desk", "open", "/x.log", env=screen) as second:
            assert second.wait() == 0
        assert desk.seen("dropped") == ["/x.log"], "the page is still ours"
        assert desk.end() == 0


def keep_watching(folder: Path) -> None:
    """Switch on that the desk goes on when its window is closed."""
    from desktop_app.core.database import connect, migrate, writing
    from desktop_app.core.paths import DataFolder

    migrate(DataFolder(folder))
    db = connect(DataFolder(folder))
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('keep_watching', '1', 0)")
    db.conn.close()


def visible(screen: dict[str, str | None]) -> bool:
    env = {**os.environ, "DISPLAY": str(screen["DISPLAY"])}
    words = ["xdotool", "search", "--onlyvisible", "--name", "^Watchdesk$"]
    return subprocess.run(words, env=env, capture_output=True, check=False).returncode == 0


def test_a_closed_window_that_keeps_watching_comes_back_at_the_second_start(
    tmp_path: Path, screen: dict[str, str | None]
) -> None:
    keep_watching(tmp_path / "desk")
    with program(tmp_path / "desk", "open", env=screen) as desk:
        desk.seen("loaded")
        press_close(str(screen["DISPLAY"]), window_id(screen))
        while visible(screen):
            time.sleep(0.1)
        assert desk.process.poll() is None
        with program(tmp_path / "desk", "open", env=screen) as second:
            assert second.wait() == 0
        window_id(screen)
        assert desk.end() == 0


def test_a_hidden_start_shows_no_window_until_it_is_asked_for(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open:hidden", env=screen) as desk:
        desk.seen("loaded")
        assert not visible(screen)
        with program(tmp_path / "desk", "open", env=screen) as second:
            assert second.wait() == 0
        window_id(screen)
        assert desk.end() == 0
