"""Linux: QtWebEngine through PySide6."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from desktop_app.core.paths import resource
from desktop_app.shell import display
from desktop_app.shell.background import Entry
from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit import is_ours

# pywebview adds these: the first lets pages use the camera unasked, the second takes away the sandbox on some systems.
UNWANTED_FLAGS = frozenset({"--use-fake-ui-for-media-stream", "--no-sandbox"})

log = logging.getLogger(__name__)


class Qt:
    """The toolkit of Linux."""

    gui: Literal["gtk", "qt"] | None = "qt"
    takes_svg = True
    allow_downloads = False  # pywebview's way is that of Qt 5; ours is below
    _icon: Any = None
    _menu: Any = None

    def prepare(self, origin: str) -> None:
        """Choose Qt and the platform, and put our page class in the place of pywebview's."""
        os.environ["PYWEBVIEW_GUI"] = "qt"
        if not display.wayland_answers(os.environ):
            os.environ.setdefault("QT_QPA_PLATFORM", "xcb")  # else Qt may try a compositor that is gone
        if os.geteuid() == 0 and "QTWEBENGINE_DISABLE_SANDBOX" not in os.environ:
            os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
            log.warning("Started as root: the web engine runs without its sandbox. Use an ordinary account.")
        _keep_flags_out()
        from webview.platforms import qt

        views: Any = qt.BrowserView
        views.WebPage = page_class(origin)

    def attach(self, window: Any, origin: str) -> None:
        """Narrow the profile and take over downloads."""
        view = window.native
        _narrow(view.profile.settings())
        view.profile.downloadRequested.connect(lambda download: save_download(view, download, origin))

    def place(self, window: Any) -> Place:
        """Return where the window is, by its frame: that is what it is moved by at the next start."""
        view = window.native
        normal = view.normalGeometry() if view.isMaximized() else view.geometry()
        frame = normal if view.isMaximized() else view.frameGeometry()
        return Place(normal.width(), normal.height(), frame.x(), frame.y(), view.isMaximized())

    def tray(self, entries: Sequence[tuple[str, Entry]]) -> bool:
        """Show Qt's own icon; the application must not end with its last window any more."""
        from qtpy.QtGui import QIcon
        from qtpy.QtWidgets import QApplication, QMenu, QSystemTrayIcon

        QApplication.setQuitOnLastWindowClosed(False)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            log.info("The desktop has no tray")
            return False
        self._menu = tray_menu(QMenu(), entries)
        self._icon = QSystemTrayIcon(QIcon(str(resource("ui", "static", "mark.svg"))))
        self._icon.setToolTip("Watchdesk")
        self._icon.setContextMenu(self._menu)
        trigger = QSystemTrayIcon.ActivationReason.Trigger
        self._icon.activated.connect(lambda reason: entries[0][1].act() if reason == trigger else None)
        self._icon.show()
        return True

    def stop_loop(self) -> None:
        """Post the end to the application; Qt takes it from any thread."""
        from qtpy.QtCore import QCoreApplication

        QCoreApplication.quit()


def tray_menu(made: Any, entries: Sequence[tuple[str, Entry]]) -> Any:
    """Fill a menu; each time it opens, it shows the entries that make sense then."""
    actions = [(made.addAction(words), entry) for words, entry in entries]
    for action, entry in actions:
        # Not in Qt's own thread: what an entry does may wait for that very thread.
        start = partial(threading.Thread, target=entry.act, name="tray", daemon=True)
        action.triggered.connect(lambda _checked=False, start=start: start().start())

    def opening() -> None:
        for action, entry in actions:
            action.setVisible(entry.shown())

    made.aboutToShow.connect(opening)
    return made


def _keep_flags_out() -> None:
    """Filter what pywebview adds to the engine's command line, before its Qt module takes the function over."""
    import webview.util

    add = webview.util.environ_append

    def add_wanted(key: str, *values: str, sep: str = " ") -> None:
        wanted = [value for value in values if value not in UNWANTED_FLAGS]
        if wanted:
            add(key, *wanted, sep=sep)

    webview.util.environ_append = add_wanted


def page_class(origin: str) -> type:
    """Return a page that stays on its origin, opens no windows and gets no permission."""
    from qtpy.QtWebEngineCore import QWebEnginePage

    class DeskPage(QWebEnginePage):
        def __init__(self, parent: Any = None, profile: Any = None) -> None:
            super().__init__(profile, parent.webview)
            self.permissionRequested.connect(lambda permission: permission.deny())

        def acceptNavigationRequest(self, url: Any, _kind: Any, _main: bool) -> bool:  # noqa: N802, FBT001 - Qt's name and words
            allowed = is_ours(url.toString(), origin)
            if not allowed:
                log.warning("The page tried to leave the desk; it was kept")
            return allowed

        def createWindow(self, _kind: Any) -> Any:  # noqa: N802 - Qt's name
            return None  # no window is opened

        def javaScriptConsoleMessage(self, level: Any, _text: str, line: int, source: str) -> None:  # noqa: N802 - Qt's name
            # The text may hold what a person searched for; the place is enough to find the fault.
            if level != QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel:
                log.warning("A script complained: %s:%d", Path(source.partition("?")[0]).name, line)

    return DeskPage


def _narrow(settings: Any) -> None:
    from qtpy.QtWebEngineCore import QWebEngineSettings

    attribute = QWebEngineSettings.WebAttribute
    settings.setAttribute(attribute.JavascriptCanAccessClipboard, True)  # "Copy" works; reading still needs permission
    for refused in (
        attribute.JavascriptCanOpenWindows,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.LocalContentCanAccessFileUrls,
        attribute.PluginsEnabled,
        attribute.PdfViewerEnabled,
        attribute.ScreenCaptureEnabled,
        attribute.DnsPrefetchEnabled,
        attribute.NavigateOnDropEnabled,
        attribute.HyperlinkAuditingEnabled,
    ):
        settings.setAttribute(refused, False)


def save_download(view: Any, download: Any, origin: str) -> None:
    """Ask where to save a file of ours; anything else is not saved."""
    if not is_ours(download.url().toString(), origin):
        download.cancel()
        return
    chosen = ask_where(view, download.downloadFileName())
    if not chosen:
        download.cancel()
        return
    target = Path(chosen)
    download.setDownloadDirectory(str(target.parent))
    download.setDownloadFileName(target.name)
    download.accept()


def ask_where(view: Any, name: str) -> str:
    """Show the save dialog; empty when the person cancels."""
    from qtpy.QtWidgets import QFileDialog

    chosen, _kind = QFileDialog.getSaveFileName(view, view.localization["global.saveFile"], str(Path.home() / name))
    return str(chosen)
