"""Linux: QtWebEngine prints, in a process of its own, without a window and without a display."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from desktop_app.core.program import own_program
from desktop_app.shell import printing

LOAD_SECONDS = 120
MARGINS = (16, 20, 16, 18)  # left, top, right, bottom in mm
FLAGS = "--disable-gpu --disable-extensions --disable-background-networking"


class Qt:
    """The engine of the window on Linux."""

    def print_file(self, source: Path, target: Path) -> None:
        """Start this program once more as the printer: Qt wants the main thread, and a crash of it must not be ours."""
        printing.run([*own_program(), "print", str(source), str(target)])


def prepare(env: MutableMapping[str, str]) -> None:
    """Make ready for a process without display and graphics card; before Qt is loaded."""
    env.update(QT_QPA_PLATFORM="offscreen", QTWEBENGINE_CHROMIUM_FLAGS=FLAGS, QT_LOGGING_RULES="*=false")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        env["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium's sandbox does not start as root


def print_here(source: Path, target: Path) -> bool:
    """Print in this process, which does nothing else; False where the page did not load or could not be printed."""
    prepare(os.environ)
    from PySide6.QtCore import QMarginsF, QTimer, QUrl
    from PySide6.QtGui import QPageLayout, QPageSize
    from PySide6.QtWidgets import QApplication

    app = QApplication([sys.argv[0]])
    page, profile = _page(source)
    # The margins of the style's own @page, in which it draws head and foot: Qt's would otherwise take their place.
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(*MARGINS),
        QPageLayout.Unit.Millimeter,
    )  # fmt: skip
    done: list[bool] = []

    def end(_path: str, worked: bool) -> None:  # noqa: FBT001 - Qt's words
        done.append(worked)
        app.quit()

    def loaded(worked: bool) -> None:  # noqa: FBT001 - Qt's words
        if worked:
            page.printToPdf(str(target), layout)
        else:
            app.quit()

    page.loadFinished.connect(loaded)
    page.pdfPrintingFinished.connect(end)
    QTimer.singleShot(LOAD_SECONDS * 2000, app.quit)
    page.load(QUrl.fromLocalFile(str(source.resolve())))
    app.exec()
    page.deleteLater()
    profile.deleteLater()
    return bool(done and done[0])


def _page(source: Path) -> tuple[Any, Any]:
    """Return a page that runs no script and may load its one file, and the profile (in memory) that it lives in."""
    from PySide6.QtCore import QUrl
    from PySide6.QtWebEngineCore import (
        QWebEnginePage,
        QWebEngineProfile,
        QWebEngineSettings,
        QWebEngineUrlRequestInterceptor,
    )

    allowed = QUrl.fromLocalFile(str(source.resolve()))

    class Guard(QWebEngineUrlRequestInterceptor):
        def interceptRequest(self, info: Any) -> None:  # noqa: N802 - Qt's name
            address = info.requestUrl()
            info.block(address.scheme() != "data" and address != allowed)

    profile = QWebEngineProfile()
    profile.setUrlRequestInterceptor(Guard(profile))
    page = QWebEnginePage(profile)
    attribute = QWebEngineSettings.WebAttribute
    for refused in (
        attribute.JavascriptEnabled,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.LocalContentCanAccessFileUrls,
        attribute.PluginsEnabled,
        attribute.DnsPrefetchEnabled,
    ):
        page.settings().setAttribute(refused, False)
    page.settings().setAttribute(attribute.PrintElementBackgrounds, True)
    return page, profile
