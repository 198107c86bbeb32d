from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from desktop_app.shell import display
from tests.shell import running

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has displays that can be dead")


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": ":2147"},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":"},
        {"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": "/nowhere"},
        {"WAYLAND_DISPLAY": "/nowhere/wayland-0"},
        {"WAYLAND_DISPLAY": "x" * 500},
    ],
)
def test_a_display_that_is_missing_or_dead_is_not_usable(env: dict[str, str]) -> None:
    assert not display.usable(env)
    assert not display.present(env)


def test_a_server_that_accepts_and_never_answers_counts_as_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "PATIENCE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # The number of an X display is that of its port, counted from 6000.
        number = silent.getsockname()[1] - 6000
        assert not display.x_answers(f"127.0.0.1:{number}")


def test_a_compositor_that_accepts_connections_is_usable(tmp_path: Path) -> None:
    path = tmp_path / "w0"
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(path))
        compositor.listen()
        assert display.wayland_answers({"WAYLAND_DISPLAY": str(path)})
        assert display.usable({"WAYLAND_DISPLAY": "w0", "XDG_RUNTIME_DIR": str(tmp_path)})


def test_a_platform_without_a_screen_is_taken_at_its_word() -> None:
    assert display.usable({"QT_QPA_PLATFORM": "offscreen:size=800x600"})
    assert not display.present({"QT_QPA_PLATFORM": "offscreen"})


def test_a_platform_plugin_that_does_not_load_is_noticed() -> None:
    assert not display.plugin_loads("nothing-of-this-name")


@pytest.mark.window
def test_a_living_display_is_usable(request: pytest.FixtureRequest) -> None:
    with running.display(request) as name:
        assert display.present({"DISPLAY": name})
        assert display.usable({"DISPLAY": name})


def test_a_linux_without_qt_uses_what_the_host_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYWEBVIEW_GUI", raising=False)
    monkeypatch.setattr(display.importlib.util, "find_spec", lambda name: None if name == "PySide6" else object())
    assert display.linux_toolkit() == "gtk"
    monkeypatch.setenv("PYWEBVIEW_GUI", "qt")
    assert display.linux_toolkit() == "qt"


def test_gtk_that_is_not_there_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWEBVIEW_GUI", "gtk")
    monkeypatch.setattr(display.importlib.util, "find_spec", lambda _name: None)
    assert not display.gtk_installed()
    assert not display.usable({"WAYLAND_DISPLAY": "w0"})
