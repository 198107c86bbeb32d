"""Qt's part: what of it needs no screen. The rest is shown in the real window of test_window.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop_app.shell import toolkit_qt
from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit_qt import Qt, save_download

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt is the toolkit of Linux alone")
ORIGIN = "http://127.0.0.1:5000"


class Download:
    def __init__(self, address: str) -> None:
        self.address = address
        self.ended = ""
        self.folder = self.name = ""

    def url(self) -> Any:
        return SimpleNamespace(toString=lambda: self.address)

    def downloadFileName(self) -> str:  # noqa: N802 - Qt's name
        return "table.csv"

    def setDownloadDirectory(self, folder: str) -> None:  # noqa: N802 - Qt's name
        self.folder = folder

    def setDownloadFileName(self, name: str) -> None:  # noqa: N802 - Qt's name
        self.name = name

    def accept(self) -> None:
        self.ended = "accepted"

    def cancel(self) -> None:
        self.ended = "cancelled"


def test_a_file_of_ours_is_saved_where_the_person_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_view: object, name: str) -> str:
        asked.append(name)
        return str(tmp_path / "mine.csv")

    monkeypatch.setattr(toolkit_qt, "ask_where", ask)
    download = Download(f"{ORIGIN}/logs/export")
    save_download(None, download, ORIGIN)
    assert asked == ["table.csv"]
    assert (download.folder, download.name, download.ended) == (str(tmp_path), "mine.csv", "accepted")


def test_a_person_who_cancels_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit_qt, "ask_where", lambda _view, _name: "")
    download = Download(f"{ORIGIN}/logs/export")
    save_download(None, download, ORIGIN)
    assert download.ended == "cancelled"


@pytest.mark.parametrize("address", ["http://evil.example/x", "data:text/plain,x", "file:///etc/passwd"])
def test_a_file_from_elsewhere_is_not_saved(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolkit_qt, "ask_where", lambda _view, _name: pytest.fail("the person was asked"))
    download = Download(address)
    save_download(None, download, ORIGIN)
    assert download.ended == "cancelled"


def test_flags_that_take_protection_away_are_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import webview.util

    monkeypatch.setattr(webview.util, "environ_append", webview.util.environ_append)
    monkeypatch.delenv("FLAGS", raising=False)
    toolkit_qt._keep_flags_out()
    webview.util.environ_append("FLAGS", "--no-sandbox", "--use-fake-ui-for-media-stream", "--other")
    assert os.environ["FLAGS"] == "--other"
    monkeypatch.delenv("FLAGS")
    webview.util.environ_append("FLAGS", "--no-sandbox", "--no-sandbox")
    assert "FLAGS" not in os.environ


@pytest.mark.parametrize(
    ("maximized", "expected"), [(False, Place(900, 600, 5, 6)), (True, Place(700, 500, 50, 60, maximized=True))]
)
def test_the_place_is_that_of_the_frame_with_the_size_of_the_page(maximized: bool, expected: Place) -> None:  # noqa: FBT001 - a parameter of the test
    def rectangle(width: int, height: int, x: int, y: int) -> Any:
        return SimpleNamespace(width=lambda: width, height=lambda: height, x=lambda: x, y=lambda: y)

    native = SimpleNamespace(
        isMaximized=lambda: maximized,
        geometry=lambda: rectangle(900, 600, 6, 30),
        frameGeometry=lambda: rectangle(902, 625, 5, 6),
        normalGeometry=lambda: rectangle(700, 500, 50, 60),
    )
    assert Qt().place(SimpleNamespace(native=native)) == expected
