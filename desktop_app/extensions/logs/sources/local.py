"""*Look at this computer*: one interface over what each system keeps its logs in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text
from desktop_app.extensions.logs.sources.local_view import Hidden, LocalView

__all__ = ["Hidden", "LocalView", "export_channels", "look", "open_journal"]


def look() -> LocalView:
    """Say what this account can read on this computer, and what is hidden from it. Reads nothing yet."""
    if sys.platform == "win32":
        from desktop_app.extensions.logs.sources import local_windows as system
    elif sys.platform == "darwin":
        from desktop_app.extensions.logs.sources import local_macos as system
    else:
        from desktop_app.extensions.logs.sources import local_linux as system
    return system.look()


def open_journal(cursor: str | None = None) -> BinaryIO:
    """Return the systemd journal as JSON lines, from behind ``cursor`` on where one is given.

    The reading's state holds the cursor for the next time under ``journal.CURSOR``. Raises SourceUnreadable.
    """
    if sys.platform in {"win32", "darwin"}:
        raise SourceUnreadable(text("This system has no systemd journal."))
    from desktop_app.extensions.logs.sources import local_linux

    return local_linux.open_journal(cursor)


def export_channels(channels: list[str], folder: Path) -> tuple[list[Path], list[Hidden]]:
    """Export Windows channels as EVTX files into ``folder``; return the files and what refused."""
    from desktop_app.extensions.logs.sources import local_windows

    return local_windows.export_channels(channels, folder)
