"""macOS: WKWebView through pywebview. Written for it, never tried on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit import is_ours


class Mac:
    """The toolkit of macOS. WKWebView asks for camera and microphone itself and our headers refuse both."""

    gui: Literal["gtk", "qt"] | None = None
    takes_svg = True
    allow_downloads = True

    def prepare(self, origin: str) -> None:
        """Nothing has to stand before the first window."""

    def attach(self, window: Any, origin: str) -> None:
        """Bring a page that left the origin back; WKWebView's own decision is taken by pywebview."""

        def come_back() -> None:
            address = window.get_current_url()
            if address and not is_ours(address, origin):
                window.load_url(origin + "/")

        window.events.loaded += come_back

    def place(self, window: Any) -> Place:
        """Return where the window is."""
        return Place(int(window.width), int(window.height), int(window.x), int(window.y))

    def tray(self, entries: Sequence[tuple[str, Entry]]) -> bool:
        """Nothing: only Qt's tray was tried; a second start shows the window again."""
        del entries
        return False

    def stop_loop(self) -> None:
        """Nothing: the loop of AppKit ends with the process."""
