"""GTK's part: decisions without a screen, and the real WebKitGTK of the host under a real X server."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop_app.shell import toolkit_gtk
from desktop_app.shell.geometry import Place
from tests.shell.running import display, press_close, program
from tests.shell.test_window import resize, window_id

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="GTK is a toolkit of Linux alone")
ORIGIN = "http://127.0.0.1:5000"
# Where Debian keeps the modules of its own interpreter; ours can load them when it is of the same version.
HOST_MODULES = Path("/usr/lib/python3/dist-packages")


class Download:
    def __init__(self, address: str) -> None:
        self.address = address
        self.ended = self.destination = ""
        self.asking: Any = None

    def get_request(self) -> Any:
        return SimpleNamespace(get_uri=lambda: self.address)

    def connect(self, name: str, asking: Any) -> None:
        assert name == "decide-destination"
        self.asking = asking

    def set_allow_overwrite(self, _allowed: bool) -> None:  # noqa: FBT001 - GTK's word
        self.ended = "accepted"

    def set_destination(self, address: str) -> None:
        self.destination = address

    def cancel(self) -> None:
        self.ended = "cancelled"


def test_a_file_of_ours_is_saved_where_the_person_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit_gtk, "ask_where", lambda _view, name: str(tmp_path / f"mine {name}"))
    download = Download(f"{ORIGIN}/logs/export")
    toolkit_gtk.save_download(None, download, ORIGIN)
    assert download.asking(download, "table.csv") is True
    assert (download.ended, download.destination) == ("accepted", (tmp_path / "mine table.csv").as_uri())


def test_a_person_who_cancels_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit_gtk, "ask_where", lambda _view, _name: "")
    download = Download(f"{ORIGIN}/logs/export")
    toolkit_gtk.save_download(None, download, ORIGIN)
    download.asking(download, "table.csv")
    assert (download.ended, download.destination) == ("cancelled", "")


@pytest.mark.parametrize("address", ["http://evil.example/x", "data:text/plain,x", "file:///etc/passwd"])
def test_a_file_from_elsewhere_is_not_saved(address: str) -> None:
    download = Download(address)
    toolkit_gtk.save_download(None, download, ORIGIN)
    assert (download.ended, download.asking) == ("cancelled", None)


def test_the_place_is_that_of_the_window() -> None:
    native = SimpleNamespace(get_size=lambda: (900, 600), get_position=lambda: (5, 6), is_maximized=lambda: 1)
    assert toolkit_gtk.Gtk().place(SimpleNamespace(native=native)) == Place(900, 600, 5, 6, maximized=True)


@pytest.fixture
def screen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str | None]]:
    """An X server, and an environment in which the window is GTK's."""
    native = next(HOST_MODULES.glob(f"gi/_gi{sysconfig.get_config_var('EXT_SUFFIX')}"), None)
    if native is None:
        pytest.skip("the host has no python3-gi for this version of Python")
    if not list(Path("/usr/lib").glob("*/girepository-1.0/WebKit2-4.1.typelib")):
        pytest.skip("the host has no WebKitGTK 4.1 (gir1.2-webkit2-4.1)")
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "gi").symlink_to(HOST_MODULES / "gi")
    path = os.pathsep.join(filter(None, [str(modules), os.environ.get("PYTHONPATH")]))
    with display(request) as name:
        yield {"DISPLAY": name, "WAYLAND_DISPLAY": None, "BROWSER": "true", "PYWEBVIEW_GUI": "gtk", "PYTHONPATH": path}


@pytest.mark.window
def test_the_hosts_engine_shows_the_page_and_gives_it_nothing_more(
    tmp_path: Path, screen: dict[str, str | None]
) -> None:
    with program(tmp_path / "desk", "open", env=screen) as desk:
        assert desk.seen("loaded") == "/"
        assert desk.seen("size") == [1280, 820]
        assert desk.seen("popup") == "refused"
        # "external" is not asked: to WebKitGTK every script that the window runs is a person's act.
        assert desk.seen("file") == "refused"
        assert desk.end() == 0
        assert not [line for line in desk.said if "fault" in line]


@pytest.mark.window
def test_closing_the_window_keeps_its_size_and_ends_with_success(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open", env=screen) as desk:
        desk.seen("loaded")
        resize(screen, window_id(screen), 1000, 600, 140, 90)
        press_close(str(screen["DISPLAY"]), window_id(screen))
        assert desk.wait() == 0
    kept = json.loads((tmp_path / "desk" / "window.json").read_bytes())
    assert (kept["width"], kept["height"]) == (1000, 600)


@pytest.mark.window
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


@pytest.mark.window
def test_a_window_that_could_not_be_made_ends_all_the_same(tmp_path: Path, screen: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open:unmade", env=screen) as desk:
        desk.line("the making failed")
        assert desk.end() == 0
