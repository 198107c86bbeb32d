"""What the window needs of the system's own toolkit beyond pywebview; one small file a system behind this interface."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from desktop_app.shell import display
from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import Place


class Toolkit(Protocol):
    """One system's toolkit. ``prepare`` comes before the window is made, ``attach`` when it is there, in its thread."""

    gui: Literal["gtk", "qt"] | None
    allow_downloads: bool
    takes_svg: bool  # whether the window's icon may be a drawing; else the system knows it by our name

    def prepare(self, origin: str) -> None:
        """Set up what has to stand before the first window; pages may only be loaded from ``origin``."""

    def attach(self, window: Any, origin: str) -> None:
        """Block what the pywebview window would allow: leaving the origin, new windows, camera and microphone."""

    def place(self, window: Any) -> Place:
        """Return where the window is."""

    def tray(self, entries: Sequence[tuple[str, Entry]]) -> bool:
        """Show an icon in the tray with a menu of these words; False where there is no tray, in the window's thread."""

    def stop_loop(self) -> None:
        """End the loop of a window that never came; called from any thread."""


def of_this_system() -> Toolkit:
    """Return the toolkit of this system."""
    if sys.platform == "win32":
        from desktop_app.shell.toolkit_windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from desktop_app.shell.toolkit_mac import Mac

        return Mac()
    if display.linux_toolkit() == "gtk":
        from desktop_app.shell.toolkit_gtk import Gtk

        return Gtk()
    from desktop_app.shell.toolkit_qt import Qt

    return Qt()


def is_ours(address: str, origin: str) -> bool:
    """Say whether an address may be loaded into the window: a page of ours, or a file that one of ours made."""
    own = address.removeprefix("blob:")
    try:
        parts = urlsplit(own)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" == origin
