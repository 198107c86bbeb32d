"""This computer's event logs on Windows, asked of a wevtutil of the test's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources.local_windows import export_channels, file_name, look

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the real wevtutil would answer")


@pytest.fixture
def wevtutil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wevtutil that knows three channels and refuses Security."""
    program = tmp_path / "bin" / "wevtutil"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        '[ "$1" = el ] && printf "Security\\r\\nSystem\\r\\nWindows PowerShell\\r\\n" && exit 0\n'
        '[ "$2" = Security ] && exit 5\n'
        '[ "$1" = epl ] && echo x > "$3"\n'
        "exit 0\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program


@pytest.mark.usefixtures("wevtutil")
def test_channels_that_answer_are_read_and_refused_ones_are_named() -> None:
    view = look()
    assert view.channels == ["System", "Windows PowerShell"]
    (hidden,) = view.hidden
    assert "administrator" in str(hidden.what)
    assert hidden.command == 'wevtutil epl "Security" "Security.evtx"'


@pytest.mark.usefixtures("wevtutil")
def test_channels_are_exported_to_files(tmp_path: Path) -> None:
    written, refused = export_channels(["System", "Security"], tmp_path)
    assert written == [tmp_path / "System.evtx"]
    assert len(refused) == 1


def test_without_wevtutil_nothing_is_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    view = look()
    assert (view.channels, bool(view.hidden)) == ([], True)


def test_file_names_are_those_of_windows_own_viewer() -> None:
    assert file_name("Microsoft-Windows-Sysmon/Operational") == "Microsoft-Windows-Sysmon%4Operational.evtx"
