"""Starting with the person's sign-in: one small file or entry a system, all of it gone when it is switched off."""

from __future__ import annotations

import logging
import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

NAME = "watchdesk"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

log = logging.getLogger(__name__)


class Autostart(Protocol):
    """What a system offers."""

    def on(self, command: Sequence[str]) -> None:
        """Start this command at each sign-in; a second call changes nothing that is right already."""

    def off(self) -> None:
        """Undo it."""


class Xdg:
    """Linux: a desktop entry in the autostart folder."""

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        home = Path(env.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        self.path = home / "autostart" / f"{NAME}.desktop"

    def on(self, command: Sequence[str]) -> None:
        """Write the entry."""
        line = " ".join(_quoted(one) for one in command)
        _write(self.path, f"[Desktop Entry]\nType=Application\nName=Watchdesk\nExec={line}\nTerminal=false\n".encode())

    def off(self) -> None:
        """Delete the entry."""
        self.path.unlink(missing_ok=True)


def _quoted(word: str) -> str:
    """Quote one word of Exec as the Desktop Entry Specification asks: in quotes, with escapes of its own."""
    for letter in '\\"`$':
        word = word.replace(letter, "\\" + letter)
    # Backslashes once more, because the value is itself a string; % would begin a field code.
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


class LaunchAgent:
    """macOS: a property list of the account's launch agents. Written for it, never tried on it."""

    def __init__(self, home: Path | None = None) -> None:
        self.path = (home or Path.home()) / "Library" / "LaunchAgents" / f"{NAME}.plist"

    def on(self, command: Sequence[str]) -> None:
        """Write the list."""
        _write(self.path, plistlib.dumps({"Label": NAME, "ProgramArguments": list(command), "RunAtLoad": True}))

    def off(self) -> None:
        """Delete the list."""
        self.path.unlink(missing_ok=True)


class RunKey:
    """Windows: a value of the account's Run key. Written for it, never tried on it."""

    def on(self, command: Sequence[str]) -> None:
        """Write the value."""
        if sys.platform == "win32":
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))

    def off(self) -> None:
        """Delete the value."""
        if sys.platform == "win32":
            import winreg
            from contextlib import suppress

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key, suppress(FileNotFoundError):
                winreg.DeleteValue(key, NAME)


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def of_this_system() -> Autostart:
    """Return the way of this system."""
    if sys.platform == "win32":
        return RunKey()
    return LaunchAgent() if sys.platform == "darwin" else Xdg()


def command(folder: Path, explicit: bool) -> list[str]:  # noqa: FBT001 - one word that says whether the folder is named
    """Return what a sign-in starts: this program without a window, on the same desk."""
    if getattr(sys, "frozen", False):
        program = [os.environ.get("WATCHDESK_EXECUTABLE") or sys.executable]
    else:
        program = [sys.executable, "-m", "desktop_app"]
    return [*program, "desktop", "--hidden", *(["--data-dir", str(folder)] if explicit else [])]


def settle(way: Autostart, words: Sequence[str], *, wanted: bool) -> bool:
    """Make the system do what the setting says; False where it refuses, which is logged."""
    try:
        way.on(words) if wanted else way.off()
    except OSError:
        log.warning("Starting at sign-in could not be switched", exc_info=True)
        return False
    return True
