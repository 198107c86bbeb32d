"""Windows: WebView2 through pywebview. Written for it, never tried on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit import is_ours

DENY = 2  # CoreWebView2PermissionState.Deny


class Windows:
    """The toolkit of Windows."""

    gui: Literal["gtk", "qt"] | None = None
    takes_svg = True
    allow_downloads = True

    def prepare(self, origin: str) -> None:
        """Nothing has to stand before the first window."""

    def attach(self, window: Any, origin: str) -> None:
        """Hook the events of WebView2 once it is there."""
        control = window.native.browser.webview
        control.CoreWebView2InitializationCompleted += lambda sender, _args: hook(sender.CoreWebView2, origin)

    def place(self, window: Any) -> Place:
        """Return where the window is."""
        form = window.native
        bounds = form.RestoreBounds if str(form.WindowState) == "Maximized" else form.Bounds
        return Place(bounds.Width, bounds.Height, bounds.X, bounds.Y, str(form.WindowState) == "Maximized")

    def tray(self, entries: Sequence[tuple[str, Entry]]) -> bool:
        """Nothing: only Qt's tray was tried; a second start shows the window again."""
        del entries
        return False

    def stop_loop(self) -> None:
        """Nothing: a form that could not be made has no loop."""


def hook(core: Any, origin: str) -> None:
    """Refuse what leaves the origin, opens a window or asks for a permission."""

    def navigating(_sender: Any, args: Any) -> None:
        args.Cancel = not is_ours(str(args.Uri), origin)

    def opening(_sender: Any, args: Any) -> None:
        args.Handled = True

    def asking(_sender: Any, args: Any) -> None:
        args.State = type(args.State)(DENY)

    core.NavigationStarting += navigating
    core.NewWindowRequested += opening
    core.PermissionRequested += asking
