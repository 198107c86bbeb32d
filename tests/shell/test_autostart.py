from __future__ import annotations

import plistlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app.shell import autostart
from desktop_app.shell.autostart import LaunchAgent, Xdg


def test_on_linux_it_is_one_desktop_entry_and_gone_when_switched_off(tmp_path: Path) -> None:
    way = Xdg({"XDG_CONFIG_HOME": str(tmp_path)})
    way.on(["/opt/watch desk", "desktop", "--hidden"])
    entry = tmp_path / "autostart" / "watchdesk.desktop"
    assert 'Exec="/opt/watch desk" "desktop" "--hidden"' in entry.read_text(encoding="utf-8")
    written = entry.stat().st_mtime_ns
    way.on(["/opt/watch desk", "desktop", "--hidden"])
    assert entry.stat().st_mtime_ns == written
    way.off()
    way.off()
    assert list((tmp_path / "autostart").iterdir()) == []


def test_words_that_mean_something_in_an_entry_are_quoted() -> None:
    assert autostart._quoted('a "b" $c %d \\e `f`') == '"a \\\\"b\\\\" \\\\$c %%d \\\\\\\\e \\\\`f\\\\`"'


def test_on_macos_it_is_one_property_list(tmp_path: Path) -> None:
    way = LaunchAgent(tmp_path)
    way.on(["/Applications/Watchdesk", "desktop"])
    told = plistlib.loads(way.path.read_bytes())
    assert told == {"Label": "watchdesk", "ProgramArguments": ["/Applications/Watchdesk", "desktop"], "RunAtLoad": True}
    way.off()
    assert not way.path.exists()


def test_the_command_names_the_folder_only_where_it_is_not_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert autostart.command(tmp_path, explicit=False)[1:] == ["-m", "desktop_app", "desktop", "--hidden"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("WATCHDESK_EXECUTABLE", "/opt/watchdesk")
    wanted = ["/opt/watchdesk", "desktop", "--hidden", "--data-dir", str(tmp_path)]
    assert autostart.command(tmp_path, explicit=True) == wanted


def test_a_system_that_refuses_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Refusing:
        def on(self, command: Sequence[str]) -> None:
            raise PermissionError(13, "Permission denied")

        def off(self) -> None:
            raise PermissionError(13, "Permission denied")

    assert not autostart.settle(Refusing(), [], wanted=True)
    assert not autostart.settle(Refusing(), [], wanted=False)
    assert "could not be switched" in caplog.text


def test_this_system_has_a_way() -> None:
    assert callable(autostart.of_this_system().on)
