"""Look at this computer, whatever its system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources import local, local_linux, local_macos, local_windows
from desktop_app.extensions.logs.sources.local_view import LocalView


@pytest.mark.parametrize(
    ("platform", "module"), [("linux", local_linux), ("darwin", local_macos), ("win32", local_windows)]
)
def test_each_system_is_asked_in_its_own_way(platform: str, module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    view = LocalView(inputs=[Path(platform)])
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(module, "look", lambda: view)
    assert local.look() is view


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_have_no_journal(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SourceUnreadable, match="no systemd journal"):
        local.open_journal()


def test_channels_are_exported_by_the_windows_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_windows, "export_channels", lambda channels, folder: ([folder / channels[0]], []))
    assert local.export_channels(["System"], tmp_path) == ([tmp_path / "System"], [])
