"""Linux with the host's own WebKitGTK: what the thin package uses in the place of Qt."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from desktop_app.shell import display
from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit import is_ours

log = logging.getLogger(__name__)


class Gtk:
    """The toolkit of Linux where Qt was left out."""

    gui: Literal["gtk", "qt"] | None = "gtk"
    takes_svg = False  # a bare host has no reader of SVG for GTK, and pywebview's window would not come without it
    allow_downloads = False  # pywebview's way saves what any page offers; ours is below

    def prepare(self, origin: str) -> None:
        """Choose GTK and the window system, and take the decisions on pages and downloads over from pywebview."""
        os.environ["PYWEBVIEW_GUI"] = "gtk"
        if not display.wayland_answers(os.environ):
            os.environ.setdefault("GDK_BACKEND", "x11")  # else GTK may try a compositor that is gone
        from webview.platforms import gtk

        views: Any = gtk.BrowserView
        views.on_navigation = lambda _view, _webview, decision, kind: decide(decision, kind, origin)

    def attach(self, window: Any, origin: str) -> None:
        """Refuse every permission, narrow the engine, and take over downloads."""
        view = _view_of(window)
        view.webview.connect("permission-request", _refuse)
        view.webview.connect("create", lambda *_: None)  # no window is opened
        view.webview.get_context().connect(
            "download-started", lambda _, download: save_download(view, download, origin)
        )
        window.native.set_icon_name("watchdesk")
        _narrow(view.webview.get_settings().props)

    def place(self, window: Any) -> Place:
        """Return where the window is, by its frame: that is what it is moved by at the next start."""
        native = window.native
        width, height = native.get_size()
        x, y = native.get_position()
        return Place(width, height, x, y, bool(native.is_maximized()))

    def tray(self, entries: Sequence[tuple[str, Entry]]) -> bool:
        """Nothing: only Qt's tray was tried; a second start shows the window again."""
        del entries
        return False

    def stop_loop(self) -> None:
        """End the application's loop in its own thread."""
        from gi.repository import GLib
        from webview.platforms import gtk

        application: Any = gtk._app  # noqa: SLF001 - where pywebview keeps it; it offers no other way in
        GLib.idle_add(application.quit)


def _view_of(window: Any) -> Any:
    from webview.platforms import gtk

    return gtk.BrowserView.instances[window.uid]


def _refuse(_webview: Any, request: Any) -> bool:
    request.deny()
    return True


def _narrow(settings: Any) -> None:
    for refused in (
        "enable_media_stream",
        "enable_mediasource",
        "enable_webaudio",
        "enable_webgl",
        "enable_dns_prefetching",
        "javascript_can_open_windows_automatically",
        "allow_universal_access_from_file_urls",
        "enable_developer_extras",
    ):
        setattr(settings, refused, False)


def decide(decision: Any, kind: Any, origin: str) -> bool:
    """Let the window load pages of its origin; anything else, new windows too, is not loaded. True: it is decided."""
    from gi.repository import WebKit2

    if kind == WebKit2.PolicyDecisionType.RESPONSE:
        return _decide_response(decision)
    address = decision.get_navigation_action().get_request().get_uri()
    if kind == WebKit2.PolicyDecisionType.NEW_WINDOW_ACTION or not (
        address == "about:blank" or is_ours(address, origin)
    ):
        log.warning("The page tried to leave the desk; it was kept")
        decision.ignore()
    else:
        decision.use()
    return True


def _decide_response(decision: Any) -> bool:
    """Save what is meant to be saved: WebKitGTK would show a table as text."""
    headers = decision.get_response().get_http_headers()
    offered = headers.get_one("Content-Disposition") if headers is not None else None
    if (offered or "").startswith("attachment") or not decision.is_mime_type_supported():
        decision.download()
    else:
        decision.use()
    return True


def save_download(view: Any, download: Any, origin: str) -> None:
    """Ask where to save a file of ours; anything else is not saved."""
    if not is_ours(download.get_request().get_uri(), origin):
        download.cancel()
        return

    def choose(_download: Any, name: str) -> bool:
        chosen = ask_where(view, name)
        if chosen:
            # The dialog has asked already whether a file of that name may go.
            download.set_allow_overwrite(True)
            download.set_destination(Path(chosen).as_uri())
        else:
            download.cancel()
        return True

    download.connect("decide-destination", choose)


def ask_where(view: Any, name: str) -> str:
    """Show the save dialog; empty when the person cancels."""
    import webview

    chosen = view.create_file_dialog(webview.FileDialog.SAVE, str(Path.home()), False, name, ())
    return str(chosen[0]) if chosen else ""
